"""Early and late: what counts as below, what is not known, and the laws of when they come."""

import numpy as np
import pytest
from scipy import stats
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import verdicts as stages
from collapse_lib.chapters import load
from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.stages import gaps as experiment
from collapse_lib.exact import categorical_chain, gaussian_chain
from collapse_lib.models.categorical import Categorical
from collapse_lib.policies import FreshReal, Replace
from collapse_lib.theory import survival_exponents

per_seed = pytest.mark.parametrize("seed", stat_seeds())
NAN, NEVER = np.nan, stages.NEVER


# --- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "first", "for_good"),
    [
        ([1.0, 0.6, 0.4, 0.3], 3, 3),
        ([1.0, 0.4, 0.6, 0.3], 2, 4),
        ([0.4, 0.4, 0.4, 0.4], 1, 1),
        ([1.0, 0.4, 0.4, 0.6], 2, NEVER),
        ([1.0, 0.9, 0.8, 0.5], NEVER, NEVER),  # at the level is not below it
        ([NAN, NAN, 0.4, 0.3], 3, 3),
        ([1.0, 0.4, NAN, 0.3], 2, 2),
        ([1.0, 0.4, 0.3, NAN], 2, 2),
        ([NAN, NAN, NAN, NAN], NAN, NAN),
        ([1.0, NAN, -np.inf, 0.2], 3, 3),
    ],
)
def test_first_below(path, first, for_good):
    assert stages.first_below(path, 0.5) == pytest.approx(first, nan_ok=True)
    assert stages.first_below(path, 0.5, for_good=True) == pytest.approx(for_good, nan_ok=True)


def test_generations_may_be_thinned():
    paths = np.array([[[1.0, 0.4, 0.3]], [[1.0, 1.0, 1.0]]])
    found = stages.first_below(paths, 0.5, generations=[1, 50, 100])
    assert found.tolist() == [[50.0], [NEVER]]


def test_never_is_told_apart_from_late_and_from_not_measured():
    tail = [[0.9, 0.4, 0.3], [0.9, 0.4, 0.3], [0.9, 0.9, 0.9], [NAN] * 3, [0.9, 0.9, 0.4]]
    spread = [[1.0, 0.5, 0.05], [1.0, 0.8, 0.6], [1.0, 1.0, 1.0], [1.0, 0.5, 0.05], [1, 0.05, 0]]
    found = stages.two_stages(tail, spread)
    assert found.early.tolist()[:3] == [2, 2, NEVER] and np.isnan(found.early[3])
    assert found.late.tolist() == [3, NEVER, NEVER, 3, 2]
    assert found.gap.tolist()[:2] == [1, NEVER]
    assert np.isnan(found.gap[2:4]).all() and found.gap[4] == -1
    assert str(found) == (
        "early (tail recall below 0.5): generation 2 (median), reached in 3 of 4 runs; "
        "late (spread below 0.1): generation 3 (median), reached in 3 of 5 runs"
    )
    none = stages.two_stages([[1.0, 1.0]], [[NAN, NAN]])
    assert str(none) == (
        "early (tail recall below 0.5): in none of 1 runs within 2 generations; "
        "late (spread below 0.1): not measured"
    )
    half = stages.two_stages([[0.4, 0.3]] * 3, [[1.0, 0.01], [1.0, 1.0], [1.0, 1.0]])
    assert str(half).endswith("late (spread below 0.1): after 2 (median), reached in 1 of 3 runs")


def test_the_sentence_names_what_was_measured():
    path = np.array([[1.0, 0.4, 0.05]])
    found = stages.two_stages(path, path, tail_name="minority coverage", spread_name="perplexity")
    assert str(found) == (
        "early (minority coverage below 0.5): generation 2 (median), reached in 1 of 1 runs; "
        "late (perplexity below 0.1): generation 3 (median), reached in 1 of 1 runs"
    )


def test_levels_are_arguments():
    path = np.arange(10, -1, -1)[None] / 10
    assert stages.two_stages(path, path).gap == [4]  # below 0.5 at 7, below 0.1 at 11
    assert stages.two_stages(path, path, tail_level=0.95, spread_level=0.45).gap == [5]


