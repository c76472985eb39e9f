"""The spool in a bucket: pieces as objects, so that several hosts can take bytes of one upload.

A piece is called `<place>/<start>-<length>-<sha256>`, in fixed width: names sort as bytes do, and every piece is
checked against its own name when it is read.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, cast

from sixfaces.adapters.s3_client import S3Access, as_checksum, delete, telling_s3
from sixfaces.adapters.spool_order import begin_of, in_order, new_place, upload_checked
from sixfaces.adapters.store_errors import corrupt, missing, telling, unavailable
from sixfaces.domain.errors import StoreError
from sixfaces.domain.upload import Segment

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SPOOL = ".spool/"
PIECE = 8 << 20
_NAME = re.compile(r".*/(\d{19})-(\d{19})-([0-9a-f]{64})")


class _Piece(NamedTuple):
    name: str
    start: int
    length: int
    sha256: str


class S3Spool:
    """A spool under the prefix of a bucket. `work`: a local folder for files that are being assembled. `versioned`:
    the bucket keeps what is deleted, unless each version is."""

    def __init__(
        self, client: "S3Client", access: S3Access, *, work: Path | None = None, versioned: bool = False
    ) -> None:
        self._versioned = versioned
        self._client = client
        self._access = access
        self._work = work

    def writer(self, upload_id: str, *, token: int, start: int) -> "S3SpoolWriter":
        """A new place for bytes from `start` on; nothing is sent yet."""
        return S3SpoolWriter(self, new_place(upload_id, token=token, start=start), start=start)

    @contextmanager
    def assembled(self, upload_id: str, segments: Iterable[Segment]) -> Iterator[Path]:
        """All bytes as one local file, gone afterwards. Raises `store.missing`, `store.corrupt`."""
        with self._local() as file:
            for segment in in_order(upload_id, segments):
                self._fetch(segment, file)
            with telling(file.name):
                file.flush()
            yield Path(file.name)

    @contextmanager
    def read(self, segment: Segment) -> Iterator[BinaryIO]:
        """One segment's bytes, fetched first."""
        with self._local() as file:
            self._fetch(segment, file)
            file.seek(0)
            yield cast(BinaryIO, file)

    def forget(self, upload_id: str) -> None:
        """Remove every piece. What a writer that still lives sends later lies there until this is called again."""
        place = f"{upload_checked(upload_id)}/"
        with telling_s3(self._access.name):
            for piece in self._pieces(place):
                delete(self._client, self._access.bucket, piece.name, versioned=self._versioned)

    def room(self) -> int | None:
        """A bucket does not tell."""
        return None

    def send(self, place: str, data: bytes, *, start: int) -> None:
        """Store one piece, checked by its digest on arrival."""
        digest = hashlib.sha256(data)
        name = f"{self._prefix(place)}/{start:019}-{len(data):019}-{digest.hexdigest()}"
        with telling_s3(self._access.name):
            self._client.put_object(
                Bucket=self._access.bucket, Key=name, Body=data, ChecksumSHA256=as_checksum(digest.digest())
            )

    def _prefix(self, place: str) -> str:
        return f"{self._access.prefix}{SPOOL}{place}"

    def _pieces(self, place: str) -> Iterator[_Piece]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._access.bucket, Prefix=self._prefix(place)):
            for item in page.get("Contents", ()):
                if named := _NAME.fullmatch(item["Key"]):
                    yield _Piece(item["Key"], int(named[1]), int(named[2]), named[3])

    def _fetch(self, segment: Segment, file: IO[bytes]) -> None:
        begin_of(segment)
        at, end = segment.start, segment.start + segment.length
        with telling_s3(self._access.name + segment.place):
            for piece in self._pieces(f"{segment.place}/"):
                if piece.start == at and at + piece.length <= end:
                    self._fetch_piece(piece, file)
                    at += piece.length
        if at != end:
            raise missing(segment.place)

    def _fetch_piece(self, piece: _Piece, file: IO[bytes]) -> None:
        data = self._client.get_object(Bucket=self._access.bucket, Key=piece.name)["Body"].read()
        if hashlib.sha256(data).hexdigest() != piece.sha256:
            raise corrupt(piece.name)
        with telling(str(file.name)):
            file.write(data)

    @contextmanager
    def _local(self) -> Iterator[IO[bytes]]:
        with telling(str(self._work or tempfile.gettempdir())):
            made = tempfile.NamedTemporaryFile(prefix="sixfaces-", dir=self._work)  # noqa: SIM115 closed below
        with made as file:
            yield cast(IO[bytes], file)


class S3SpoolWriter:
    """One writer's pieces. At most 8 MiB wait in memory; more is sent, and counts when it is flushed."""

    def __init__(self, spool: S3Spool, place: str, *, start: int) -> None:
        self._spool = spool
        self._place = place
        self._safe = start
        self._sent = start
        self._waiting = bytearray()
        self._is_open = True
        self._lost = False

    def write(self, data: bytes) -> None:
        """Append. Not safe yet. After an error the writer takes no more: what is there is not known."""
        self._held()
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._send(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def flush(self) -> Segment | None:
        """Send what waits: the segment of everything since the last flush."""
        self._held()
        if self._waiting:
            self._send(bytes(self._waiting))
            self._waiting.clear()
        if self._sent == self._safe:
            return None
        upload, start, length = self._place.split("/")[0], self._safe, self._sent - self._safe
        self._safe = self._sent
        return Segment(upload_id=upload, start=start, length=length, place=self._place)

    def close(self) -> None:
        """No more bytes. Pieces that were sent and not flushed belong to no segment, and go with the upload."""
        self._is_open = False
        self._waiting.clear()

    def mark(self) -> None:
        """They are in no file."""

    def _send(self, data: bytes) -> None:
        try:
            self._spool.send(self._place, data, start=self._sent)
        except StoreError:
            self._lost = True
            raise
        self._sent += len(data)

    def _held(self) -> None:
        if not self._is_open:
            raise ValueError("the writer is closed")
        if self._lost:
            raise unavailable(self._place, "an earlier piece was not taken")
