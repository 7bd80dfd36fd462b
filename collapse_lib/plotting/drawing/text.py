"""Words and numbers as a figure shows them."""

import math
import re
from itertools import pairwise

# what XML 1.0 cannot hold; a language model may well write it
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MINUS = "\N{MINUS SIGN}"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def clean(text):
    """Return text on one line, with every character that XML cannot hold replaced."""
    return " ".join(FORBIDDEN.sub("\ufffd", str(text)).split())


def cut(text, longest):
    """Return text of at most `longest` characters, its end marked where it was cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def power(exponent):
    """Return a power of ten, plain from 0.001 to 10,000, else as 10⁻⁵."""
    if -3 <= exponent <= 4:
        return f"{10.0**exponent:,.{max(0, -exponent)}f}"
    return "10" + str(exponent).translate(SUPERSCRIPT)


def logarithmic(value):
    """Return a tick of a log axis: 0.05, 200, 10⁻⁵, 3·10⁶."""
    exponent = math.floor(math.log10(value) + 1e-9)
    lead = round(value / 10.0**exponent)
    if -3 <= exponent <= 4:
        return f"{value:,.{max(0, -exponent)}f}"
    return power(exponent) if lead == 1 else f"{lead}·{power(exponent)}"


def linear(values):
    """Return the ticks of a linear axis, all with the decimals that their step needs."""
    if len(values) < 2:
        return [f"{value:g}".replace("-", MINUS) for value in values]
    step = min(abs(b - a) for a, b in pairwise(values))
    largest = max(abs(value) for value in values)
    if (step < 1e-4 or largest >= 1e6) and step > 1e-4 * largest:
        exponent = math.floor(math.log10(largest))
        scaled = linear([value / 10.0**exponent for value in values])
        return [
            "0" if value == 0 else f"{text}·{power(exponent)}"
            for value, text in zip(values, scaled, strict=True)
        ]
    decimals = next((d for d in range(12) if abs(round(step, d) - step) < step * 1e-6), 12)
    return [f"{value + 0.0:,.{decimals}f}".replace("-", MINUS) for value in values]
