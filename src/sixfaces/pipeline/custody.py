"""The custody log in use: its checkpoints, their stamps, and what it can prove of a case or an exhibit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import structlog

from sixfaces.domain.custody import Checkpoint, Entry, InclusionProof
from sixfaces.domain.errors import CustodyError
from sixfaces.domain.ports import Stamper
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.vault.checkpoint import signed_checkpoint
from sixfaces.vault.custody_keys import CustodyKey
from sixfaces.vault.faults import custody_error
from sixfaces.vault.notes import VerifierKey
from sixfaces.vault.witness import compared

log = structlog.get_logger()

MOST_ENTRIES = 1000
"""Entries of one page."""

MOST_STEPS = 100
"""Among so many checkpoints a stamped one is looked for before one without a stamp is taken."""


@dataclass(frozen=True, slots=True)
class Notary:
    """Who signs the log: the key in use, all public keys that ever were, and who stamps, if anybody does."""

    key: CustodyKey
    keys: tuple[VerifierKey, ...]
    stamper: Stamper | None = None


class Subject(NamedTuple):
    """What is to be proven of: a case or an exhibit of a tenant, by id."""

    tenant: str
    kind: Literal["case", "exhibit"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Stretch(NamedTuple):
    """Which entries are asked for: those behind number `after`, so many at most; None: however many there are."""

    after: int = -1
    limit: int | None = None


ALL = Stretch()


class CustodyProof(NamedTuple):
    """What the log says of a subject, in order, and that each entry stands in the log of the checkpoint. `more`: there
    are entries behind the last one."""

    subject: str
    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    proofs: tuple[InclusionProof, ...]
    more: bool = False


def checkpoint_now(service: Service, notary: Notary) -> Checkpoint | None:
    """Sign the log's state, once for each size; None while the log is empty.

    A log that is not an extension of what was signed last is not signed: CustodyError `custody.rolled_back`,
    `custody.forked` or `custody.origin`.
    """
    with service.records.begin(None) as tx:
        return checkpoint_in(tx, notary)


def checkpoint_in(tx: Transaction, notary: Notary) -> Checkpoint | None:
    """As `checkpoint_now`, in a transaction of the caller's."""
    last = tx.custody.checkpoint()
    size = tx.custody.size()  # asked second: another process may append and sign in between, and a log only grows
    if last is not None and last.size == size and last.root == tx.custody.root(size):
        return last
    if size == 0 and last is None:
        return None
    new = signed_checkpoint(size, bytes.fromhex(tx.custody.root(size)), at=tx.now, key=notary.key)
    if last is not None:
        proof = tx.custody.consistency(last.size, size) if last.size <= size else None
        compared(last, new, proof)
    tx.custody.keep(new)
    log.info("checkpoint", size=new.size, root=new.root)
    return new


def stamp_now(service: Service, notary: Notary) -> Checkpoint | None:
    """Have the newest checkpoint stamped. Where that fails it stays without a stamp, which is told in the log and
    wherever the checkpoint is shown, and is tried again the next time; a later stamp covers all entries before it."""
    with service.records.begin(None, reading=True) as tx:
        last = tx.custody.checkpoint()
    if last is None or last.stamp is not None or notary.stamper is None:
        return last
    try:
        stamp = notary.stamper.stamp(last.note)
    except CustodyError as exc:
        log.warning("stamp_failed", size=last.size, code=exc.code, detail=exc.text.en)
        return last
    stamped = last.model_copy(update={"stamp": stamp})
    with service.records.begin(None) as tx:
        tx.custody.keep(stamped)
    return stamped


def custody_of(service: Service, notary: Notary, subject: Subject, *, part: Stretch = ALL) -> CustodyProof:
    """What the log says of the subject, or a part of that. Raises RequestError `request.missing`."""
    _covered(service, notary, subject, part=part)
    with service.records.begin(subject.tenant, reading=True) as tx:
        return proof_in(tx, subject, part=part)


def proof_in(
    tx: Transaction,
    subject: Subject,
    *,
    at_least: int = 0,
    part: Stretch = ALL,
    wanted: Callable[[Entry], bool] = lambda entry: True,
) -> CustodyProof:
    """As `custody_of`, in a transaction, by a checkpoint of at least this size. Entries that no checkpoint covers yet
    are left out, and those that are not `wanted`. Raises CustodyError `custody.unwitnessed` where no checkpoint is so
    large."""
    found = entries_about(tx, subject, part=_and_one(part))
    entries = [entry for entry in found[: part.limit] if wanted(entry)]
    more = len(found) > len(found[: part.limit])
    newest = tx.custody.checkpoint()
    if newest is None or newest.size < at_least:
        raise custody_error("unwitnessed", str(at_least))
    covered = tuple(entry for entry in entries if entry.seq < newest.size)
    size = max(at_least, covered[-1].seq + 1 if covered else 1)
    checkpoint = _stamped_from(tx, size) or newest
    proofs = tuple(tx.custody.inclusions([entry.seq for entry in covered], checkpoint.size))
    return CustodyProof(str(subject), checkpoint, covered, proofs, more and len(covered) == len(entries))


def entries_about(tx: Transaction, subject: Subject, *, part: Stretch = ALL) -> Sequence[Entry]:
    """All entries on a case and its exhibits, or on one exhibit, in order; or a part of them. Raises
    `request.missing`."""
    known = tx.exhibits.get(subject.id) if subject.kind == "exhibit" else tx.cases.get(subject.id)
    if known is None:
        raise missing()
    exhibits = tx.exhibits.of_case(subject.id) if subject.kind == "case" else ()
    return tx.custody.about(subject.id, *(one.id for one in exhibits), after=part.after, limit=part.limit)


def _and_one(part: Stretch) -> Stretch:
    """One entry further, to see whether there are more."""
    return part if part.limit is None else part._replace(limit=part.limit + 1)


def _covered(service: Service, notary: Notary, subject: Subject, *, part: Stretch) -> None:
    """Sign the log where the last of these entries on the subject lies behind the newest checkpoint."""
    with service.records.begin(subject.tenant, reading=True) as tx:
        entries, newest = entries_about(tx, subject, part=_and_one(part)), tx.custody.checkpoint()
    if newest is None or (entries and entries[-1].seq >= newest.size):
        checkpoint_now(service, notary)


def _stamped_from(tx: Transaction, size: int) -> Checkpoint | None:
    """The first stamped checkpoint that covers the size, if one is near, else the first that covers it."""
    return tx.custody.stamped(size, within=MOST_STEPS) or tx.custody.checkpoint(size)
