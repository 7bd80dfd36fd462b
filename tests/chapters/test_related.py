"""The neighbours of collapse: each experiment against its law, and a wrong law beside it."""

import numpy as np
import pytest
from scipy import stats

from collapse_lib import exact, metrics, run_loop, sources, sweep, theory
from collapse_lib.chapters.related import across, laws, within
from collapse_lib.chapters.related.neighbours import NEIGHBOURS, neighbours
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity
from collapse_lib.policies import FreshReal, Replace


def z(values, law):
    """Standard errors between the mean of runs (R, ...) and a law."""
    values = np.asarray(values, dtype=float)
    return (values.mean(axis=0) - law) / (values.std(axis=0, ddof=1) / np.sqrt(len(values)))


def table_of(frame, value, at):
    """(R, T) of a tidy frame."""
    return frame.pivot(index="replicate", columns=at, values=value).to_numpy()


def agrees(values, law, wrong):
    """The runs agree with the law, and a wrong law is told from it."""
    assert np.all(np.abs(z(values, law)) < 4.5)
    assert np.any(np.abs(z(values, wrong)) > 4.5)


def test_one_normal_sits_on_a_peak_or_stretches_over_both():
    mean, variance = within.one_normal("reverse")
    assert (round(mean, 2), round(variance, 2)) == (2.98, 1.05)
    assert within.one_normal("forward") == (0.0, 10.0)
    x = np.linspace(-12, 12, 20_001)  # the same divergence by a plain sum, and a worse normal

    def reverse(m, v):
        q = stats.norm.pdf(x, m, np.sqrt(v))
        return float((q * (np.log(q + 1e-300) - np.log(within.two_peaks(x)))).sum() * (x[1] - x[0]))

    best = reverse(mean, variance)
    assert all(reverse(mean + a, variance * b) > best for a, b in [(0.1, 1), (-0.1, 1), (0, 1.1)])
    assert reverse(0.0, 10.0) > best + 0.05


def test_the_second_task_costs_part_of_the_first():
    found = within.forgetting([0.2, 0.4, 0.7], n_features=200, n_replicates=60, seed=1)
    one = table_of(found.query("training == 'one after the other'"), "error", "ratio")
    law = laws.forgotten([0.2, 0.4, 0.7])
    agrees(one, law, law * np.array([0.2, 0.4, 0.7]))
    assert (found.query("training == 'both at once' and ratio < 0.5")["error"] == 0).all()


def test_a_model_errs_with_mean_zero_and_an_adversary_does_not():
    found = within.poisoning([100, 10_000], share=0.1, shift=1.0, n_replicates=4000, seed=1)
    own = table_of(found[found["rows"] == "a model's"], "error", "n")
    foe = table_of(found[found["rows"] == "an adversary's"], "error", "n")
    sizes = np.array([100, 10_000])
    agrees(own, laws.own_labels(sizes, 0.1), laws.own_labels(sizes, 0.9))
    agrees(foe, laws.poisoned(sizes, 0.1, 1.0), laws.own_labels(sizes, 0.1))
    assert laws.poisoned(np.inf, 0.1, 1.0) == pytest.approx(0.01)


def test_a_perfect_memory_loses_rows_by_the_law_of_descent():
    found = sweep(
        {"policy": [Replace()]}, model=KernelDensity(1e-9), source=sources.GaussianSource(),
        n_samples=1000, metrics={"left": across.count_originals}, n_generations=5,
        n_replicates=20, seed=2,
    )  # fmt: skip
    law = 1000 * theory.survival_probability(1, np.arange(1, 6))
    agrees(table_of(found, "left", "generation"), law, 1000 * np.exp(-np.arange(1.0, 6)))


def test_a_model_trails_a_moving_world():
    runs = [
        run_loop(
            Gaussian(), sources.GaussianSource(), across.MovingWorld(0.3, 0.05), n_samples=2000,
            metrics={"mean": across.mean_of}, n_generations=30, seed=300 + r,
        )
        for r in range(16)
    ]  # fmt: skip
    behind = np.array([29 * 0.05 - run.column("mean")[-1] for run in runs])
    agrees(behind, laws.lag(0.3, 0.05), laws.lag(0.1, 0.05))


def test_in_a_world_that_stands_still_it_is_fresh_real():
    history = run_loop(
        Gaussian(), sources.GaussianSource(), FreshReal(0.2), n_samples=50, n_generations=3, seed=1
    )
    moving = run_loop(
        Gaussian(), sources.GaussianSource(), across.MovingWorld(0.2, 0.0), n_samples=50,
        n_generations=3, seed=1,
    )  # fmt: skip
    np.testing.assert_array_equal(history[-1].sample, moving[-1].sample)


