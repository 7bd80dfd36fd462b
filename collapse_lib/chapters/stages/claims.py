"""The claims of the chapter `stages`."""

from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.verdicts import gaussian_late_time


@claim(Kind.PROVED, "{:.2f}", source="Chhikara and Folks 1989")
def late_over_n():
    return gaussian_late_time(1_000_000) / 1_000_000
