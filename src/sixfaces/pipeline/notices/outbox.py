"""Notices as people look at them: one, and sending it again."""

from sixfaces.domain.notice import Notice, NoticeState
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.notices.refusals import cannot_be_sent_again
from sixfaces.pipeline.refusals import missing


def notice_of(transaction: Transaction, id: str) -> Notice:
    """One notice. Raises `request.missing`."""
    notice = transaction.notices.get(id) if is_id(id) else None
    if notice is None:
        raise missing()
    return notice


def replay_notice(transaction: Transaction, id: str) -> Notice:
    """Send one that has not been sent, now. Raises `request.missing`, ClaimError `claim.notice_sent`."""
    if notice_of(transaction, id).state is NoticeState.SENT:
        raise cannot_be_sent_again()
    again = transaction.notices.again(id)
    if again is None:
        raise missing()
    return again
