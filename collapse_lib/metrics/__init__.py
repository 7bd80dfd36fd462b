"""Measures of a generation: plain functions of arrays that return a float.

`categorical` takes probabilities or labels, `spread` and `distances` take rows of numbers,
`likelihood` takes a model. `adapters` turn any of them into what `run_loop(metrics=...)` calls.

A new metric is one function in one of these files, or a new file beside them: every public function
found here can be imported from `collapse_lib.metrics`, and the common tests find it too. They build
its arguments from the names of its parameters, so keep to the names that are used here.
"""

from collapse_lib.discovery import lazily

__getattr__, __dir__ = lazily(__name__)
