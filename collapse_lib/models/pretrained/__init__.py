"""A pretrained language model from a folder or a file."""

from collapse_lib.models.pretrained.model import Pretrained

__all__ = ["Pretrained"]
