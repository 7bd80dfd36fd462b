"""The same loop on sufficient statistics: any n, thousands of replicates at once.

For an exponential family, fitting and sampling touch the data only through its sufficient
statistics. The mean and variance of n normal rows are one normal and one chi-square draw; the
counts of n categorical rows are one multinomial draw. So n = 10^12 costs what n = 10 costs. The
policies are the very objects that `run_loop` takes.
"""

from collapse_lib.exact.categorical import (
    CategoricalPaths,
    categorical_chain,
    categorical_generations,
)
from collapse_lib.exact.gaussian import GaussianPaths, gaussian_chain, gaussian_generations

__all__ = [
    "CategoricalPaths",
    "GaussianPaths",
    "categorical_chain",
    "categorical_generations",
    "gaussian_chain",
    "gaussian_generations",
]
