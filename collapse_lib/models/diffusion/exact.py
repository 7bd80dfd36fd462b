"""The exact answers of a diffusion model whose rows come from a mixture of normals."""

from dataclasses import dataclass

import numpy as np
import torch

from collapse_lib.arguments import check_numbers, check_probabilities

__all__ = ["GaussianMixtureScore"]


@dataclass(frozen=True, eq=False)
class GaussianMixtureScore:
    """What a perfectly trained network would know of sum_k weights[k] N(means[k], covariances[k]).

    weights (k,), means (k, d), covariances (k, d, d). Its `denoise` can stand in the place of a
    network in `draw_rows`, so that the error of a sampler is seen apart from that of learning.

    With noise s the rows have the mixture's law with s^2 added to every variance; its score is in
    closed form, and Tweedie's formula turns it into the mean of the clean row (Efron 2011,
    doi:10.1198/jasa.2011.tm11181).
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __post_init__(self):
        weights, means, covariances = (
            check_numbers(f"GaussianMixtureScore.{name}", getattr(self, name))
            for name in self.__dataclass_fields__
        )
        k, d = means.shape if means.ndim == 2 else (0, 0)
        if weights.shape != (k,) or covariances.shape != (k, d, d):
            raise ValueError(
                "GaussianMixtureScore needs weights (k,), means (k, d) and covariances (k, d, d); "
                f"got {weights.shape}, {means.shape} and {covariances.shape}."
            )
        weights = check_probabilities("GaussianMixtureScore.weights", weights)
        variances, axes = np.linalg.eigh(covariances)  # (k, d) and (k, d, d)
        check_numbers("Eigenvalues of GaussianMixtureScore.covariances", variances, least=0)
        with np.errstate(divide="ignore"):  # a component of weight 0 is never believed
            known = np.log(weights), means, variances, axes
        object.__setattr__(self, "_known", [torch.tensor(array) for array in known])

    def score(self, rows, noise: float):
        """(n, d) gradient of the log density of rows (n, d) with that noise; arrays or tensors."""
        if isinstance(rows, np.ndarray):
            return self.score(torch.as_tensor(rows, dtype=torch.float64), noise).numpy()
        log_weights, means, variances, axes = (known.to(rows.device) for known in self._known)
        spread = variances + noise**2  # (k, d)
        centred = rows[:, None] - means  # (n, k, d)
        along = torch.einsum("nki,kij->nkj", centred, axes)  # on each component's axes
        logs = -0.5 * (along**2 / spread + spread.log()).sum(dim=2)  # (n, k)
        belief = (log_weights + logs).softmax(dim=1)
        pull = torch.einsum("nkj,kij->nki", along / spread, axes)
        return -torch.einsum("nk,nki->ni", belief, pull)

    def denoise(self, rows, noise: float):
        """(n, d) mean of the clean row given rows with that noise; arrays or tensors."""
        return rows + noise**2 * self.score(rows, noise)
