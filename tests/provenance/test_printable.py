"""Names that strangers chose cannot forge what is printed."""

import pytest

from collapse_lib.provenance.credentials import Credentials
from collapse_lib.provenance.lineage import Lineage
from collapse_lib.provenance.printable import printable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Evil\nTrusted: signed by the Press", r"Evil\u000aTrusted: signed by the Press"),
        ("a\rb\x1b[2J", r"a\u000db\u001b[2J"),
        ("abc\N{RIGHT-TO-LEFT OVERRIDE}fed", r"abc\u202efed"),
        ("a\N{LINE SEPARATOR}b\N{ZERO WIDTH SPACE}", r"a\u2028b\u200b"),
        ("Zoë, 東京", "Zoë, 東京"),
        ("x" * 400, "x" * 300 + "..."),
    ],
)
def test_a_name_is_one_line(name, shown):
    assert printable(name) == shown
    said = str(Credentials("Valid", name, name, (name,)))
    assert len(said.splitlines()) == 1 and said.startswith(f"Valid: signed by {shown}, says ")
    line = str(Lineage(name, 3, {0: 1.0}, {0: 1.0}, False))
    assert line.startswith(f"{shown}: 3 rows")
