"""ProbabilisticPCA: a linear decoder with noise on every value, fitted in closed form."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_rows, check_type
from collapse_lib.models.base import Learned, as_rows, check_fields

__all__ = ["ProbabilisticPCA"]


@dataclass
class ProbabilisticPCA:
    """Rows (n,) or (n, d) = mean + W z + noise, z standard normal: a VAE whose parts are linear.

    n_components: latent directions, at most d.
    noise_variance: s^2, the variance of the noise on each value, in squared units of the rows; None
        to fit it too (0 where n_components = d).
    sample_means: False samples rows with their noise; True gives mean + W z, as a VAE does whose
        decoder means are taken for samples.

    Learned, by maximum likelihood (Tipping and Bishop 1999, doi:10.1111/1467-9868.00196; with
    noise_variance given, a direction whose eigenvalue is below it is dropped): mean_ (d,),
    components_ (n_components, d) of length 1, latent_variances_ (n_components,), which are W's
    squared lengths: eigenvalue - s^2 or 0, and noise_variance_.
    """

    n_components: int = 1
    noise_variance: float | None = None
    sample_means: bool = False
    mean_ = latent_variances_ = Learned()

    def fit(self, rows, *, rng=None):
        rows = check_rows("ProbabilisticPCA.fit", rows, ndim=(1, 2))
        table, q = as_rows(rows), self.n_components
        check_fields(self, check_count, "n_components", least=1, most=table.shape[1])
        check_fields(self, check_number, "noise_variance", least=0)
        check_fields(self, check_type, "sample_means", kind=(bool, np.bool_))
        values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(table, rowvar=False, ddof=0)))
        values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]  # largest first
        noise = self.noise_variance
        if noise is None:
            noise = float(values[q:].mean()) if q < len(values) else 0.0
        self._ndim = rows.ndim
        self.mean_ = table.mean(axis=0)  # (d,)
        self.components_ = vectors[:, :q].T  # (q, d)
        self.latent_variances_ = np.maximum(values[:q] - noise, 0.0)  # (q,)
        self.noise_variance_ = noise
        return self

    def sample(self, n, *, rng):
        n = check_count("ProbabilisticPCA.sample.n", n)
        latents = rng.standard_normal((n, self.n_components))
        rows = self.mean_ + (latents * np.sqrt(self.latent_variances_)) @ self.components_  # (n, d)
        if not self.sample_means:
            rows += np.sqrt(self.noise_variance_) * rng.standard_normal(rows.shape)
        return rows[:, 0] if self._ndim == 1 else rows

    def score_samples(self, rows):
        """(n,) natural log density of the fitted distribution, noise included; raises ValueError
        when it is flat in some direction, as it then has no density."""
        rows = check_rows("ProbabilisticPCA.score_samples", rows, ndim=(1, 2))
        centred = as_rows(rows) - self.mean_
        d, q = centred.shape[1], self.n_components
        variances = self.latent_variances_ + self.noise_variance_  # (q,)
        if min(variances.min(), self.noise_variance_ if q < d else np.inf) <= 0:
            raise ValueError(
                "ProbabilisticPCA.score_samples: the fitted distribution is flat in some "
                "direction, so there is no density; set noise_variance, or use fewer components."
            )
        scores = centred @ self.components_.T  # (n, q)
        squares = (scores**2 / variances).sum(axis=1)
        log_det = np.log(variances).sum()
        if q < d:
            rest = (centred**2).sum(axis=1) - (scores**2).sum(axis=1)
            squares += rest / self.noise_variance_
            log_det += (d - q) * np.log(self.noise_variance_)
        return -0.5 * (squares + log_det + d * np.log(2 * np.pi))
