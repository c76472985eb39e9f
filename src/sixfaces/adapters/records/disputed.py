"""Which cases are in dispute by their own chronicle, asked of many at once: `pipeline.holding` says the same of one."""

from sqlalchemy import ColumnElement, DateTime, FromClause, Text, and_, cast, exists, func, literal, or_, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from sixfaces.adapters.records.claim_tables import chronicle
from sixfaces.adapters.records.columns import Instant
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import cases


def in_dispute(scope: Scope) -> ColumnElement[bool]:
    """Of a row of `cases`: the platform stepped in and it was not settled since, or a side still has time to hand in
    evidence. Entries that were struck do not count."""
    stepped, settled, asked = chronicle.alias(), chronicle.alias(), chronicle.alias()
    over = exists().where(
        *_counts(scope, settled, "settled"),
        tuple_(settled.c.at, settled.c.id) > tuple_(stepped.c.at, stepped.c.id),
    )
    until = _told(scope, asked, "until")
    if scope.on_postgres:
        awaited = cast(until, DateTime(timezone=True)) > scope.now
    else:
        awaited = func.julianday(until) > func.julianday(literal(scope.now, Instant))
    return or_(
        exists().where(*_counts(scope, stepped, "platform.stepped_in"), ~over),
        exists().where(*_counts(scope, asked, "evidence.asked"), awaited),
    )


def _counts(scope: Scope, entry: FromClause, kind: str) -> tuple[ColumnElement[bool], ...]:
    """An entry of the case, of this kind, that none strikes but what is struck itself."""
    struck, again = chronicle.alias(), chronicle.alias()
    taken_back = exists().where(*_strikes(scope, again, struck))
    return _of_case(entry), entry.c.kind == kind, ~exists().where(*_strikes(scope, struck, entry), ~taken_back)


def _strikes(scope: Scope, one: FromClause, entry: FromClause) -> tuple[ColumnElement[bool], ...]:
    return _of_case(one), one.c.kind == "struck", _told(scope, one, "entry") == cast(entry.c.id, Text)


def _of_case(entry: FromClause) -> ColumnElement[bool]:
    return and_(entry.c.tenant == cases.c.tenant, entry.c.case_id == cases.c.id)


def _told(scope: Scope, entry: FromClause, field: str) -> ColumnElement[str]:
    """What an entry says under this name."""
    if scope.on_postgres:
        return cast(cast(entry.c.what, JSONB)[field].astext, Text)
    return cast(func.json_extract(entry.c.what, f"$.{field}"), Text)
