"""A pack of a case of an installation, signed by its custody key, with what the log says of originals and report.

1. look     the verdict, as whoever asks may see it; who may not see personal data gets none in the pack
2. make     of the files that the log holds the verdict to, and of the masked twins where they are to be masked
3. prove    the entries that say that the originals were sealed and that this report was the outcome
4. enter    who took which pack, before they have it
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.case import CaseFile
from sixfaces.domain.custody import Act, Deed, Entry
from sixfaces.domain.errors import ClipError, StoreError
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.masked import masked_model
from sixfaces.domain.model import Say
from sixfaces.domain.pack import Pack, PackedOriginal, PackKind
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.twins import twin_of
from sixfaces.pipeline.custody import Notary, Subject, checkpoint_now, proof_in
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.making import Made, make_pack, pack_digest
from sixfaces.pipeline.packing.material import Asked, Material, Picture
from sixfaces.pipeline.read_entries import enter_report
from sixfaces.pipeline.reading import case_of, verdict_of
from sixfaces.pipeline.refusals import erased, not_for_them, not_yet
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.takes import take_in_custody
from sixfaces.pipeline.visible import refuse_unsighted
from sixfaces.pipeline.work.results import INDEX, changed, entered_of, held_digests
from sixfaces.report.packs.wording import Behind
from sixfaces.report.serial import read_report
from sixfaces.vault.bundle_writing import Source
from sixfaces.vault.pack_writing import LogProof, PackContents, packed_exhibits

COMMAND = "worker:sixfaces-pack"
"""As the log names whoever runs the command on the machine of the installation."""
PROVING = frozenset({Act.SEAL, Act.OBSERVE, Act.DAMAGE, Act.ERASE})


class Found(NamedTuple):
    """A verdict and its files: their digests as the log holds them, and the keys under which they lie."""

    verdict: StoredVerdict
    case: CaseFile
    digests: Mapping[str, str]
    keys: Mapping[str, str]


class For(NamedTuple):
    """Who asks for a pack, and of which case; `verdict`: what they were told that it would be made on."""

    who: Principal
    case_id: str
    verdict: str | None = None


class Planned(NamedTuple):
    """What a pack would hold, and the id of the verdict that it is made on."""

    pack: Pack
    verdict: str


def pack_for(service: Service, notary: Notary, whom: For, *, asked: Asked) -> tuple[Made, Iterator[bytes]]:
    """The pack for somebody who asks, and its bytes in pieces. Blocks.

    Raises RequestError `request.missing`, `request.not_yet`, `request.erased`, `request.personal` for who asks for
    personal data without the right to it; PackError `pack.superseded` where another verdict is the present one by now;
    what `make_pack` raises; StoreError `store.corrupt`.
    """
    if not asked.masked and not whom.who.sees_personal:
        raise not_for_them()
    return _packed(service, notary, _found_for(service, whom), actor=whom.who.actor, asked=asked)


def described(service: Service, whom: For, *, asked: Asked) -> Planned:
    """What the pack would hold. That somebody looked at the case's report is entered, as wherever it is shown. Who may
    unmask the case for a reason may plan a pack that shows personal data, and states the reason when they take it: what
    is told here is masked for them as everything is. Raises as `pack_for`."""
    if not asked.masked and not (whom.who.sees_personal or whom.who.may_unmask):
        raise not_for_them()
    found = _found_for(service, whom)
    made = _made(service, found, asked)
    enter_report(service, whom.who, found.verdict)
    return Planned(made.pack, found.verdict.id)


def _found_for(service: Service, whom: For) -> Found:
    """1."""
    with service.records.begin(whom.who.tenant, reading=True) as tx:
        refuse_unsighted(tx, whom.who, case_of(tx, whom.case_id).id)
        verdict = verdict_of(tx, whom.who, whom.case_id, verdict_id=None)
        if whom.verdict not in {None, verdict.id}:
            raise refusals.superseded()
        return _found(service.blobs, tx, verdict)


def pack_of_case_numbered(
    service: Service, notary: Notary, number: str, *, tenant: str, asked: Asked
) -> tuple[Made, Iterator[bytes]]:
    """The same for who runs the command. Raises PackError `pack.no_case` for a number that no case has, or one that is
    not verified."""
    with service.records.begin(tenant, reading=True) as tx:
        case = tx.cases.by_case_id(number)
        verdict = tx.verdicts.current(case.id) if case is not None else None
        if verdict is None:
            raise refusals.no_report(number)
        found = _found(service.blobs, tx, verdict)
    return _packed(service, notary, found, actor=COMMAND, asked=asked)


def _found(blobs: Blobs, tx: Transaction, verdict: StoredVerdict) -> Found:
    """1."""
    if verdict.erased_at is not None:
        raise erased(verdict.id, verdict.erased_at)
    told = entered_of(tx, verdict)
    index = blobs.get(f"{verdict.results}/{INDEX}")
    if "results_sha256" not in told or index is None:
        raise not_yet(Say(zh="可供打包的报告", en="report that a pack can be made of"))
    digests = held_digests(blobs, verdict, told)
    return Found(verdict, case_of(tx, verdict.case_id).file, digests, json.loads(index))


def _packed(
    service: Service, notary: Notary, found: Found, *, actor: str, asked: Asked
) -> tuple[Made, Iterator[bytes]]:
    if asked.enclose and asked.masked:
        raise refusals.original_in_masked()
    verdict = found.verdict
    made = _made(service, found, asked)  # 2.
    enclosed = [_source(service.blobs, verdict.tenant, one) for one in made.pack.originals if asked.enclose]
    _take_entered(service, made, verdict, actor=actor)
    log = _proof(service, notary, made, verdict=verdict)  # 3.
    body = {
        "what": "pack",
        "channel": made.pack.channel,
        "verdict": verdict.id,
        "masked": "yes" if asked.masked else "no",
        "files_sha256": pack_digest(made.pack),
    }
    with service.records.begin(verdict.tenant) as tx:  # 4.
        whole = tx.exhibits.of_case(verdict.case_id) if enclosed else ()
        read = Deed(tenant=verdict.tenant, act=Act.READ, subject=verdict.case_id, actor=actor, body=body)
        tx.custody.append(read, *(read.model_copy(update={"subject": one.id}) for one in whole))
    contents = PackContents(made.pack, made.files, found.digests, proofs=made.proofs, case=verdict.case_id, log=log)
    return made, packed_exhibits(contents, enclosed, key=notary.key)


def _source(blobs: Blobs, tenant: str, one: PackedOriginal) -> Source:
    """A sealed original, to lie in the pack bit for bit."""
    opened = partial(blobs.open, original_key(tenant, one.sha256))
    return Source(f"originals/{one.sha256}", one.bytes, opened, sha256=one.sha256)


def _made(service: Service, found: Found, asked: Asked) -> Made:
    """2. What is erased while it is being read is told as erased, and not as damaged."""
    tenant = found.verdict.tenant
    try:
        material = _material(service.blobs, found, masked=asked.masked)
        made = make_pack(material._replace(original=partial(_original, (service.blobs, tenant))), asked)
    except StoreError:
        with service.records.begin(tenant, reading=True) as tx:
            now = next((one for one in tx.verdicts.of_case(found.verdict.case_id) if one.id == found.verdict.id), None)
        if now is not None and now.erased_at is not None:
            raise erased(now.id, now.erased_at) from None
        raise
    originals = tuple(one.model_copy(update={"enclosed": asked.enclose}) for one in made.pack.originals)
    return made._replace(pack=made.pack.model_copy(update={"originals": originals}))


def _material(blobs: Blobs, found: Found, *, masked: bool) -> Material:
    """2."""
    data = _file(blobs, found, "report.json")
    if data is None:
        raise changed()
    report = read_report(data[0])
    return Material(
        report=masked_model(report) if masked else report,
        case=masked_model(found.case) if masked else found.case,
        results=found.digests,
        picture=partial(_picture, blobs, found, masked=masked),
        behind=Behind.LOG,
    )


def _picture(blobs: Blobs, found: Found, name: str, *, masked: bool) -> Picture | None:
    """The picture, or its masked twin; one without a twin is masked afresh by whoever makes the pack."""
    top, exhibit, rest = name.split("/", 2)
    twin = _file(blobs, found, f"{top}/{exhibit}/{twin_of(rest)}") if masked else None
    if twin is not None:
        return Picture(*twin, masked=True)
    own = _file(blobs, found, name)
    return None if own is None else Picture(*own)


def _original(place: tuple[Blobs, str], held: ExitStack, sha256: str) -> Path:
    """The sealed file, checked against its digest."""
    blobs, tenant = place
    return held.enter_context(blobs.fetched(original_key(tenant, sha256), sha256=sha256))


def _take_entered(service: Service, made: Made, verdict: StoredVerdict, *, actor: str) -> None:
    """A clip leads back to its take by a root in the log: it is entered now where no entry has it yet."""
    filmed = {shown.original for one in made.pack.files if one.kind is PackKind.CLIP for shown in one.shows}
    with service.records.begin(verdict.tenant, reading=True) as tx:
        exhibits = [one for one in tx.exhibits.of_case(verdict.case_id) if one.exhibit.sha256 in filmed]
    for exhibit in exhibits[:1]:
        with suppress(ClipError):  # of what has no groups a clip has no proof, and its claim says so
            take_in_custody(service, exhibit, actor=actor)


def _file(blobs: Blobs, found: Found, name: str) -> tuple[bytes, str] | None:
    """A file of the report and its digest; None for one that it does not have. Raises `store.corrupt` for one that is
    gone from the store, and for other bytes than were judged."""
    key = found.keys.get(name)
    if key is None and name not in found.digests:
        return None
    data = None if key is None else blobs.get(key)
    if data is None:
        raise changed()
    digest = hashlib.sha256(data).hexdigest()
    if digest != found.digests.get(name):
        raise changed()
    return data, digest


def _proof(service: Service, notary: Notary, made: Made, *, verdict: StoredVerdict) -> LogProof:
    """3."""
    checkpoint_now(service, notary)
    originals = {one.sha256 for one in made.pack.originals}

    def wanted(entry: Entry) -> bool:
        return entry.seq == verdict.entry or (entry.act in PROVING and entry.body.get("sha256") in originals)

    with service.records.begin(verdict.tenant, reading=True) as tx:
        told = proof_in(tx, Subject(verdict.tenant, "case", verdict.case_id), wanted=wanted)
    return LogProof(
        checkpoint=told.checkpoint,
        entries=told.entries,
        proofs=told.proofs,
        keys=notary.keys,
        chain=notary.stamper.chain if notary.stamper else None,
    )
