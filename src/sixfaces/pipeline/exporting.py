"""Exports a custody bundle: everything with which somebody who trusts nobody here can check a case, as one stream.

1. sign      the log as it is, so that a checkpoint covers it
2. gather    entries, proofs, checkpoint and what is to be put in, as all were at one instant: in a transaction that
             only reads, and holds up nobody. What was sealed or judged since the checkpoint is left out, whole
3. enter     that it was read, and by whom
4. pack      files pass by in pieces of 1 MiB; an original that is not what was sealed ends the stream
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.custody import Act, ConsistencyProof, Deed
from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.custody import CustodyProof, Notary, Subject, checkpoint_now, entries_about, proof_in
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import INDEX, entered_of, held_digests
from sixfaces.vault.bundle_form import REPORT
from sixfaces.vault.bundle_writing import Contents, Source, packed
from sixfaces.vault.faults import custody_error

SIGNINGS = 3
"""Times that the log is signed again because of what came in meanwhile, before that is left out."""


class Export(NamedTuple):
    """What is exported, for whom (`actor`, as the log names people), and which checkpoint a witness has seen: the
    bundle then proves that the log is an extension of it."""

    subject: Subject
    actor: str
    since: int | None = None


def export_bundle(service: Service, notary: Notary, asked: Export) -> Iterator[bytes]:
    """The bundle in pieces of at most 1 MiB. That it was exported is entered, and stands in the next export.

    Raises at once RequestError `request.missing`, CustodyError `custody.out_of_range` for a `since` that lies ahead,
    `custody.file_missing` and StoreError `store.corrupt` where the report is not what was judged. While
    streaming: StoreError, CustodyError `custody.original_changed`, `custody.report`; what came until then is no bundle.
    """
    found = _signed(service, notary, asked)  # 1., 2.
    proof = found.proof
    sources = tuple(_sources(service.blobs, found))
    with service.records.begin(asked.subject.tenant) as tx:  # 3.
        tx.custody.append(*_read(asked, found))
    contents = Contents(
        subject=proof.subject,
        checkpoint=proof.checkpoint,
        entries=proof.entries,
        proofs=proof.proofs,
        keys=notary.keys,
        consistency=found.old,
        chain=notary.stamper.chain if notary.stamper else None,
    )
    return packed(contents, sources, key=notary.key, spoiled=_spoiled)


class _Found(NamedTuple):
    """What is covered by the proof's checkpoint. `told`: the body of the verdict's entry."""

    proof: CustodyProof
    old: tuple[ConsistencyProof, ...]
    exhibits: tuple[FiledExhibit, ...]
    verdict: StoredVerdict | None
    told: Mapping[str, Any]


def _signed(service: Service, notary: Notary, asked: Export) -> _Found:
    """1. and 2., again where something was entered about the subject in between, while there is patience."""
    for signing in range(1, SIGNINGS + 1):
        newest = checkpoint_now(service, notary)
        with service.records.begin(asked.subject.tenant, reading=True) as tx:
            last = entries_about(tx, asked.subject)[-1:]
            if signing == SIGNINGS or newest is None or not last or last[0].seq < newest.size:
                return _gathered(tx, asked)
    raise AssertionError("the last signing returns")


def _gathered(tx: Transaction, asked: Export) -> _Found:
    """2. In a transaction that sees one instant."""
    proof = proof_in(tx, asked.subject, at_least=asked.since or 0)
    size = proof.checkpoint.size
    old = () if asked.since is None else (tx.custody.consistency(asked.since, size),)
    exhibits = tuple(one for one in _exhibits(tx, asked.subject) if one.entry < size)
    verdict = _verdict(tx, asked.subject, size=size)
    return _Found(proof, old, exhibits, verdict, entered_of(tx, verdict) if verdict is not None else {})


def _exhibits(tx: Transaction, subject: Subject) -> Iterator[FiledExhibit]:
    one = tx.exhibits.get(subject.id) if subject.kind == "exhibit" else None
    yield from tx.exhibits.of_case(subject.id) if subject.kind == "case" else [one] if one is not None else ()


def _verdict(tx: Transaction, subject: Subject, *, size: int) -> StoredVerdict | None:
    """The case's present one; one that the checkpoint does not cover gives way to the last one that it does."""
    present = tx.verdicts.current(subject.id) if subject.kind == "case" else None
    if present is None or present.entry < size:
        return present
    return next((one for one in tx.verdicts.of_case(subject.id) if one.entry < size), None)


def _spoiled(name: str) -> Exception:
    return custody_error("report" if name.startswith(REPORT) else "original_changed", name)


def _read(asked: Export, found: _Found) -> Iterator[Deed]:
    """That somebody took these bytes with them: of the case, and of each exhibit whose original goes along."""
    tenant, kind, id = asked.subject
    body = {"bundle": str(asked.subject), "checkpoint": found.proof.checkpoint.size}
    for subject in (id, *(one.id for one in (found.exhibits if kind == "case" else ()))):
        yield Deed(tenant=tenant, act=Act.READ, subject=subject, actor=asked.actor, body=body)


def _sources(blobs: Blobs, found: _Found) -> Iterator[Source]:
    """The report of a case, and the originals: bytes that are in a case twice are in the bundle once."""
    verdict = found.verdict
    if verdict is not None and verdict.erased_at is None:
        yield from _results(blobs, verdict, found.told)
    yield from {one.exhibit.sha256: _original(blobs, one) for one in found.exhibits if one.erased is None}.values()


def _results(blobs: Blobs, verdict: StoredVerdict, told: Mapping[str, Any]) -> Iterator[Source]:
    """A verdict's files that its custody entry holds, all of them, under the names that they have beside
    report.json."""
    index = blobs.get(f"{verdict.results}/{INDEX}")
    keys = json.loads(index) if index is not None else {}
    for name, digest in sorted(held_digests(blobs, verdict, told).items()):
        size = blobs.size(keys[name]) if name in keys else None
        if size is None:
            raise custody_error("file_missing", f"{REPORT}{name}")
        yield Source(f"{REPORT}{name}", size, partial(blobs.open, keys[name]), sha256=digest)


def _original(blobs: Blobs, filed: FiledExhibit) -> Source:
    sealed = filed.exhibit
    kind = re.sub(r"[^a-z0-9]", "", sealed.format.lower())[:8]
    name = f"originals/{sealed.sha256}.{kind}" if kind else f"originals/{sealed.sha256}"
    key = original_key(filed.tenant, sealed.sha256)
    return Source(name, sealed.bytes, partial(blobs.open, key), sha256=sealed.sha256)
