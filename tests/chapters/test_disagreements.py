"""Each card's dial flips the answer: the sign changes, by four standard errors on either side."""

import numpy as np
import pytest

from collapse_lib import exact, metrics, run_loop, sources, sweep, theory
from collapse_lib.chapters.disagreements import cards, rephrase
from collapse_lib.chapters.related import laws
from collapse_lib.chapters.related.within import poisoning
from collapse_lib.chapters.stages.definitions import profile_arrays
from collapse_lib.chapters.store import load
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity
from collapse_lib.policies import Accumulate, Filtered, FreshReal, Replace
from collapse_lib.policies.detectors import Ball
from collapse_lib.sources import Categories, zipf_shares
from collapse_lib.verdicts import profile


def above(values, bound):
    """Standard errors by which the mean of runs (R,) lies above a bound."""
    values = np.asarray(values, dtype=float)
    return (values.mean() - bound) / (values.std(ddof=1) / np.sqrt(len(values)))


def bell(policy, **settings):
    """(R, T) variances of a bell curve on 100 rows."""
    chain = exact.gaussian_chain(
        policy, n_samples=100, n_generations=200, n_replicates=2000, seed=1, **settings
    )
    return chain.variance


def test_keeping_all_saves_the_honest_loop_alone():
    kept = bell(Accumulate())
    assert above(kept[:, -1], 0.95) > 4 and above(bell(Replace())[:, -1], 0.95) < -4
    biased = bell(Accumulate(), sampling_bias=0.8)
    assert above(biased[:, -1], 0.95) < -4
    assert above(biased[:, -1] - biased[:, 99], 0) < -4  # and it goes on falling
    assert above(kept[:, -1] - kept[:, 99], -0.01) > 4  # which the honest loop does not
    assert abs(above(kept[:, -1], theory.pooled_moments(200, 100).variance[-1])) < 4.5


def test_a_floor_needs_an_error_that_does_not_shrink():
    found = poisoning([10**6], share=0.01, shift=1.0, n_replicates=1000, seed=1)
    errors = {name: part["error"] for name, part in found.groupby("rows")}
    half = laws.poisoned(np.inf, 0.01, 1.0) / 2
    assert above(errors["an adversary's"], half) > 4 and above(errors["a model's"], half) < -4


def runs(model, policy, metric, *, n_samples, n_generations, source=None, n_replicates=12):
    source = sources.GaussianSource() if source is None else source
    frame = sweep(
        {"policy": [policy]}, model=model, source=source, metrics={"value": metric},
        n_samples=n_samples, n_generations=n_generations, n_replicates=n_replicates, seed=2,
    )  # fmt: skip
    return frame.pivot(index="replicate", columns="generation", values="value").to_numpy()


def test_a_rephraser_keeps_the_kinds_that_a_writer_loses():
    settings = {"n_samples": 1000, "n_generations": 8, "source": rephrase.Texts(300)}
    written = runs(rephrase.Writer(), Replace(), rephrase.kinds_of, **settings)
    kept = runs(rephrase.Rephraser(), Replace(), rephrase.kinds_of, **settings)
    assert (kept == kept[:, :1]).all()
    assert above(written[:, -1] - kept[:, -1], 0) < -4
    law = theory.expected_survivors(zipf_shares(300), 1000, np.arange(2, 10))
    assert all(abs(above(written[:, t], law[t])) < 4.5 for t in range(8))


def test_a_rephraser_words_each_row_anew_and_begins_again():
    rows = rephrase.Texts(50)(30, np.random.default_rng(1))
    model = rephrase.Rephraser().fit(rows, rng=None)
    sample = model.sample(60, rng=np.random.default_rng(2))
    assert sorted(sample[:, 0]) == sorted([*rows[:, 0], *rows[:, 0]])
    assert len(np.unique(sample[:, 1])) > 20


def test_one_real_row_prevents_the_end_and_not_the_loss():
    def left(policy):
        chain = exact.categorical_chain(
            policy, [0.5, 0.5], n_samples=100, n_generations=600, n_replicates=2000, seed=3
        )
        return cards.diversity_left(chain.probabilities[:, -1])

    one, none = left(FreshReal(0.01)), left(Replace())
    assert above(none, 5) < -4 < 4 < above(one, 5)
    assert above(one, 90) < -4
    assert abs(above(one, 100 * (1 - theory.fresh_inbreeding_fixed_share(100, 1)))) < 4.5


def test_a_loop_goes_where_its_verifier_stands():
    settings = {"n_samples": 200, "n_generations": 20, "n_replicates": 60}
    gaps = {
        centre: runs(Gaussian(), Filtered(Replace(), Ball(centre, 2.0)), cards.gap_of, **settings)
        for centre in (0.0, 1.0)
    }
    plain = runs(Gaussian(), Replace(), cards.gap_of, **settings)[:, -1]
    assert above(gaps[0.0][:, -1] - plain, 0) < 0 < 4 < above(gaps[1.0][:, -1] - plain, 0)
    early = {centre: gap[:, 9].mean() for centre, gap in gaps.items()}
    assert early[1.0] == pytest.approx(theory.verified_normal(10, 1.0, 2.0).mean, abs=0.05)
    assert early[0.0] < 0.2