def test_first_noticed_is_a_departure_from_what_healthy_models_show():
    healthy = np.random.default_rng(0).normal(5, 1, size=(400, 1))
    moving = np.concatenate([healthy, healthy * 0 + 5 - 2.5, healthy * 0 + 5 + 4], axis=1)
    found = stages.first_noticed(moving)
    assert np.median(found) == 3  # 2.5 standard deviations are no alarm, 4 are, to either side
    assert np.median(stages.first_noticed(moving, width=2)) == 2
    blind = np.repeat(np.clip(healthy, 3, 7), 5, axis=1)
    assert np.isinf(stages.first_noticed(blind)).all()
    assert stages.first_noticed(np.c_[np.ones(10), np.full(10, -np.inf)]).tolist() == [2.0] * 10


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: stages.first_below(0.5, 0.5),
            "first_below.values must have an axis of generations; got ().",
        ),
        (
            lambda: stages.first_below([0.5], NAN),
            "first_below.level must be a finite number; got nan.",
        ),
        (
            lambda: stages.first_below([0.5, 0.4], 0.5, generations=[1]),
            "first_below.generations must have the shape (2,), one for each entry of values; "
            "got (1,).",
        ),
        (
            lambda: stages.two_stages([[1.0, 1.0]], [[1.0]]),
            "two_stages needs tail and spread of one shape; got (1, 2) and (1, 1).",
        ),
        (
            lambda: stages.first_noticed([[1.0, 2.0]]),
            "first_noticed.values must be (R, T) with at least 10 runs, from which it learns how "
            "the first generation varies; got shape (1, 2).",
        ),
        (
            lambda: stages.first_noticed(np.ones((10, 2)), 0),
            "first_noticed.width must be above 0; got 0.",
        ),
        (
            lambda: stages.two_stages([[1.0, 0.4]], [[1.0, 0.1]], generations=[20, 10]),
            "first_below.generations must rise from entry to entry; sort them, and the values with "
            "them.",
        ),
        (
            lambda: stages.first_noticed(np.c_[np.r_[np.ones(9), -np.inf], np.ones(10)]),
            "first_noticed.values must be finite at the first generation, whose range is the "
            "measure of all others; 1 of 10 runs are not.",
        ),
        (
            lambda: stages.gaussian_late_time(1000, 1.5),
            "gaussian_late_time.quantile must be between 0 and 1; got 1.5.",
        ),
        (
            lambda: stages.gaussian_late_time([100, 0]),
            "gaussian_late_time.n_samples must be above 0 and finite; got [100, 0].",
        ),
        (
            lambda: stages.tail_loss_time([0.5, 0.5], 0),
            "tail_loss_time.n_samples must be one number above 0 and finite; got 0.",
        ),
        (
            lambda: stages.tail_loss_time([0.5, 0.6], 100),
            "tail_loss_time.p must sum to 1 over its last axis; got 1.1; divide counts by their "
            "sum.",
        ),
        (
            lambda: stages.tail_loss_time([[0.5, 0.5]], 100),
            "tail_loss_time.p must have the shape (K,); got (1, 2).",
        ),
        (
            lambda: stages.zipf_shares(0),
            "zipf_shares.n_categories must be 1 or more; got 0.",
        ),
        (
            lambda: stages.gaussian_late_time(100, spread_level=1.0),
            "gaussian_late_time.spread_level must be between 0 and 1; got 1.0.",
        ),
        (
            lambda: stages.tail_loss_time([0.5, 0.5], 100, level=0.0),
            "tail_loss_time.level must be between 0 and 1; got 0.0.",
        ),
    ],
)
def test_refusals_are_sentences(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == sentence


# --- measures ------------------------------------------------------------------------------------


def test_gaussian_measures_are_expectations_over_rows():
    mean, variance = np.array([[0.2, -0.5]]), np.array([[0.9, 0.3]])
    got = stages.gaussian_measures(mean, variance)
    real = stats.norm()
    for t in range(2):
        model = stats.norm(mean[0, t], np.sqrt(variance[0, t]))
        first = stats.norm(mean[0, 0], np.sqrt(variance[0, 0]))
        assert got["entropy"][0, t] == pytest.approx(model.entropy() - real.entropy())
        likelihood = real.expect(model.logpdf) + real.entropy()
        assert got["real rows"][0, t] == pytest.approx(likelihood, rel=1e-6)
        own = model.expect(first.logpdf) + real.entropy()
        assert got["own rows"][0, t] == pytest.approx(own, rel=1e-6)
    point = stages.gaussian_measures([[0.0, 0.0]], [[1.0, 0.0]])
    assert point["entropy"][0, 1] == point["real rows"][0, 1] == -np.inf
    assert point["tail recall"][0].tolist() == [1.0, 0.0]


def test_categorical_measures_are_the_models_own_scores():
    p = np.array([0.6, 0.3, 0.08, 0.02])
    q = np.array([[[0.55, 0.33, 0.10, 0.02], [0.7, 0.3, 0.0, 0.0]]])
    got = stages.categorical_measures(q, p, floor=1e-3)
    model = Categorical()
    model.probabilities_ = (1 - 1e-3) * q[0, 1] + 1e-3 / 4
    real = p @ model.score_samples(np.arange(4)) + stats.entropy(p)
    assert got["real rows"][0, 1] == pytest.approx(real)
    model.probabilities_ = (1 - 1e-3) * q[0, 0] + 1e-3 / 4
    own = q[0, 1] @ model.score_samples(np.arange(4)) + stats.entropy(p)
    assert got["own rows"][0, 1] == pytest.approx(own)
    assert got["perplexity"][0, 1] == pytest.approx(
        np.exp(stats.entropy(q[0, 1]) - stats.entropy(p))
    )
    assert got["minority coverage"][0].tolist() == [1.0, 0.0]
    same = stages.categorical_measures(p[None, None], p, floor=0)
    for name in ("tail recall", "minority coverage", "heterozygosity", "perplexity"):
        assert same[name] == pytest.approx(1.0)
    for name in ("entropy", "real rows", "own rows"):
        assert same[name] == pytest.approx(0.0, abs=1e-12)


def test_rare_words_are_missed_before_common_ones_and_old_models_do_not_mind():
    """Tails and the likelihood of real rows notice before heterozygosity and the model's own
    rows do."""
    p = stages.zipf_shares(200)
    chain = categorical_chain(
        Replace(), p, n_samples=3000, n_generations=300, n_replicates=40, seed=5
    )
    measures = stages.categorical_measures(chain.probabilities, p)
    at = {name: np.median(stages.first_noticed(values)) for name, values in measures.items()}
    early = max(at["tail recall"], at["real rows"], at["entropy"])
    assert early < 8 < min(at["heterozygosity"], at["own rows"])


# --- laws ----------------------------------------------------------------------------------------


@per_seed
def test_late_time_of_a_gaussian_is_walds_law(seed):
    n = 300
    chain = gaussian_chain(Replace(), n_samples=n, n_generations=8 * n, n_replicates=800, seed=seed)
    late = stages.first_below(chain.variance, 0.1)
    shares = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    before = late[:, None] <= stages.gaussian_late_time(n, shares)
    assert_agrees(before, shares)
    assert_rejects(before, stats.norm.cdf(stats.norm.ppf(shares) + 0.3))
    assert_rejects(late[:, None] <= stages.gaussian_late_time(1.5 * n, shares), shares)


@per_seed
@pytest.mark.parametrize("n", [4000, 40_000])
def test_tail_loss_time_is_when_half_the_expected_tail_is_gone(n, seed):
    p = stages.zipf_shares(200)
    when = stages.tail_loss_time(p, n)
    chain = categorical_chain(
        Replace(), p, n_samples=n, n_generations=int(1.4 * when), n_replicates=40, seed=seed
    )
    coverage = stages.categorical_measures(chain.probabilities, p)["minority coverage"]
    assert_agrees(coverage[:, int(when) - 1], 0.5 + _rounding(p, n, when))
    assert_rejects(coverage[:, int(when / 1.5) - 1], 0.5)
    assert_rejects(coverage[:, int(1.4 * when) - 1], 0.5)


def _rounding(p, n, when):
    """How far below a half the expected share alive is at `when`, a whole generation."""
    tail = np.sort(p)[: np.argmax(np.cumsum(np.sort(p)) >= 0.05) + 1]
    g = survival_exponents(int(when))[-1]
    return tail @ -np.expm1(-n * tail * g) / tail.sum() - 0.5


def test_tail_loss_time_is_one_law_below_and_above_a_thousand():
    p = stages.zipf_shares(200)
    n = 10 ** np.arange(4, 10.0)
    when = np.array([stages.tail_loss_time(p, each) for each in n])
    assert np.all(np.diff(np.log10(when)) > 0.98) and np.all(np.diff(np.log10(when)) < 1.05)
    # the exponent g solved for, followed one by one
    near = stages.tail_loss_time(p, 1_000_000)
    g, t = 1.0, 1
    tail = np.sort(p)[: np.argmax(np.cumsum(np.sort(p)) >= 0.05) + 1]
    while tail @ -np.expm1(-1e6 * tail * g) / tail.sum() > 0.5:
        g, t = -np.expm1(-g), t + 1
    assert abs(near - t) <= 1
    assert stages.tail_loss_time(p, 100) == 1.0


def test_zipf_shares():
    assert stages.zipf_shares(4, 2.0) == pytest.approx(np.array([144, 36, 16, 9]) / 205)


# --- the stored runs -----------------------------------------------------------------------------


def test_the_gap_grows_in_proportion_to_the_rows():
    stored = load("stages-gaps")
    for family, near in (("gaussian", 0.95), ("zipf", 0.17)):
        n = stored[f"{family}_n"]
        for stage in ("early", "late"):
            low, middle, high = np.quantile(
                stored[f"{family}_{stage}"], [0.1, 0.5, 0.9], axis=1, method="lower"
            )
            assert np.all((low <= middle) & (middle < high) & np.isfinite(high))
            many = middle > 20  # below, whole generations are too coarse for a slope
            slope = np.polyfit(np.log(n[many]), np.log(middle[many]), 1)[0]
            assert abs(slope - 1) < 0.06
        early, late = (
            np.median(stored[f"{family}_{stage}"], axis=1) for stage in ("early", "late")
        )
        assert np.all(early < 0.2 * late)
        assert np.all(np.abs(late / n / near - 1) < 0.1)
    p = stages.zipf_shares(200)
    law = [stages.tail_loss_time(p, n) for n in stored["zipf_n"]]
    assert np.median(stored["zipf_early"], axis=1) == pytest.approx(law, rel=0.1, abs=1)


def test_the_stored_bell_curves_are_late_by_walds_law():
    stored = load("stages-gaps")
    shares = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    for n, late in zip(stored["gaussian_n"], stored["gaussian_late"], strict=True):
        if n >= 1000:  # the law is that of many rows
            before = late[:, None] <= stages.gaussian_late_time(n, shares)
            assert_agrees(before, shares)
            assert_rejects(before, shares + 0.06)


@per_seed
def test_bell_curves_drawn_at_once_are_those_of_the_exact_engine(seed):
    n, last = 60, 150
    ours = np.concatenate(
        [experiment.gaussian_gap(n, last, 1, s) for s in np.random.SeedSequence(seed).spawn(1000)]
    )
    chain = gaussian_chain(
        Replace(), n_samples=n, n_generations=last, n_replicates=1000, seed=seed + 1
    )
    measures = stages.gaussian_measures(chain.mean, chain.variance)
    found = stages.two_stages(measures["tail recall"], measures["variance"])
    for column, theirs, wrong in ((0, found.early, 2.0), (1, found.late, 1.3)):
        cuts = np.quantile(theirs, [0.25, 0.5, 0.75], method="lower")
        gap = (ours[:, column, None] <= cuts) * 1.0 - (theirs[:, None] <= cuts)
        assert_agrees(gap, 0.0)
        assert_rejects((ours[:, column, None] * wrong <= cuts) * 1.0 - (theirs[:, None] <= cuts), 0)


def test_runs_drawn_in_pieces_are_one_run(monkeypatch):
    """A run that goes on from the end of a piece has the law of one that is whole."""
    whole = np.concatenate([experiment.gaussian_gap(40, 400, 1, s) for s in range(800)])
    monkeypatch.setattr(experiment, "CHUNK", 7)
    pieces = np.concatenate([experiment.gaussian_gap(40, 400, 1, s) for s in range(800, 1600)])
    cuts = np.quantile(whole, [0.25, 0.5, 0.75], axis=0)[:, None]
    assert_agrees(((whole <= cuts) * 1.0 - (pieces <= cuts)).transpose(1, 0, 2), 0.0)
    shifted = np.where(np.isfinite(pieces), pieces - 7 * (pieces > 7), pieces)
    assert_rejects(((whole <= cuts) * 1.0 - (shifted <= cuts)).transpose(1, 0, 2), 0.0)


def test_a_part_of_the_gaps_agrees_and_a_wrong_one_does_not():
    stored = load("stages-gaps").arrays
    rows = {"gaussian": [0, 2], "zipf": [0, 1]}
    part = {}
    for name, array in stored.items():
        chosen = array[rows[name.split("_")[0]]]
        part[name] = chosen[:, :20] if chosen.ndim == 2 else chosen
    experiment.same_gaps(stored, part)
    for name, array in stored.items():
        with pytest.raises(AssertionError, match=name.split("_")[0]):
            experiment.same_gaps({**stored, name: np.zeros_like(array)}, part)
        if array.ndim == 2:
            other = {**part, name: array[rows[name.split("_")[0]]][:, 20:40]}  # runs of other seeds
            with pytest.raises(AssertionError, match=f"of {name} differ"):
                experiment.same_gaps(stored, other)
    for family in rows:
        late = f"{family}_late"
        wrong = stored[late].copy()
        wrong[-1] *= 0.7  # of the largest loop, which no part makes again
        with pytest.raises(AssertionError, match=f"{late} is not in proportion"):
            experiment.same_gaps({**stored, late: wrong}, part)


def test_every_array_of_the_stored_mixture_is_compared():
    stored = load("stages-mixture").arrays
    part = {name: array[:2, :5] if array.ndim > 1 else array[:5] for name, array in stored.items()}
    same_start(stored, part)
    for name, array in stored.items():
        with pytest.raises(AssertionError, match=f"of {name} are not what is stored"):
            same_start({**stored, name: np.zeros_like(array)}, part)


def test_fresh_data_keeps_late_away():
    chain = gaussian_chain(
        FreshReal(0.2), n_samples=100, n_generations=400, n_replicates=50, seed=2
    )
    measures = stages.gaussian_measures(chain.mean, chain.variance)
    found = stages.two_stages(measures["tail recall"], measures["variance"], for_good=True)
    assert np.isinf(found.late).all()
    replaced = gaussian_chain(Replace(), n_samples=100, n_generations=400, n_replicates=50, seed=2)
    measures = stages.gaussian_measures(replaced.mean, replaced.variance)
    found = stages.two_stages(measures["tail recall"], measures["variance"], for_good=True)
    assert np.isfinite(found.late).mean() > 0.8


def test_the_stored_mixture_loses_rare_modes_while_its_variance_stands():
    stored = load("stages-mixture")
    at = stored["generations"]
    found = stages.two_stages(stored["minority coverage"], stored["variance"], generations=at)
    assert np.isfinite(found.early).all()
    variance = [
        path[np.searchsorted(at, when)]
        for path, when in zip(stored["variance"], found.early, strict=True)
    ]
    assert np.median(variance) > 0.8
    assert np.median(found.late) > 10 * np.median(found.early)
