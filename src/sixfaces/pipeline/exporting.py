"""Exports a custody bundle: everything with which somebody who trusts nobody here can check a case, as one stream.

1. gather    entries, proofs, checkpoint and what is to be put in, in one transaction, while nothing can be sealed in
             the case; that it was read is entered
2. pack      files pass by in pieces of 1 MiB; an original that is not what was sealed ends the stream
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.custody import CustodyProof, Notary, Subject, checkpoint_in, proof_in
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import INDEX, entered_of, held_digests
from sixfaces.vault.bundle_form import REPORT
from sixfaces.vault.bundle_writing import Contents, Source, packed
from sixfaces.vault.faults import custody_error


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
    with service.records.begin(asked.subject.tenant) as tx:
        _hold(tx, asked.subject)
        checkpoint_in(tx, notary)
        proof = proof_in(tx, asked.subject, at_least=asked.since or 0)
        old = () if asked.since is None else (tx.custody.consistency(asked.since, proof.checkpoint.size),)
        sources = tuple(_sources(tx, service.blobs, asked.subject))
        tx.custody.append(*_read(tx, asked, proof))
    contents = Contents(
        subject=proof.subject,
        checkpoint=proof.checkpoint,
        entries=proof.entries,
        proofs=proof.proofs,
        keys=notary.keys,
        consistency=old,
        chain=notary.stamper.chain if notary.stamper else None,
    )
    return packed(contents, sources, key=notary.key, spoiled=_spoiled)


def _hold(tx: Transaction, subject: Subject) -> None:
    """Who seals in the case or judges it waits until everything is gathered: what is in the bundle is covered by its
    checkpoint."""
    exhibit = tx.exhibits.get(subject.id) if subject.kind == "exhibit" else None
    tx.cases.get(exhibit.case_id if exhibit is not None else subject.id, lock=True)


def _spoiled(name: str) -> Exception:
    return custody_error("report" if name.startswith(REPORT) else "original_changed", name)


def _read(tx: Transaction, asked: Export, proof: CustodyProof) -> Iterator[Deed]:
    """That somebody took these bytes with them: of the case, and of each exhibit whose original goes along."""
    tenant, kind, id = asked.subject
    body = {"bundle": str(asked.subject), "checkpoint": proof.checkpoint.size}
    for subject in (id, *(one.id for one in (tx.exhibits.of_case(id) if kind == "case" else ()))):
        yield Deed(tenant=tenant, act=Act.READ, subject=subject, actor=asked.actor, body=body)


def _sources(tx: Transaction, blobs: Blobs, subject: Subject) -> Iterator[Source]:
    """The report of a case, and the originals: bytes that are in a case twice are in the bundle once."""
    if subject.kind == "case":
        verdict = tx.verdicts.current(subject.id)
        if verdict is not None:
            yield from _results(tx, blobs, verdict)
        exhibits = tx.exhibits.of_case(subject.id)
    else:
        exhibits = [one for one in [tx.exhibits.get(subject.id)] if one is not None]
    yield from {one.exhibit.sha256: _original(blobs, one) for one in exhibits}.values()


def _results(tx: Transaction, blobs: Blobs, verdict: StoredVerdict) -> Iterator[Source]:
    """A verdict's files that its custody entry holds, all of them, under the names that they have beside
    report.json."""
    index = blobs.get(f"{verdict.results}/{INDEX}")
    keys = json.loads(index) if index is not None else {}
    for name, digest in sorted(held_digests(blobs, verdict, entered_of(tx, verdict)).items()):
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