def test_a_detector_helps_where_the_set_is_refilled():
    found = cards.crawls(n_generations=80, n_replicates=3000, seed=4).query("generation == 80")
    last = {name: part["diversity"] for name, part in found.groupby("crawl")}
    laws_ = cards.crawl_laws()
    assert above(last["refilled"], laws_["no detector"]) > 4
    assert above(last["fewer rows"], laws_["no detector"]) < -4
    assert all(abs(above(last[name], law)) < 4.5 for name, law in laws_.items())


def test_the_counts_of_a_crawl_follow_the_loop_on_rows():
    policy = Filtered(FreshReal(cards.REAL), cards.DETECTOR)
    rows = runs(
        Categorical(n_categories=2), policy, diversity_of, n_samples=100, n_generations=6,
        source=Categories([0.5, 0.5]), n_replicates=300,
    )  # fmt: skip
    found = cards.crawls(n_generations=6, n_replicates=3000, seed=5)
    counts = found[found["crawl"] == "fewer rows"].pivot(
        index="replicate", columns="generation", values="diversity"
    )
    assert all(abs(above(rows[:, t], counts.mean().iloc[t])) < 4.5 for t in range(6))
    assert above(rows[:, -1], counts.mean().iloc[0]) < -4


def diversity_of(generation):
    return float(cards.diversity_left(generation.model.probabilities_))


def test_a_cold_loop_collapses_though_all_is_kept():
    def change(temperature):
        chain = exact.categorical_chain(
            Accumulate(), zipf_shares(200), n_samples=1000, temperature=temperature,
            n_generations=50, n_replicates=50, seed=6,
        )  # fmt: skip
        entropy = metrics.entropy(chain.probabilities)
        return entropy[:, -1] - entropy[:, 0]

    assert above(change(0.7), -1) < -4 < 4 < above(change(1.0), -1)


def test_the_divisor_decides_whether_the_risk_is_bounded():
    def risk(ddof):
        chain = exact.gaussian_chain(
            Replace(), n_samples=100, ddof=ddof, n_generations=400, n_replicates=20_000, seed=7
        )
        return (chain.mean**2 + (np.sqrt(chain.variance) - 1) ** 2)[:, -1]

    assert above(risk(0), 2) < -4 < 4 < above(risk(1), 2)
    assert theory.wasserstein_risk(1e7, 100) <= 2 < theory.wasserstein_risk(1e3, 100, ddof=1)


def test_the_estimator_decides_which_way_the_spread_goes():
    wide = runs(KernelDensity(), Replace(), variance, n_samples=200, n_generations=8)
    thin = runs(Gaussian(), Replace(), variance, n_samples=20, n_generations=40)
    assert above(wide[:, -1], 1) > 4 and above(thin[:, -1], 1) < -4


def variance(generation):
    return float(np.var(generation.train.rows))


def test_the_mean_stands_while_the_median_falls():
    values = bell(Replace(), ddof=1)[:, 99]
    assert abs(above(values, 1)) < 4.5
    assert np.mean(values < 0.6) > 0.6  # far more than half of the runs
    law = np.exp(theory.log_variance_mean(100, 100, ddof=1))
    assert np.median(values) == pytest.approx(law, rel=0.1)


def test_the_score_stands_while_the_words_go():
    chain = exact.categorical_chain(
        Replace(), zipf_shares(1000), n_samples=10_000, n_generations=10, n_replicates=20, seed=8
    )
    last = chain.probabilities[:, -1]
    assert above(cards.relative_diversity(last), 99) > 4
    assert above(cards.words_left(last), 60) < -4


def test_enough_text_tells_what_a_line_cannot():
    n = np.array([1, 1000])
    best, most = cards.best_auroc(0.1, n), theory.auroc_bound(theory.tv_normals(0.1, n))
    assert best[0] < 0.55 < 0.95 < best[1] and (best <= most).all()
    rng = np.random.default_rng(9)  # 1000 sentences: the best score is their mean
    human, machine = rng.normal(size=20_000) / 1000**0.5, 0.1 + rng.normal(size=20_000) / 1000**0.5
    assert np.mean(machine > human) == pytest.approx(best[1], abs=0.005)


def test_one_loop_has_both_verdicts():
    scores = profile(**profile_arrays(load("definitions"), "Replace"))
    assert {score.collapsed for score in scores} >= {True, False}


def test_the_writer_is_a_model_of_the_loop():
    run = run_loop(
        rephrase.Writer(), rephrase.Texts(20), Replace(), n_samples=50, n_generations=2, seed=1
    )
    assert run[-1].sample.shape == (50, 2)
