"""The ring where no script runs: its last generation, as an SVG of its own."""

from dataclasses import dataclass
from html import escape

import numpy as np

from collapse_lib.explorers.ring.family import Family
from collapse_lib.plotting import BookFigure, palette

__all__ = ["RingStill", "fill_of", "said_of", "still_ring"]

COLUMNS = 10  # of a cloud of objects
NOTES = {
    "source": "real objects",
    "mix": "training set",
    "fit": "learned shares",
    "sample": "new objects",
    "measure": "colours left",
}


@dataclass(frozen=True, eq=False)
class RingStill(BookFigure):
    """A BookFigure whose drawing is the ring, for a wide page and for a phone.

    figure: form ("wide" or "narrow") -> what its <svg> holds, with its size. links: where the
    stations lead.
    """

    links: dict | None = None

    def svg(self, *, standalone=False):
        forms = ["wide"] if standalone else self.figure
        return "".join(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'class="cl-ring-{form}" aria-label="{escape(self.alt)}" font-size="13" '
            f'font-family="sans-serif" fill="currentColor"><title>{escape(self.title)}</title>'
            f"{inside}</svg>"
            for form, ((width, height), inside) in self.figure.items()
            if form in forms
        )

    def inside(self):
        ways = ", ".join(
            f'<a href="{escape(page)}.html#{escape(anchor)}">{station}</a>'
            for station, (page, _, anchor) in (
                (station, link.partition("#")) for station, link in self.links.items()
            )
        )
        return super().inside().replace("<figcaption>", f"<figcaption><p>Read on: {ways}.</p>", 1)


def said_of(bare: Family, kept: Family) -> str:
    """What two runs came to, in words: the alt text."""
    T, n, K = *bare.parents.shape, len(set(bare.real.tolist()))
    return (
        "Source, mix, fit, sample and measure as a ring through which dots travel. "
        f"{n} real objects have {K} colours; after {T} generations of copies {bare.left()[-1]} of "
        f"{K} colours are left, and all {n} objects descend from {bare.founders()[-1]} of the "
        f"first {n}. With real objects in every training set {kept.left()[-1]} of {K} are there."
    )


def fill_of(kind: int, n_kinds: int) -> str:
    """The colour of a kind: from yellow, the most frequent, to blue, the rarest; in larger steps
    among the yellow ones, which the eye tells apart less well. The same is in stage.mjs."""
    part = round(100 * (kind / (n_kinds - 1)) ** 0.75)
    yellow, blue = palette.YELLOW.css, palette.BLUE.css
    return f"color-mix(in oklch increasing hue, {yellow}, {blue} {part}%)"


def still_ring(family: Family, *, name, title, caption, alt, layout, links) -> RingStill:
    """Draw the last generation of a run; its table has every generation."""
    kinds, left = family.kinds(), family.left()
    K = int(family.real.max()) + 1
    counts = np.array([np.bincount(row, minlength=K) for row in kinds])  # (T, K)
    table = {"generation": np.arange(1, len(kinds) + 1), "colours left": left}
    table |= {"real objects they descend from": family.founders()}
    table |= {f"colour {k + 1}": counts[:, k] for k in range(K)}
    forms = {form: (at["size"], _drawn(family, kinds, left, at)) for form, at in layout.items()}
    return RingStill(name, title, caption, alt, table, forms, links)


def _drawn(family, kinds, left, at) -> str:
    """The ring as it stands at the last generation, as the text of SVG elements."""
    n, K = len(family.real), int(family.real.max()) + 1
    newest = kinds[-2] if len(kinds) > 1 else family.real
    train = np.concatenate([newest, family.real])[family.taken[-1]]
    fills = [fill_of(k, K) for k in range(K)]
    (x, y), (large, small), T = at["centre"], at["letters"], len(kinds)
    parts = [
        f'<path d="M{x0} {y0}C{rest}" fill="none" stroke="currentColor" stroke-opacity=".3"/>'
        for x0, y0, rest in ((*way[:2], " ".join(map(str, way[2:]))) for way in at["ways"].values())
    ]
    parts += [
        _text(x, y, large, f"Generation {T}", 'text-anchor="middle" font-weight="600"'),
        _text(x, y + 1.5 * small, small, f"{left[-1]} of {K} colours left", 'text-anchor="middle"'),
    ]
    clouds = {"source": family.real, "mix": train, "sample": kinds[-1]}
    for station, (cx, cy) in at["stations"].items():
        (width, height), pitch = at["card"], at["pitch"]
        x, y = cx - width / 2, cy - height / 2
        parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="none" '
            'stroke="currentColor" stroke-opacity=".3"/>'
        )
        parts.append(_text(x + 10, y + 20, 13, station.capitalize(), 'font-weight="600"'))
        parts.append(_text(x + 10, y + 36, 12, NOTES[station], 'opacity=".75"'))
        left_edge, top = cx - (COLUMNS - 1) * pitch / 2, y + 0.52 * height
        if station in clouds:
            for i, kind in enumerate(clouds[station]):
                row, column = divmod(i, COLUMNS)
                place = left_edge + column * pitch, top + row * pitch * 0.92
                parts.append(_dot(*place, 0.38 * pitch, fills[kind]))
        elif station == "fit":
            start = left_edge - pitch / 2
            for k, count in enumerate(np.bincount(train, minlength=K)):
                size = count / n * COLUMNS * pitch
                parts.append(
                    f'<rect x="{start:.1f}" y="{top:.1f}" width="{size:.1f}" height="{2 * pitch}" '
                    f'fill="{fills[k]}"/>'
                )
                start += size
        else:
            for k in range(K):
                there = k in kinds[-1]
                fill = fills[k] if there else "none"
                edge = "" if there else ' stroke="currentColor" stroke-opacity=".45"'
                parts.append(_dot(left_edge + k * pitch, top + pitch, 0.42 * pitch, fill, edge))
    return "".join(parts)


def _dot(x, y, r, fill, more=""):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"{more}/>'


def _text(x, y, size, words, more):
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" {more}>{escape(words)}</text>'
