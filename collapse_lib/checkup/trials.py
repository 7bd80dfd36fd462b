"""How the check-up itself fares: python -m collapse_lib.checkup.trials [part ...] [--n N].

    nulls      alarms of real rows against real rows, five real data sets; aim: 5 % + 2 s.e.
    faults     planted faults that are found where the report says that they would be; aim: 95 %
    estimates  temperatures, variance factors and effective rows inside their 95 % intervals;
               aim: 90 to 99 %

It needs the extras `checkup` and `data`. Each part prints one line a case as it is done.
"""

import argparse
import sys
import time
from functools import cache

import numpy as np
import pandas as pd

from collapse_lib.checkup.cause import cause_of, push, shifts
from collapse_lib.checkup.checkup import checkup
from collapse_lib.checkup.columns import shared_columns

__all__ = ["main"]

DEALS = 499
FEWER = 199  # where only the false-alarm rate matters, which does not depend on their number


@cache
def paragraphs() -> np.ndarray:
    """The paragraphs of NumPy's docstrings, of eight words or more, each once."""
    from collapse_lib.sources.prose import read_docstrings

    found = (
        " ".join(part.split())
        for docstring in read_docstrings("numpy")
        for part in docstring.split("\n\n")
    )
    return np.array(list(dict.fromkeys(p for p in found if p.count(" ") >= 7)), dtype=object)


def penguins() -> pd.DataFrame:
    from palmerpenguins import load_penguins

    return load_penguins()


def cancer() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer

    return load_breast_cancer(as_frame=True).frame


def cars() -> pd.DataFrame:
    from mlxtend.data import autompg_data

    rows, mpg = autompg_data()
    return pd.DataFrame(np.column_stack([mpg, rows])).infer_objects()


def digits() -> np.ndarray:
    from sklearn.datasets import load_digits

    return load_digits().data


def texts() -> pd.DataFrame:
    return pd.DataFrame({"text": paragraphs()[::8]})


def nulls(n: int):
    """(name, share of alarms, its standard error, aim) for each data set."""
    for load in (penguins, cancer, cars, digits, texts):
        rows = pd.DataFrame(load())
        rows.columns = rows.columns.astype(str)
        rng, alarms = np.random.default_rng(1), 0
        for seed in range(n):
            order = rng.permutation(len(rows))
            half = len(rows) // 2
            report = checkup(
                rows.iloc[order[:half]], rows.iloc[order[half:]], seed=seed, n_deals=FEWER
            )
            alarms += report.verdict == "lost"
        error = np.sqrt(0.05 * 0.95 / n)
        yield f"alarms, {load.__name__}, {len(rows)} rows", alarms / n, (0.0, 0.05 + 2 * error)


# --- planted faults: each gives a real and a synthetic table ---


def temperature(rng, n=1500):
    """Words of docstrings, one a row, drawn at temperature 0.8."""
    words = _words()
    p = words / words.sum()
    q = p**1.25 / (p**1.25).sum()
    real, other = (rng.choice(len(p), n, p=shares).astype(str) for shares in (p, q))
    return pd.DataFrame({"word": "w" + real}), pd.DataFrame({"word": "w" + other})


def thinned(rng, n=1000):
    """Penguins, drawn with replacement; of Chinstraps every second one is left out."""
    rows = penguins()
    weight = np.where(rows["species"] == "Chinstrap", 0.5, 1.0)
    draw = [rng.choice(len(rows), n, p=p / p.sum()) for p in (np.ones(len(rows)), weight)]
    return rows.iloc[draw[0]], rows.iloc[draw[1]]


def dropped(rng, n=1000):
    """Paragraphs without the words that the real ones hold fewer than three times."""
    from collections import Counter

    from collapse_lib.sources.words import tokenise

    order = rng.permutation(len(paragraphs()))[: 2 * n]
    real, other = paragraphs()[order[:n]], paragraphs()[order[n:]]
    counts = Counter(word for text in real for word in tokenise(text))
    cut = [" ".join(w for w in tokenise(text) if counts[w] >= 3) for text in other]
    return pd.DataFrame({"text": real}), pd.DataFrame({"text": cut})


def repeated(rng, n=1000):
    """Paragraphs, of which one in ten is another one with a word changed."""
    order = rng.permutation(len(paragraphs()))[: 2 * n]
    real, other = paragraphs()[order[:n]], paragraphs()[order[n:]].copy()
    for k in range(0, n, 10):
        words = other[(k + 1 + rng.integers(9)) % n].split()
        words[rng.integers(len(words))] = "changed"
        other[k] = " ".join(words)
    return pd.DataFrame({"text": real}), pd.DataFrame({"text": other})


def shrunk(rng, n=900):
    """Cells of the breast, drawn with replacement; one column's spread is cut by a fifth."""
    rows = cancer()
    real, other = (rows.iloc[rng.integers(len(rows), size=n)] for _ in range(2))
    column = other["mean texture"]
    other = other.assign(**{"mean texture": column.mean() + 0.8 * (column - column.mean())})
    return real, other


