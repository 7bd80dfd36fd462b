"""Denoising diffusion: the model, its samplers, and the exact score of a mixture."""

from collapse_lib.models.diffusion.exact import GaussianMixtureScore
from collapse_lib.models.diffusion.model import Diffusion
from collapse_lib.models.diffusion.samplers import Ancestral, Heun, NoiseLevels, draw_rows

__all__ = ["Ancestral", "Diffusion", "GaussianMixtureScore", "Heun", "NoiseLevels", "draw_rows"]
