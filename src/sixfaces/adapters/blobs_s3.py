"""The store of bytes in a bucket: digests go with every byte, and what was written is read back.

Originals lie under their own digest, so that a store which lets them be overwritten can only be given the same bytes
again. What a store keeps beyond that (versions, locks) is used where probing has proved it, and only there.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sixfaces.adapters.blob_keys import checked, derived, names_digest
from sixfaces.adapters.byte_files import PIECE
from sixfaces.adapters.checked_copies import CheckedCopies, Wanted
from sixfaces.adapters.s3_client import (
    S3Access,
    as_checksum,
    code_of,
    delete,
    is_missing,
    servers_time,
    telling_s3,
)
from sixfaces.adapters.s3_locks import is_locked, lock_of, versions_of
from sixfaces.adapters.s3_sending import Target, send_file
from sixfaces.adapters.store_errors import corrupt, exists, locked, missing, telling
from sixfaces.domain.blobs import FileMark, StoreTraits
from sixfaces.domain.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOOKS_AGAIN_S = (0.1, 0.5)


class S3Blobs:
    """Blobs under a prefix of a bucket. `work`: a local folder for originals that are being read, `copies`: those that
    are kept for a while."""

    def __init__(
        self,
        client: "S3Client",
        access: S3Access,
        *,
        traits: StoreTraits,
        work: Path | None = None,
        copies: CheckedCopies | None = None,
    ) -> None:
        self._copies = copies
        self.traits = traits
        self._client = client
        self._access = access
        self._work = work
        self._bucket = access.bucket

    def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
        """1. look what is there, 2. send what is not, 3. read it back, 4. lock it where the store can."""
        name = self._name(key)
        sent: str | None = None
        if self.size(key) is None:
            with telling(str(path)), self._telling(key):
                sent = send_file(Target(self._client, self._bucket, name), path, sha256=sha256)
        if not self._reads_back(name, key, version=sent, sha256=sha256):
            if sent is not None:
                self._take_back(name, sent)
                raise corrupt(key)
            raise corrupt(key) if names_digest(key, sha256) else exists(key)
        self._lock(key, sent)

    def put(self, key: str, data: bytes) -> None:
        """Derived bytes in one request, which a store takes whole or not at all. One that checks no digests is read
        back: raises `store.corrupt`."""
        name, digest = self._name(derived(key)), hashlib.sha256(data)
        with self._telling(key):
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=data, ChecksumSHA256=as_checksum(digest.digest())
            )
        if not self._keeps("wrong_sha256") and self._digest_of(name, key) != digest.hexdigest():
            raise corrupt(key)

    def get(self, key: str) -> bytes | None:
        """Derived bytes, or None."""
        name = self._name(key)
        with self._telling(key):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
            except ClientError as exc:
                if is_missing(exc):
                    return None
                raise

    @contextmanager
    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[Iterator[bytes]]:
        """A stretch in pieces. Raises `store.missing`."""
        size = self.size(key)
        if size is None:
            raise missing(key)
        end = size if length is None else min(size, start + length)
        if start >= end:
            yield iter(())
            return
        with self._telling(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._name(key), Range=f"bytes={start}-{end - 1}")
        is_whole = answer["ContentLength"] == size  # some stores know no ranges, some do and answer 200 all the same
        try:
            yield self._told(key, _cut(answer["Body"], skip=start if is_whole else 0, length=end - start))
        finally:
            answer["Body"].close()

    @contextmanager
    def fetched(self, key: str, *, sha256: str, again: bool = False) -> Iterator[Path]:
        """A local copy, gone afterwards unless it may be wanted again. If the newest version is not right and an older
        one is, that one."""

        def fetch(path: Path) -> None:
            if not any(self._fetch(key, version, into=path) == sha256 for version in self._versions(key)):
                raise corrupt(key)

        copies = self._copies if again else None
        size = self.size(key) if copies is not None else None
        if copies is None or size is None or not copies.has_room_for(size):
            with self._local() as path:
                fetch(path)
                yield path
            return
        with copies.held(Wanted(key, size, sha256), fetch) as path:
            yield path

    def size(self, key: str) -> int | None:
        """Bytes under the key, or None."""
        name = self._name(key)
        with self._telling(key):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=name)["ContentLength"]
            except ClientError as exc:
                if is_missing(exc):
                    return None
                raise

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that begin with the prefix, in the order of their characters."""
        skip = len(self._access.prefix)
        pages = self._client.get_paginator("list_objects_v2")
        with self._telling(prefix):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._access.prefix + prefix):
                names = (item["Key"][skip:] for item in page.get("Contents", ()))
                yield from (name for name in names if not name.startswith("."))

    def remove(self, key: str) -> None:
        """Derived bytes only; what is not there need not go."""
        name = self._name(derived(key))
        with self._telling(key):
            delete(self._client, self._bucket, name, versioned=self._keeps("versioning"))

    def held_until(self, key: str) -> datetime | None:
        """The latest of all versions, by the server's clock; where a hold without an end lies on one, a day from now:
        nobody knows when to look again."""
        name, latest = self._name(key), None
        with self._telling(key):
            for version, now in versions_of(self._client, self._bucket, name) if self._keeps("versioning") else ():
                until = lock_of(self._client, self._bucket, name, version=version, now=now)
                latest = max(filter(None, (latest, until)), default=None)
        return latest

    def erase(self, key: str) -> None:
        """All versions and markers of deletion."""
        name = self._name(key)
        if self._copies is not None:
            self._copies.forget(key)
        with self._telling(key):
            try:
                delete(self._client, self._bucket, name, versioned=self._keeps("versioning"))
            except ClientError as exc:
                if is_locked(exc):
                    raise locked(key, code_of(exc)) from exc
                raise

    def _name(self, key: str) -> str:
        return self._access.prefix + checked(key)

    def _keeps(self, what: str) -> bool:
        return what not in self.traits.gaps

    def _telling(self, key: str) -> AbstractContextManager[None]:
        return telling_s3(self._access.name + key)

    def _told(self, key: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        with self._telling(key):
            yield from pieces

    def _reads_back(self, name: str, key: str, *, version: str | None, sha256: str) -> bool:
        """Whether the bytes are right. Another sealer may be writing the very same ones: some stores then show nothing,
        or half of it, for an instant, so that a wrong answer counts only when it stays."""
        for wait in _LOOKS_AGAIN_S:
            with suppress(StoreError):
                if self._digest_of(name, key, version=version) == sha256:
                    return True
            time.sleep(wait)
        return self._digest_of(name, key, version=version) == sha256

    def _digest_of(self, name: str, key: str, *, version: str | None = None) -> str:
        which: Any = {"VersionId": version} if version else {}
        digest = hashlib.sha256()
        with self._telling(key):
            for piece in self._client.get_object(Bucket=self._bucket, Key=name, **which)["Body"].iter_chunks(PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def _take_back(self, name: str, version: str) -> None:
        """Remove what was just written and came out different; where that fails, the next sealer is told of it."""
        which: Any = {"VersionId": version} if version else {}
        with suppress(ClientError):
            self._client.delete_object(Bucket=self._bucket, Key=name, **which)

    def _lock(self, key: str, version: str | None) -> None:
        """Hold the version that was read back. A store without object lock may destroy the body when asked to."""
        if self._access.keep is None or not self._keeps("object_lock"):
            return
        name = self._name(key)
        with self._telling(key):
            which: Any = {"VersionId": version} if version else {}
            there = self._client.head_object(Bucket=self._bucket, Key=name, **which)
            until = servers_time(there) + self._access.keep
            try:
                self._client.put_object_retention(
                    Bucket=self._bucket,
                    Key=name,
                    VersionId=there["VersionId"],
                    Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
                )
            except ClientError:
                again = self._client.head_object(Bucket=self._bucket, Key=name, VersionId=there["VersionId"])
                held = again.get("ObjectLockRetainUntilDate")
                if held is None or held < until:
                    raise  # else another sealer holds it for longer, which a store must not let us shorten

    def _versions(self, key: str) -> Iterator[str | None]:
        """None for what is there now, then every version there is, newest first."""
        if self.size(key) is not None:
            yield None
        elif not self._keeps("versioning"):
            raise missing(key)
        if self._keeps("versioning"):
            name = self._name(key)
            with self._telling(key):
                answer = self._client.list_object_versions(Bucket=self._bucket, Prefix=name)
            found = [v["VersionId"] for v in answer.get("Versions", ()) if v["Key"] == name]
            if not found:
                raise missing(key)
            yield from found

    def _fetch(self, key: str, version: str | None, *, into: Path) -> str:
        which: Any = {"VersionId": version} if version else {}
        digest = hashlib.sha256()
        with telling(str(into)), self._telling(key), into.open("wb") as file:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._name(key), **which)
            for piece in answer["Body"].iter_chunks(PIECE):
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    @contextmanager
    def _local(self) -> Iterator[Path]:
        with telling(str(self._work or tempfile.gettempdir())):
            descriptor, name = tempfile.mkstemp(prefix="sixfaces-", dir=self._work)
            os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


def _cut(body: Any, *, skip: int, length: int) -> Iterator[bytes]:  # noqa: ANN401 botocore's body has no type of ours
    """`length` bytes behind the first `skip`."""
    for piece in body.iter_chunks(PIECE):
        kept = piece[skip : skip + length]
        skip = max(0, skip - len(piece))
        length -= len(kept)
        if kept:
            yield kept
        if not length:
            return
