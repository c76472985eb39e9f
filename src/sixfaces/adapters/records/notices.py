"""The outbox of notices, what tenants want sent, and links to how a claim stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, exists, func, select, update

from sixfaces.adapters.records.holds import held_now
from sixfaces.adapters.records.notice_tables import PENDING, links, notice_rules, notices
from sixfaces.adapters.records.scope import Scope, Shape, bounded, paged
from sixfaces.adapters.records.tables import cases
from sixfaces.domain.notice import Link, Notice, NoticeRule, NoticeState
from sixfaces.domain.notice_ports import NoticeCount, NoticeQuery
from sixfaces.domain.pages import Page

_NOTICE = Shape(notices, Notice)
_LINK = Shape(links, Link)
_OUTCOME = ("state", "next_attempt_at", "last_attempt_at", "last_status", "last_error", "ended_at", "attempts")
_told = notices.c


class SqlNotices:
    """Notices (domain.notice_ports)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, notice: Notice) -> bool:
        """As in the interface."""
        self._scope.own(notice.tenant)
        new = self._scope.insert(notices).values(_NOTICE.values(notice))
        once = new.on_conflict_do_nothing(index_elements=["tenant", "about", "party"])
        return self._scope.first(once.returning(_told.id)) is not None

    def get(self, id: str) -> Notice | None:
        """As in the interface."""
        return _NOTICE.maybe(self._scope.first(_NOTICE.rows.where(_told.id == id, self._scope.sees(notices))))

    def find(self, query: NoticeQuery, page: Page) -> Sequence[Notice]:
        """As in the interface."""
        wanted = [_told[name] == value for name, value in query._asdict().items() if value is not None]
        asked = paged(_NOTICE.rows.where(self._scope.sees(notices), *wanted), _told.id, page)
        return [_NOTICE.read(row) for row in self._scope.rows(asked)]

    def is_due(self) -> bool:
        """As in the interface."""
        return self._scope.first(select(_told.id).where(*self._due()).limit(1)) is not None

    def claim(self, *, lease: timedelta) -> Notice | None:
        """As in the interface. Rows that others have in hand are left to them."""
        asked = select(_told.id).where(*self._due()).order_by(_told.next_attempt_at, _told.id).limit(1)
        row = self._scope.first(asked.with_for_update(skip_locked=True))
        if row is None:
            return None
        ours = {
            "token": _told.token + 1, "attempts": _told.attempts + 1, "next_attempt_at": self._scope.now + lease,
        }  # fmt: skip
        claimed = update(notices).where(_told.id == row.id).values(ours)
        return _NOTICE.maybe(self._scope.first(claimed.returning(*_NOTICE.columns)))

    def attempted(self, notice: Notice) -> bool:
        """As in the interface."""
        held = (_told.id == notice.id, self._scope.sees(notices), _told.token == notice.token)
        new = {name: getattr(notice, name) for name in _OUTCOME}
        return self._scope.done(update(notices).where(*held).values(new)) == 1

    def again(self, id: str) -> Notice | None:
        """As in the interface. One that is under way is sent once more after it: the new token keeps the attempt from
        ending it."""
        afresh: dict[str, Any] = {
            "state": NoticeState.PENDING,
            "attempts": 0,
            "token": _told.token + 1,
            "next_attempt_at": self._scope.now,
            "last_status": None,
            "last_error": None,
            "ended_at": None,
        }
        its = (_told.id == id, self._scope.sees(notices))
        return _NOTICE.maybe(self._scope.first(update(notices).where(*its).values(afresh).returning(*_NOTICE.columns)))

    def drop(self, case_id: str, *, error: str) -> int:
        """As in the interface."""
        ended = {"state": NoticeState.DROPPED, "ended_at": self._scope.now, "next_attempt_at": None}
        its = (_told.case_id == case_id, self._scope.sees(notices), PENDING)
        return self._scope.done(
            update(notices).where(*its).values(ended | {"last_error": error, "token": _told.token + 1})
        )

    def count(self) -> Sequence[NoticeCount]:
        """As in the interface."""
        is_due = PENDING & (_told.next_attempt_at <= self._scope.now)
        counts = (func.count().label("rows"), func.min(case((is_due, _told.next_attempt_at))).label("first"))
        asked = select(_told.state, *counts).where(self._scope.sees(notices)).group_by(_told.state)
        return [
            NoticeCount(NoticeState(row.state), row.rows, row.first and self._scope.now - row.first)
            for row in self._scope.rows(asked)
        ]

    def prune(self, *, before: datetime, limit: int) -> int:
        """As in the interface."""
        its = (cases.c.id == _told.case_id, cases.c.tenant == _told.tenant, cases.c.closed_at.is_not(None))
        over = (self._scope.sees(notices), _told.state != NoticeState.PENDING, _told.ended_at < before)
        free = (exists().where(*its), ~held_now(self._scope, _told.tenant, _told.case_id))
        ids = select(_told.id).where(*over, *free).limit(bounded(limit)).with_for_update(skip_locked=True)
        return self._scope.done(delete(notices).where(_told.id.in_(ids)))

    def rule(self, tenant: str) -> NoticeRule:
        """As in the interface."""
        asked = select(notice_rules.c.rule).where(notice_rules.c.tenant == self._scope.own(tenant))
        row = self._scope.first(asked)
        return NoticeRule() if row is None else row.rule

    def put_rule(self, rule: NoticeRule) -> None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        tenant = self._scope.named()
        self._scope.done(delete(notice_rules).where(notice_rules.c.tenant == tenant))
        self._scope.done(notice_rules.insert().values(tenant=tenant, rule=rule))

    def _due(self) -> tuple[Any, ...]:
        return self._scope.sees(notices), PENDING, _told.next_attempt_at <= self._scope.now


class SqlLinks:
    """Links (domain.notice_ports)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, link: Link) -> None:
        """As in the interface."""
        self._scope.own(link.tenant)
        self._scope.done(links.insert().values(_LINK.values(link)))

    def get(self, id: str) -> Link | None:
        """As in the interface."""
        return _LINK.maybe(self._scope.first(_LINK.rows.where(links.c.id == id, self._scope.sees(links))))

    def of_case(self, case_id: str) -> Sequence[Link]:
        """As in the interface."""
        its = (links.c.case_id == case_id, self._scope.sees(links))
        return [_LINK.read(row) for row in self._scope.rows(_LINK.rows.where(*its).order_by(links.c.id.desc()))]

    def revoke(self, case_id: str, id: str | None = None) -> int:
        """As in the interface."""
        its = [links.c.case_id == case_id, links.c.revoked_at.is_(None), self._scope.sees(links)]
        its.append(links.c.expires_at > self._scope.now)
        if id is not None:
            its.append(links.c.id == id)
        return self._scope.done(update(links).where(*its).values(revoked_at=self._scope.now))
