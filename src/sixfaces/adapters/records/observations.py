"""Records of what was measured, one for each bytes and version of the observers."""

from collections.abc import Iterable

from sqlalchemy import select

from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import observations
from sixfaces.domain.observation import Record


class SqlObservations:
    """Observations (domain.records). A tenant's measurements are its own, also of bytes that others have too: all
    methods raise ValueError in a transaction of no tenant."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def keep(self, record: Record, *, by: str, results: str) -> bool:
        """As in the interface."""
        row = {"tenant": self._scope.named(), "sha256": record.exhibit.sha256, "by": by, "record": record}
        row["decode_s"] = record.decode_s
        new = self._scope.insert(observations).values(row | {"results": results, "kept_at": self._scope.now})
        return self._scope.first(new.on_conflict_do_nothing().returning(observations.c.sha256)) is not None

    def get(self, sha256: str, *, by: str) -> tuple[Record, str] | None:
        """As in the interface."""
        its = (observations.c.tenant == self._scope.named(), observations.c.sha256 == sha256, observations.c.by == by)
        asked = select(observations.c.record, observations.c.results, observations.c.decode_s)
        row = self._scope.first(asked.where(*its))
        return None if row is None else (row.record.model_copy(update={"decode_s": row.decode_s}), row.results)

    def measured(self) -> Iterable[str]:
        """As in the interface. The key alone answers it."""
        asked = select(observations.c.sha256).where(observations.c.tenant == self._scope.named()).distinct()
        return [row.sha256 for row in self._scope.rows(asked)]

    def newest(self, sha256: str) -> tuple[Record, str] | None:
        """As in the interface."""
        its = (observations.c.tenant == self._scope.named(), observations.c.sha256 == sha256)
        asked = select(observations.c.record, observations.c.results).where(*its)
        row = self._scope.first(asked.order_by(observations.c.kept_at.desc(), observations.c.by.desc()).limit(1))
        return None if row is None else (row.record, row.results)