def test_polyas_urn_settles_and_the_square_makes_a_monopoly():
    settings = {"counts": (10, 90), "n_draws": 5000, "n_replicates": 1500, "seed": 4}
    last = across.urns(1, **settings).query("drawn == 5000")["share"].to_numpy() / 100
    assert abs(z(last, 0.1)) < 4.5
    # after m draws the variance is that of the limit times m / (m + 100)
    assert last.std() == pytest.approx(laws.urn_spread((10, 90)) * (5000 / 5100) ** 0.5, rel=0.08)
    assert last.std() != pytest.approx(laws.urn_spread((1, 9)), rel=0.08)
    square = across.urns(2, **settings).query("drawn == 5000")["share"]
    assert across.larger_share(square).min() > 99


def test_the_size_that_counts_is_the_harmonic_mean():
    chain = exact.categorical_chain(
        Replace(), [0.5, 0.5], n_samples=across.two_fat_one_lean, n_generations=30,
        n_replicates=4000, seed=5,
    )  # fmt: skip
    found = metrics.heterozygosity(chain.probabilities)
    law = theory.heterozygosity_with_sizes(0.5, [across.two_fat_one_lean(t) for t in range(30)])
    agrees(found[:, -1], law[-1], theory.heterozygosity(30, 0.5, 70))
    assert law[-1] == pytest.approx(theory.heterozygosity(30, 0.5, 25), rel=0.04)


def test_what_is_told_of_the_start_only_falls():
    found = laws.information(20, [0, 1, 5, 20, np.inf])
    np.testing.assert_allclose(found, [3.045, 1.248, 0.658, 0.349, 0.219], atol=5e-4)
    assert found[0] == pytest.approx(np.log(21))
    assert (np.diff(laws.information(20, np.arange(30))) < 0).all()
    assert laws.information(20, [500])[0] == pytest.approx(found[-1], abs=1e-6)


def test_squared_odds_help_the_first_try_and_cost_the_last():
    hard = [laws.pass_at_k((0.4, 2), k, power) for power in (1, 2) for k in (1, 16, 64)]
    np.testing.assert_allclose(hard, [0.167, 0.606, 0.767, 0.118, 0.356, 0.481], atol=6e-4)
    easy = (2.0, 0.4)
    assert laws.pass_at_k(easy, 1, 2) > laws.pass_at_k(easy, 1)
    assert laws.pass_at_k(easy, 64, 2) < laws.pass_at_k(easy, 64)
    p = stats.beta(0.4, 2).rvs(200_000, random_state=6)
    drawn = 1 - (1 - p**2 / (p**2 + (1 - p) ** 2)) ** 16
    assert abs(z(drawn, laws.pass_at_k((0.4, 2), 16, 2))) < 4.5


def test_what_is_known_settles_by_the_share_of_those_who_ask():
    chain = exact.gaussian_chain(
        FreshReal(0.5), sampling_bias=0.5, n_samples=20_000, n_generations=30, n_replicates=200,
        seed=7,
    )  # fmt: skip
    agrees(chain.variance[:, -1], laws.adopted_variance(0.5, 0.5), laws.adopted_variance(0.45, 0.5))


def test_a_wide_kernel_invents_and_a_narrow_one_omits():
    found = sweep(
        {"model": {"narrow": KernelDensity(1e-6), "wide": KernelDensity(0.02)}},
        source=across.unit_numbers, policy=Replace(), n_samples=1000, n_generations=3,
        metrics={"omitted": across.omitted, "invented": across.invented}, n_replicates=30, seed=8,
    )  # fmt: skip
    t = np.array([1, 2, 3])
    wide = table_of(found[found["model"] == "wide"], "invented", "generation")
    agrees(wide, 100 * laws.invented(t, 0.02), 100 * laws.invented(t, 0.03))
    narrow = table_of(found[found["model"] == "narrow"], "omitted", "generation")
    agrees(narrow, 100 * theory.absent_probability(t, 0.001, 1000), 100 * np.full(3, np.exp(-1.0)))
    assert (found[found["model"] == "narrow"]["invented"] == 0).all()


def test_the_map_holds_each_neighbour_once():
    figure = neighbours(title="A map")
    names = [each.name for each in NEIGHBOURS]
    assert len(set(names)) == len(names) == len(figure.table["neighbour"])
    assert all(figure.alt.count(name) == 1 for name in names)
