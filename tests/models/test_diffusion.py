"""Diffusion: samplers against exact scores and closed forms, what a network learns, bad input."""

import copy
import re
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy import stats
from sentences import says
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import check_model, run_loop
from collapse_lib.metrics import mmd
from collapse_lib.models.diffusion import (
    Ancestral,
    Diffusion,
    GaussianMixtureScore,
    Heun,
    NoiseLevels,
    draw_rows,
)
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import Replace
from collapse_lib.sources import TwoMoons, from_array

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([[1.0, 0.2], [-1.2, 0.6], [-0.7, -1.4]])  # their weighted mean is 0
COVARIANCES = np.array(
    [[[0.04, 0.02], [0.02, 0.03]], [[0.02, 0], [0, 0.05]], [[0.03, -0.01], [-0.01, 0.02]]]
)
EXACT = GaussianMixtureScore(WEIGHTS, MEANS, COVARIANCES)


def rng(seed=0):
    return np.random.default_rng(seed)


def small(**fields):
    return Diffusion(**{"steps": 20, "width": 8, "layers": 2, "sampler": Heun(8)} | fields)


def moments(rows):
    """(n, 11) what a row adds to mean, second moments, weights and spread of the three modes."""
    apart = rows[:, None] - MEANS  # (n, 3, 2)
    mine = np.linalg.norm(apart, axis=2).argmin(axis=1)[:, None] == np.arange(3)
    products = np.column_stack([rows**2, rows[:, :1] * rows[:, 1:]])
    return np.column_stack([rows, products, mine, mine * (apart**2).sum(axis=2)])


def true_moments():
    second = np.einsum("k,kij->ij", WEIGHTS, COVARIANCES + MEANS[:, :, None] * MEANS[:, None])
    spread = WEIGHTS * np.trace(COVARIANCES, axis1=1, axis2=2)
    return np.concatenate([WEIGHTS @ MEANS, second[[0, 1, 0], [0, 1, 1]], WEIGHTS, spread])


@pytest.mark.parametrize("noise", [0.05, 0.7, 20.0])
def test_the_exact_score_is_the_gradient_of_the_density(noise):
    rows = torch.tensor(noise * rng().normal(size=(50, 2)) + rng(1).normal(size=(50, 2)))
    rows.requires_grad_(True)
    parts = torch.distributions.MultivariateNormal(
        torch.tensor(MEANS), torch.tensor(COVARIANCES + noise**2 * np.eye(2))
    )
    chosen = torch.distributions.Categorical(torch.tensor(WEIGHTS))
    density = torch.distributions.MixtureSameFamily(chosen, parts).log_prob(rows)
    (gradient,) = torch.autograd.grad(density.sum(), rows)
    ours = EXACT.score(rows.detach().numpy(), noise)
    assert np.allclose(ours, gradient.numpy(), rtol=1e-9, atol=1e-9)
    assert not np.allclose(EXACT.score(rows.detach().numpy(), 1.1 * noise), gradient, rtol=1e-2)


def test_denoising_is_the_mean_of_what_was_there():
    clean = np.concatenate([rng(k).multivariate_normal(MEANS[k], COVARIANCES[k], int(1e5 * w))
                            for k, w in enumerate(WEIGHTS)])  # fmt: skip
    noisy = clean + 0.8 * rng(9).normal(size=clean.shape)
    error = clean - EXACT.denoise(noisy, 0.8)  # has mean 0 whatever it is multiplied by
    for weight in (1.0, noisy[:, :1], np.sin(3 * noisy[:, 1:])):
        assert_agrees((weight * error).reshape(100, -1, 2).mean(axis=1), 0.0)
    wrong = clean - EXACT.denoise(noisy, 0.6)
    assert_rejects((noisy[:, :1] * wrong).reshape(100, -1, 2).mean(axis=1), 0.0)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize(
    ("n", "enough", "too_few"),
    [(6000, Heun(levels=160), Heun(levels=12)), (1000, Ancestral(1500), Ancestral(12))],
    ids=["Heun", "Ancestral"],
)
def test_with_the_exact_score_the_moments_are_those_of_the_mixture(n, enough, too_few, seed):
    """Enough: 160 levels were off by at most 0.08 standard errors of 6,000 rows, as the same noise
    drawn through 640 levels shows; 1,500 by about 0.13 of 1,000, from the fall with 1 / levels."""
    found = draw_rows(EXACT.denoise, n, 2, rng=rng([seed, 1]), sampler=enough)
    assert_agrees(moments(found), true_moments())
    few = draw_rows(EXACT.denoise, n, 2, rng=rng([seed, 1]), sampler=too_few)
    assert_rejects(moments(few), true_moments())
    off = draw_rows(lambda rows, s: EXACT.denoise(rows, 1.5 * s), n, 2, rng=rng([seed, 1]),
                    sampler=Heun(60))  # fmt: skip
    assert_rejects(moments(off), true_moments())


