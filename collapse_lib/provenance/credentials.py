"""Content Credentials: a signed statement inside a picture of how it was made, by C2PA.

The statement (the manifest) is bound to the bytes of the file by a hash and signed; it says that
the picture came from a trained model by IPTC's digitalSourceType. What it can show: who signed, and
that no byte of the picture changed since; the manifest's own padding, a quarter of a small signed
file, is not covered. What it cannot: anything about a picture that carries none, and re-encoding,
or a broken header around the manifest, takes it away.

Sources: C2PA specification, spec.c2pa.org; IPTC NewsCodes, Digital Source Type, cv.iptc.org. Needs
c2pa-python; nothing is fetched from the network.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from collapse_lib.provenance.authority import Authority
from collapse_lib.provenance.pictures import media_type
from collapse_lib.provenance.printable import printable

__all__ = ["TRAINED_MODEL", "Credentials", "NoCredentials", "read", "report", "sign"]

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED_MODEL = SOURCE_TYPES + "trainedAlgorithmicMedia"
OFFLINE = {"verify": {"verify_trust": True, "ocsp_fetch": False, "remote_manifest_fetch": False}}
NO_EXTRAS = {"builder": {"thumbnail": {"enabled": False}}}


class NoCredentials(ValueError):
    """A picture carries no Content Credentials."""


@dataclass(frozen=True)
class Credentials:
    """What a picture says of itself, and whether that can be believed.

    state: "Trusted" (unchanged, and signed under an authority that the reader trusts), "Valid"
        (unchanged, but signed by somebody the reader does not know) or "Invalid".
    source_type: the IPTC address of how it was made, or None. issuer: who the signature names.
    problems: the codes of C2PA for what failed, such as assertion.dataHash.mismatch.

    Unless the state is "Trusted", the issuer is whatever name the signer chose. "Trusted" tells who
    signed, not that the statement is so: a trusted signer can still say what is not.
    """

    state: str
    source_type: str | None
    issuer: str | None
    problems: tuple[str, ...]

    def __str__(self) -> str:
        kind = (self.source_type or "nothing about its origin").removeprefix(SOURCE_TYPES)
        problems = f" Problems: {', '.join(self.problems)}." if self.problems else ""
        said = f"signed by {printable(self.issuer)}, says {printable(kind)}.{printable(problems)}"
        return f"{self.state}: {said}"


def sign(
    picture: bytes, authority: Authority, *, title="picture", source_type=TRAINED_MODEL
) -> bytes:
    """The same PNG or JPEG file with Content Credentials in it, signed by the authority's signer.

    source_type: an address of IPTC's list of digital source types.

    Raises ValueError with one sentence for a file that cannot be signed or a certificate that does
    not hold now.
    """
    c2pa = _c2pa()
    kind = media_type(picture, "sign")
    created = {"action": "c2pa.created", "digitalSourceType": source_type}
    manifest = {
        "claim_generator_info": [{"name": "collapse_lib"}],
        "title": title,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }
    signed = io.BytesIO()
    try:
        with (
            c2pa.Signer.from_info(
                c2pa.C2paSignerInfo(
                    c2pa.C2paSigningAlg.ES256,
                    authority.chain.encode(),
                    authority.key.encode(),
                    None,  # no time-stamping service
                )
            ) as signer,
            c2pa.Context(c2pa.Settings.from_dict(NO_EXTRAS)) as context,
            c2pa.Builder(manifest, context) as builder,
        ):
            builder.sign(signer, kind, io.BytesIO(picture), signed)
    except c2pa.C2paError as error:
        raise ValueError(
            f"The picture could not be signed with the certificate of {authority.name}: {error}."
        ) from error
    return signed.getvalue()


def read(picture: bytes, *, trust: Sequence[Authority] = ()) -> Credentials:
    """The credentials of a PNG or JPEG file, checked.

    trust: the authorities that the reader trusts; no others are. In a file that is not "Trusted"
        the issuer's name proves nothing, and a trusted signer can still say what is not so.

    Raises NoCredentials (a ValueError) where the picture carries none, ValueError where it is no
    picture.
    """
    c2pa = _c2pa()
    kind = media_type(picture, "read")
    settings = dict(OFFLINE)
    if trust:
        settings["trust"] = {"trust_anchors": "".join(a.certificate for a in trust)}
    try:
        with (
            c2pa.Context(c2pa.Settings.from_dict(settings)) as context,
            c2pa.Reader(kind, io.BytesIO(picture), context=context) as reader,
        ):
            return _told(json.loads(reader.json()))
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("The credentials of the picture are not written as C2PA asks.") from error
    except c2pa.C2paError as error:
        if str(error).startswith("ManifestNotFound"):
            raise NoCredentials(
                "The picture carries no Content Credentials: it never had any, or they were lost "
                "when it was saved anew."
            ) from None
        raise ValueError(f"The picture or its credentials cannot be read: {error}.") from error


def report(picture: bytes, *, trust: Sequence[Authority] = ()) -> str:
    """One sentence on the credentials of any picture, also where there are none."""
    try:
        return str(read(picture, trust=trust))
    except ValueError as error:
        return str(error)


def _told(found: dict) -> Credentials:
    manifest = found.get("manifests", {}).get(found.get("active_manifest"), {})
    actions = [
        action
        for assertion in manifest.get("assertions", ())
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"].get("actions", ())
    ]
    types = [a["digitalSourceType"] for a in actions if "digitalSourceType" in a]
    results = found.get("validation_results", {}).get("activeManifest", {})
    problems = [problem["code"] for problem in results.get("failure", ())]
    issuer = manifest.get("signature_info", {}).get("issuer")
    return Credentials(
        found["validation_state"],
        str(types[0]) if types else None,
        issuer,
        tuple(sorted(set(problems))),
    )


def _c2pa():
    try:
        import c2pa
    except ImportError:
        raise ImportError(
            "Content Credentials need the package c2pa-python; install it with "
            "`python -m pip install c2pa-python`."
        ) from None
    return c2pa
