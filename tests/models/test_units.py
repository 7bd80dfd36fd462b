"""Units: whatever rows a model learns, it learns the same of them in another unit, or says why not.

Every model of rows of numbers is found by looking; which argument is in the unit of the rows is
told here, and a model that is not told must have none.
"""

import dataclasses

import numpy as np
import pytest
from model_rows import rng

from collapse_lib import run_loop
from collapse_lib.discovery import public
from collapse_lib.metrics import variance_ratio
from collapse_lib.models.base import column_units, standard_units
from collapse_lib.models.corrected import Corrected, NormalTruth
from collapse_lib.models.diffusion import Diffusion, Heun
from collapse_lib.models.extrapolated import Extrapolated
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.image_judge import ImageJudge
from collapse_lib.models.linear import LinearRegression
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.models.uniform import Uniform
from collapse_lib.models.vae import MLP, VAE, BernoulliPixels, GaussianPixels
from collapse_lib.policies import Replace

SCALES = [1e-9, 3e-5, 1e5, 1e9]
SHIFTS = [-1e6, 1e6]  # in units of the spread
UNITS = [(scale, 0.0) for scale in SCALES]
UNITS += [(scale, scale * shift) for scale in (1e-9, 1, 1e9) for shift in SHIFTS]
OF_LABELS = {"Categorical", "DirichletCategorical", "Edited", "NGram", "Pretrained", "Transformer"}


def is_model(found):
    return dataclasses.is_dataclass(found) and hasattr(found, "fit") and hasattr(found, "sample")


FOUND = public("collapse_lib.models", is_model, below=True)
SMALL = {
    "VAE": {"network": MLP((8,)), "epochs": 2},
    "Diffusion": {"steps": 10, "width": 8, "sampler": Heun(8)},
}


def in_unit(found, scale, shift):
    """A model whose arguments are for rows in that unit."""
    if found is Corrected:
        return Corrected(correct=NormalTruth(shift, scale))
    return found(**SMALL.get(found.__name__, {}))


@dataclasses.dataclass
class AsItCame(Gaussian):
    """Broken: adds an absolute variance, as scikit-learn's mixture does."""

    def fit(self, rows, *, rng):
        super().fit(rows)
        self.covariance_ = self.covariance_ + 1e-6 * np.eye(len(self.covariance_))
        return self


@dataclasses.dataclass
class Squares(Gaussian):
    """Broken: takes its covariance from squares, which far from 0 lose their digits."""

    def fit(self, rows, *, rng):
        super().fit(rows)
        self.covariance_ = rows.T @ rows / len(rows) - np.outer(self.mean_, self.mean_)
        return self


def rows_for(found):
    """Rows, and which of their entries are in the unit."""
    rows = rng().normal(size=(60, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 0.2]])
    if found is Uniform:
        return abs(rows[:, 0]), np.array(True)
    if found.__name__ in ("LinearClassifier", "LinearRegression"):  # of lines through the origin
        target = rows @ [1.0, 2.0, -1.0] + rng(1).normal(size=60)
        if found.__name__ == "LinearClassifier":
            target = target > 0
        kind = np.array([False, True, True, True, found is LinearRegression])
        return np.column_stack([np.ones(60), rows, target]), kind
    return rows, np.array(True)


def fault_of(found, scale, shift):
    """How far the sample of a model of rows in another unit is from its sample, in that; in
    standard deviations, by the same rng."""
    rows, kind = rows_for(found)
    if found is Uniform and shift:
        return 0.0  # from 0 to an end: it says so, see below
    drawn = in_unit(found, 1, 0).fit(rows, rng=rng(1)).sample(50, rng=rng(2))
    other = np.where(kind, scale * rows + shift, rows)
    again = in_unit(found, scale, shift).fit(other, rng=rng(1)).sample(50, rng=rng(2))
    again = np.where(kind, (again - shift) / scale, again)
    return np.abs(again - drawn).max() / rows.std(axis=0).max()


def allowed(shift):
    """Rounding of rows of that size, and what a fit and float32 make of it."""
    return 1e-6 if shift else 1e-9


