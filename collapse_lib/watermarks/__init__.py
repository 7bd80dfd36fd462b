"""Watermarks in text: schemes, attacks, detection, and what a trained model still carries of them.

schemes, colours, base   GreenList, Gumbel, Tournament, and what they share
watermarked, decoding    any language model with a mark on what it samples
attacks                  what is done to marked text
detection                telling generated text by its likelihood
radioactivity            telling that a model was trained on marked text
"""

from collapse_lib.watermarks.schemes import GreenList, Gumbel, Tournament
from collapse_lib.watermarks.watermarked import Watermarked

__all__ = ["GreenList", "Gumbel", "Tournament", "Watermarked"]
