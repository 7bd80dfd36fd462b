"""check_model and check_policy: each check is worth the broken model that it catches."""

import random
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from collapse_lib import Dataset, check_model, check_policy, checks
from collapse_lib.checks import model as model_suite
from collapse_lib.checks import policy as policy_suite
from collapse_lib.models.gaussian import Gaussian


@dataclass
class Shuffled:
    """A model that a stranger may write: the rows themselves, drawn again."""

    def fit(self, rows, *, rng):
        self.rows_ = np.array(rows)
        return self

    def sample(self, n, *, rng):
        return rng.choice(self.rows_, size=n)


@dataclass
class TorchGaussian:
    """A model in torch whose generator is derived from rng."""

    def fit(self, rows, *, rng):
        rows = torch.as_tensor(np.array(rows), dtype=torch.float64)
        self.mean_, self.std_ = rows.mean(0), rows.std(0)
        return self

    def sample(self, n, *, rng):
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        noise = torch.randn((n, *self.mean_.shape), generator=generator, dtype=torch.float64)
        return (self.mean_ + self.std_ * noise).numpy()


@pytest.mark.parametrize("model", [Shuffled(), TorchGaussian(), Gaussian()], ids=repr)
def test_good_models_of_strangers_pass(model):
    check_model(model)
    check_model(model, np.random.default_rng(5).normal(size=(50, 3)))


def test_the_model_that_is_checked_stays_unfitted():
    model = Shuffled()
    check_model(model)
    assert not hasattr(model, "rows_")


class NoSample:
    def fit(self, rows, *, rng):
        return self


@dataclass
class NoRng(Shuffled):
    def sample(self, n):
        return self.rows_[:n]


@dataclass
class ReturnsRows(Shuffled):
    def fit(self, rows, *, rng):
        super().fit(rows, rng=rng)
        return rows


@dataclass
class SortsInPlace(Shuffled):
    def fit(self, rows, *, rng):
        rows.sort(axis=0)
        return super().fit(rows, rng=rng)


@dataclass
class WritesAround(Shuffled):
    """Puts its mark into the rows even where they are read-only."""

    def fit(self, rows, *, rng):
        super().fit(rows, rng=rng)
        rows.flags.writeable = True
        rows[0] = 0
        rows.flags.writeable = False
        return self


@dataclass
class TunesItself(Shuffled):
    width: float = 1.0

    def fit(self, rows, *, rng):
        self.width = float(np.std(rows))
        return super().fit(rows, rng=rng)


@dataclass
class OneShort(Shuffled):
    def sample(self, n, *, rng):
        return super().sample(max(n - 1, 1), rng=rng)


@dataclass
class Infinite(Shuffled):
    def sample(self, n, *, rng):
        return super().sample(n, rng=rng) + np.inf


@dataclass
class PythonObjects(Shuffled):
    def sample(self, n, *, rng):
        return super().sample(n, rng=rng).astype(object)


@dataclass
class GlobalNumpy(Shuffled):
    def sample(self, n, *, rng):
        return self.rows_[np.random.randint(len(self.rows_), size=n)]  # noqa: NPY002


@dataclass
class GlobalStateOnly(Shuffled):
    """Right rows, but it uses up global random numbers on the way."""

    def sample(self, n, *, rng):
        random.random()
        return super().sample(n, rng=rng)


@dataclass
class GlobalTorch(Shuffled):
    def sample(self, n, *, rng):
        torch.manual_seed(int(rng.integers(2**63)))
        return self.rows_[torch.randint(len(self.rows_), (n,)).numpy()]


@dataclass
class SameRows(Shuffled):
    """What scikit-learn's mixture does with an integer random state."""

    def sample(self, n, *, rng):
        return super().sample(n, rng=np.random.default_rng(0))


@dataclass
class KeepsItsOwnRng(Shuffled):
    def fit(self, rows, *, rng):
        self.rng_ = rng
        return super().fit(rows, rng=rng)

    def sample(self, n, *, rng):
        return super().sample(n, rng=self.rng_)


@dataclass
class Hoarder(Shuffled):
    def fit(self, rows, *, rng):
        before = getattr(self, "rows_", rows[:0])
        self.rows_ = np.concatenate([before, rows])
        return self


@dataclass
class WearsOut(Shuffled):
    def sample(self, n, *, rng):
        rows = super().sample(n, rng=rng)
        self.rows_ = self.rows_ * 0.9
        return rows


@dataclass
class SortedByComponent(Shuffled):
    """What scikit-learn's mixture does: rows in the order of their component."""

    def sample(self, n, *, rng):
        rows = super().sample(n, rng=rng)
        return rows[np.argsort(rows.reshape(n, -1)[:, 0] > 0, kind="stable")]


@dataclass
class Walks(Shuffled):
    """Each row stays close to the one before it."""

    def sample(self, n, *, rng):
        rows = super().sample(n, rng=rng).astype(float)
        return rows + np.cumsum(rng.normal(size=rows.shape), axis=0)


@dataclass
class HoldsAnOpenThing(Shuffled):
    def fit(self, rows, *, rng):
        self.handle_ = (row for row in rows)
        return super().fit(rows, rng=rng)


