"""The colours of the book and what they mean, read from palette.json, their only place."""

import json
from dataclasses import dataclass
from importlib.resources import files

INK = "#000000"
CURRENT = "currentColor"


@dataclass(frozen=True)
class Role:
    """What a colour stands for, and its value on light and on dark paper.

    name: such as "real". light, dark: "#RRGGBB", or "currentColor" for the colour of the text.
    """

    name: str
    light: str
    dark: str

    @property
    def variable(self) -> str:
        """The CSS custom property, such as "--cl-real"."""
        return f"--cl-{self.name}"

    @property
    def css(self) -> str:
        """The CSS value, which falls back to the light colour where no stylesheet sets it."""
        return f"var({self.variable}, {self.light})"

    @property
    def drawn(self) -> str:
        """The colour that matplotlib draws with; `svg` turns it into the CSS value."""
        return INK if self.light == CURRENT else self.light


def _read():
    stored = json.loads(files("collapse_lib.plotting").joinpath("palette.json").read_text("utf-8"))
    roles = {
        name: Role(name, value["light"], value["dark"]) for name, value in stored["roles"].items()
    }
    categorical = tuple(
        Role(f"category-{number}", value["light"], value["dark"])
        for number, value in enumerate(stored["categorical"], start=1)
    )
    return roles, categorical


_ROLES, CATEGORICAL = _read()
REAL, SYNTHETIC = _ROLES["real"], _ROLES["synthetic"]
THEORY, BAND = _ROLES["theory"], _ROLES["band"]
YELLOW, BLUE = _ROLES["yellow"], _ROLES["blue"]
ALL = (*_ROLES.values(), *CATEGORICAL)


def css(*, dark=('html[data-theme="dark"]',)):
    """Return the custom properties as CSS: light on :root and in print, dark under selectors.

    dark: selectors under which the paper is dark. The book's stylesheet and the figures share it.
    """
    light = light_values()
    dark_values = "".join(f"{role.variable}:{role.dark};" for role in ALL)
    return (
        f":root{{{light}}}\n"
        f"{','.join(dark)}{{{dark_values}}}\n"
        f"@media print{{:root,{','.join(dark)}{{{light}}}}}\n"
    )


def light_values():
    """Return the declarations of the light colours, without a selector around them."""
    return "".join(f"{role.variable}:{role.light};" for role in ALL)


def dark_values():
    """Return the declarations of the dark colours, without a selector around them."""
    return "".join(f"{role.variable}:{role.dark};" for role in ALL if role.dark != CURRENT)
