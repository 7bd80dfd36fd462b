"""python -m bench [name ...]: run the benchmarks and print each figure beside its aim."""

import sys

from bench import exact_engine, rows_engine
from bench.timing import Pair


def main(names: list[str]) -> int:
    cases = {case.__name__: case for case in (*exact_engine.CASES, *rows_engine.CASES)}
    unknown = sorted(set(names) - set(cases))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are {', '.join(cases)}.")
        return 2
    for name in names or cases:
        figure, aim = cases[name]()
        print(f"{name}: {_shown(figure)}; aim {aim}\n    {' '.join(cases[name].__doc__.split())}")
    return 0


def _shown(figure) -> str:
    if not isinstance(figure, Pair):
        return f"{figure:.3g}"
    low, high = figure.spread
    return (
        f"ratio {figure.ratio:.3f} (from {low:.3f} to {high:.3f} over the rounds; "
        f"{figure.ours:.4g} s against {figure.peer:.4g} s)"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
