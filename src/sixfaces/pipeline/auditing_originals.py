"""Checks the originals that entries of the custody log say were sealed: in the store of bytes, and in the records."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.custody import Act, Entry
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.records import Records, Transaction
from sixfaces.vault.faults import Fault

UNREADABLE = (ValueError, TypeError, KeyError)
"""What reading a row raises whose values cannot be what they say they are."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Originals:
    """Remembers which have been checked: bytes that were sealed twice are read once."""

    def __init__(self, records: Records, blobs: Blobs, *, skip_bytes: bool) -> None:
        self._records, self._blobs, self._skip_bytes = records, blobs, skip_bytes
        self._checked: set[bytes] = set()
        self._filed: dict[str, FiledExhibit] = {}
        self._gone: set[bytes] = set()

    @property
    def count(self) -> int:
        """How many different originals there were."""
        return len(self._checked)

    def check(self, entries: Sequence[Entry]) -> Iterator[Fault]:
        """What is wrong with the originals that these entries sealed."""
        self._filed = self._read({entry.subject for entry in entries if entry.act is Act.SEAL})
        for entry in entries:
            if entry.act is Act.SEAL:
                digest = str(entry.body.get("sha256"))
                yield from self._record(entry, digest)
                key = hashlib.sha256(f"{entry.tenant} {digest}".encode()).digest()
                if key not in self._checked:
                    self._checked.add(key)
                    yield from self._bytes(entry, digest, key)
                elif key in self._gone and not self._is_erased(entry, digest):
                    yield Fault.at("original_missing", f"original {digest}, entry {entry.seq}")

    def _read(self, ids: Collection[str]) -> dict[str, FiledExhibit]:
        """Rows that can be read, by one question; one that cannot be read spoils it for all, and then they are asked
        for one by one."""
        with self._records.begin(None, reading=True) as tx:
            try:
                return {one.id: one for one in tx.exhibits.several(ids)}
            except UNREADABLE:
                return {one.id: one for id in ids if (one := _readable(tx, id)) is not None}

    def _record(self, entry: Entry, digest: str) -> Iterator[Fault]:
        """The exhibit's row says what the entry says."""
        filed = self._filed.get(entry.subject)
        told = (entry.tenant, digest, entry.body.get("bytes"), entry.body.get("case"), entry.seq)
        if filed is None or told != (
            filed.tenant,
            filed.exhibit.sha256,
            filed.exhibit.bytes,
            filed.case_id,
            filed.entry,
        ):
            yield Fault.at("exhibit_changed", f"exhibit {entry.subject}, entry {entry.seq}")

    def _is_erased(self, entry: Entry, digest: str) -> bool:
        """Whether the log says that this exhibit was erased after it was sealed: each exhibit of the bytes must be."""
        try:
            with self._records.begin(None, reading=True) as tx:
                told = tx.custody.about(entry.subject)
        except UNREADABLE:
            return False
        return any(one.act is Act.ERASE and one.seq > entry.seq and one.body.get("sha256") == digest for one in told)

    def _bytes(self, entry: Entry, digest: str, place_of: bytes) -> Iterator[Fault]:
        """The store holds them, and they are what they were; or nobody needs them any more."""
        place = f"original {digest}, entry {entry.seq}"
        key = original_key(entry.tenant, digest)
        size = self._blobs.size(key) if _SHA256.fullmatch(digest) else None
        if size is None:
            self._gone.add(place_of)
            if not self._is_erased(entry, digest):
                yield Fault.at("original_missing", place)
        elif size != entry.body.get("bytes"):
            yield Fault.at("original_changed", f"{place} [{min(size, _whole(entry))}:{max(size, _whole(entry))}]")
        elif not self._skip_bytes and not self._is_intact(key, digest):
            yield Fault.at("original_changed", f"{place} [0:{size}]")

    def _is_intact(self, key: str, digest: str) -> bool:
        found = hashlib.sha256()
        try:
            with self._blobs.open(key) as pieces:
                for piece in pieces:
                    found.update(piece)
        except StoreError as exc:
            if exc.code in {"store.missing", "store.corrupt"}:
                return False
            raise
        return found.hexdigest() == digest


def _readable(tx: Transaction, id: str) -> FiledExhibit | None:
    with suppress(*UNREADABLE):
        return tx.exhibits.get(id)
    return None


def _whole(entry: Entry) -> int:
    told = entry.body.get("bytes")
    return told if isinstance(told, int) else 0
