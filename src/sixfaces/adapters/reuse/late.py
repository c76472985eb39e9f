"""The search for reused pictures, loaded when it is first asked: a server that only answers need not."""

from collections.abc import Collection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sixfaces.domain.observation import Record
from sixfaces.domain.records import Records
from sixfaces.domain.reuse import Found

if TYPE_CHECKING:
    from sixfaces.adapters.reuse.search import RegionSearch


class LateSearch:
    """Implements `domain.reuse.ReuseSearch`. `folder`: of this machine, for files that can be made anew."""

    def __init__(self, records: Records, folder: Path) -> None:
        self._records, self._folder, self._lock = records, folder, Lock()
        self._search: RegionSearch | None = None

    def find(self, tenant: str, record: Record, *, but: Collection[str] = ()) -> Found:
        """As in the interface."""
        with self._lock:
            if self._search is None:
                from sixfaces.adapters.reuse.search import RegionSearch

                self._search = RegionSearch(self._records, self._folder)
        return self._search.find(tenant, record, but=but)
