"""Exports a custody bundle: everything with which somebody who trusts nobody here can check a case, as one stream.

1. gather    entries, proofs, checkpoint and what is to be put in, in one transaction; that it was read is entered
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
from sixfaces.pipeline.custody import CustodyProof, Notary, Subject, checkpoint_now, proof_in
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import INDEX
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

    Raises at once RequestError `request.missing`, CustodyError `custody.out_of_range` for a `since` that lies ahead;
    while streaming StoreError, or CustodyError `custody.original_changed`: what came until then is no bundle.
    """
    checkpoint_now(service, notary)
    with service.records.begin(asked.subject.tenant) as tx:
        proof = proof_in(tx, asked.subject, at_least=asked.since or 0)
        old = () if asked.since is None else (tx.custody.consistency(asked.since, proof.checkpoint.size),)
        sources = tuple(_sources(tx, service.blobs, asked.subject))
        tx.custody.append(_read(asked, proof))
    contents = Contents(
        subject=proof.subject,
        checkpoint=proof.checkpoint,
        entries=proof.entries,
        proofs=proof.proofs,
        keys=notary.keys,
        consistency=old,
        chain=notary.stamper.chain if notary.stamper else None,
    )
    return packed(contents, sources, key=notary.key, spoiled=partial(custody_error, "original_changed"))


def _read(asked: Export, proof: CustodyProof) -> Deed:
    """That somebody took these bytes with them."""
    body = {"bundle": str(asked.subject), "checkpoint": proof.checkpoint.size}
    return Deed(
        tenant=asked.subject.tenant, act=Act.READ, subject=asked.subject.id, actor=asked.actor, body=body
    )  # fmt: skip


def _sources(tx: Transaction, blobs: Blobs, subject: Subject) -> Iterator[Source]:
    """The report of a case, and the originals: bytes that are in a case twice are in the bundle once."""
    if subject.kind == "case":
        verdict = tx.verdicts.current(subject.id)
        if verdict is not None:
            yield from _results(blobs, verdict)
        exhibits = tx.exhibits.of_case(subject.id)
    else:
        exhibits = [one for one in [tx.exhibits.get(subject.id)] if one is not None]
    yield from {one.exhibit.sha256: _original(blobs, one) for one in exhibits}.values()


def _results(blobs: Blobs, verdict: StoredVerdict) -> Iterator[Source]:
    """A verdict's files under the names that they have beside report.json."""
    index = blobs.get(f"{verdict.results}/{INDEX}")
    for name, key in sorted(json.loads(index).items() if index is not None else ()):
        size = blobs.size(key)
        if size is not None:
            yield Source(f"{REPORT}{name}", size, partial(blobs.open, key))


def _original(blobs: Blobs, filed: FiledExhibit) -> Source:
    sealed = filed.exhibit
    kind = re.sub(r"[^a-z0-9]", "", sealed.format.lower())[:8]
    name = f"originals/{sealed.sha256}.{kind}" if kind else f"originals/{sealed.sha256}"
    key = original_key(filed.tenant, sealed.sha256)
    return Source(name, sealed.bytes, partial(blobs.open, key), sha256=sealed.sha256)
