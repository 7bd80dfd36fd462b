"""Model families, one file each:

    from collapse_lib.models import Gaussian

imports the file of that model alone, so that torch is loaded by the models that need it.
"""

from collapse_lib.discovery import classes_lazily

__getattr__, __dir__ = classes_lazily(__name__)
