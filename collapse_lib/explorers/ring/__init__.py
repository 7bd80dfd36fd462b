"""The ring: the loop itself, as a run of an urn whose objects travel from station to station."""

from collapse_lib.explorers.ring.figure import Ring

__all__ = ["Ring"]
