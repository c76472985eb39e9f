"""Erasing in a bucket: all versions go, a lock is waited for and told, and a store that refuses is told too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.fsck.examine import examine
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.domain.blobs import original_key
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


def test_a_hold_in_the_bucket_itself_is_waited_for_once_erasing_has_begun(access: S3Access, tmp_path: Path) -> None:
    made = over(access, tmp_path, prefix="bucket", keep=None)
    mine = replace(access, prefix="bucket/")
    case = made.case(b"a film that somebody holds in the bucket")
    (exhibit,) = made.exhibits(case)
    key = original_key("main", exhibit.exhibit.sha256)
    client = connect(access)
    name = mine.prefix + key
    client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "ON"})
    asked = made.erase(case)
    assert asked.state is ErasureState.WAITING
    assert made.service.blobs.size(key) == exhibit.exhibit.bytes
    client.put_object_legal_hold(Bucket=LOCKED, Key=name, LegalHold={"Status": "OFF"})
    assert made.service.blobs.held_until(key) is None
    made.service.blobs.erase(key)
    assert versions(mine, key) == 0
    cast(SqlRecords, made.service.records).close()