def test_the_error_of_160_levels_is_below_a_tenth_of_a_standard_error():
    few, many, coarse = (
        moments(draw_rows(EXACT.denoise, 1000, 2, rng=rng(1), sampler=Heun(levels)))
        for levels in (160, 640, 40)
    )
    error = many.std(axis=0) / np.sqrt(6000)
    assert (np.abs((few - many).mean(axis=0)) < 0.1 * error).all()
    assert (np.abs((coarse - many).mean(axis=0)) > 0.5 * error).any()


@pytest.mark.parametrize("variance", [0.01, 1.0])
def test_normal_rows_leave_each_sampler_with_its_own_variance(variance):
    """For normal rows a sampler is linear, so what it gives is known without drawing."""
    noise = NoiseLevels()

    def denoise(rows, s):
        return rows * variance / (variance + s**2)

    def heun(levels):
        start = torch.full((1, 1), np.sqrt(noise.largest**2 + 1), dtype=torch.float64)
        return Heun(levels)(denoise, start, noise, None).item() ** 2 / variance - 1

    def ancestral(levels):
        down, left = noise.down(levels), noise.largest**2 + 1
        for now, below in pairwise(down):
            share, kept = (below / now) ** 2, variance / (variance + now**2)
            left = (kept + share * (1 - kept)) ** 2 * left + below**2 * (1 - share)
        return left / variance - 1

    assert 0.001 < heun(100) < 0.005 < heun(24) < 0.1
    assert heun(100) / heun(200) == pytest.approx(4, rel=0.15)
    assert -0.07 < ancestral(200) < -0.04
    assert ancestral(200) / ancestral(400) == pytest.approx(2, rel=0.05)
    drawn = draw_rows(denoise, 30_000, 1, rng=rng(2), sampler=Ancestral(50))[:, 0]
    assert_agrees(drawn**2, variance * (1 + ancestral(50)))
    assert_rejects(drawn**2, variance)


@pytest.mark.parametrize(("sampler", "n"), [(Heun(160), 2000), (Ancestral(600), 500)])
def test_the_bias_multiplies_the_variance_of_normal_rows(sampler, n):
    covariance = np.array([[1.5, 0.6], [0.6, 0.5]])
    exact = GaussianMixtureScore([1.0], np.zeros((1, 2)), covariance[None])
    for bias in (0.5, 1.0, 1.5):
        rows = draw_rows(exact.denoise, n, 2, rng=rng(3), sampler=sampler, sampling_bias=bias)
        squares = np.column_stack([rows**2, rows[:, :1] * rows[:, 1:]])
        expected = bias * covariance[[0, 1, 0], [0, 1, 1]]
        assert_agrees(squares, expected)
        assert_rejects(squares, 0.6 * expected)


def test_the_bias_draws_fewer_rows_from_far_out():
    far = GaussianMixtureScore([0.1, 0.8, 0.1], [[-2.2], [0], [2.2]], np.full((3, 1, 1), 0.01))
    shares, spreads = [], []
    for bias in (1.0, 0.7, 0.4):
        rows = draw_rows(far.denoise, 4000, 1, rng=rng(1), sampler=Heun(60), sampling_bias=bias)
        shares.append(np.mean(np.abs(rows) > 1.5))
        spreads.append(rows[np.abs(rows) < 0.5].var())
    assert spreads[0] == pytest.approx(0.01, rel=0.15)
    assert 0.95 * spreads[0] > spreads[1] > 1.05 * spreads[2]  # each cluster is narrower too
    assert shares[0] == pytest.approx(0.2, abs=0.03)
    assert shares[0] > 1.5 * shares[1] > 2.2 * shares[2]


