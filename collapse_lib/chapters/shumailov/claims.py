"""The claims of the chapter `shumailov`."""

from functools import cache

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.store import load


@claim(Kind.PROVED, "{:.2f} %")
def spread_lost_at_a_million():
    return -100 * np.expm1(2000 * theory.log_spread_slope(1_000_000, 2))


@claim(Kind.PROVED, "{:.1f}")
def log_width_lost():
    return -2000 * float(theory.log_spread_slope(500, 2))


@cache
def _at_the_end(name):
    return load(name).isel(generation=-1)


def _alive(name):
    return int((_at_the_end(name).alive == 2).sum())


@claim(Kind.STORED, "{:.0f}")
def both_clouds_alive():
    return _alive("mixture-two-blobs")


@claim(Kind.STORED, "{:.0f}")
def both_components_alive():
    return _alive("mixture-one-blob")


def _width(name):
    return float(np.exp(_at_the_end(name).log_spread.max("component")).median())


@claim(Kind.STORED, "{:.2f}")
def median_width():
    return _width("mixture-two-blobs")


@claim(Kind.STORED, "{:.2f}")
def median_width_one_cloud():
    return _width("mixture-one-blob")


@cache
def _modes():
    return 25 * (1 - theory.absent_probability([100, 400], 1 / 25, 1000))


@claim(Kind.PROVED, "{:.1f}", source="Wright 1931")
def modes_at_100():
    return float(_modes()[0])


@claim(Kind.PROVED, "{:.1f}", source="Wright 1931")
def modes_at_400():
    return float(_modes()[1])


@claim(Kind.STORED, "{:.1f}")
def modes_seen_at_400():
    return float(_at_the_end("mixture-25-modes").alive.mean())


def _read_as(digit, other):
    copied = load("vae-digits-released").copied_posterior.median("copied_seed")
    return 100 * copied.sel(generation=5, **{"class": digit, "class_read": other}).item()


@claim(Kind.STORED, "{:.0f} %")
def fours_read_as_eights():
    return _read_as(4, 8)


@claim(Kind.STORED, "{:.0f} %")
def nines_read_as_eights():
    return _read_as(9, 8)


@claim(Kind.STORED, "{:.0f} %")
def least_drawn_on_mnist():
    recall = load("vae-mnist-released").class_recall.median("seed").sel(generation=5)
    return 100 * recall.min().item()


@claim(Kind.STORED, "{:.0f}")
def digits_drawn_a_third():
    recall = load("vae-mnist-released").class_recall.median("seed").sel(generation=5)
    return float((recall < 1 / 3).sum())


def _entropy(name, generation):
    return load(name).class_entropy.sel(generation=generation).median().item()


@claim(Kind.STORED, "{:.1f}")
def kinds_left_by_means():
    return np.exp(_entropy("vae-digits-released", 5))


@claim(Kind.STORED, "{:.1f}")
def kinds_left_with_noise():
    return np.exp(_entropy("vae-digits-honest", 20))
