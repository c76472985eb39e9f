"""Erasing in a bucket: all versions go, a lock is waited for and told, and a store that refuses is told too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.fsck.examine import examine
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.erasing import ErasureState
from tests.contract.bytes.test_versions import versions
from tests.rig.keeping import Keeping, keeping
from tests.servers import ceph

LOCKED = "erasing-locked"
KEEP = timedelta(seconds=5)


@pytest.fixture(scope="module")
def access() -> Iterator[S3Access]:
    """A bucket of Ceph with versions and object lock."""
    with ceph.ceph() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", ceph.KEY_ID)
        patch.setenv("AWS_SECRET_ACCESS_KEY", ceph.SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        found = S3Access(LOCKED, endpoint=address, region="us-east-1", key_id=ceph.KEY_ID, secret=ceph.SECRET)
        connect(found).create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
        yield found


def over(access: S3Access, folder: Path, *, prefix: str, keep: timedelta | None) -> Keeping:
    mine = replace(access, prefix=f"{prefix}/", keep=keep)
    store = open_blobs(mine.name, access=mine)
    made = keeping(folder, store=store, address=f"s3://{LOCKED}/{prefix}")
    return replace(made, place=made.place._replace(s3_endpoint=access.endpoint))


def test_a_lock_is_waited_for_and_told_and_then_no_version_is_left(access: S3Access, tmp_path: Path) -> None:
    made = over(access, tmp_path, prefix="waiting", keep=KEEP)
    mine = replace(access, prefix="waiting/")
    case = made.case(b"a film under a lock")
    (exhibit,) = made.exhibits(case)
    key = original_key("main", exhibit.exhibit.sha256)
    until = made.service.blobs.held_until(key)
    assert until is not None
    asked = made.erase(case)
    if datetime.now(UTC) < until - timedelta(seconds=1):
        assert asked.state is ErasureState.WAITING
        assert asked.waits_until == until
        assert made.exhibits(case)[0].erased is None, "nothing has happened yet"
        assert {one.code for one in examine(made.place).notes} >= {"fsck.erasure_waits"}
    while made.erasure(asked.id).state is ErasureState.WAITING:
        assert datetime.now(UTC) < until + timedelta(seconds=20)
        made.work()
    assert made.erasure(asked.id).state is ErasureState.DONE
    assert (versions(mine, key), versions(mine, "derived/"), versions(mine, ".spool/")) == (0, 0, 0)
    made.sound(case, notes=frozenset({"fsck.derived_orphaned"}))
    cast(SqlRecords, made.service.records).close()


def test_a_hold_that_is_placed_while_the_lock_is_in_force_wins(access: S3Access, tmp_path: Path) -> None:
    made = over(access, tmp_path, prefix="held", keep=timedelta(seconds=3))
    case = made.case(b"another film under a lock")
    asked = made.erase(case)
    made.hold(case)
    while made.erasure(asked.id).state is ErasureState.WAITING:
        made.work()
    assert made.erasure(asked.id).state is ErasureState.REFUSED
    made.sound(case, notes=frozenset({"fsck.derived_orphaned"}))
    cast(SqlRecords, made.service.records).close()


def test_a_hold_in_the_bucket_itself_is_waited_for_before_anything_is_removed(access: S3Access, tmp_path: Path) -> None:
    made, key, name, case = with_film(access, tmp_path, prefix="bucket")
    client = connect(access)
    client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "ON"})
    asked = made.erase(case)
    assert asked.state is ErasureState.WAITING
    assert made.exhibits(case)[0].erased is None
    assert made.service.blobs.size(key) is not None
    client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "OFF"})
    looks_again(made)
    assert made.erasure(asked.id).state is ErasureState.DONE
    assert versions(replace(access, prefix="bucket/"), key) == 0
    cast(SqlRecords, made.service.records).close()


def test_a_hold_in_the_bucket_itself_is_waited_for_once_erasing_has_begun(
    access: S3Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Placed in the moment between the look at the store and the removal: nothing of it is given out any more, and its
    bytes go when the hold does."""
    made, key, name, case = with_film(access, tmp_path, prefix="begun")
    client, blobs = connect(access), made.service.blobs
    real = type(blobs).held_until

    def then_held(self: Blobs, key: str) -> datetime | None:
        until = real(self, key)
        client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "ON"})
        return until

    with monkeypatch.context() as patch:
        patch.setattr(type(blobs), "held_until", then_held)
        asked = made.erase(case)
    assert (asked.state, asked.began_at is not None) == (ErasureState.BEGUN, True)
    assert asked.waits_until is not None
    assert made.exhibits(case)[0].erased is not None
    assert blobs.size(key) is not None
    client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "OFF"})
    looks_again(made)
    assert made.erasure(asked.id).state is ErasureState.DONE
    assert versions(replace(access, prefix="begun/"), key) == 0
    made.sound(case, notes=frozenset({"fsck.derived_orphaned"}))
    cast(SqlRecords, made.service.records).close()


def with_film(access: S3Access, folder: Path, *, prefix: str) -> tuple[Keeping, str, str, str]:
    """An installation, a film's key, its name in the bucket, and its case."""
    made = over(access, folder, prefix=prefix, keep=None)
    case = made.case(b"a film that somebody holds in the bucket")
    key = original_key("main", made.exhibits(case)[0].exhibit.sha256)
    return made, key, f"{prefix}/{key}", case


def looks_again(made: Keeping) -> None:
    """Its time has come: nobody knows when a hold without an end is lifted, and so it is looked again later."""
    with made.service.records.begin("main") as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # the clock is the database's: only its rows can be old
        scope.connection.execute(text("UPDATE jobs SET not_before = created_at WHERE kind = 'erase'"))
    made.work()
