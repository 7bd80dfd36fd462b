"""Path data with as few characters as a tenth of a unit needs."""

import re

TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:[eE][-+]?\d+)?")
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


def short(number):
    """Return a number rounded to a tenth, without needless zeros: 12.0 is "12", -0.3 is "-.3"."""
    return _tenths(round(float(number) * 10))


def compact(data):
    """Return path data (M, L, Q, C, z with absolute points) in relative tenths of a unit.

    Lines that are shorter than the rounding vanish, save one that is all its subpath has: with
    round caps that is a dot.
    """
    tokens = iter(TOKEN.findall(data))
    written, last = [], None
    here, start = (0, 0), (0, 0)
    for command in tokens:
        if command in "zZ":
            written.append("z")
            here, last = start, "z"
            continue
        points = [_point(tokens) for _ in range(POINTS[command])]
        if command == "L" and points[0] == here and last != "m":
            continue
        letter = command.lower()
        written += [] if letter == last and letter != "m" else [letter if last else "M"]
        written += [_pair(x - here[0], y - here[1]) for x, y in points]
        here, last = points[-1], letter
        if command == "M":
            start = here
    return _joined(written)


def _point(tokens):
    return round(float(next(tokens)) * 10), round(float(next(tokens)) * 10)


def _pair(x, y):
    return _glued(_tenths(x), _tenths(y))


def _glued(before, after):
    return f"{before}{after}" if after.startswith("-") else f"{before} {after}"


def _joined(parts):
    text = ""
    for part in parts:
        separate = text and text[-1] not in "mlqczM" and part[0] not in "-mlqczM"
        text += f" {part}" if separate else part
    return text


def _tenths(value):
    whole, tenth = divmod(abs(value), 10)
    text = f"{whole or ''}.{tenth}" if tenth else str(whole)
    return f"-{text}" if value < 0 else text
