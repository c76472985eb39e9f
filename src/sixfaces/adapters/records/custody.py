"""The custody log: entries, the hashes of its tree's complete subtrees, signed checkpoints.

The one row of `log_head` is the log's lock. It is taken at the append, which therefore comes last in a transaction, so
that nobody waits for a stranger's upload; it also makes the instants of entries rise with their numbers.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, func, select, text, true, update

from sixfaces.adapters.records.clock import clock
from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import checkpoints, log_entries, log_head, log_nodes
from sixfaces.domain.custody import Checkpoint, ConsistencyProof, Deed, Entry, InclusionProof
from sixfaces.vault.canonical import check_form, entered
from sixfaces.vault.merkle import Growing, Nodes, out_of_range, prove_consistency, prove_inclusion, root_at

T = TypeVar("T")

_MOST_ALIKE = 100
"""Entries of one actor on one subject that are compared with a deed."""

_ENTRY = Shape(log_entries, Entry)
_CHECKPOINT = Shape(checkpoints, Checkpoint)

_MORE = update(log_head).returning(log_head.c.size, log_head.c.at)
_MORE = _MORE.values(size=log_head.c.size + bindparam("count", type_=log_head.c.size.type))
_TAKEN = _MORE.values(at=func.max(log_head.c.at, bindparam("now", type_=log_head.c.at.type)))
_TAKEN_ON_POSTGRES = _MORE.values(at=func.greatest(log_head.c.at, func.clock_timestamp()))

# Pairs as one value, and told in one text: to spell a condition for each took longer than to enter something. SQLite is
# to go through the pairs and not through the nodes, which is what CROSS means to it.
_NODES = text(
    "SELECT level, position, hash FROM json_each(:places) AS place CROSS JOIN log_nodes "
    "WHERE level = json_extract(place.value, '$[0]') AND position = json_extract(place.value, '$[1]')"
)
_NODES_ON_POSTGRES = text(
    "SELECT level, position, hash FROM unnest(CAST(:levels AS smallint[]), CAST(:positions AS bigint[])) "
    "AS place (level, position) JOIN log_nodes USING (level, position)"
)


class SqlCustody:
    """Custody (domain.records). The tree is one over all tenants, so a proof tells nothing but hashes."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def append(self, *deeds: Deed) -> Sequence[Entry]:
        """As in the interface. Raises CustodyError `custody.body`."""
        if not deeds:
            return []
        for deed in deeds:
            self._scope.own(deed.tenant)
        return self._entered(deeds)

    def append_once(self, deed: Deed, *, within: timedelta) -> Entry | None:
        """As in the interface: who waited for the lock sees what the one before has entered."""
        self._scope.own(deed.tenant)
        last = self._locked()
        now = max(last, clock(self._scope.connection))
        if self.done_at(deed, since=now - within) is not None:
            return None
        return self._entered([deed])[0]

    def done_at(self, deed: Deed, *, since: datetime) -> datetime | None:
        """As in the interface."""
        its = (
            log_entries.c.subject == deed.subject,
            log_entries.c.tenant == deed.tenant,
            self._scope.sees(log_entries),
        )
        like = (log_entries.c.act == deed.act, log_entries.c.actor == deed.actor, log_entries.c.at >= since)
        asked = select(log_entries.c.at, log_entries.c.body).where(*its, *like).order_by(log_entries.c.seq.desc())
        return next((row.at for row in self._scope.rows(asked.limit(_MOST_ALIKE)) if row.body == deed.body), None)

    def _entered(self, deeds: Sequence[Deed]) -> Sequence[Entry]:
        for deed in deeds:
            check_form(deed)  # before there is a place that would stay empty
        size, at = self._taken(len(deeds))
        log = self._with_nodes(lambda nodes: Growing.resumed(size, nodes))
        entries = [entered(deed, seq=seq, at=at) for seq, deed in enumerate(deeds, size)]
        nodes = [node for entry in entries for node in log.append(bytes.fromhex(entry.leaf))]
        self._scope.connection.execute(log_entries.insert(), [_ENTRY.values(entry) for entry in entries])
        self._scope.connection.execute(log_nodes.insert(), [node._asdict() for node in nodes])
        return entries

    def entries(self, *, first: int, limit: int) -> Sequence[Entry]:
        """As in the interface: those of the tenant."""
        asked = _ENTRY.rows.where(log_entries.c.seq >= first, self._in_order_sees())
        return self._read(asked.order_by(log_entries.c.seq).limit(bounded(limit)))

    def about(self, *subjects: str, after: int = -1, limit: int | None = None) -> Sequence[Entry]:
        """As in the interface."""
        its = (log_entries.c.subject.in_(subjects), log_entries.c.seq > after, self._scope.sees(log_entries))
        asked = _ENTRY.rows.where(*its).order_by(log_entries.c.seq)
        return self._read(asked if limit is None else asked.limit(bounded(limit)))

    def size(self) -> int:
        """As in the interface."""
        return int(self._scope.connection.execute(select(log_head.c.size)).scalar_one())

    def root(self, size: int) -> str:
        """As in the interface. Raises CustodyError `custody.out_of_range`."""
        self._reaches(size)
        return self._with_nodes(lambda nodes: root_at(size, nodes)).hex()

    def inclusion(self, seq: int, size: int) -> InclusionProof:
        """As in the interface."""
        self._reaches(size)
        return self._with_nodes(lambda nodes: prove_inclusion(seq, size, nodes))

    def inclusions(self, seqs: Sequence[int], size: int) -> Sequence[InclusionProof]:
        """As in the interface."""
        self._reaches(size)
        return self._with_nodes(lambda nodes: [prove_inclusion(seq, size, nodes) for seq in seqs])

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """As in the interface."""
        self._reaches(new)
        return self._with_nodes(lambda nodes: prove_consistency(old, new, nodes))

    def keep(self, checkpoint: Checkpoint) -> None:
        """As in the interface."""
        new = self._scope.insert(checkpoints).values(_CHECKPOINT.values(checkpoint))
        replaced = {name: new.excluded[name] for name in Checkpoint.model_fields if name != "size"}
        unstamped = checkpoints.c.stamp.is_(None)
        self._scope.done(new.on_conflict_do_update(index_elements=["size"], set_=replaced, where=unstamped))

    def checkpoint(self, size: int | None = None) -> Checkpoint | None:
        """As in the interface."""
        asked = _CHECKPOINT.rows.limit(1)
        if size is None:
            return _CHECKPOINT.maybe(self._scope.first(asked.order_by(checkpoints.c.size.desc())))
        covering = asked.where(checkpoints.c.size >= size).order_by(checkpoints.c.size)
        return _CHECKPOINT.maybe(self._scope.first(covering))

    def stamped(self, size: int, *, within: int) -> Checkpoint | None:
        """As in the interface."""
        near = select(checkpoints.c.size).where(checkpoints.c.size >= size).order_by(checkpoints.c.size).limit(within)
        asked = _CHECKPOINT.rows.where(checkpoints.c.size.in_(near), checkpoints.c.stamp.is_not(None))
        return _CHECKPOINT.maybe(self._scope.first(asked.order_by(checkpoints.c.size).limit(1)))

    def _in_order_sees(self) -> ColumnElement[bool]:
        """The tenant's entries, looked for along the log: by the index of subjects, SQLite would sort all entries of
        the tenant to find one by its number."""
        return true() if self._scope.tenant is None else log_entries.c.tenant.concat("") == self._scope.tenant

    def _locked(self) -> datetime:
        """The instant of the log's last entry; nobody else appends until this transaction ends."""
        last: datetime = self._scope.connection.execute(select(log_head.c.at).with_for_update()).scalar_one()
        return last

    def _taken(self, count: int) -> tuple[int, datetime]:
        """The number of the first of so many new entries, and their instant; nobody else appends until this transaction
        ends. All in one question, because all who append wait while it is asked: a clock in it is read anew when the
        wait for the lock is over."""
        clocks = {"now": clock(self._scope.connection)} if not self._scope.on_postgres else {}
        asked = _TAKEN_ON_POSTGRES if self._scope.on_postgres else _TAKEN
        row = self._scope.connection.execute(asked, {"count": count, **clocks}).one()
        return row.size - count, row.at

    def _reaches(self, size: int) -> None:
        there = self.size()
        if not 0 <= size <= there:
            raise out_of_range(f"{size} of {there}")

    def _read(self, asked: Select[Any]) -> Sequence[Entry]:
        return [_ENTRY.read(row) for row in self._scope.rows(asked)]

    def _with_nodes(self, told: Callable[[Nodes], T]) -> T:
        """What a function makes of the tree's nodes. Which nodes it wants does not depend on their hashes: it is run
        once to hear them named and again with all of them, for one question to the database instead of dozens."""
        named: dict[tuple[int, int], bytes] = {}

        def naming(level: int, position: int) -> bytes:
            return named.setdefault((level, position), bytes(32))

        told(naming)
        if named:
            named.update(self._nodes(named))
        return told(lambda level, position: named[level, position])

    def _nodes(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        if self._scope.on_postgres:
            levels, positions = zip(*places, strict=True)
            given = {"levels": [*levels], "positions": [*positions]}
            rows = self._scope.connection.execute(_NODES_ON_POSTGRES, given)
        else:
            rows = self._scope.connection.execute(_NODES, {"places": json.dumps([*places])})
        return {(row.level, row.position): bytes(row.hash) for row in rows}