FAULTS = {
    temperature: ("mean surprise", "word"),
    thinned: ("category", "species = Chinstrap"),
    dropped: ("rare words", "text"),
    repeated: ("near-duplicates", "text"),
    shrunk: ("spread", "mean texture"),
}


@cache
def _words() -> np.ndarray:
    from collapse_lib.sources.prose import docstrings

    return np.bincount(docstrings().tokens).astype(float)


def faults(n: int):
    """(name, share found of those said to be visible, aim) for each planted fault.

    A fault is said to be visible where the smallest visible loss of its measure is at most the loss
    that the measure shows on average over the trials.
    """
    for plant, (name, column) in FAULTS.items():
        rng, visible, shown, found = np.random.default_rng(2), [], [], []
        for seed in range(n):
            report = checkup(*plant(rng), seed=seed, n_deals=DEALS)
            (each,) = [
                f for f in report.findings if (f.measure.name, f.measure.column) == (name, column)
            ]
            least = each.smallest_visible_loss
            visible.append(np.inf if least is None else least)
            shown.append(1 - each.value)
            found.append(each.lost)
        said = np.array(visible) <= np.mean(shown)
        share = np.array(found)[said].mean() if said.any() else 0.0
        yield (
            f"found, {plant.__name__} (a loss of {np.mean(shown):.3f}; said to be visible from "
            f"{np.median(visible):.3f} on, in {said.sum()} of {n})",
            share,
            (0.95, 1),
        )


def estimates(n: int):
    """(name, share of intervals that hold the truth, aim)."""
    words = _words()
    p = np.sort(words)[::-1] / words.sum()
    for truth in (0.7, 0.8, 0.9):
        q = p ** (1 / truth) / (p ** (1 / truth)).sum()
        rng = np.random.default_rng(3)
        tables = (
            [pd.DataFrame({"w": "w" + rng.choice(len(p), 5000, p=s).astype(str)}) for s in (p, q)]
            for _ in range(n)
        )
        yield f"temperature {truth}, words", _hits(tables, "temperature", truth), (0.9, 0.99)
    rows = cancer().iloc[:, :10]
    for truth in (0.5, 0.8):
        rng = np.random.default_rng(4)
        tables = (_shrunk_by(truth, rows, rng) for _ in range(n))
        yield (
            f"variance factor {truth}, breast cancer",
            _hits(tables, "variance_factor", truth),
            (0.9, 0.99),
        )
    for truth in (100, 1000):
        rng = np.random.default_rng(5)
        tables = (_chain(rng, truth) for _ in range(n))
        yield (
            f"effective rows {truth}, ten generations",
            _hits(tables, "effective_rows", truth),
            (0.9, 0.99),
        )


def _shrunk_by(factor, rows, rng, n=1000):
    real, other = (rows.iloc[rng.integers(len(rows), size=n)] for _ in range(2))
    centre = rows.mean()
    return [real, centre + np.sqrt(factor) * (other - centre)]


def _chain(rng, n):
    """Ten generations of categories and of normal numbers, each drawn with n rows."""
    p, mean, std, tables = np.arange(1, 7) / 21, 0.0, 1.0, []
    for _ in range(11):
        codes, numbers = rng.choice(6, n, p=p), rng.normal(mean, std, n)
        tables.append(
            pd.DataFrame({"colour": "c" + codes.astype(str).astype(object), "x": numbers})
        )
        p, mean, std = np.bincount(codes, minlength=6) / n, numbers.mean(), numbers.std()
    return tables


def _hits(tables, name: str, truth: float) -> float:
    """How often the interval of a cause holds the truth."""
    told = [getattr(_cause(each), name) for each in tables]
    return float(np.mean([found is not None and found[1] <= truth <= found[2] for found in told]))


def _cause(tables):
    """As `checkup` finds it, without the measures."""
    ends = [tables[0], tables[-1]]
    n_real, n_newest = map(len, ends)
    is_new = np.arange(n_real + n_newest) >= n_real
    found = push(shared_columns(ends)[0], is_new, np.random.default_rng(0))
    batch = np.repeat(np.arange(len(tables)), list(map(len, tables)))
    moves = shifts(shared_columns(tables)[0], batch) if len(tables) > 2 else np.empty((1, 0))
    return cause_of("lost", found, moves, n_real, n_newest)


PARTS = {"nulls": (nulls, 1000), "faults": (faults, 100), "estimates": (estimates, 200)}


def main(arguments: list[str] | None = None) -> int:
    """Run the trials; 1 where one falls short of its aim."""
    parser = argparse.ArgumentParser(description="How the check-up itself fares.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--n", type=int, help="trials a case; else 1000, 100 and 200")
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {min(unknown)}; there are {', '.join(PARTS)}")
    short = False
    for name in options.parts or PARTS:
        part, n = PARTS[name]
        start = time.perf_counter()
        for case, share, (low, high) in part(options.n or n):
            good = low <= share <= high
            short |= not good
            seconds, start = time.perf_counter() - start, time.perf_counter()
            print(
                f"{case}: {share:.3f}; aim {low:g} to {high:.3g}: {'ok' if good else 'FELL SHORT'} "
                f"({options.n or n} trials, {seconds:.0f} s)",
                flush=True,
            )
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
