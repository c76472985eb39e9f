"""What was decided, and what was paid back for it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, delete, or_, select

from sixfaces.adapters.records.claim_tables import decisions, payments
from sixfaces.adapters.records.scope import Scope
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Decision

_ONE_FOLLOWS = ["tenant", "case_id", "follows"]


class SqlDecisions:
    """Decisions (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, decision: Decision) -> bool:
        """As in the interface: of each decision there is one successor, and of none there is one first."""
        self._scope.own(decision.tenant)
        if decision.supersedes is not None and not self._is_there(decision):
            return False
        values = {name: getattr(decision, name) for name in ("id", "tenant", "case_id", "remedy", "at")}
        values |= {"follows": decision.supersedes or "", "decision": decision}
        new = self._scope.insert(decisions).values(values).on_conflict_do_nothing(index_elements=_ONE_FOLLOWS)
        return self._scope.first(new.returning(decisions.c.id)) is not None

    def current(self, case_id: str) -> Decision | None:
        """As in the interface."""
        later = decisions.alias()
        followed = select(later.c.id).where(
            later.c.tenant == decisions.c.tenant,
            later.c.case_id == decisions.c.case_id,
            later.c.follows == decisions.c.id,
        )
        row = self._scope.first(self._of(case_id).where(~followed.exists()))
        return None if row is None else row.decision

    def of_case(self, case_id: str) -> Sequence[Decision]:
        """As in the interface."""
        return [row.decision for row in self._scope.rows(self._of(case_id).order_by(decisions.c.id.desc()))]

    def _is_there(self, decision: Decision) -> bool:
        return self._scope.first(self._of(decision.case_id).where(decisions.c.id == decision.supersedes)) is not None

    def _of(self, case_id: str) -> Select[Any]:
        return select(decisions.c.decision).where(decisions.c.case_id == case_id, self._scope.sees(decisions))


class SqlPayments:
    """Payments (domain.claim_records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def pay(self, paid: Sequence[Payment]) -> Sequence[Payment]:
        """As in the interface. Pieces are entered in one order, so that two that pay the same wait for each other and
        never both. Raises ValueError in a transaction of no tenant."""
        tenant = self._scope.named()
        for one in sorted(paid, key=lambda one: (one.order_id, one.unit.line, one.unit.piece)):
            values: dict[str, object] = {"tenant": tenant, **_place_of(one)}
            values |= {"case_id": one.case_id, "decision": one.decision, "payment": one}
            new = self._scope.insert(payments).values(values).on_conflict_do_nothing()
            if self._scope.first(new.returning(payments.c.piece)) is None:
                self._take_back(paid)
                return self._in_the_way(paid)
        return ()

    def release(self, decision: str) -> None:
        """As in the interface."""
        self._scope.done(delete(payments).where(payments.c.decision == decision, self._scope.sees(payments)))

    def of_order(self, order_id: str, platform: str | None = None) -> Sequence[Payment]:
        """As in the interface."""
        its = [payments.c.order_id == order_id, self._scope.sees(payments)]
        if platform is not None:
            its.append(payments.c.platform.in_(("", platform)))
        asked = select(payments.c.payment).where(*its)
        order = (payments.c.line, payments.c.piece, payments.c.platform, payments.c.share)
        return [row.payment for row in self._scope.rows(asked.order_by(*order))]

    def _take_back(self, paid: Sequence[Payment]) -> None:
        for decision in {one.decision for one in paid}:
            self.release(decision)

    def _in_the_way(self, paid: Sequence[Payment]) -> Sequence[Payment]:
        pieces = [and_(*(payments.c[name] == value for name, value in _place_of(one).items())) for one in paid]
        asked = select(payments.c.payment).where(or_(*pieces), self._scope.sees(payments))
        return [row.payment for row in self._scope.rows(asked)]


def _place_of(one: Payment) -> dict[str, str | int]:
    """What there is one of."""
    return {
        "platform": one.platform or "",
        "order_id": one.order_id,
        "line": one.unit.line,
        "piece": one.unit.piece,
        "share": one.decision if one.part is not None else "",
    }
