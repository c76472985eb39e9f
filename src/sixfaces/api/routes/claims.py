"""Claims: what happened to one, what it lacks, what is due, what the machine recommends, what was decided."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.conditions import tag_seen
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told as Answered
from sixfaces.api.once import once
from sixfaces.api.rights import ADMINS, READERS, open_to
from sixfaces.decision.course import where_goods_are
from sixfaces.decision.incomplete import Lacking
from sixfaces.domain.case import Name
from sixfaces.domain.chronicle import Happening, Occurrence, Party
from sixfaces.domain.decision import Decision, Recommendation, Whereabouts
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.model import Instant, Model
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Transaction
from sixfaces.domain.service_times import ClockReading
from sixfaces.pipeline.claims import errors
from sixfaces.pipeline.claims.chronicling import OF_PEOPLE, Told, chronicle, refuse_closed
from sixfaces.pipeline.claims.deciding import Ruling, decide
from sixfaces.pipeline.claims.matters import Looked, judged_report, look, tag_of
from sixfaces.pipeline.inspections.knowing import refuse_blind
from sixfaces.pipeline.locked_case import locked_case
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.refusals import forbidden
from sixfaces.pipeline.watching.sampling import check_sighted

router = APIRouter(route_class=GuardedRoute, prefix="/cases", tags=["claims"])

SIGNERS = ADMINS | {ApiRole.REVIEWER}
"""Decisions are signed by people."""


class ClaimView(Model):
    """How a claim stands: what it lacks, where the goods are, every clock, what was decided."""

    lacks: tuple[Lacking, ...]
    where: Whereabouts
    clocks: tuple[ClockReading, ...]
    decision: Decision | None
    now: AwareDatetime


class NewEntry(Model):
    """Something that happened. `reference` is the source's own number of it: the same again changes nothing."""

    what: Happening
    source: Party
    at: Instant | None = None
    reference: Name | None = None


class Entries(Model):
    """A chronicle."""

    items: tuple[Occurrence, ...]


class Decisions(Model):
    """All decisions on a case, newest first."""

    items: tuple[Decision, ...]


@router.get("/{case_id}/claim", summary="How a claim stands", **open_to(READERS))
def get_claim(asking: Asking, case_id: str) -> ClaimView:
    """Computed now, from the case and its chronicle."""
    looked = _look(asking, case_id)
    report = looked.matter.report
    unboxed = any(one.role.value == "unboxing_video" for one in report.exhibits) if report else False
    return ClaimView(
        lacks=looked.lacks,
        where=where_goods_are(looked.case.file, looked.matter.course, unboxed=unboxed),
        clocks=looked.clocks,
        decision=looked.current,
        now=looked.now,
    )


@router.get("/{case_id}/chronicle", summary="What happened to a claim", **open_to(READERS))
def get_chronicle(asking: Asking, case_id: str) -> Entries:
    """In the order in which it happened, with what was struck."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case = _case(transaction, asking, case_id)
        return Entries(items=tuple(transaction.chronicle.of_case(case.id)))


@router.post("/{case_id}/chronicle", status_code=201, summary="Tell what happened", response_model=Occurrence,
             **open_to(READERS, 200, 409, 413, 415))  # fmt: skip
def add_entry(asking: Asking, case_id: str, new: NewEntry) -> Response:
    """Entries are never changed; one that is wrong is struck by another. What people judge is told by people; of a
    closed case only what was paid, what it cost, and what the buyer says of it."""
    _check(asking, case_id)
    if isinstance(new.what, OF_PEOPLE) and asking.principal.role not in SIGNERS:
        raise forbidden()

    def work(transaction: Transaction) -> Answered:
        case = case_of(transaction, case_id)
        refuse_closed(transaction, case, new.what)
        told = Told(new.what, new.source, new.at, reference=new.reference)
        entered = chronicle(transaction, case, asking.principal.actor, told=told)
        jobs = [entered.job] if entered.job else []
        return Answered(entered.entry, 201 if entered.is_new else 200, jobs=jobs)

    return once(asking, work)


@router.get("/{case_id}/recommendation", summary="What the machine recommends", **open_to(READERS, 422))
def get_recommendation(asking: Asking, case_id: str, response: Response) -> Recommendation:
    """By the platform's decision table, with every reason and what is awaited. Its ETag goes with the decision."""
    looked = _look(asking, case_id)
    found = looked.recommended()
    if found is None:
        raise errors.incomplete([one.field for one in looked.lacks if one.field.startswith("claim.")])
    response.headers["etag"] = f'"{tag_of(looked, found)}"'
    return found


@router.post("/{case_id}/decisions", status_code=201, summary="Decide", response_model=Decision,
             **open_to(SIGNERS, 409, 412, 413, 415, 422, 428))  # fmt: skip
def add_decision(asking: Asking, case_id: str, ruling: Ruling) -> Response:
    """Signed by who asks. Needs If-Match with the ETag of the recommendation that they looked at. An empty body decides
    as recommended; what differs needs `overrules` and `note`, and what takes an earlier decision's place names it as
    `supersedes`."""
    who = asking.principal
    _check(asking, case_id)
    seen = tag_seen(asking.request)
    judged = judged_report(asking.service, who.tenant, case_id)

    def work(transaction: Transaction) -> Answered:
        case = locked_case(transaction, case_id)
        found = look(transaction, case, judged, rules=asking.service.rules)
        made = decide(transaction, found, who.actor, ruling=ruling, seen=seen)
        return Answered(made.decision, 201, jobs=[made.job])

    return once(asking, work)


@router.get("/{case_id}/decisions", summary="What was decided", **open_to(READERS))
def get_decisions(asking: Asking, case_id: str) -> Decisions:
    """All decisions on the case, newest first; each but the first is superseded by the one before it in this list."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case = _case(transaction, asking, case_id)
        return Decisions(items=tuple(transaction.decisions.of_case(case.id)))


def _look(asked: Asked, case_id: str) -> Looked:
    who = asked.principal
    _check(asked, case_id)
    judged = judged_report(asked.service, who.tenant, case_id)
    with asked.service.records.begin(who.tenant, reading=True) as transaction:
        return look(transaction, _case(transaction, asked, case_id), judged, rules=asked.service.rules)


def _check(asked: Asked, case_id: str) -> None:
    """Before anything is answered, also from what was kept of an earlier answer."""
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        _case(transaction, asked, case_id)


def _case(transaction: Transaction, asked: Asked, case_id: str) -> FiledCase:
    """A case of whose course they may know. Raises `inspection.blind` for who takes a second look at its goods."""
    case = case_of(transaction, case_id)
    refuse_blind(transaction, asked.principal, case.id)
    check_sighted(transaction, asked.principal, case.id)
    return case
