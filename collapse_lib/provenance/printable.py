"""printable: text from strangers as one line that says only what it holds."""

import unicodedata

__all__ = ["printable"]

LONGEST = 300
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, overrides of direction, ends of lines


def printable(text) -> str:
    """The text with every sign that is not seen, or that moves others, as its number, and cut."""
    text = str(text)
    signs = text[:LONGEST]
    shown = "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign) in UNSEEN else sign for sign in signs
    )
    return shown + "..." * (len(text) > LONGEST)
