"""What waits for a reviewer."""

from decimal import Decimal

from fastapi import APIRouter
from pydantic import AwareDatetime

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, cursor_to, place_of
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import READERS, open_to
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import ClaimKind, ClaimReason, Name
from sixfaces.domain.chronicle import Party
from sixfaces.domain.filing import CaseState
from sixfaces.domain.model import Model, Say, Text
from sixfaces.domain.people import Id
from sixfaces.domain.records import Page
from sixfaces.domain.service_times import ClockState
from sixfaces.pipeline.claims.queue import Urgency, Waiting, waiting

router = APIRouter(route_class=GuardedRoute, prefix="/review-queue", tags=["claims"])


class WaitingClock(Model):
    """The most urgent clock of a case."""

    code: Text
    title: Say
    holder: Party
    state: ClockState
    due_at: AwareDatetime | None
    why: Say


class WaitingCase(Model):
    """A case that waits for somebody. `hidden`: who asks must not know how it stands, and is told neither verdict nor
    clock."""

    id: Id
    number: Name
    platform: Text | None
    state: CaseState
    kind: ClaimKind | None
    reason: ClaimReason | None
    title: Text | None
    category: Text | None
    lines: int
    value: Decimal | None
    currency: Text | None
    opened_at: AwareDatetime
    verdict: Verdict | None
    judged_at: AwareDatetime | None
    clock: WaitingClock | None
    urgency: Urgency
    hidden: bool


class Queue(Model):
    """In the order to look at them; `next` leads to older cases, which are in an order of their own."""

    items: tuple[WaitingCase, ...]
    next: str | None = None
    now: AwareDatetime


@router.get("", summary="What waits for a reviewer", **open_to(READERS))
def get_queue(asking: Asking, limit: Limit = USUAL, cursor: Cursor = None) -> Queue:
    """Cases that are neither closed nor decided nor withdrawn: those with the least time left first, then
    those of which the machine is least sure, then those that are worth most. The order is that of a page, which holds
    the newest cases."""
    before, who = None if cursor is None else place_of(asking, cursor), asking.principal
    with asking.service.records.begin(who.tenant, reading=True) as transaction:
        page = Page(before=before, limit=limit)
        rows, older = waiting(transaction, who, page, rules=asking.service.rules)
        now = transaction.now
    return Queue(items=tuple(map(_case, rows)), next=cursor_to(asking, older) if older else None, now=now)


def _case(row: Waiting) -> WaitingCase:
    file, clock, verdict = row.case.file, row.clock, row.verdict
    claimed = [claimed.line for claimed in file.claim.lines] or range(len(file.order.items))
    items = [file.order.items[line] for line in claimed if line < len(file.order.items)]
    names = WaitingClock.model_fields
    return WaitingCase(
        id=row.case.id,
        number=file.case_id,
        platform=file.platform,
        state=row.case.state,
        kind=file.claim.kind,
        reason=file.claim.reason,
        title=items[0].title if items else None,
        category=items[0].category if items else None,
        lines=len(items),
        value=row.value,
        currency=row.currency,
        opened_at=row.case.opened_at,
        verdict=verdict.verdict if verdict else None,
        judged_at=verdict.judged_at if verdict else None,
        clock=WaitingClock(**{name: getattr(clock, name) for name in names}) if clock else None,
        urgency=row.urgency,
        hidden=row.is_hidden,
    )
