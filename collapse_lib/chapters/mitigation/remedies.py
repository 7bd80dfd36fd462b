"""Every remedy against each of four ills, on one bell curve: how far the loop ends from the truth.

An ill is what goes wrong in each generation; a remedy changes the policy, the number of rows or the
model. A loop that keeps nothing but its newest samples, Replace, is the yardstick.
"""

from dataclasses import dataclass, replace

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop.run import run_loop
from collapse_lib.loop.sizes import Growing
from collapse_lib.metrics import gaussian_wasserstein
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import (
    Accumulate,
    Anchored,
    Curated,
    Filtered,
    FreshReal,
    Replace,
    Stratified,
    Weighted,
)
from collapse_lib.policies.detectors import Detector, GoldenWeight, NoisyVerifier
from collapse_lib.sources import GaussianSource

__all__ = ["EXPERIMENTS", "ILLS", "REMEDIES", "VERDICTS", "BellWithIll", "ratios", "verdict"]


@dataclass
class BellWithIll(Gaussian):
    """A Gaussian with an ill, and the remedies that change a model. Zero is none of each.

    sampling_bias: of Gaussian; widening: added to each fitted variance, as a kernel density of
        fixed width does; shift: added to each sampled row.
    correction: each row is moved this part, gamma/(1 + gamma), of its way to the true place.
    push: natural parameters, (1 + push) times the fit's minus push times those of a fit to its own
        samples. edit: the share of the rows drawn anew, the others stay; 1 draws all.
    prior: rows of a prior that believes in mean 0.3 and variance 1.
    """

    widening: float = 0.0
    shift: float = 0.0
    correction: float = 0.0
    push: float = 0.0
    edit: float = 1.0
    prior: float = 0.0

    def fit(self, rows, *, rng=None, sample_weight=None):
        self._rows = rows
        super().fit(rows, sample_weight=sample_weight)
        self.variance_ += self.widening
        if self.push:
            own = replace(self, push=0.0).fit(rows)
            own = own.fit(own.sample(len(rows), rng=rng))
            precision = (1 + self.push) / self.variance_ - self.push / own.variance_
            pull = (1 + self.push) * self.mean_ / self.variance_
            pull -= self.push * own.mean_ / own.variance_
            self.mean_, self.variance_ = pull / precision, 1 / precision
        if self.prior:
            share, gap = self.prior / (self.prior + len(rows)), PRIOR_MEAN - self.mean_
            self.mean_ += share * gap
            self.variance_ += share * (1 - self.variance_) + share * (1 - share) * gap**2
        return self

    def sample(self, n, *, rng):
        rows = super().sample(n, rng=rng) + self.shift
        if self.edit < 1:
            kept = rng.permutation(self._rows)
            rows = np.where(rng.random(n) < self.edit, rows, kept)
        if self.correction:
            true = (rows - rows.mean()) / rows.std()
            rows = (rows + self.correction * true) / (1 + self.correction)
        return rows


def typical(rows):
    """A reward: people like what lies near the true middle."""
    return -np.square(rows) / 2


def plausible(rows):
    """What the verifier calls right: rows within two of the true middle."""
    return np.abs(rows) < 2


def upper(rows):
    """The group of a row: 1 above the true middle, else 0."""
    return (rows > 0).astype(int)


PRIOR_MEAN = 0.3
GROWTH = 1.5
ILLS = {
    "chance": {},
    "bias": {"sampling_bias": 0.9},
    "wrong form": {"widening": 0.04},
    "fixed shift": {"shift": 0.1},
}
NOTHING = "nothing"
REMEDIES = {  # by the heading of its section: policy, and the fields of the model that change
    NOTHING: (Replace(), {}),
    "Keep everything": (Accumulate(), {}),
    "Keep the first real rows": (Anchored(), {}),
    "Add new real rows": (FreshReal(0.1), {}),
    "Let the data grow": (Replace(), {}),
    "Weigh the real rows": (Weighted(FreshReal(0.5), GoldenWeight()), {}),
    "Ask a verifier": (Filtered(Replace(), NoisyVerifier(plausible, 0.9, 0.1)), {}),
    "Let people choose": (Curated(Replace(), typical), {}),
    "Correct the samples": (Replace(), {"correction": 0.1}),
    "Push away from own samples": (Replace(), {"push": 0.97}),
    "Edit rather than write": (Replace(), {"edit": 0.1}),
    "Throw out what looks synthetic": (Filtered(FreshReal(0.1), Detector(0.9, 0.05)), {}),
    "Decode plainly": (Replace(), {"sampling_bias": 1.0}),
    "Hold on to a prior": (Replace(), {"prior": 10.0}),
    "Keep minorities in": (Stratified(Replace(), upper, [0.5, 0.5]), {}),
}
VERDICTS = {  # the most that is left of the distance without a remedy
    "undoes most": 0.3,
    "undoes some": 0.7,
    "does little": 1.4,
    "makes it worse": np.inf,
}


def remedied(*, seed, n_replicates, few, many, at):
    """Distance of each fitted normal from the true one, (remedy, ill, replicate, generation).

    few: rows a generation where chance is the ill; many: where it is another. at: generations.
    """
    seeds = np.random.SeedSequence(seed).generate_state(n_replicates).tolist()
    found = np.empty((len(REMEDIES), len(ILLS), n_replicates, len(at)))
    for i, (remedy, (policy, changed)) in enumerate(REMEDIES.items()):
        for j, (ill, fields) in enumerate(ILLS.items()):
            n = few if ill == "chance" else many
            size = Growing(n, GROWTH) if remedy == "Let the data grow" else n
            model = BellWithIll(**{**fields, **changed})
            for r, own in enumerate(seeds):
                run = run_loop(
                    model, GaussianSource(), policy, n_samples=size, n_generations=max(at),
                    seed=own, keep="last", metrics={"distance": distance},
                )  # fmt: skip
                found[i, j, r] = run.column("distance")[np.array(at) - 1]
    return {"distance": found.astype(np.float32)}


def distance(generation):
    """2-Wasserstein distance of the fitted normal from the true one, in its standard deviations."""
    model = generation.model
    return float(gaussian_wasserstein(model.mean_, np.sqrt(model.variance_), 0.0, 1.0))


def ratios(stored):
    """Median distance at the last generation over that of the loop without a remedy, a
    pandas.DataFrame with a row a remedy and a column an ill."""
    last = stored.distance.isel(generation=-1).median("replicate")
    ratio = (last / last.sel(remedy=NOTHING)).drop_sel(remedy=NOTHING)
    return ratio.drop_vars("generation").to_pandas()


def verdict(ratio):
    """The word for what a remedy leaves of the distance, by VERDICTS."""
    return next(word for word, most in VERDICTS.items() if ratio <= most)


def same_runs(stored, part):
    """The part is the first replicates and the first generation of those that are stored."""
    same_start(stored, part, rtol=1e-4, atol=1e-6)


EXPERIMENTS = (
    Experiment(
        "remedies",
        remedied,
        {"seed": 20, "n_replicates": 20, "few": 100, "many": 1000, "at": [5, 50]},
        {"n_replicates": 1, "at": [5]},
        same_runs,
        {"remedy ill replicate generation": "distance"},
        {"remedy": list(REMEDIES), "ill": list(ILLS), "generation": "at"},
    ),
)
