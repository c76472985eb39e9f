"""Checks that versions and locks are real: some stores say yes to a lock and do nothing, or replace the body by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sixfaces.adapters.s3_client import servers_time
from sixfaces.adapters.s3_probing import BODY, OTHER, Probing, done, refused

_HELD = timedelta(minutes=2)
_SHORTER = timedelta(minutes=1)


def versioning(probing: Probing) -> bool:
    """What is written over or deleted stays readable by its version."""
    first = probing.put("versions")
    second = probing.put("versions", OTHER)
    probing.client.delete_object(Bucket=probing.bucket, Key=probing.name("versions"))
    if not first or not second or first == second:
        return False
    return probing.body("versions", version=first) == BODY and probing.body("versions", version=second) == OTHER


def object_lock(probing: Probing) -> bool:
    """Object lock is enabled, a version held by it cannot be deleted, and its body stays. A store's word alone is
    nothing: some answer the question whether it is enabled with an empty yes."""
    return _has_lock(probing) and _is_held(probing, "held")


def lock_shortened(probing: Probing) -> bool:
    """A lock cannot be made shorter. No gap of its own where there is no lock to shorten."""
    if not _has_lock(probing):
        return True
    return refused(lambda: _hold(probing, "shortened", probing.put("shortened"), *(_HELD, _SHORTER)))


def hold_destroys(probing: Probing) -> bool:
    """A legal hold leaves the body as it is, or is refused."""
    version = probing.put("legal-hold")
    where: dict[str, Any] = {"Bucket": probing.bucket, "Key": probing.name("legal-hold")}
    done(lambda: probing.client.put_object_legal_hold(**where, LegalHold={"Status": "ON"}))
    done(lambda: probing.client.put_object_legal_hold(**where, LegalHold={"Status": "OFF"}))
    return probing.body("legal-hold") == BODY and (not version or probing.body("legal-hold", version=version) == BODY)


def retention_destroys(probing: Probing) -> bool:
    """Retention leaves the body as it is, or is refused."""
    version = probing.put("retention")
    done(lambda: _hold(probing, "retention", version, _HELD))
    return probing.body("retention") == BODY


def tagging_destroys(probing: Probing) -> bool:
    """Tags leave the body as it is, or are refused."""
    probing.put("tags")
    done(
        lambda: probing.client.put_object_tagging(
            Bucket=probing.bucket, Key=probing.name("tags"), Tagging={"TagSet": [{"Key": "canary", "Value": "1"}]}
        )
    )
    return probing.body("tags") == BODY


def _has_lock(probing: Probing) -> bool:
    answers: list[str] = []

    def ask() -> None:
        answer = probing.client.get_object_lock_configuration(Bucket=probing.bucket)
        answers.append(answer.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled", ""))

    return done(ask) and answers == ["Enabled"]


def _is_held(probing: Probing, canary: str) -> bool:
    version = probing.put(canary)
    where: dict[str, Any] = {"Bucket": probing.bucket, "Key": probing.name(canary), "VersionId": version}
    if not version or not done(lambda: _hold(probing, canary, version, _HELD)):
        return False
    kept = probing.client.get_object_retention(**where).get("Retention", {})
    cannot_go = refused(lambda: probing.client.delete_object(**where))
    return kept.get("Mode") == "COMPLIANCE" and cannot_go and probing.body(canary, version=version) == BODY


def _hold(probing: Probing, canary: str, version: str, *lengths: timedelta) -> None:
    """Ask for retention of each length in turn, by the server's clock."""
    where: dict[str, Any] = {"Bucket": probing.bucket, "Key": probing.name(canary)}
    now = servers_time(probing.client.head_object(**where))
    if version:
        where["VersionId"] = version
    for length in lengths:
        probing.client.put_object_retention(**where, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": now + length})


LOCKS: tuple[tuple[str, Callable[[Probing], bool]], ...] = (
    ("versioning", versioning),
    ("object_lock", object_lock),
    ("lock_shortened", lock_shortened),
    ("hold_destroys", hold_destroys),
    ("retention_destroys", retention_destroys),
    ("tagging_destroys", tagging_destroys),
)
"""Codes of what is missing where a check says no."""
