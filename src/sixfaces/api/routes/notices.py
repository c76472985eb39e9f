"""Notices to buyers and sellers: what was told, what waits, what was given up; and which are wanted."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, READERS, open_to
from sixfaces.domain.chronicle import Party
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Model
from sixfaces.domain.notice import Notice, NoticeKind, NoticeRule, NoticeState, ToldParty
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Id
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.notices.outbox import notice_of, notices_of, replay_notice
from sixfaces.pipeline.notices.reasons import reason

router = APIRouter(route_class=GuardedRoute, tags=["notices"])

CaseId = Annotated[str | None, Query(min_length=36, max_length=36)]


class NoticeView(Model):
    """A notice. `about`: the chronicle's entry that it tells of, or the case itself. `reason`: why the last attempt did
    not end well, or why it is not sent. Its address is the case's, its words are made when it goes out."""

    id: Id
    case_id: Id
    about: Id
    kind: NoticeKind
    party: ToldParty
    state: NoticeState
    attempts: int
    next_attempt_at: AwareDatetime | None
    last_attempt_at: AwareDatetime | None
    last_status: int | None
    reason: Quarantine | None
    created_at: AwareDatetime
    ended_at: AwareDatetime | None


@router.get("/notices", summary="Notices", **open_to(READERS))
def list_notices(  # noqa: PLR0913 the filters
    asking: Asking,
    *,
    case_id: CaseId = None,
    state: NoticeState | None = None,
    kind: NoticeKind | None = None,
    party: Party | None = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[NoticeView]:
    """Newest first. Those that were given up have the state `failed`."""
    who, query = asking.principal, NoticeQuery(case_id, state, kind, party)

    def find(page: Page) -> list[NoticeView]:
        with asking.service.records.begin(who.tenant, reading=True) as transaction:
            return [view_of(one) for one in notices_of(transaction, who, query, page=page)]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/notices/{notice_id}", summary="A notice", **open_to(READERS, 409))
def get_notice(asking: Asking, notice_id: str) -> NoticeView:
    """How often it was tried, when it will be again, and what came of it."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return view_of(notice_of(transaction, asking.principal, notice_id))


@router.post("/notices/{notice_id}/replay", summary="Send a notice again", response_model=NoticeView,
             **open_to(READERS, 409))  # fmt: skip
def replay(asking: Asking, notice_id: str) -> Response:
    """One that was given up or not sent, or now instead of later. One that was sent is not sent twice."""
    who = asking.principal
    with asking.service.records.begin(who.tenant, reading=True) as transaction:
        notice_of(transaction, who, notice_id)  # an answer that was kept tells of it as well
    return once(asking, lambda transaction: Told(view_of(replay_notice(transaction, who, notice_id))))


@router.get("/notice-rule", summary="Which notices are sent", **open_to(READERS))
def get_rule(asking: Asking) -> NoticeRule:
    """All of them, where the tenant has said nothing."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return transaction.notices.rule(asking.principal.tenant)


@router.put("/notice-rule", summary="Say which notices are sent", response_model=NoticeRule,
            **open_to(ADMINS, 413, 415))  # fmt: skip
def put_rule(asking: Asking, rule: NoticeRule) -> Response:
    """Kinds that are off are sent to nobody, or not to one side; those that wait are dropped."""

    def work(transaction: Transaction) -> Told:
        transaction.notices.put_rule(rule)
        return Told(rule)

    return once(asking, work)


def view_of(notice: Notice) -> NoticeView:
    """Without what only the sender needs."""
    told = {name: getattr(notice, name) for name in NoticeView.model_fields if name != "reason"}
    return NoticeView(**told, reason=reason(notice.last_error) if notice.last_error else None)
