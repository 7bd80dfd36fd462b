"""A small transformer, as GPT-2 is built."""

from collapse_lib.models.transformer.model import Transformer

__all__ = ["Transformer"]
