"""Helpers of the tests of the ring: a small one, and where the index page sends its stations."""

from collapse_lib.explorers import Ring

LINKS = {
    "source": "provenance#a-ledger",
    "mix": "recursion#sec-policy",
    "fit": "shumailov#the-autoencoder",
    "sample": "language#lang-decoding",
    "measure": "stages#two-stages",
}
COUNTS = (5, 3, 2, 1, 1)
TEXTS = {"title": "A ring", "caption": "A caption.", "links": LINKS}


def ring(name="ring", **given):
    return Ring(name, **(TEXTS | {"counts": COUNTS, "n_generations": 9, "seed": 3} | given))