@pytest.fixture(scope="module")
def moons():
    rows = TwoMoons(0.1)(1000, rng())
    return rows, Diffusion(steps=1500).fit(rows, rng=rng(1))


def test_two_moons_are_learned_better_than_by_too_few_normals(moons):
    rows, model = moons
    truth = TwoMoons(0.1)(2000, rng(9))
    ours = mmd(model.sample(2000, rng=rng(2)), truth, 0.3)
    for k in (2, 4):
        peer = GaussianMixture(n_components=k, n_init=3).fit(rows, rng=rng(1))
        assert ours < 0.9 * mmd(peer.sample(2000, rng=rng(2)), truth, 0.3)
    assert ours < 0.005
    untrained = Diffusion(steps=1).fit(rows, rng=rng(1))
    assert mmd(untrained.sample(2000, rng=rng(2)), truth, 0.3) > 0.005


def test_the_network_knows_what_the_exact_score_knows():
    labels = rng(4).choice(3, size=2000, p=WEIGHTS)
    noise = np.einsum("nij,nj->ni", np.linalg.cholesky(COVARIANCES)[labels],
                      rng(5).normal(size=(2000, 2)))  # fmt: skip
    rows = MEANS[labels] + noise
    model = Diffusion(steps=1000).fit(rows, rng=rng(1))
    law = GaussianMixtureScore(
        WEIGHTS, (MEANS - model.mean_) / model.std_, COVARIANCES / np.outer(model.std_, model.std_)
    )
    for s in (0.1, 0.5, 2.0):
        noisy = rows + s * model.std_ * rng(6).normal(size=rows.shape)
        best = model.mean_ + model.std_ * law.denoise((noisy - model.mean_) / model.std_, s)
        gap = ((model.denoise(noisy, s) - best) ** 2).mean()
        plain = model.mean_ + (noisy - model.mean_) / (1 + s**2)  # what an untrained one says
        assert gap < 0.3 * ((plain - best) ** 2).mean()


def test_the_loss_goes_down_and_begins_at_one(moons):
    _, model = moons
    assert model.losses_.shape == (1500,)
    assert model.losses_[:5].mean() == pytest.approx(1, abs=0.15)
    assert model.losses_[-200:].mean() < 0.92


def test_the_bias_narrows_what_a_trained_model_draws(moons):
    model = copy.copy(moons[1])
    spreads = []
    for model.sampling_bias in (1.0, 0.7, 0.4):
        spreads.append(model.sample(2000, rng=rng(3)).var(axis=0).sum())
    assert spreads[1] < 0.95 * spreads[0] and spreads[2] < 0.85 * spreads[1]


@pytest.mark.parametrize("shape", [(60,), (60, 2), (60, 4, 4), (60, 16)])
def test_a_small_one_passes_the_common_suite(shape):
    rows = 3 + 0.1 * rng(1).normal(size=shape)
    check_model(small(steps=5), rows)
    assert small().fit(rows, rng=rng()).sample(0, rng=rng()).shape == (0, *shape[1:])


def test_columns_in_any_unit_are_learned_alike():
    rows = rng().normal(size=(80, 2))
    scale, shift = np.array([1000.0, 0.001]), np.array([-5000.0, 0.1])
    plain, scaled = (small().fit(r, rng=rng(1)) for r in (rows, rows * scale + shift))
    first, second = (model.sample(40, rng=rng(2)) for model in (plain, scaled))
    assert np.allclose(first * scale + shift, second, rtol=1e-3, atol=1e-3 * scale)
    assert np.allclose(scaled.std_, rows.std(axis=0) * scale)