@pytest.mark.parametrize("found", FOUND.values(), ids=list(FOUND))
def test_a_model_has_no_unit(found):
    if found.__name__ == "Pretrained":
        pytest.skip("of tokens; on a small model in a file of its own")
    if found.__name__ in OF_LABELS:
        with pytest.raises(ValueError, match=r"needs (whole numbers|rows of shape)"):
            found().fit(rng().normal(size=(60, 3)), rng=rng())
        return
    for scale, shift in UNITS:
        assert fault_of(found, scale, shift) < allowed(shift), (scale, shift)


@pytest.mark.parametrize("broken", [AsItCame, Squares])
def test_the_suite_catches_a_model_with_a_unit(broken):
    assert any(fault_of(broken, *unit) > 100 * allowed(unit[1]) for unit in UNITS)


def test_what_has_an_origin_says_so():
    assert "known end is another than 0" in " ".join(Uniform.__doc__.split())
    for model in ("LinearRegression", "LinearClassifier"):
        assert "without intercept; give a column" in " ".join(FOUND[model].__doc__.split())


SCORED = {name: found for name, found in FOUND.items() if hasattr(found, "score_samples")}
SCORED = {name: found for name, found in SCORED.items() if name not in OF_LABELS}


@pytest.mark.parametrize("found", SCORED.values(), ids=list(SCORED))
def test_a_density_is_one_over_the_unit(found):
    rows, kind = rows_for(found)
    n_values = {"LinearRegression": 1, "LinearClassifier": 0}.get(found.__name__, rows[0].size)
    ours = found().fit(rows, rng=rng(1)).score_samples(rows)
    for scale, shift in UNITS:
        if found is Uniform and shift:
            continue
        other = np.where(kind, scale * rows + shift, rows)
        theirs = found().fit(other, rng=rng(1)).score_samples(other) + n_values * np.log(scale)
        assert np.allclose(theirs, ours, rtol=0, atol=1e-5 if shift else 1e-7), (scale, shift)


@pytest.mark.parametrize("scale", SCALES)
def test_the_share_that_regularises_is_the_same_in_any_unit(scale):
    rows = rows_for(Gaussian)[0]
    ours, theirs = (
        GaussianMixture(4, reg_covar=0.1).fit(each, rng=rng(1)) for each in (rows, scale * rows)
    )
    assert np.allclose(theirs.covariances_ / scale**2, ours.covariances_)
    assert np.linalg.eigvalsh(ours.covariances_).min() > 0.1 * rows.var(axis=0).min()


@pytest.mark.parametrize("make", [Gaussian, Extrapolated, lambda: GaussianMixture(1)])
def test_columns_in_units_of_their_own_are_all_kept(make):
    rows, units = rows_for(Gaussian)[0], np.array([1e-9, 1, 1e9])
    mine = make().fit(rows, rng=rng(1)).sample(4000, rng=rng(2))
    drawn = make().fit(units * rows, rng=rng(1)).sample(4000, rng=rng(2)) / units
    if make is not Extrapolated:
        assert np.allclose(np.cov(drawn.T), np.cov(rows.T), atol=0.1)
        assert np.allclose(np.cov(mine.T), np.cov(rows.T), atol=0.1)
    assert 0.8 < (drawn.std(axis=0) / mine.std(axis=0)).min() < 1.25


def test_a_regression_keeps_inputs_in_units_of_their_own():
    rows, units = rows_for(LinearRegression)[0], np.array([1, 1e-9, 1, 1e9, 1])
    for found in (LinearRegression, FOUND["LinearClassifier"]):
        rows = rows_for(found)[0]
        weights = found().fit(rows).weights_
        assert np.allclose(found().fit(units * rows).weights_ * units[:4], weights, rtol=1e-6)


def test_a_mixture_of_one_is_the_normal_law_in_any_unit():
    for scale in (1e-100, 1e-5, 1.0, 1e8):
        rows = scale * np.arange(10.0)
        fitted = GaussianMixture(1).fit(rows, rng=rng())
        assert np.isclose(fitted.covariances_.item(), (1 + 1e-6) * rows.var(), rtol=1e-12, atol=0)
    paths = [
        [
            variance_ratio(each.sample, each.reference)
            for each in run_loop(
                GaussianMixture(1), lambda n, rng, s=s: s * rng.normal(size=n), Replace(),
                n_samples=20, n_generations=8, seed=3,
            )
        ]
        for s in (1.0, 1e-5, 1e7)
    ]  # fmt: skip
    assert np.allclose(paths[0], paths[1]) and np.allclose(paths[0], paths[2])


