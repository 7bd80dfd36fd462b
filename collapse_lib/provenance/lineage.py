"""lineage: what share of a data set descends from models, and through how many of them."""

import re
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import (
    check_choice,
    check_count,
    check_type,
)
from collapse_lib.provenance.ledger import Ledger
from collapse_lib.provenance.printable import printable

__all__ = ["Lineage", "lineage", "origin_shares"]

MOST_SHARES = 10**7  # 160 MB


@dataclass(frozen=True)
class Lineage:
    """Of what one data set is made.

    name; rows: how many. Depth 0 is a real row; a row drawn from a model has one more than the
    deepest row that the model was fitted to: the number of models between it and real data along
    the longest path.

    by_depth: depth -> share of the rows.
    by_line: number of models -> share of the lines of descent. A line is followed back from a row
        chosen evenly to the model it was drawn from, to a row of that model's training set chosen
        evenly, and so on until a real row. Where real rows are mixed in at each generation, most
        lines are much shorter than the longest.
    weighted: whether a fit weighed the rows of this data set, or of one that it descends from. The
        shares go by rows all the same.
    """

    name: str
    rows: int
    by_depth: Mapping[int, float]
    by_line: Mapping[int, float]
    weighted: bool = False

    @property
    def real_share(self) -> float:
        """Share of the rows that are real."""
        return self.by_depth.get(0, 0.0)

    @property
    def synthetic_share(self) -> float:
        """Share of the rows that were drawn from a model."""
        return sum(share for depth, share in self.by_depth.items() if depth)

    @property
    def mean_models(self) -> float:
        """Mean number of models along a line of descent."""
        return sum(n_models * share for n_models, share in self.by_line.items())

    def __str__(self) -> str:
        weighted = " (By rows; a fit weighed them otherwise.)" if self.weighted else ""
        return (
            f"{printable(self.name)}: {self.rows} rows, {self.real_share:.1%} real, at most "
            f"{max(self.by_depth)} models deep, {self.mean_models:.2f} on average.{weighted}"
        )


def lineage(ledger: Ledger, dataset: str) -> Lineage:
    """The lineage of a data set of a ledger, from the counts entered there.

    dataset: its name, or the end of it after a "/" where only one data set ends so: "train-3".

    The counts of a run enter every real row of a training set as drawn from the run's source: real
    rows that are used again and new ones are not told apart.

    Raises ValueError for a name that the ledger does not hold, or that several share, and for a
    descent of which more than 10^7 shares would have to be kept at once: some 4,000 generations,
    each of all that was published before it.
    """
    asked = _found(ledger, dataset)
    depths: dict[str, np.ndarray] = {}  # name -> (longest + 1,) shares of rows at depth 0, 1, ...
    lines: dict[str, np.ndarray] = {}  # the same of lines with 0, 1, ... models
    needed = _ancestors(ledger, asked)
    children = Counter(p for name in needed for p in _parents(ledger.find(name).content))
    n_kept = 0
    weighted = any(ledger.find(name).content.get("about", {}).get("weighted") for name in needed)
    for record in ledger.records():
        name = record.content.get("name")
        if name not in needed:
            continue
        if record.kind == "source":
            depths[name] = lines[name] = np.ones(1)
        elif record.kind == "model":
            parent = record.content["trained_on"]
            lines[name] = np.append(0.0, lines[parent])
            depths[name] = np.append(np.zeros(len(depths[parent])), 1.0)
        else:
            parts = record.content["parts"]
            depths[name] = _mixed(parts, depths)
            lines[name] = _mixed(parts, lines)
        n_kept += len(lines[name])
        check_count(f"lineage: shares to be kept for {printable(asked)}", n_kept, most=MOST_SHARES)
        for parent in _parents(record.content):
            children[parent] -= 1
            if not children[parent]:
                n_kept -= len(lines[parent])
                del lines[parent], depths[parent]
    n_rows = ledger.find(asked).content["rows"]
    return Lineage(asked, n_rows, _shares(depths[asked]), _shares(lines[asked]), bool(weighted))


def origin_shares(ledger: Ledger, run: str | None = None) -> np.ndarray:
    """Of what each training set of a run was made: (n_generations, n_generations) shares.

    Row t - 1 is the training set of generation t; column 0 its real rows, column k those that were
    drawn from the model of generation k. run: its name; None where the ledger holds one run.

    Raises ValueError for a run that the ledger does not hold, or None where it holds several.
    """
    check_type("origin_shares.ledger", ledger, Ledger)
    runs = [record.content["name"] for record in ledger.records() if record.kind == "run"]
    if run is None and len(runs) == 1:
        run = runs[0]
    check_choice("origin_shares.run", run, runs)
    shares = [[1.0]]
    while entered := ledger.find(f"{run}/train-{len(shares) + 1}"):
        share = np.zeros(len(shares) + 1)
        for part in entered.content.get("parts", ()):
            sampled = re.fullmatch(r".*/sample-(\d{1,9})", part["from"], re.DOTALL)
            t = check_count(
                f"origin_shares: generation of {printable(part['from'])}",
                int(sampled[1]) if sampled else 0,
                most=len(shares),
            )
            share[t] += part["rows"] / entered.content["rows"]
        shares.append(share)
    table = np.zeros((len(shares), len(shares)))
    for row, share in zip(table, shares, strict=True):
        row[: len(share)] = share
    return table


def _found(ledger: Ledger, dataset: str) -> str:
    check_type("lineage.ledger", ledger, Ledger)
    check_type("lineage.dataset", dataset, str)
    names = [r.content["name"] for r in ledger.records() if r.kind == "dataset"]
    if dataset in names:
        return dataset
    ending = [name for name in names if name.endswith(f"/{dataset}")]
    if len(ending) != 1:
        which = f"{len(ending)} of them end so" if ending else "none is called so"
        raise ValueError(
            f"lineage: dataset must name one of the {len(names)} data sets of "
            f"{ledger.path.name}; {which}: {dataset!r}."
        )
    return ending[0]


def _ancestors(ledger: Ledger, name: str) -> set[str]:
    found, waiting = {name}, deque([name])
    while waiting:
        new = set(_parents(ledger.find(waiting.popleft()).content)) - found
        found |= new
        waiting.extend(new)
    return found


def _parents(content: Mapping) -> list[str]:
    parents = [part["from"] for part in content.get("parts", ())]
    return parents + ([content["trained_on"]] if "trained_on" in content else [])


def _mixed(parts: list[dict], laws: dict[str, np.ndarray]) -> np.ndarray:
    total = sum(part["rows"] for part in parts)
    mixed = np.zeros(max(len(laws[part["from"]]) for part in parts))
    for part in parts:
        law = laws[part["from"]]
        mixed[: len(law)] += law * (part["rows"] / total)
    return mixed


def _shares(law: np.ndarray) -> dict[int, float]:
    return {depth: float(share) for depth, share in enumerate(law) if share}