def test_what_does_not_vary_is_given_back_as_it_was():
    rows = np.column_stack([np.full(30, 0.1), rng().normal(size=30)])
    assert (small().fit(rows, rng=rng()).sample(9, rng=rng())[:, 0] == 0.1).all()
    images = rng().random((30, 4, 4))
    images[:, 0, 0] = 0.3
    model = small().fit(images, rng=rng())
    assert (model.sample(9, rng=rng())[:, 0, 0] == 0.3).all()
    assert len(set(model.std_.ravel())) == 2  # all other pixels share one scale
    assert (small().fit(np.ones(5), rng=rng()).sample(3, rng=rng()) == 1).all()


def test_neither_threads_nor_the_global_state_change_the_result():
    rows, threads, seen = rng().normal(size=(500, 8, 8)), torch.get_num_threads(), []
    for n in (1, 2):
        torch.set_num_threads(n)
        torch.manual_seed(n)
        state = torch.get_rng_state()
        model = Diffusion(steps=20, sampler=Ancestral(10)).fit(rows, rng=rng(1))
        seen.append([model.sample(300, rng=rng(2)), model.losses_, model.denoise(rows, 0.5)])
        assert torch.get_num_threads() == n
        assert torch.equal(torch.get_rng_state(), state)
    torch.set_num_threads(threads)
    assert all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))
    assert not np.array_equal(seen[0][0], model.sample(300, rng=rng(3)))


def test_the_average_is_that_of_the_weights():
    rows = rng().normal(size=(50, 2))
    last, slow = (small(ema=ema).fit(rows, rng=rng(1)) for ema in (0.0, 0.999))
    assert np.array_equal(last.losses_, slow.losses_)  # training does not depend on it
    states = last.get_state(), slow.get_state()
    assert any(not np.array_equal(states[0][name], states[1][name]) for name in states[0])
    one = small(ema=0.0, steps=1, learning_rate=1e-9).fit(rows, rng=rng(1))
    for name, array in one.get_state().items():
        if name.startswith("last"):
            assert np.allclose(array, 0, atol=1e-6)


def test_a_warm_start_goes_on_from_the_weights(moons):
    rows, model = moons
    state, warm = model.get_state(), Diffusion(steps=5, learning_rate=1e-5)
    warm.set_state(state)
    warm.fit(rows, rng=rng(2))
    cold = Diffusion(steps=5, learning_rate=1e-5).fit(rows, rng=rng(2))
    assert warm.losses_.mean() < 0.95 < cold.losses_.mean()
    assert all(np.array_equal(state[name], array) for name, array in model.get_state().items())
    again = warm.fit(rows, rng=rng(2))  # the state served one fit
    assert np.array_equal(again.losses_, cold.losses_)
    trajectory = run_loop(
        small(), from_array(rows), Replace(), n_samples=50, n_generations=2, seed=1,
        warm_start=True,
    )  # fmt: skip
    assert trajectory[-1].sample.shape == (50, 2)
    other = small()
    other.set_state(state)
    with says(
        "The state given to Diffusion.set_state is of another network: first.bias has shape (64,) "
        "there, and (8,) in this one."
    ):
        other.fit(rows, rng=rng())


def test_training_levels_follow_their_law():
    levels = NoiseLevels(log_mean=-1, log_std=2)
    drawn = levels.for_training(2000, torch.Generator().manual_seed(1)).log().numpy().ravel()
    assert stats.kstest(drawn, stats.norm(-1, 2).cdf).statistic < 1 / 1000  # even, so far closer
    assert stats.kstest(drawn, stats.norm(-1.1, 2).cdf).statistic > 1 / 100
    down = levels.down(10)
    assert len(down) == 11 and down[-1] == 0 and np.all(np.diff(down) < 0)
    assert down[0] == pytest.approx(levels.largest) and down[-2] == pytest.approx(levels.smallest)


ROWS = np.zeros((4, 2))


