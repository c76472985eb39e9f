"""The custody log: what it says of a case or an exhibit, proofs that it says so, and its signed state."""

import base64
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.cursors import Cursor, cursor_to, place_of
from sixfaces.api.files import LOOK_S, attachment
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, READERS, open_to
from sixfaces.domain.custody import Checkpoint, ConsistencyProof, Entry, InclusionProof
from sixfaces.domain.model import Model, Sha256
from sixfaces.pipeline.custody import MOST_ENTRIES, CustodyProof, Notary, Stretch, Subject, custody_of
from sixfaces.pipeline.exporting import Export, export_bundle
from sixfaces.pipeline.personal import check_originals
from sixfaces.pipeline.reading import case_of, exhibit_of
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.visible import refuse_unsighted
from sixfaces.vault.custody_keys import keys_text

router = APIRouter(route_class=GuardedRoute, tags=["custody"])

MOST = 2**62
Size = Annotated[int, Query(ge=0, le=MOST)]
Entries = Annotated[int, Query(ge=1, le=MOST_ENTRIES, title="How many at most")]


class CheckpointView(Model):
    """The log's state at a size, signed. `note` is what was signed; `stamp` a timestamp answer over it, in base64."""

    origin: str
    size: int
    root: Sha256
    at: datetime
    note: str
    stamp: str | None


class ProofView(Model):
    """What the log says of a subject, in order; each entry's proof leads from its leaf to the checkpoint's root. `next`
    leads to later entries and is null where there are none; each page has a checkpoint of its own."""

    subject: str
    checkpoint: CheckpointView
    entries: tuple[Entry, ...]
    proofs: tuple[InclusionProof, ...]
    next: str | None = None


@router.get("/cases/{case_id}/custody", summary="Custody of a case", **open_to(READERS, 409, as_it_is=True))
def get_case_custody(
    asking: Asking, case_id: str, limit: Entries = MOST_ENTRIES, *, cursor: Cursor = None
) -> ProofView:
    """All entries on the case and its exhibits, with proofs."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case = case_of(transaction, case_id)
        refuse_unsighted(transaction, asking.principal, case.id)
    return _proven(asking, Subject(case.tenant, "case", case.id), page=(limit, cursor))


@router.get("/exhibits/{exhibit_id}/custody", summary="Custody of an exhibit", **open_to(ANYONE, 409, as_it_is=True))
def get_exhibit_custody(
    asking: Asking, exhibit_id: str, limit: Entries = MOST_ENTRIES, *, cursor: Cursor = None
) -> ProofView:
    """All entries on the exhibit, with proofs: who handed it in, what was measured, who read it."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_of(transaction, asking.principal, exhibit_id)
        refuse_unsighted(transaction, asking.principal, exhibit.case_id)
    return _proven(asking, Subject(exhibit.tenant, "exhibit", exhibit.id), page=(limit, cursor))


@router.get(
    "/cases/{case_id}/custody.zip",
    summary="A case as a bundle",
    response_class=Response,
    **open_to(READERS, 409, gives="application/zip"),
)
def get_case_bundle(asking: Asking, case_id: str, since: Size | None = None) -> Response:
    """Originals, reports, entries and proofs in one file that `sixfaces audit verify` checks without this server.
    `since`: the size of a checkpoint that a witness has seen. That it was taken is entered in the log."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case = case_of(transaction, case_id)
        refuse_unsighted(transaction, asking.principal, case.id)
    check_originals(asking.principal)
    subject = Subject(asking.principal.tenant, "case", case.id)
    pieces = export_bundle(asking.service, notary_of(asking), Export(subject, asking.principal.actor, since))
    return zip_response(pieces, f"{case.file.case_id}.zip", may_go_on=asking.may_go_on)


@router.get("/checkpoints/newest", summary="The newest checkpoint", **open_to(ANYONE, 409, as_it_is=True))
def get_newest_checkpoint(asking: Asking) -> CheckpointView:
    """Keep it: a later log that does not extend it has been rewritten."""
    return _checkpoint(asking, None)


@router.get(
    "/checkpoints/covering", summary="A checkpoint of at least this size", **open_to(ANYONE, 409, as_it_is=True)
)
def get_checkpoint(asking: Asking, size: Size) -> CheckpointView:
    """The oldest that covers so many entries."""
    return _checkpoint(asking, size)


@router.get("/checkpoints/consistency", summary="That a log extends another", **open_to(ANYONE, 409, as_it_is=True))
def get_consistency(asking: Asking, old: Size, new: Size) -> ConsistencyProof:
    """Proof that the log of `new` entries begins with that of `old`."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return transaction.custody.consistency(old, new)


@router.get(
    "/checkpoints/keys",
    summary="Keys of the log",
    response_class=Response,
    **open_to(ANYONE, gives="text/plain"),
)
def get_log_keys(asking: Asking) -> Response:
    """All public keys that ever signed it, one a line with its times."""
    return Response(keys_text(notary_of(asking).keys), media_type="text/plain; charset=utf-8")


def _proven(asked: Asked, subject: Subject, *, page: tuple[int, str | None]) -> ProofView:
    limit, cursor = page
    part = Stretch(-1 if cursor is None else int(place_of(asked, cursor)), limit)
    found = custody_of(asked.service, notary_of(asked), subject, part=part)
    return _shown(found, further=cursor_to(asked, str(found.entries[-1].seq)) if found.more else None)


def _checkpoint(asked: Asked, size: int | None) -> CheckpointView:
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        found = transaction.custody.checkpoint(size)
    if found is None:
        raise missing()
    return _signed(found)


def _shown(proof: CustodyProof, *, further: str | None) -> ProofView:
    checkpoint = _signed(proof.checkpoint)
    return ProofView(
        subject=proof.subject, checkpoint=checkpoint, entries=proof.entries, proofs=proof.proofs, next=further
    )


def _signed(one: Checkpoint) -> CheckpointView:
    stamp = None if one.stamp is None else base64.b64encode(one.stamp).decode("ascii")
    return CheckpointView(origin=one.origin, size=one.size, root=one.root, at=one.at, note=one.note, stamp=stamp)


def notary_of(asked: Asked) -> Notary:
    """Who signs the log of this installation."""
    notary: Notary = asked.request.app.state.notary
    return notary


def zip_response(pieces: Iterator[bytes], name: str, *, may_go_on: Callable[[], bool]) -> Response:
    """An archive as a download. The first piece is made before the status goes out: what is wrong at once is told as a
    problem."""
    first = next(pieces)

    def all_of_it() -> Iterator[bytes]:
        yield first
        looked = time.monotonic()
        for piece in pieces:
            if time.monotonic() - looked >= LOOK_S:
                looked = time.monotonic()
                if not may_go_on():
                    raise PermissionError("the key is no longer good")  # the connection breaks off
            yield piece

    headers = {"content-disposition": attachment(name)}
    return StreamingResponse(all_of_it(), headers=headers, media_type="application/zip")
