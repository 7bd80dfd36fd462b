"""Content Credentials: who signed, what was changed, and what a new encoding loses."""

import struct
import subprocess
import sys

import numpy as np
import pytest
from sentences import says

from collapse_lib.provenance.authority import Authority
from collapse_lib.provenance.credentials import (
    TRAINED_MODEL,
    Credentials,
    NoCredentials,
    read,
    report,
    sign,
)
from collapse_lib.provenance.pictures import as_jpeg, as_png, media_type, pixels, reencoded

PIXELS = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
LOST = (
    "The picture carries no Content Credentials: it never had any, or they were lost when it was "
    "saved anew."
)


@pytest.fixture(scope="module")
def ours():
    return Authority.make("The book")


@pytest.fixture(scope="module")
def theirs():
    return Authority.make("Somebody else")


@pytest.fixture(scope="module", params=[as_png, as_jpeg], ids=["png", "jpeg"])
def plain(request):
    return request.param(PIXELS)


@pytest.fixture(scope="module")
def signed(plain, ours):
    return sign(plain, ours)


def test_a_signature_under_an_authority_of_ours_is_trusted(signed, ours, theirs):
    found = read(signed, trust=[ours])
    assert found == Credentials("Trusted", TRAINED_MODEL, "The book", ())
    assert read(signed, trust=[theirs, ours]) == found
    assert str(found) == "Trusted: signed by The book, says trainedAlgorithmicMedia."


def test_a_signature_under_another_authority_is_valid_and_untrusted(signed, theirs):
    untrusted = Credentials("Valid", TRAINED_MODEL, "The book", ("signingCredential.untrusted",))
    assert read(signed, trust=[theirs]) == read(signed) == untrusted
    assert report(signed) == (
        "Valid: signed by The book, says trainedAlgorithmicMedia. "
        "Problems: signingCredential.untrusted."
    )


def test_another_authority_of_the_same_name_is_not_trusted(signed):
    assert read(signed, trust=[Authority.make("The book")]).state == "Valid"


def test_signing_leaves_the_pixels_as_they_are(plain, signed):
    assert np.array_equal(pixels(signed), pixels(plain))
    assert len(signed) > len(plain)


def test_one_changed_byte_is_reported(signed, ours):
    changed = bytearray(signed)
    changed[-20] ^= 1
    found = read(bytes(changed), trust=[ours])
    assert found.state == "Invalid" and "assertion.dataHash.mismatch" in found.problems


def outside_the_manifest(png):
    """Positions of the bytes of a PNG file that are not in its caBX chunk, where C2PA puts it."""
    at, found = 8, list(range(8))
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] != b"caBX":
            found += range(at, at + 12 + size)
        at += 12 + size
    return found


def test_no_byte_of_the_picture_can_change_unseen(ours):
    signed = sign(as_png(PIXELS), ours)
    places = outside_the_manifest(signed)
    assert 500 < len(places) < len(signed) / 2
    for place in np.random.default_rng(1).choice(places, 60, replace=False):
        changed = bytearray(signed)
        changed[place] ^= 1 << place % 8
        try:
            state = read(bytes(changed), trust=[ours]).state
        except ValueError:
            continue  # no longer a picture, and said so
        assert state == "Invalid", place


def test_a_certificate_that_expired_does_not_sign(plain):
    with says(
        "The picture could not be signed with the certificate of Old: Signature: the certificate "
        "was not valid at time of signing."
    ):
        sign(plain, Authority.make("Old", days=-3))


def test_a_new_encoding_loses_the_credentials_and_keeps_the_picture(signed, plain, ours):
    again = reencoded(signed, quality=90)
    with says(LOST, NoCredentials):
        read(again, trust=[ours])
    assert report(again) == report(plain) == LOST
    assert np.abs(pixels(again).astype(int) - PIXELS).mean() < 12


def test_colour_is_signed_as_grey_is(ours):
    colour = np.stack([PIXELS, PIXELS[::-1], PIXELS.T], axis=2)
    assert np.array_equal(pixels(sign(as_png(colour), ours)), colour)


def test_what_is_no_picture_is_told(signed, ours):
    for whose, call in (("read", read), ("sign", lambda p: sign(p, ours)), ("pixels", pixels)):
        with says(
            f"{whose}: picture must be a PNG or a JPEG file; got 6 bytes that begin with b'GIF8'."
        ):
            call(b"GIF89a")
    with says(
        "read.picture must be of type bytes; got an array of uint8 of shape (28, 28). "
        "as_png(array) makes them.",
        TypeError,
    ):
        read(PIXELS)
    with pytest.raises(ValueError, match=r"\AThe picture or its credentials cannot be read: "):
        read(signed[:100])
    with pytest.raises(ValueError, match=r"\AThe picture could not be signed with the certificate"):
        sign(signed[:20], ours)
    with says(
        "as_png: array must be uint8 of shape (height, width) or (height, width, 3); got float64 "
        "of shape (2, 2)."
    ):
        as_png(np.ones((2, 2)))
    with says("as_jpeg.quality must be at least 1; got 0."):
        as_jpeg(PIXELS, quality=0)
    assert media_type(signed, "test") in ("image/png", "image/jpeg")


def test_authorities_are_made_as_asked_or_not_at_all():
    with says("Authority.name must be a text of 1 to 64 characters; got ''."):
        Authority.make("")
    with says("Authority.make: days must be an int from -3650 to 3650 other than 0; got 0."):
        Authority.make("Today", days=0)
    made = Authority.make("x" * 64)
    assert read(sign(as_png(PIXELS), made), trust=[made]).state == "Trusted"
    assert "PRIVATE" not in repr(made)


def test_the_ledger_loads_no_package_of_its_own():
    heavy = "{'c2pa', 'prov', 'cryptography', 'PIL', 'torch'}"
    code = f"import sys, collapse_lib.provenance; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10**5,
        "{}",
        '{"manifests": 3, "validation_state": "Valid"}',
        '{"validation_state": "Valid", "active_manifest": "a", "manifests": {"a": {"assertions":'
        ' [{"label": "c2pa.actions", "data": []}]}}}',
    ],
)
def test_manifests_of_another_form_are_told(signed, monkeypatch, text):
    import c2pa

    monkeypatch.setattr(c2pa.Reader, "json", lambda self: text)
    with says("The credentials of the picture are not written as C2PA asks."):
        read(signed)
