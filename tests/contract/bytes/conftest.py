"""Every kind of store behind the ports of bytes, each empty at the start of its test."""

import functools
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sixfaces.adapters.blobs_s3 import S3Blobs
from sixfaces.adapters.bytes import Bytes, open_blobs
from sixfaces.adapters.direct_s3 import S3Direct
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.adapters.spool_s3 import S3Spool
from sixfaces.adapters.store_probe import probe
from sixfaces.domain.blobs import StoreTraits
from tests.servers import ceph, rclone

PLAIN, LOCKED = "plain", "locked"
KINDS = ("folder", "ceph", "ceph-locked", "rclone")


@pytest.fixture(scope="session")
def ceph_server() -> Iterator[S3Access]:
    """A Ceph with a plain bucket and one with versions and object lock."""
    with ceph.ceph() as address:
        access = S3Access(PLAIN, endpoint=address, region="us-east-1", key_id=ceph.KEY_ID, secret=ceph.SECRET)
        client = connect(access)
        client.create_bucket(Bucket=PLAIN)
        client.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
        yield access


@pytest.fixture(scope="session")
def rclone_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    """A store with gaps."""
    with rclone.rclone(tmp_path_factory.mktemp("rclone") / "buckets") as address:
        yield S3Access(rclone.BUCKET, endpoint=address, region="us-east-1", key_id=rclone.KEY_ID, secret=rclone.SECRET)


client_of = functools.cache(connect)
"""A client for each bucket: making one takes longer than most tests."""


@functools.cache
def seen(access: S3Access) -> StoreTraits:
    """What a bucket keeps: asked once, as nothing about it changes while tests run."""
    return probe(access)


@pytest.fixture
def ceph_access(ceph_server: S3Access) -> S3Access:
    """A prefix of its own in the plain bucket."""
    return _apart(ceph_server)


@pytest.fixture
def locked_access(ceph_server: S3Access) -> S3Access:
    """A prefix of its own in the bucket with object lock; what is sealed there is held for a minute."""
    return _apart(replace(ceph_server, bucket=LOCKED, keep=timedelta(minutes=1)))


@pytest.fixture
def rclone_access(rclone_server: S3Access) -> S3Access:
    """A prefix of its own in the store with gaps."""
    return _apart(rclone_server)


@pytest.fixture
def folder(tmp_path: Path) -> Bytes:
    """Blobs and spool in a folder, for what only a folder does."""
    return open_blobs(str(tmp_path / "store"))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Bytes:
    """Blobs and spool of one kind."""
    if request.param == "folder":
        opened: Bytes = request.getfixturevalue("folder")
        return opened
    fixture = {"ceph": "ceph_access", "ceph-locked": "locked_access", "rclone": "rclone_access"}[request.param]
    return over(request.getfixturevalue(fixture))


def over(access: S3Access) -> Bytes:
    """The adapters over a bucket, as `open_blobs` makes them, without asking again what the bucket keeps."""
    bucket = replace(access, prefix="", keep=None)
    client, traits = client_of(bucket), seen(bucket)
    return Bytes(S3Blobs(client, access, traits=traits), S3Spool(client, access), S3Direct(client, access))


def _apart(access: S3Access) -> S3Access:
    return replace(access, prefix=f"{secrets.token_hex(6)}/")
