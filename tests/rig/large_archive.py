"""A large archive, made quickly: rows of a few hundred different cases that were judged for real, each under another
id, number and waybill, in parts as they are written, with the rows of the database that name them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.records import tables
from sixfaces.adapters.records.archive_tables import archive_parts
from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.scope import Shape
from sixfaces.domain.archive import Head, Part, PartState
from sixfaces.domain.blobs import Blobs
from sixfaces.domain.filing import CaseState, StoredVerdict
from sixfaces.pipeline.archive.archiving import MOST_CASES
from sixfaces.pipeline.archive.rows import LEFT_OUT, head_of, row_of
from sixfaces.pipeline.ids import new_id
from tests.rig.judged_cases import One, some_cases, verdict_on, waybill_of

BEGINS = datetime(2026, 1, 1, 8, tzinfo=UTC)
PARTS_A_DAY = 5
DIFFERENT = 300
WAYBILLS = {f"C-{number}": waybill_of(number) for number in range(DIFFERENT)}
_VERDICT = Shape(tables.verdicts, StoredVerdict)
_PART = Shape(archive_parts, Part)


class Made(NamedTuple):
    """How much was made, and the instant after the last of it."""

    cases: int
    exhibits: int
    bytes: int
    until: datetime


class Kind(NamedTuple):
    """What all rows share."""

    observers: str
    code_version: str
    different: int = DIFFERENT


def make_archive(folder: Path, exhibits: int, kind: Kind, *, since: datetime = BEGINS) -> Made:
    """So many exhibits, from `since` on, in the installation of the folder."""
    url = f"sqlite:///{folder / 'records.sqlite'}"
    migrate(url)
    blobs, engine = open_blobs(str(folder / "blobs")).blobs, engine_of(url)
    made = Made(0, 0, 0, since)
    rows = _rows(kind, since)
    while made.exhibits < exhibits:
        number = made.cases // MOST_CASES
        at = since + timedelta(days=number // PARTS_A_DAY, hours=2 * (number % PARTS_A_DAY))
        some = [next(rows)(at + timedelta(milliseconds=index)) for index in range(MOST_CASES)]
        with engine.begin() as connection:
            size = _put(connection, blobs, [row for row, _ in some], kind=kind)
            _enter(connection, some)
        found = sum(row["exhibits"] for row, _ in some)
        made = Made(made.cases + len(some), made.exhibits + found, made.bytes + size, at + timedelta(hours=1))
    engine.dispose()
    return made


def _rows(kind: Kind, since: datetime) -> Iterator[Any]:
    """Functions that make the next row, judged at an instant."""
    kinds = [
        (one, row_of(verdict_on(one, at=since), one.judged, left_out=LEFT_OUT)) for one in some_cases(kind.different)
    ]
    for number in count():
        one, row = kinds[number % len(kinds)]
        yield lambda at, one=one, row=row, number=number: _another(one, row, at=at, number=number, kind=kind)


def _another(
    one: One, row: Mapping[str, Any], *, at: datetime, number: int, kind: Kind
) -> tuple[dict[str, Any], StoredVerdict]:
    """The same case once more: other id, number and waybill, so that no two rows are the same bytes."""
    verdict = verdict_on(one, at=at, code_version=kind.code_version)
    old = WAYBILLS[one.judged.case.case_id].encode()
    new = f"SF{8_000_000_000_000 + number * 7919}".encode()
    facts = {name: v.replace(old, new) for name, v in row.items() if name.startswith("fact_") or name == "case"}
    told = {"id": verdict.id, "case_id": verdict.case_id, "number": f"C-{number}", "judged_at": at}
    return {**row, **facts, **told, "code_version": kind.code_version}, verdict


def _put(connection: Connection, blobs: Blobs, rows: Sequence[Mapping[str, Any]], *, kind: Kind) -> int:
    head = head_of(one.judged for one in some_cases(kind.different))
    data = ParquetParts().write(rows, Head(kind.observers, head.codes, head.policies, tuple(sorted(LEFT_OUT))))
    id, day = new_id(), rows[0]["judged_at"].date().isoformat()
    part = Part(
        id=id,
        tenant="main",
        day=day,
        observers=kind.observers,
        place=f"archive/main/{day}/large/{id}.parquet",
        state=PartState.THERE,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        cases=len(rows),
        exhibits=sum(row["exhibits"] for row in rows),
        first=rows[0]["id"],
        last=rows[-1]["id"],
        made_at=rows[-1]["judged_at"],
    )
    blobs.put(part.place, data)
    connection.execute(archive_parts.insert(), [_PART.values(part)])
    connection.info["part"] = id
    return len(data)


def _enter(connection: Connection, some: Sequence[tuple[Mapping[str, Any], StoredVerdict]]) -> None:
    """The cases and their verdicts, as rows only: nothing was handed in."""
    file = some_cases(DIFFERENT)[0].judged.case
    part, cases, verdicts = connection.info["part"], [], []
    for row, verdict in some:
        of = {"id": verdict.case_id, "tenant": "main", "revision": 1, "state": CaseState.VERIFIED}
        at = {"created_at": verdict.judged_at, "updated_at": verdict.judged_at, "closed_at": None, "erased_at": None}
        known = {"file": file, "case_id": row["number"] + verdict.id, "verdict": verdict.verdict}
        cases.append({**of, **at, **known})
        verdicts.append(_VERDICT.values(verdict) | {"part": part})
    connection.execute(tables.cases.insert(), cases)
    connection.execute(tables.verdicts.insert(), verdicts)
