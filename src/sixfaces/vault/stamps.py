"""RFC 3161 timestamps over checkpoints, verified offline: that a note existed when a timestamp authority signed it.

rfc3161-client is optional and imported only where a stamp is to be judged.
"""

import hashlib
from datetime import datetime
from importlib.util import find_spec

from cryptography import x509

from sixfaces.vault.faults import custody_error


def can_judge() -> bool:
    """Whether rfc3161-client is installed."""
    return find_spec("rfc3161_client") is not None


def stamped_at(stamp: bytes, note: str, *, chain: bytes) -> datetime:
    """When the authority says that it saw the note. `stamp` is a whole TimeStampResp in DER, `chain` the authority's
    certificates in PEM: the self-signed ones are what is trusted. They need to have been valid then, not now.

    Raises CustodyError `custody.stamp`.
    """
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        certificates = x509.load_pem_x509_certificates(chain)
        builder = VerifierBuilder(
            roots=[one for one in certificates if one.issuer == one.subject],
            intermediates=[one for one in certificates if one.issuer != one.subject],
        )
        response = decode_timestamp_response(stamp)
        if response.as_bytes() != stamp:
            raise ValueError("bytes that belong to no response")
        builder.build().verify(response, hashlib.sha256(note.encode()).digest())
        return response.tst_info.gen_time
    except (ValueError, VerificationError) as exc:
        raise custody_error("stamp", str(exc)[:200] or type(exc).__name__) from exc


def judges_of(chain: bytes) -> tuple[str, ...]:
    """Who the trusted certificates of a chain are: subject and SHA-256, for comparing with what one knows of them."""
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        certificates = x509.load_pem_x509_certificates(chain)
    except ValueError as exc:
        raise custody_error("stamp", str(exc)[:200]) from exc
    return tuple(f"{one.subject.rfc4514_string()} {one.fingerprint(SHA256()).hex()}" for one in certificates
                 if one.issuer == one.subject)  # fmt: skip