@dataclass
class ForgetsOnCopy(Shuffled):
    extra: dict = field(default_factory=dict)

    def __deepcopy__(self, memo):
        twin = type(self)()
        if hasattr(self, "rows_"):
            twin.rows_ = self.rows_ + 1
        return twin


@dataclass
class Refuses(Shuffled):
    def fit(self, rows, *, rng):
        raise KeyError("no column called 'text'")


BROKEN_MODELS = [
    (NoSample(), "NoSample has no sample(n, *, rng)."),
    (NoRng(), "NoRng.sample must take rng, a numpy Generator, as a keyword."),
    (ReturnsRows(), "ReturnsRows.fit must return the model itself."),
    (SortsInPlace(), "SortsInPlace.fit writes into the rows that it is given."),
    (WritesAround(), "WritesAround.fit changes the rows that it is given."),
    (
        TunesItself(),
        "TunesItself.fit changes the hyperparameter width; what is learned belongs in an "
        'attribute that ends in "_".',
    ),
    (
        OneShort(),
        "OneShort.sample(7) must have shape (7,), like the rows it was fitted to; it has (6,).",
    ),
    (Infinite(), "Infinite.sample returns NaN or infinity."),
    (PythonObjects(), "PythonObjects.sample returns Python objects; return an array of numbers."),
    (
        GlobalNumpy(),
        "GlobalNumpy gives other rows for the same rng; draw from rng alone, not from global "
        "random state.",
    ),
    (GlobalStateOnly(), "GlobalStateOnly changes the global state of random; draw from rng."),
    (GlobalTorch(), "GlobalTorch changes the global state of torch; draw from rng."),
    (SameRows(), "SameRows.sample gives the same rows at every call; draw them from rng."),
    (
        KeepsItsOwnRng(),
        "KeepsItsOwnRng.sample changes the model: the same rng then gives other rows.",
    ),
    (Hoarder(), "Hoarder.fit remembers an earlier fit; a refit must start anew."),
    (WearsOut(), "WearsOut.sample changes the model: the same rng then gives other rows."),
    (
        SortedByComponent(),
        "SortedByComponent.sample gives rows in an order that tells something (sorted by "
        "component?): a part of them is a biased sample; shuffle them with rng.",
    ),
    (
        Walks(),
        "Walks.sample gives rows in an order that tells something (sorted by component?): a part "
        "of them is a biased sample; shuffle them with rng.",
    ),
    (
        HoldsAnOpenThing(),
        "HoldsAnOpenThing cannot be copied to another process: cannot pickle 'generator' object",
    ),
    (
        ForgetsOnCopy(),
        "ForgetsOnCopy, once fitted and copied, gives other rows than the model itself.",
    ),
    (
        Refuses(),
        "Refuses could not be fitted to normal rows or whole numbers; call "
        'check_model(model, rows) with rows that suit it. Its last refusal was KeyError: "no '
        "column called 'text'\"",
    ),
]


@pytest.mark.parametrize(("model", "fault"), BROKEN_MODELS, ids=lambda value: type(value).__name__)
def test_a_broken_model_fails_for_its_own_fault(model, fault):
    with pytest.raises(checks.CheckFailed) as error:
        check_model(model)
    assert str(error.value) == fault


def takes_fewer(history, source, rng):
    return Dataset.from_generation(history[0].rows[:0], 0)


def lies_about_origin(history, source, rng):
    return Dataset.from_generation(history[-1].rows, 0)


def clears_history(history, source, rng):
    train = history[-1]
    history.pop()
    return train


def global_draws(history, source, rng):
    return history[0].subsample(10, np.random.default_rng(np.random.randint(2**31)))  # noqa: NPY002


BROKEN_POLICIES = [
    (takes_fewer, "must return a Dataset with rows in it; it returned Dataset(rows=array([]"),
    (lies_about_origin, "gives a wrong origin for 40 of 43 rows."),
    (clears_history, "changes the history that it reads."),
    (global_draws, "gives other rows for the same rng; draw from rng alone."),
]


@pytest.mark.parametrize(("policy", "fault"), BROKEN_POLICIES)
def test_a_broken_policy_fails_for_its_own_fault(policy, fault):
    with pytest.raises(checks.CheckFailed) as error:
        check_policy(policy)
    assert fault in str(error.value)


@pytest.mark.parametrize(
    ("suite", "broken"), [(model_suite, BROKEN_MODELS), (policy_suite, BROKEN_POLICIES)]
)
def test_every_check_has_a_broken_subject_that_it_catches_alone(suite, broken, monkeypatch):
    run = suite.check_model if suite is model_suite else suite.check_policy
    every = suite.checks_in(suite.__name__)
    caught = set()
    for check in every:
        monkeypatch.setattr(suite, "checks_in", lambda _, check=check: [check])
        for subject, fault in broken:
            try:
                run(subject)
            except checks.CheckFailed as error:
                if fault in str(error):
                    caught.add(check.__name__)
            except Exception:  # a check alone may trip over a fault that an earlier one names
                continue
    assert every and caught == {check.__name__ for check in every}
