"""VAE: what it learns, that it repeats, and what its loop does in the stored experiments."""

import re

import numpy as np
import pytest
import torch
from scipy import stats
from statcheck import assert_agrees, assert_rejects

from collapse_lib import run_loop
from collapse_lib.chapters.shumailov.vae import honest_loop, latent_spread, released_loop
from collapse_lib.models.vae import MLP, VAE, BernoulliPixels, Conv, GaussianPixels
from collapse_lib.policies import Replace
from collapse_lib.sources import digits, from_array


def rng(seed=0):
    return np.random.default_rng(seed)


def images(n=40, side=8):
    return rng(7).random((n, side, side))


def small(**fields):
    return VAE(**{"network": MLP((16,)), "latent": 2, "epochs": 2} | fields)


def test_the_network_of_the_released_code_has_its_number_of_parameters():
    network = Conv(channels=(64, 128)).build((28, 28), 20)
    assert sum(weights.numel() for weights in network.parameters()) == 647_081
    rows = torch.zeros(3, 28, 28)
    assert network.encoder(rows).shape == (3, 40)
    assert network.decoder(torch.zeros(3, 20)).shape == rows.shape


def test_first_weights_are_those_of_pytorch():
    from collapse_lib.models.torch_tools import drawn_weights

    def make():
        return Conv((8, 16)).build((8, 8), 3)

    ours = drawn_weights(make, torch.Generator().manual_seed(1))
    with torch.random.fork_rng():
        theirs = make()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert a.shape == b.shape
        if a.numel() > 500:
            assert stats.ks_2samp(a.detach().ravel(), b.detach().ravel()).pvalue > 1e-4
            assert stats.ks_2samp(2 * a.detach().ravel(), b.detach().ravel()).pvalue < 1e-4


@pytest.mark.parametrize("observation", [GaussianPixels(0.3), GaussianPixels(), BernoulliPixels()])
def test_the_bound_is_the_one_of_torch_distributions(observation):
    rows = 4 * images()
    model = small(observation=observation, pixel_max=4).fit(rows, rng=rng())
    means, variances = (torch.from_numpy(each) for each in model.encode(rows))
    posterior = torch.distributions.Normal(means, variances.sqrt())
    prior = torch.distributions.Normal(0.0, 1.0)
    divergence = torch.distributions.kl_divergence(posterior, prior).sum(1).numpy()
    values = []
    for i in range(60):
        z = means + variances.sqrt() * torch.randn(
            means.shape, generator=torch.Generator().manual_seed(i)
        )
        decoded = model.decode(z.numpy())
        if isinstance(observation, BernoulliPixels):
            p, x = decoded / 4, rows / 4
            density = x * np.log(p) + (1 - x) * np.log1p(-p)
        else:
            density = stats.norm(decoded, model.noise_std_).logpdf(rows)
        values.append((density.sum(axis=(1, 2)) - divergence).mean())
    ours = np.array([model.bound(rows, rng=rng(i)).mean() for i in range(60)])
    assert_agrees(ours - values, 0.0)
    assert_rejects(ours - values, 5.0)


def test_one_dimension_of_normal_rows_is_learned():
    rows = rng().normal(3.0, 2.0, size=4000)
    model = VAE(MLP((16,)), latent=1, epochs=30, learning_rate=1e-2, pixel_max=4.0)
    model.fit(rows, rng=rng(1))
    oracle = stats.norm(rows.mean(), rows.std())
    drawn = model.sample(4000, rng=rng(2))
    assert drawn.mean() == pytest.approx(3.0, abs=0.3) and drawn.std() == pytest.approx(2, abs=0.3)
    bound = model.bound(rows, rng=rng(3)).mean()
    best = oracle.logpdf(rows).mean()
    assert best - 0.1 < bound < best + 0.01  # a bound, and a near one


def test_samples_with_noise_vary_by_the_noise_more_than_their_means():
    model = small(observation=GaussianPixels(0.5), pixel_max=2).fit(2 * images(), rng=rng())
    assert model.noise_std_ == pytest.approx(1.0)
    means = small(observation=GaussianPixels(0.5), pixel_max=2, sample_means=True)
    means.fit(2 * images(), rng=rng())
    gaps = [  # the same rng draws the same latents
        [each.sample(20, rng=rng(i)).var(axis=0, ddof=1).mean() for each in (model, means)]
        for i in range(40)
    ]
    assert_agrees(-np.diff(gaps), 1.0)
    assert_rejects(-np.diff(gaps), 0.9)
    ink = small(observation=BernoulliPixels()).fit(images(), rng=rng()).sample(5, rng=rng(1))
    assert set(np.unique(ink)) == {0.0, 1.0}


