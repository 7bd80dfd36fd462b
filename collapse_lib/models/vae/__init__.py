"""Variational autoencoders, and the pixels and networks that they are made of."""

from collapse_lib.models.vae.model import VAE
from collapse_lib.models.vae.networks import MLP, BernoulliPixels, Conv, GaussianPixels

__all__ = ["MLP", "VAE", "BernoulliPixels", "Conv", "GaussianPixels"]
