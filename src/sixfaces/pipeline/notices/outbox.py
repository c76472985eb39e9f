"""Notices as people look at them: one, and sending it again."""

from collections.abc import Sequence

from sixfaces.domain.notice import Notice, NoticeState
from sixfaces.domain.notice_ports import NoticeCount, NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.notices.refusals import cannot_be_sent_again
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.visible import refuse_unsighted, unsighted_cases


def notices_of(transaction: Transaction, who: Principal, query: NoticeQuery, *, page: Page) -> Sequence[Notice]:
    """Newest first, without those of cases of which who asks must not know how they go: a notice tells by its kind."""
    shown: list[Notice] = []
    while len(shown) < page.limit:
        found = transaction.notices.find(query, page)
        unsighted = unsighted_cases(transaction, who, {one.case_id for one in found})
        shown += (one for one in found if one.case_id not in unsighted)
        if len(found) < page.limit:
            break
        page = page._replace(before=found[-1].id)
    return shown[: page.limit]


def notice_of(transaction: Transaction, who: Principal, id: str) -> Notice:
    """One notice. Raises `request.missing`, `inspection.blind`, `watching.blind`."""
    notice = transaction.notices.get(id) if is_id(id) else None
    if notice is None:
        raise missing()
    refuse_unsighted(transaction, who, notice.case_id)
    return notice


def replay_notice(transaction: Transaction, who: Principal, id: str) -> Notice:
    """Send one that has not been sent, now. Raises as `notice_of`, and ClaimError `claim.notice_sent`."""
    if notice_of(transaction, who, id).state is NoticeState.SENT:
        raise cannot_be_sent_again()
    again = transaction.notices.again(id)
    if again is None:
        raise missing()
    return again


def notices_counted(service: Service) -> Sequence[NoticeCount]:
    """Notices of all tenants, counted: for figures that name none."""
    with service.records.begin(None, reading=True) as transaction:
        return transaction.notices.count()
