"""The whole look at an installation. CHECKS is the table of contents."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sixfaces.adapters.fsck.archive import check_archive
from sixfaces.adapters.fsck.claims import check_claims
from sixfaces.adapters.fsck.derived import check_derived
from sixfaces.adapters.fsck.erasures import check_erased
from sixfaces.adapters.fsck.evidence import check_evidence, check_records
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.jobs import check_jobs
from sixfaces.adapters.fsck.log import check_log
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.notices import check_notices
from sixfaces.adapters.fsck.persons import check_persons
from sixfaces.adapters.fsck.rows import DamagedError, opened_rows
from sixfaces.adapters.fsck.schedules import check_schedules
from sixfaces.adapters.fsck.spool import Spool, SpoolBucket, SpoolFolder
from sixfaces.adapters.fsck.store import Files, Store
from sixfaces.adapters.fsck.uploads import check_uploads
from sixfaces.adapters.fsck.verdicts import check_cases, check_verdicts
from sixfaces.adapters.fsck.watching import check_watching
from sixfaces.adapters.fsck.webhooks import check_webhooks

CHECKS: tuple[Callable[[Look], Iterator[Fault]], ...] = (
    check_log,
    check_evidence,
    check_erased,
    check_records,
    check_verdicts,
    check_cases,
    check_claims,
    check_uploads,
    check_jobs,
    check_webhooks,
    check_watching,
    check_notices,
    check_persons,
    check_derived,
    check_archive,
    check_schedules,
)
_PASSING = frozenset({"fsck.spool_missing", "fsck.spool_short"})


class Installation(NamedTuple):
    """Where an installation's parts are. `database`: an address as SIXFACES_DATABASE_URL has it. `blobs`: a folder or
    s3://bucket/prefix. `custody_keys`: the file of the log's public keys. `spool`: a folder; else the spool is where
    the blobs are, under `.spool`."""

    database: str
    blobs: str
    custody_keys: Path
    s3_endpoint: str | None = None
    spool: Path | None = None


class Findings(NamedTuple):
    """What was found: `faults` must not be, `notes` may. `counted` is how much was looked at."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    counted: dict[str, int]


def fsck(place: Installation, *, is_quick: bool = False) -> tuple[Fault, ...]:
    """All faults of an installation, which may be at work meanwhile; none if it is sound. `is_quick` reads no stored
    bytes and compares sizes only. Raises RecordsError and StoreError where there is nothing to look at."""
    return examine(place, is_quick=is_quick).faults


def examine(place: Installation, *, is_quick: bool = False) -> Findings:
    """As `fsck`, with what is worth telling beside faults."""
    found, counted = _found(place, is_quick=is_quick)
    if any(one.code in _PASSING for one in found):  # sealed and let go of since the database was read? Look again.
        again = set(_found(place, is_quick=True)[0])
        found = [one for one in found if one.code not in _PASSING or one in again]
    return Findings(tuple(one for one in found if not one.is_note), tuple(one for one in found if one.is_note), counted)


def _found(place: Installation, *, is_quick: bool) -> tuple[list[Fault], dict[str, int]]:
    found: list[Fault] = []
    counted: dict[str, int] = {}
    try:
        with opened_rows(place.database) as rows:
            store = _store(place)
            look = Look(rows, store, _spool(place, store), place.custody_keys, is_quick=is_quick)
            found += [fault(code, where) for code, where in rows.complaints()]
            for check in CHECKS:
                found += _checked(check, look)
            counted = dict(look.counted)
    except DamagedError as exc:
        found.append(fault("database_damaged", exc))
    return list(dict.fromkeys(found)), counted


def _checked(check: Callable[[Look], Iterator[Fault]], look: Look) -> Iterator[Fault]:
    """A row may hold anything: what cannot be read even as what it is of is a fault, and ends this check only."""
    try:
        yield from check(look)
    except (ValueError, TypeError, AttributeError, OverflowError) as exc:
        yield fault("row_unreadable", f"{check.__name__}: {exc}")


def _store(place: Installation) -> Store:
    if place.blobs.startswith("s3://"):
        from sixfaces.adapters.fsck.store_s3 import Bucket

        return Bucket(place.blobs, endpoint=place.s3_endpoint)
    return Files(Path(place.blobs))


def _spool(place: Installation, store: Store) -> Spool:
    if place.spool is None and place.blobs.startswith("s3://"):
        return SpoolBucket(store)
    return SpoolFolder(place.spool or Path(place.blobs) / ".spool")
