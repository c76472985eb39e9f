"""What telling both sides needs of the database and of the network, as plain interfaces."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sixfaces.domain.chronicle import Party
from sixfaces.domain.notice import Link, Notice, NoticeKind, NoticeRule, NoticeState
from sixfaces.domain.pages import Page


class NoticeQuery(NamedTuple):
    """Which notices: those that match everything given."""

    case_id: str | None = None
    state: NoticeState | None = None
    kind: NoticeKind | None = None
    party: Party | None = None


class NoticeCount(NamedTuple):
    """Notices of one state. `overdue`: for how long one of them could have been sent at most."""

    state: NoticeState
    notices: int
    overdue: timedelta | None


class Mail(NamedTuple):
    """A message to one address. `id` is the same for every attempt, so that one that arrives twice is known as such."""

    id: str
    to: str
    language: str
    subject: str
    text: str
    html: str
    at: datetime


class MailAnswer(NamedTuple):
    """What an attempt came to. `error` None: the server has taken it. `is_final`: it will never take this one."""

    status: int | None = None
    error: str | None = None
    is_final: bool = False


class Mailer(Protocol):
    """Hands a message to a mail server."""

    def send(self, mail: Mail) -> MailAnswer:
        """Raises nothing for whatever the other side is or does."""
        ...


class Notices(Protocol):
    """The outbox of notices, and what a tenant wants sent."""

    def add(self, notice: Notice) -> bool:
        """False, and nothing done, where this side was told of the same before."""
        ...

    def get(self, id: str) -> Notice | None:
        """One notice."""
        ...

    def find(self, query: NoticeQuery, page: Page) -> Sequence[Notice]:
        """Newest first."""
        ...

    def is_due(self) -> bool:
        """Whether there is anything to claim."""
        ...

    def claim(self, *, lease: timedelta) -> Notice | None:
        """The one that has been due the longest and is in nobody's hands, now in ours for so long, with a new token and
        one more attempt."""
        ...

    def attempted(self, notice: Notice) -> bool:
        """Write what came of an attempt; False, and nothing done, where the token is stale."""
        ...

    def again(self, id: str) -> Notice | None:
        """One that has ended is due now, with no attempt behind it; one that waits is due now."""
        ...

    def drop(self, case_id: str, *, error: str) -> int:
        """Nothing that waits for a case is sent any more; how many."""
        ...

    def count(self) -> Sequence[NoticeCount]:
        """How many are in each state."""
        ...

    def prune(self, *, before: datetime, limit: int) -> int:
        """Remove such as ended before this, of cases that are closed and held by nobody; how many."""
        ...

    def rule(self, tenant: str) -> NoticeRule:
        """What the tenant wants sent: everything, where it has said nothing."""
        ...

    def put_rule(self, rule: NoticeRule) -> None:
        """What the transaction's tenant wants sent."""
        ...


class Links(Protocol):
    """Links to how a claim stands."""

    def add(self, link: Link) -> None:
        """One more link."""
        ...

    def get(self, id: str) -> Link | None:
        """One link."""
        ...

    def of_case(self, case_id: str) -> Sequence[Link]:
        """Newest first, revoked and expired ones too."""
        ...

    def revoke(self, case_id: str, id: str | None = None) -> int:
        """One link of a case, or all of them, leads nowhere from now on; how many did until now."""
        ...
