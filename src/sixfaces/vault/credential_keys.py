"""The certificate by which an installation signs content credentials (C2PA) of what it makes from evidence.

Made once, beside the custody keys, in one file: the private key, its certificate, and the authority's. The authority's
own key is thrown away as soon as it has signed: nobody can ever issue a second certificate in its name. To strangers it
is an unknown authority, and their readers say so; who wants to be known gives a chain of a known one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sixfaces.vault.custody_keys import written_whole
from sixfaces.vault.faults import custody_error

FILE = "content-credentials.pem"
ORGANISATION = "sixfaces installation"
VALID_FOR = timedelta(days=3650)
_BEFORE = timedelta(days=1)
"""Clocks of those who check may be behind."""
_LARGEST = 1_000_000
_NOT = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
        "decipher_only")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContentSigner:
    """An ES256 key and its certificate chain in PEM, the signer's own first."""

    private: ec.EllipticCurvePrivateKey
    chain: bytes

    def sign(self, data: bytes) -> bytes:
        """ECDSA over SHA-256 as COSE has it: r and s, 32 bytes each (RFC 9053, 2.1)."""
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def open_certificate(folder: Path, *, name: str, now: datetime) -> ContentSigner:
    """The installation's certificate, made at the first use; `name` is that of its custody log. Many processes may come
    at once. Raises CustodyError `custody.keys`."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            written_whole(path, _made(name, now), mode=0o600, replacing=False)
        return given_certificate(path, path)
    except OSError as exc:
        raise custody_error("keys", f"{path}: {exc.strerror}") from exc


def given_certificate(key: Path, chain: Path) -> ContentSigner:
    """A key and chain from elsewhere. Raises CustodyError `custody.keys` for what is no P-256 key with its certificate
    in front of a chain in which each signed the one before."""
    try:
        private = serialization.load_pem_private_key(_read(key), password=None)
        certificates = x509.load_pem_x509_certificates(_read(chain))
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("no P-256 key")
        if certificates[0].public_key() != private.public_key():
            raise ValueError("another key's certificate")
        for one, issuer in pairwise(certificates):
            one.verify_directly_issued_by(issuer)
    except OSError as exc:
        raise custody_error("keys", f"{exc.filename}: {exc.strerror}") from exc
    except (ValueError, TypeError, InvalidSignature):
        raise custody_error("keys", f"{key}, {chain}") from None
    return ContentSigner(private, b"".join(map(_pem, certificates)))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _made(name: str, now: datetime) -> bytes:
    root, private = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(f"{name[:50]} CA", root, root.public_key(), now=now)
    own = _certificate(name[:60], root, private.public_key(), now=now, issuer=authority)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem + _pem(own) + _pem(authority)


def _certificate(
    name: str, root: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePublicKey, *, now: datetime,
    issuer: x509.Certificate | None = None,
) -> x509.Certificate:  # fmt: skip
    """A certificate as C2PA wants it (2.1, 14.5): an authority's own, or by `issuer` one that signs and no more."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    is_own = issuer is None
    usage = dict.fromkeys(_NOT, False) | {"digital_signature": not is_own, "key_cert_sign": is_own, "crl_sign": is_own}
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=is_own, path_length=0 if is_own else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
    )
    if not is_own:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(root, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
