"""python -m bench [name ...]: run the benchmarks and print each figure beside its aim."""

import sys

from bench import (
    collapsed,
    exact_engine,
    explorer,
    explorer_view,
    ledger,
    manifold,
    ngram,
    rows_engine,
    transformer,
    vae,
)
from bench.chromium import Work
from bench.timing import Pair

MODULES = (
    exact_engine,
    rows_engine,
    ledger,
    manifold,
    ngram,
    transformer,
    vae,
    explorer,
    explorer_view,
    collapsed,
)


def main(names: list[str]) -> int:
    cases = {case.__name__: case for module in MODULES for case in module.CASES}
    unknown = sorted(set(names) - set(cases))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are {', '.join(cases)}.")
        return 2
    for name in names or cases:
        figure, aim = cases[name]()
        verdict = "ok" if _value(figure) <= aim else "FELL SHORT"
        print(f"{name}: {_shown(figure)}; aim {aim}: {verdict}", flush=True)
        print(f"    {' '.join(cases[name].__doc__.split())}", flush=True)
    return 0


def _value(figure) -> float:
    if isinstance(figure, Pair):
        return figure.ratio
    return figure.work if isinstance(figure, Work) else figure


def _shown(figure) -> str:
    if isinstance(figure, Work):
        return f"{figure.work:.1f} ({figure.clock:.1f} with waiting for the processor)"
    if not isinstance(figure, Pair):
        return f"{figure:.3g}"
    low, high = figure.spread
    return (
        f"ratio {figure.ratio:.3f} (from {low:.3f} to {high:.3f} over the rounds; "
        f"{figure.ours:.4g} s against {figure.peer:.4g} s)"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
