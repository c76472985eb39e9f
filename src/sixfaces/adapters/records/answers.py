"""Answers kept for repeated requests: the first request with a key holds its row, the others wait and read."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_, update

from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.tables import answers
from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say
from sixfaces.domain.records import KeptAnswer

_UNTIL_KEPT = timedelta(days=1)
_SWEPT = 20
"""Expired answers that each kept one takes with it."""


class SqlAnswers:
    """Answers (domain.records), in a transaction of one tenant: raises ValueError in one of none."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def begin(self, key: str, request_sha256: str) -> KeptAnswer | None:
        """As in the interface. Of parallel requests one gets None; the rest wait for its transaction to end."""
        held = {"request_sha256": request_sha256, "expires_at": self._scope.now + _UNTIL_KEPT}
        row = held | {"tenant": self._scope.named(), "key": key}
        new = self._scope.insert(answers).values(row).on_conflict_do_nothing().returning(answers.c.key)
        if self._scope.first(new) is not None:
            return None
        return self._kept(key, held)

    def keep(self, key: str, answer: KeptAnswer, *, lasting: timedelta) -> None:
        """As in the interface. Raises LookupError without a `begin`."""
        new = {**answer.model_dump(), "expires_at": self._scope.now + lasting}
        held = (*self._its(key), answers.c.request_sha256 == answer.request_sha256, answers.c.status.is_(None))
        if self._scope.done(update(answers).where(*held).values(new)) == 0:
            raise LookupError(key)
        place = tuple_(answers.c.tenant, answers.c.key)
        over = select(answers.c.tenant, answers.c.key).where(
            answers.c.tenant == self._scope.named(), answers.c.expires_at <= self._scope.now
        )
        swept = over.limit(_SWEPT).with_for_update(skip_locked=True)
        self._scope.done(delete(answers).where(place.in_(swept)))

    def _kept(self, key: str, held: dict[str, object]) -> KeptAnswer | None:
        row = self._scope.first(select(answers).where(*self._its(key)).with_for_update())
        if row is None or row.expires_at <= self._scope.now:
            self._afresh(key, held)
            return None
        if row.request_sha256 != held["request_sha256"]:
            raise _reused()
        if row.status is None:  # its transaction ended without an answer: this one gives it
            return None
        return KeptAnswer(request_sha256=row.request_sha256, status=row.status, headers=row.headers, body=row.body)

    def _afresh(self, key: str, held: dict[str, object]) -> None:
        """The old answer is over: from here on the key is this request's."""
        nothing = {"status": None, "headers": None, "body": None}
        new = self._scope.insert(answers).values(held | {"tenant": self._scope.named(), "key": key})
        self._scope.done(new.on_conflict_do_update(index_elements=["tenant", "key"], set_=held | nothing))

    def _its(self, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return answers.c.tenant == self._scope.named(), answers.c.key == key


def _reused() -> RequestError:
    return RequestError(
        "request.key_reused",
        Say(zh="此幂等键已用于另一个请求。", en="This idempotency key came with another request before."),
        Say(zh="请为新的请求换用新的幂等键。", en="Use a new key for a new request."),
    )
