"""Sources of real rows: source(n, rng) -> n fresh rows, first axis = rows.

Drawn from a known distribution, without end: Categories, FixedProportions, GaussianSource,
MultivariateGaussian, GaussianMixtureSource, grid_mixture, TwoMoons, LinearRows.
Real and finite: digits, labelled_digits, mnist, labelled_mnist, penguins, penguin_species,
python_topics, docstrings.
Your own: from_array, from_csv, from_json_lines, from_text. Words of prose in running order:
Words.blocks. The sentences of notebooks as a text: notebook_prose.
"""

from collapse_lib.sources.base import Dealing, Finite, Source, SourceExhausted
from collapse_lib.sources.categories import (
    Categories,
    FiniteCategories,
    FixedProportions,
    rarest,
    zipf_shares,
)
from collapse_lib.sources.files import from_array, from_csv, from_json_lines, from_text
from collapse_lib.sources.gaussians import (
    GaussianMixtureSource,
    GaussianSource,
    MultivariateGaussian,
    grid_mixture,
)
from collapse_lib.sources.linear import LinearRows
from collapse_lib.sources.moons import TwoMoons
from collapse_lib.sources.notebooks import notebook_prose
from collapse_lib.sources.prose import docstrings, python_topics
from collapse_lib.sources.real import (
    digits,
    labelled_digits,
    labelled_mnist,
    mnist,
    penguin_species,
    penguins,
)
from collapse_lib.sources.words import Blocks, Words, tokenise

__all__ = [
    "Blocks",
    "Categories",
    "Dealing",
    "Finite",
    "FiniteCategories",
    "FixedProportions",
    "GaussianMixtureSource",
    "GaussianSource",
    "LinearRows",
    "MultivariateGaussian",
    "Source",
    "SourceExhausted",
    "TwoMoons",
    "Words",
    "digits",
    "docstrings",
    "from_array",
    "from_csv",
    "from_json_lines",
    "from_text",
    "grid_mixture",
    "labelled_digits",
    "labelled_mnist",
    "mnist",
    "notebook_prose",
    "penguin_species",
    "penguins",
    "python_topics",
    "rarest",
    "tokenise",
    "zipf_shares",
]
