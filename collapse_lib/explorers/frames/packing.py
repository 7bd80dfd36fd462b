"""Arrays as whole numbers of 8 or 16 bits, one behind the other in one text of bytes.

Each generation of an array has its own lowest value and step, so the error is at most half a step:
1/131,070 of what that generation spans, or 1/510 for images of 256 levels. Curves, which may span
many powers of ten and are small, travel as float32, or as float64 where float32 would lose them.
"""

import zlib

import numpy as np

from collapse_lib.arguments import check_choice
from collapse_lib.explorers.frames.panels import Images, Points, Text
from collapse_lib.explorers.frames.record import Curve, Frames

__all__ = ["Packer", "quantised"]

ALIGNED = 8  # bytes


def quantised(values: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(codes, low, step) of values (T, ...): values are low + step * codes, each of T its own.

    levels: how many codes there are, at most 65,536; up to 256 they are of 8 bits.
    """
    flat = np.asarray(values, dtype=float).reshape(len(values), -1)
    low, high = flat.min(axis=1), flat.max(axis=1)
    most = levels - 1
    step = (high - low) / most
    scaled = (flat - low[:, None]) / np.where(step > 0, step, 1.0)[:, None]
    codes = np.clip(np.rint(scaled), 0, most).astype("u1" if levels <= 256 else "<u2")
    return codes, low, step


class Packer:
    """Bytes that grow by arrays, and the plain JSON that says where they lie."""

    def __init__(self, panels: list[dict], plots: list[dict]):
        self.panels = panels
        self.curves = [line["label"] for plot in plots for line in plot["curves"]]
        self.raw = bytearray()

    def deflated(self) -> bytes:
        return zlib.compress(bytes(self.raw), 9)

    def add(self, name: str, frames: Frames) -> dict:
        """Take in the arrays of a condition and return where they lie."""
        panels = {panel.label: panel for panel in frames.panels}
        curves = {curve.label: curve for curve in frames.curves}
        return {
            "name": name,
            "generations": frames.generations,
            "panels": [
                self._panel(panels[spec["label"]], spec) if spec["label"] in panels else None
                for spec in self.panels
            ],
            "curves": [
                self._curve(curves[label]) if label in curves else None for label in self.curves
            ],
        }

    def _panel(self, panel, spec: dict) -> dict:
        held = {"shape": list(panel.frame), "bits": 16, "at": 0, "low": [], "step": []}
        held |= {"tags": None, "groups": None, "texts": None}
        if isinstance(panel, Text):
            return held | {"texts": panel.values}
        levels = panel.levels if isinstance(panel, Images) else 2**16
        codes, low, step = quantised(panel.values, levels)
        bits = 8 * codes.itemsize
        held |= {"bits": bits, "at": self._put(codes), "low": low.tolist(), "step": step.tolist()}
        if isinstance(panel, Images):
            return held | {"tags": panel.tags}
        if isinstance(panel, Points) and panel.groups is not None:
            places = {group["name"]: place for place, group in enumerate(spec["groups"])}
            for name in dict.fromkeys(name for row in panel.groups for name in row):
                check_choice(f"Points {panel.label!r}: group of a run", name, places)
            codes = np.array([[places[name] for name in row] for row in panel.groups], np.uint8)
            return held | {"groups": self._put(codes)}
        return held

    def _curve(self, curve: Curve) -> dict:
        rows = [curve.values] if curve.lower is None else [curve.values, curve.lower, curve.upper]
        exact = np.array(rows, dtype="<f8")
        with np.errstate(over="ignore", under="ignore"):
            short = exact.astype("<f4")
        kept = (np.isinf(short) == np.isinf(exact)) & ((np.abs(short) > 1e-37) | (exact == 0))
        bits = 32 if (kept | np.isnan(exact)).all() else 64
        at = self._put(short if bits == 32 else exact)
        return {"at": at, "bits": bits, "band": curve.lower is not None}

    def _put(self, array: np.ndarray) -> int:
        self.raw.extend(bytes(-len(self.raw) % ALIGNED))
        at = len(self.raw)
        self.raw.extend(array.tobytes())
        return at
