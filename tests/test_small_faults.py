"""Small faults that other tests would let through: each of these was put in once and survived."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from statcheck import assert_agrees, assert_rejects

from collapse_lib import Dataset, exact, run_loop
from collapse_lib.exact.categorical import _Counts
from collapse_lib.metrics import tail_coverage
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, AccumulateSubsample, Curated, Replace
from collapse_lib.sources import GaussianSource


def run(**changes):
    settings = {"n_samples": 30, "n_generations": 3, "seed": 5} | changes
    model, policy = settings.pop("model", Gaussian()), settings.pop("policy", Replace())
    return run_loop(model, GaussianSource(), policy, **settings)


def test_a_checkpoint_knows_how_many_rows_it_was_measured_against(tmp_path):
    run(checkpoint=tmp_path, n_reference=10)
    with pytest.raises(ValueError, match="was made with n_reference = 10"):
        run(checkpoint=tmp_path, n_reference=11)


@dataclass
class Remembering(Gaussian):
    """A model that writes into a list that it was given."""

    seen: list = field(default_factory=list)

    def fit(self, rows, *, rng=None):
        self.seen.append(len(rows))
        return super().fit(rows)


def test_each_generation_has_a_model_of_its_own():
    model = Remembering()
    generations = run(model=model)
    assert model.seen == []
    assert [each.model.seen for each in generations] == [[30]] * 3


def test_a_budget_beyond_all_rows_keeps_all_rows():
    trained = [len(each.train) for each in run(policy=AccumulateSubsample(budget=75))]
    assert trained == [30, 60, 75]
    exactly = exact.gaussian_chain(
        Accumulate(), n_samples=30, n_generations=3, n_replicates=4000, seed=1
    )
    law = [1 - 1 / 30, (1 - 1 / 30) * (1 - 1 / 60)]
    assert_agrees(exactly.variance[:, 0], law[0])


def test_taste_follows_bradley_and_terry_and_no_other_law():
    """Gumbel noise chooses a row that is better by 3 with e^3 / (1 + e^3); normal noise would with
    Phi(3 / sqrt 2)."""
    rng = np.random.default_rng(2)
    rows = rng.integers(0, 2, 40_000)
    published = [Dataset.from_generation(rows[:2], 0), Dataset.from_generation(rows, 1)]
    policy = Curated(Replace(), reward=lambda rows: 3.0 * rows, n_choices=2)
    chosen = policy(published, None, rng).rows
    better = np.exp(3) / (1 + np.exp(3))
    assert_agrees(chosen == 1, 0.25 + 0.5 * better)
    assert_rejects(chosen == 1, 0.25 + 0.5 * 0.98305)


def test_rounding_revives_no_category():
    """The probabilities of the living sum to a little less than 1: what is left over must not fall
    on the dead one that stands where the likeliest once stood."""
    n = 2**53
    living = np.full(7, 1 / 7)
    p = np.tile(np.append(0.0, living), (50, 1))
    counts = _Counts(1.0, likeliest=0).draw(p, n, np.random.default_rng(0))
    assert (counts[:, 0] == 0).all() and (counts.sum(axis=1) == n).all()


@pytest.mark.parametrize("n", [3, 5, 6, 7, 10])
def test_the_rarest_that_make_up_the_tail_are_all_of_them(n):
    """n categories that together hold the tail, but for rounding."""
    share = 0.05 / n
    p = np.append(np.full(n, share), 0.95)
    p /= p.sum()
    one_lost = p.copy()
    one_lost[0], one_lost[-1] = 0.0, one_lost[-1] + one_lost[0]
    assert tail_coverage(one_lost, p, 0.05) == pytest.approx(1 - 1 / n)


def test_new_real_rows_have_a_stream_of_their_own():
    without, beside = run(policy=Accumulate()), run(policy=Accumulate(), n_fresh=30)
    assert np.array_equal(without[0].sample, beside[0].sample)
    trained = beside[1].train
    fresh = trained.rows[(trained.origin == 0)][30:]
    assert len(fresh) == 30
    model = beside[0].model
    noise = (beside[0].sample - model.mean_) / np.sqrt(model.variance_)
    assert np.abs(np.corrcoef(noise, fresh)[0, 1]) < 0.9
    assert not np.allclose(np.sort(noise), np.sort(fresh))
