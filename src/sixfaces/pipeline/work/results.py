"""A case's results in the store of bytes: written under one place, pictures of exhibits found where they lie."""

import json
from collections.abc import Mapping

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.observation import Record
from sixfaces.report.views import picture_path

INDEX = "pictures.json"
"""From the names that a report cites to the keys under which the pictures lie."""


class CaseResults:
    """Implements `domain.ports.Results` on derived blobs. Nothing counts before a verdict names the place."""

    def __init__(self, blobs: Blobs, place: str, pictures: Mapping[str, str]) -> None:
        self._blobs, self._place = blobs, place
        self.keys = dict(pictures)

    def put(self, name: str, data: bytes) -> None:
        """Store one file; the same name twice replaces it."""
        key = f"{self._place}/{name}"
        self._blobs.put(key, data)
        self.keys[name] = key

    def get(self, name: str) -> bytes | None:
        """A picture that was kept when an exhibit was measured, or what was put here."""
        key = self.keys.get(name)
        return None if key is None else self._blobs.get(key)

    def finish(self) -> None:
        """Write the index: from then on `result` finds everything."""
        self._blobs.put(f"{self._place}/{INDEX}", json.dumps(self.keys, sort_keys=True).encode())


def pictures_of(record: Record, place: str) -> dict[str, str]:
    """The names that a report gives an exhibit's pictures, and their keys."""
    return {picture_path(record.exhibit.sha256, name): f"{place}/{name}" for name in record.images}


def result(blobs: Blobs, verdict: StoredVerdict, name: str) -> bytes | None:
    """One file of a verdict's results by the name it has beside report.json; None where there is no such file."""
    index = blobs.get(f"{verdict.results}/{INDEX}")
    key = json.loads(index).get(name) if index is not None else None
    return None if key is None else blobs.get(key)
