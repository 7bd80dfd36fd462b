"""Two moons: a curved shape that no single Gaussian fits."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number

__all__ = ["TwoMoons"]


@dataclass(frozen=True)
class TwoMoons:
    """Two interlocking half circles of radius 1, equally likely, plus Gaussian noise.
    Rows: (n, 2) floats.

    With an angle a uniform on [0, pi] the upper moon is (cos a, sin a) and the lower one
    (1 - cos a, 1/2 - sin a), as in scikit-learn's `make_moons`. That function spaces its angles
    evenly, so its rows are not independent draws; here each row draws its own moon and angle.

    noise: standard deviation added to both coordinates, 0 or more.
    """

    noise: float = 0.1

    def __post_init__(self):
        object.__setattr__(self, "noise", check_number("TwoMoons.noise", self.noise, least=0))

    @property
    def mean(self) -> np.ndarray:
        """(2,) the centre between the moons."""
        return np.array([0.5, 0.25])

    @property
    def covariance(self) -> np.ndarray:
        """(2, 2): the moments of both half circles, integrated over the angle."""
        xx, xy, yy = 3 / 4, 1 / 8 - 1 / np.pi, 9 / 16 - 1 / np.pi
        return np.array([[xx, xy], [xy, yy]]) + self.noise**2 * np.eye(2)

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("TwoMoons.n", n)
        angle = rng.uniform(0, np.pi, n)
        upper = np.column_stack([np.cos(angle), np.sin(angle)])  # (n, 2)
        lower = np.array([1.0, 0.5]) - upper
        is_lower = rng.integers(2, size=(n, 1)) == 1
        return np.where(is_lower, lower, upper) + self.noise * rng.standard_normal((n, 2))
