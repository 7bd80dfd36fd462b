"""Authority: who vouches for a signature, with test certificates made at run time.

The certificates are as C2PA asks of a signer: a P-256 authority and under it a leaf for digital
signatures (C2PA specification, section "X.509 certificates"). They are for teaching: nobody checked
who holds the key. Needs the package cryptography.
"""

import datetime
from dataclasses import dataclass, field

from collapse_lib.arguments import got

__all__ = ["Authority"]


@dataclass(frozen=True)
class Authority:
    """name: who it says it is. certificate: its own certificate, PEM text, which a reader may take
    as an anchor. chain: the signer's certificate and its own, PEM text. key: the signer's private
    key, PEM text."""

    name: str
    certificate: str = field(repr=False)
    chain: str = field(repr=False)
    key: str = field(repr=False)

    @classmethod
    def make(cls, name: str, *, days: int = 30) -> "Authority":
        """A new authority with a signer, whose certificate holds for so many days from now. A
        negative number makes one that expired so many days ago."""
        if not isinstance(name, str) or not 0 < len(name) <= 64:
            raise ValueError(f"Authority.name must be a text of 1 to 64 characters; {got(name)}.")
        if not isinstance(days, int) or days == 0 or abs(days) > 3650:
            raise ValueError(
                f"Authority.make: days must be an int from -3650 to 3650 other than 0; got {days}."
            )
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import ec

        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        own, leaf = (
            certificate.public_bytes(form.Encoding.PEM).decode()
            for certificate in _certificates(name, *keys, days)
        )
        pem = (form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        return cls(name, own, leaf + own, keys[1].private_bytes(*pem).decode())


def _certificates(name: str, authority_key, signer_key, days: int):
    """The certificate of the authority and that of its signer."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def called(text):
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text), organisation])

    def usage(*, signer):
        return x509.KeyUsage(
            digital_signature=signer,
            key_cert_sign=not signer,
            crl_sign=not signer,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )

    def started(subject, key, first, last):
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(called(subject))
            .issuer_name(called(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(last)
            .add_extension(identifier, critical=False)
        )

    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    end = now + days * day
    start = min(now, end) - day
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    own = (
        started(name, authority_key, start - day, max(now, end) + day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signer=False), critical=True)
        .sign(authority_key, SHA256())
    )
    leaf = (
        started(f"{name[:50]}, signer", signer_key, start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signer=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(issuer, critical=False)
        .sign(authority_key, SHA256())
    )
    return own, leaf