def test_a_mixture_gives_back_what_does_not_vary_and_goes_on_from_its_state():
    rows = np.column_stack([rng().normal(size=50), np.full(50, 1.1 - 1.0)])
    fitted = GaussianMixture().fit(rows, rng=rng())
    assert (fitted.sample(9, rng=rng(1))[:, 1] == rows[0, 1]).all()
    assert np.isfinite(fitted.get_state()["precisions"]).all()
    with pytest.raises(ValueError, match=r"0 where it did not vary, must be finite and above 0"):
        fitted.score_samples(rows)
    settled = GaussianMixture(max_iter=500, tol=1e-9).fit(rows, rng=rng())
    for scale in (1e-9, 1, 1e9):
        warm, cold = GaussianMixture(max_iter=1), dataclasses.replace(settled)
        warm.set_state(cold.fit(scale * rows, rng=rng()).get_state())
        assert warm.fit(scale * rows, rng=rng()).converged_ is False
        assert np.allclose(warm.means_[:, 0] / scale, settled.means_[:, 0], atol=1e-4)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_a_vae_knows_its_unit(scale):
    images = rng(3).random((40, 8, 8))
    images[:, 0, 0] = 0.3  # a pixel that never varies
    for fields in ({}, {"pixel_max": 1.0}, {"observation": GaussianPixels(0.5)}):
        mine, theirs = (VAE(**SMALL["VAE"] | fields) for _ in range(2))
        if "pixel_max" in fields:
            theirs.pixel_max = scale
        mine.fit(images, rng=rng(1)), theirs.fit(scale * images, rng=rng(1))
        assert np.allclose(theirs.noise_std_, scale * np.array(mine.noise_std_), rtol=1e-6)
        bounds = [m.bound(x, rng=rng(2)) for m, x in ((mine, images), (theirs, scale * images))]
        varying = 64 if "pixel_max" in fields else 63
        assert np.allclose(bounds[0], bounds[1] + varying * np.log(scale), rtol=1e-6, atol=1e-3)
        assert np.allclose(theirs.decode(np.ones((2, 8))), scale * mine.decode(np.ones((2, 8))))
    with pytest.raises(ValueError, match=r"VAE with BernoulliPixels and pixel_max = 1 needs"):
        VAE(observation=BernoulliPixels()).fit(2 * images, rng=rng())


def test_a_judge_reads_images_in_the_unit_that_it_was_fitted_to():
    images, labels = rng(3).random((60, 8, 8)), np.arange(60) % 2
    judges = [
        ImageJudge(epochs=1, n_classes=2).fit(scale * images + shift, labels, rng=rng(1))
        for scale, shift in ((1, 0), (1e-9, 0), (1e9, 1e13))
    ]
    read = [
        judge.probabilities(each)
        for judge, each in zip(judges, (images, 1e-9 * images, 1e9 * images + 1e13), strict=True)
    ]
    assert np.allclose(read[0], read[1], atol=1e-5) and np.allclose(read[0], read[2], atol=1e-3)


@pytest.mark.parametrize("value", [1.1 - 1.0, 1e-9, 7e8, 0.0])
def test_what_varies_by_rounding_alone_has_no_unit(value):
    mean, std = standard_units(np.full((30, 2), value))
    assert (mean == value).all() and (std == 0).all()
    rows = np.full(30, value)
    rows[0] += abs(value) * 1e-16
    model = Diffusion(**SMALL["Diffusion"]).fit(rows, rng=rng())
    assert np.allclose(model.sample(3, rng=rng()), value, rtol=1e-12)


def test_units_are_powers_of_two_and_common_where_columns_are_near():
    assert column_units(np.array([0.9, 1.2, 0.0])).tolist() == [1, 1, 1]
    assert column_units(np.array([3.9, 0.1])).tolist() == [2, 2]
    assert column_units(np.array([1e-9, 1.0])).tolist() == [2.0**-30, 1]
    assert column_units(np.array([0.0, 0.0])).tolist() == [1, 1]