@pytest.mark.parametrize(
    ("fields", "rows", "sentence"),
    [
        ({}, ROWS[:1], "Diffusion.fit needs at least 2 rows; got 1."),
        (
            {},
            np.zeros((4, 2, 2, 2)),
            "Diffusion.fit needs rows of shape (n,) or (n, d) or (n, h, w); got shape "
            "(4, 2, 2, 2).",
        ),
        ({"steps": 0}, ROWS, "Diffusion.steps must be at least 1; got 0."),
        ({"batch_size": 2.5}, ROWS, "Diffusion.batch_size must be a whole number; got 2.5."),
        ({"layers": 0}, ROWS, "Diffusion.layers must be at least 1; got 0."),
        (
            {"learning_rate": 0},
            ROWS,
            "Diffusion.learning_rate must be finite and above 0; got 0.",
        ),
        (
            {"sampling_bias": 0},
            ROWS,
            "Diffusion.sampling_bias must be finite and above 0; got 0.",
        ),
        (
            {"sampling_bias": -0.5},
            ROWS,
            "Diffusion.sampling_bias must be finite and above 0; got -0.5.",
        ),
        ({"ema": 1.0}, ROWS, "Diffusion.ema must be in [0, 1); got 1."),
        (
            {"waves": ("a",)},
            ROWS,
            "Diffusion.waves must be a number or an array of numbers; got ('a',).",
        ),
        (
            {"sampler": "heun"},
            ROWS,
            "Diffusion.sampler must be of type Heun or Ancestral; got 'heun'.",
        ),
        ({"noise": 0.1}, ROWS, "Diffusion.noise must be of type NoiseLevels; got 0.1."),
    ],
)
def test_what_cannot_be_fitted_is_told(fields, rows, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        Diffusion(**fields).fit(rows, rng=rng())
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: draw_rows(EXACT.denoise, 3, 2, rng=rng(), sampler=Heun(), sampling_bias=0),
            "draw_rows.sampling_bias must be finite and above 0; got 0.",
        ),
        (lambda: Heun(1), "Heun.levels must be at least 2; got 1."),
        (lambda: Ancestral(0), "Ancestral.levels must be at least 2; got 0."),
        (
            lambda: NoiseLevels(smallest=0),
            "NoiseLevels.smallest must be finite and above 0; got 0.",
        ),
        (
            lambda: NoiseLevels(largest=0.001),
            "NoiseLevels.largest must be finite and above 0.002; got 0.001.",
        ),
        (
            lambda: GaussianMixtureScore([1.0], np.zeros(2), np.eye(2)),
            "GaussianMixtureScore needs weights (k,), means (k, d) and covariances (k, d, d); got "
            "(1,), (2,) and (2, 2).",
        ),
        (
            lambda: GaussianMixtureScore([0.5], np.zeros((1, 2)), np.eye(2)[None]),
            "GaussianMixtureScore.weights must sum to 1; got 0.5. Divide counts by their sum.",
        ),
        (
            lambda: GaussianMixtureScore([1.0], np.zeros((1, 2)), -np.eye(2)[None]),
            "Eigenvalues of GaussianMixtureScore.covariances must be finite and at least 0; 2 of 2 "
            "are not (the first is -1).",
        ),
    ],
)
def test_what_cannot_be_made_is_told(make, sentence):
    with says(sentence):
        make()


@pytest.mark.parametrize("steps", [1, 50])
def test_a_learning_rate_under_which_nothing_is_learned_is_told(steps):
    model = small(steps=steps, learning_rate=1e30)
    with pytest.raises(ValueError) as error:
        model.fit(rng().normal(size=(50, 2)), rng=rng())
    assert re.fullmatch(
        r"Diffusion\.learning_rate must be small enough for the loss to stay finite; with 1e\+30 "
        rf"it was (inf|nan) after [0-9]+ of {steps} steps\. Lower it\.",
        str(error.value),
    )
    assert not hasattr(model, "network_")


def test_rows_of_another_shape_and_no_noise_are_told():
    model = small().fit(np.zeros((4, 2)), rng=rng())
    with says("Diffusion was fitted to rows of shape (2,); got (3,)."):
        model.denoise(np.zeros((4, 3)), 1.0)
    with says("Diffusion.denoise: noise must be finite and above 0; got 0."):
        model.denoise(np.zeros((4, 2)), 0)
