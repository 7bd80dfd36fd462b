"""RunLog: what a run of the loop enters into a ledger, generation by generation."""

import hashlib
import platform
from collections.abc import Mapping

import numpy as np

from collapse_lib.provenance.merkle import merkle_root
from collapse_lib.provenance.record import canonical

__all__ = ["RunLog"]


class RunLog:
    """The entries of one run, all under the name run-<12 digits>, a digest of its settings.

    run-x             the settings, and the software
    run-x/source      where real rows come from
    run-x/original    the real rows that generation 1 is fitted to
    run-x/train-t     the training set of generation t = 2, 3, ..., with counts by origin
    run-x/model-t     the model fitted to it
    run-x/sample-t    the rows drawn from that model
    run-x/fresh-t     new real rows published beside them, where the run has n_fresh

    Every row of origin 0 in train-t is entered as drawn from run-x/source: real rows that are used
    again and new ones are not told apart. Weights are not entered, only that there were some.

    A run that is resumed or repeated finds its entries and adds those that are missing. Raises
    ValueError with one sentence where a data set has other rows than were entered for it.
    """

    def __init__(self, ledger, settings: Mapping):
        self._ledger = ledger
        self.name = f"run-{hashlib.sha256(canonical(dict(settings))).hexdigest()[:12]}"
        self._source = f"{self.name}/source"
        if ledger.find(self.name) is None:
            software = {"python": platform.python_version(), "numpy": np.__version__}
            content = {"name": self.name, "settings": dict(settings), "software": software}
            ledger.add("run", content)
        if ledger.find(self._source) is None:
            ledger.source(self._source, description=settings.get("source"), run=self.name)

    def original(self, dataset) -> None:
        """Enter the real rows that the run begins with, a Dataset."""
        self._dataset("original", dataset.rows, [(self._source, len(dataset))])

    def generation(self, generation, fresh: np.ndarray) -> None:
        """Enter one Generation, and the new real rows (n_fresh, ...) published beside it."""
        t, train = generation.index, generation.train
        if t > 1:
            values, counts = np.unique(train.origin, return_counts=True)
            parents = [f"{self.name}/sample-{k}" if k else self._source for k in values]
            weighted = {} if train.weights is None else {"weighted": True}
            parts = list(zip(parents, counts.tolist(), strict=True))
            self._dataset(f"train-{t}", train.rows, parts, **weighted)
        name = f"{self.name}/model-{t}"
        if self._ledger.find(name) is None:
            trained_on = f"{self.name}/{f'train-{t}' if t > 1 else 'original'}"
            self._ledger.model(name, trained_on=trained_on, run=self.name)
        self._dataset(f"sample-{t}", generation.sample, [(name, len(generation.sample))])
        if len(fresh):
            self._dataset(f"fresh-{t}", fresh, [(self._source, len(fresh))])

    def _dataset(self, name: str, rows: np.ndarray, parts: list, **about) -> None:
        name = f"{self.name}/{name}"
        entered = self._ledger.find(name)
        if entered is None:
            self._ledger.dataset(name, rows, parts, run=self.name, **about)
            return
        if entered.content["root"] != merkle_root(rows):
            raise ValueError(
                f"{name} has other rows now than {self._ledger.path.name} holds for it. Use "
                "another ledger, or the source and the versions that the run began with."
            )