def test_the_noise_learned_is_that_of_the_rows():
    flat = 0.5 + 0.1 * rng().normal(size=(2000, 8, 8))  # nothing but noise
    model = VAE(MLP((16,)), latent=2, epochs=20, learning_rate=3e-3).fit(flat, rng=rng(1))
    assert model.noise_std_ == pytest.approx(0.1, rel=0.05)


def test_neither_threads_nor_the_global_state_change_the_result():
    threads, seen = torch.get_num_threads(), []
    for n in (1, 2):
        torch.set_num_threads(n)
        torch.manual_seed(n)
        state = torch.get_rng_state()
        model = VAE(Conv((8, 16)), latent=4, epochs=2).fit(images(300), rng=rng(1))
        seen.append([model.sample(9, rng=rng(2)), *model.encode(images(300))])
        assert torch.get_num_threads() == n
        assert torch.equal(torch.get_rng_state(), state)
    torch.set_num_threads(threads)
    assert all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))


def test_a_stream_of_the_same_batch_trains_as_rows_do():
    rows, asked = images(10), []

    def source(n, rng):
        asked.append(n)
        return rows[:n]

    streamed = small(batch_size=10, pixel_max=1).fit_stream(source, 10, rng=rng(1))
    fitted = small(batch_size=10, pixel_max=1).fit(rows, rng=rng(1))
    assert asked == [1, 10, 10]
    assert np.allclose(streamed.losses_[0], fitted.losses_[0], rtol=0.2)
    asked.clear()
    small(batch_size=4).fit_stream(source, 10, rng=rng(1))
    assert asked[:2] == [4, 4]  # the first for the unit
    uneven = small(batch_size=4, epochs=1, pixel_max=1)
    asked.clear()
    uneven.fit_stream(source, 10, rng=rng(1))
    assert asked == [1, 4, 4, 2]


def test_a_warm_start_goes_on_from_the_weights():
    rows = images(200)
    model = small(epochs=20, pixel_max=1).fit(rows, rng=rng(1))
    state = model.get_state()
    warm, cold = (small(epochs=1, pixel_max=1) for _ in range(2))
    cold.fit(rows, rng=rng(2))
    warm.set_state(state)
    warm.fit(rows, rng=rng(2))
    assert abs(warm.losses_[0] - model.losses_[-1]) < abs(cold.losses_[0] - model.losses_[-1]) / 4
    assert all(np.array_equal(state[name], array) for name, array in model.get_state().items())
    trajectory = run_loop(
        small(), from_array(rows), Replace(), n_samples=50, n_generations=2, seed=1,
        warm_start=True,
    )  # fmt: skip
    assert trajectory[-1].sample.shape == (50, 8, 8)
    other = small(latent=3)
    other.set_state(state)
    with pytest.raises(ValueError) as error:
        other.fit(rows, rng=rng())
    assert str(error.value) == (
        "The state given to VAE.set_state is of another network: decoder.0.weight has shape "
        "(16, 2) there, and (16, 3) in this one."
    )


@pytest.mark.parametrize("rows", [np.full((9, 8, 8), 0.5), np.zeros((1, 8, 8)), np.ones((3, 5))])
@pytest.mark.parametrize("observation", [GaussianPixels(), BernoulliPixels()])
def test_constant_pixels_and_few_rows_just_work(rows, observation):
    model = small(observation=observation).fit(rows, rng=rng())
    assert np.isfinite(model.sample(4, rng=rng())).all()
    assert np.isfinite(model.bound(rows, rng=rng())).all()
    assert np.isfinite(model.losses_).all()


