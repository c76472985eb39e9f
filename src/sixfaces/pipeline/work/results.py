"""A case's results in the store of bytes: written under one place, pictures of exhibits found where they lie.

The custody entry of the verdict holds one digest over all of them, by which each can be held to what was judged.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.custody import Act
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.records import Transaction
from sixfaces.report.views import picture_path
from sixfaces.vault.canonical import canonical_json

INDEX = "pictures.json"
"""From the names that a report cites to the keys under which the pictures lie."""

DIGESTS = "digests.json"
"""From the same names to SHA-256, in canonical bytes: their own SHA-256 is `results_sha256` of the custody entry."""


class CaseResults:
    """Implements `domain.ports.Results` on derived blobs. Nothing counts before a verdict names the place."""

    def __init__(
        self,
        blobs: Blobs,
        place: str,
        pictures: Mapping[str, str],
        *,
        digests: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._blobs, self._place = blobs, place
        self.keys, self.digests = dict(pictures), dict(digests)

    def put(self, name: str, data: bytes) -> None:
        """Store one file; the same name twice replaces it."""
        key = f"{self._place}/{name}"
        self._blobs.put(key, data)
        self.keys[name], self.digests[name] = key, hashlib.sha256(data).hexdigest()

    def get(self, name: str) -> bytes | None:
        """A picture that was kept when an exhibit was measured, or what was put here."""
        key = self.keys.get(name)
        return None if key is None else self._blobs.get(key)

    def finish(self) -> str:
        """Write digests and index: from then on `result` finds everything. Returns the digest over all files."""
        digests = canonical_json(self.digests)
        self._blobs.put(f"{self._place}/{DIGESTS}", digests)
        self._blobs.put(f"{self._place}/{INDEX}", json.dumps(self.keys, sort_keys=True).encode())
        return hashlib.sha256(digests).hexdigest()


def pictures_of(record: Record, place: str) -> dict[str, str]:
    """The names that a report gives an exhibit's pictures, and their keys."""
    return {picture_path(record.exhibit.sha256, name): f"{place}/{name}" for name in record.images}


def picture_digests(records: Iterable[Record]) -> dict[str, str]:
    """The names that a report gives the pictures of these records, and their SHA-256."""
    return {picture_path(one.exhibit.sha256, name): digest for one in records for name, digest in one.images.items()}


def entered_of(transaction: Transaction, verdict: StoredVerdict) -> Mapping[str, Any]:
    """The body of the verdict's custody entry; empty where there is none of that number."""
    found = transaction.custody.entries(first=verdict.entry, limit=1)
    is_its = bool(found) and (found[0].seq, found[0].act) == (verdict.entry, Act.JUDGE)
    return found[0].body if is_its else {}


def held_digests(blobs: Blobs, verdict: StoredVerdict, told: Mapping[str, Any]) -> Mapping[str, str]:
    """SHA-256 of the files of a verdict's results, held against the body of its custody entry. An entry from before
    there was one digest over all tells that of report.json only. Raises `store.corrupt`."""
    if "results_sha256" not in told:
        return {"report.json": told["report_sha256"]} if "report_sha256" in told else {}
    data = blobs.get(f"{verdict.results}/{DIGESTS}")
    if data is None or hashlib.sha256(data).hexdigest() != told["results_sha256"]:
        raise changed()
    digests: dict[str, str] = json.loads(data)
    return digests


def changed() -> StoreError:
    """A derived file is not the one on record."""
    return StoreError(
        "store.corrupt",
        Say(zh="存储中的文件与记录的摘要不符。", en="The file in the store is not the one that was recorded."),
        Say(zh="请重新测量或核验，并检查存储。", en="Measure or judge again, and look after the store."),
    )


def result(blobs: Blobs, verdict: StoredVerdict, name: str) -> bytes | None:
    """One file of a verdict's results by the name it has beside report.json; None where there is no such file."""
    index = blobs.get(f"{verdict.results}/{INDEX}")
    key = json.loads(index).get(name) if index is not None else None
    return None if key is None else blobs.get(key)