@pytest.mark.parametrize(
    ("fields", "rows", "sentence"),
    [
        (
            {"network": Conv()},
            np.zeros((4, 64)),
            "Conv needs images, rows of shape (n, h, w); a row has shape (64,). Use a source with "
            "flat=False, or MLP.",
        ),
        (
            {"network": Conv()},
            np.zeros((4, 8, 10)),
            "Conv: side / 4 must be a whole number; got 2.5.",
        ),
        (
            {"observation": BernoulliPixels(), "pixel_max": 16},
            np.array([[0.0, 17.0]]),
            "VAE with BernoulliPixels and pixel_max = 16 needs pixels in [0, 16]; got 0 to 17. Set "
            "pixel_max to full ink.",
        ),
        (
            {"pixel_max": 1},
            np.array([[0.0, 255.0]]),
            "VAE with GaussianPixels and pixel_max = 1 needs pixels in [-5, 6]; got 0 to 255. Set "
            "pixel_max to full ink.",
        ),
        (
            {"observation": GaussianPixels(0.6), "pixel_max": 2},
            np.array([[-12.5, 2.0]]),
            "VAE with GaussianPixels and pixel_max = 2 needs pixels in [-12, 14]; got -12.5 to 2. "
            "Set pixel_max to full ink.",
        ),
        (
            {"latent": 0},
            np.zeros((4, 64)),
            "VAE.latent must be at least 1; got 0.",
        ),
        (
            {"epochs": 2.5},
            np.zeros((4, 64)),
            "VAE.epochs must be a whole number; got 2.5.",
        ),
        (
            {"learning_rate": 0},
            np.zeros((4, 64)),
            "VAE.learning_rate must be finite and above 0; got 0.",
        ),
    ],
)
def test_what_cannot_be_fitted_is_told(fields, rows, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        VAE(**fields).fit(rows, rng=rng())
    assert str(error.value) == sentence


def test_a_noise_that_is_none_is_told():
    with pytest.raises(ValueError) as error:
        GaussianPixels(-1)
    assert str(error.value) == "GaussianPixels.std must be finite and above 0; got -1."


@pytest.mark.parametrize("observation", [GaussianPixels(), GaussianPixels(0.3), BernoulliPixels()])
@pytest.mark.parametrize(("epochs", "n"), [(1, 1), (3, 600)])
def test_a_learning_rate_under_which_nothing_is_learned_is_told(observation, epochs, n):
    model = small(observation=observation, epochs=epochs, learning_rate=1e6)
    with pytest.raises(ValueError) as error:
        model.fit(images(n), rng=rng())
    assert re.fullmatch(
        r"VAE\.learning_rate must be small enough for the loss to stay finite; with 1e\+06 it was "
        rf"(inf|nan) in epoch [1-{epochs}] of {epochs}\. Lower it\.",
        str(error.value),
    )
    assert not hasattr(model, "network_")


def test_samples_of_a_model_can_be_fitted_again():
    model = small(observation=GaussianPixels(0.5), pixel_max=1).fit(images(), rng=rng())
    rows = model.sample(2000, rng=rng(1))
    assert rows.min() < -1 and rows.max() > 2  # far outside [0, 1], and allowed
    assert np.isfinite(small(pixel_max=1).fit(rows, rng=rng()).losses_).all()


def test_rows_of_another_shape_are_told():
    model = small().fit(images(), rng=rng())
    for method in (model.encode, lambda rows: model.bound(rows, rng=rng())):
        with pytest.raises(ValueError) as error:
            method(np.zeros((2, 28, 28)))
        assert str(error.value) == "VAE was fitted to rows of shape (8, 8); got (28, 28)."
    with pytest.raises(ValueError) as error:
        model.decode(np.zeros((2, 3)))
    assert str(error.value) == "VAE.decode needs rows of width 2; got rows of width 3."
    shapes = iter([(8, 8), (8, 8), (7, 7)])
    with pytest.raises(ValueError) as error:
        small().fit_stream(lambda n, rng: np.zeros((n, *next(shapes))), 9, rng=rng())
    assert str(error.value) == (
        "VAE.fit_stream: the shape of what source gives must be one of (9, 8, 8); got (9, 7, 7)."
    )
    with pytest.raises(ValueError) as error:
        small().fit_stream(lambda n, rng: np.zeros((1, 8, 8)), 9, rng=rng())
    assert str(error.value) == (
        "VAE.fit_stream: the shape of what source gives must be one of (9, 8, 8); got (1, 8, 8)."
    )


def test_the_loops_hand_on_what_they_say():
    rows = digits(flat=False).rows[:64]
    model = small(pixel_max=16, sample_means=True, epochs=1)
    run = released_loop(model, rows, seed=3)
    first, second = next(run), next(run)
    again = released_loop(model, rows, seed=3)
    assert next(again).losses_ == first.losses_
    assert second.losses_ != first.losses_
    assert latent_spread(first, np.repeat(rows[:1], 5, axis=0)) == pytest.approx(0, abs=1e-6)
    honest = honest_loop(small(pixel_max=16, epochs=1), rows, seed=3)
    assert [next(honest).noise_std_ > 0 for _ in range(2)] == [True, True]
