"""Visible to whom. A station sees its tenant's cases, the exhibits that it handed in itself, and what was made of them.

What was made of a case (its verdicts, reports, the events that tell of them) shows all of its exhibits: a station sees
it only where all of these are its own. Everybody else sees all that is the tenant's, but who takes a second look at
goods and must not know what the first found (`inspections.knowing`).
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.masked import masked_tree
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import CaseQuery, Event, Transaction
from sixfaces.pipeline.inspections.knowing import blind_cases, is_blind, refuse_blind
from sixfaces.pipeline.watching.sampling import check_sighted, hidden_cases

_OF_CASE = frozenset({"revision"})
"""All that an event says which tells of the case and of nothing in it."""


_TELLING = frozenset({"decision.made", "chronicle.added"})
"""Events from which it can be told what an inspection found: of an entry they tell its kind."""


class Told(NamedTuple):
    """Events that may be shown, and the id of the last one looked at: from there on the next are asked for."""

    events: Sequence[Event]
    last: int


def sees(who: Principal, exhibit: FiledExhibit) -> bool:
    """Whether they see this exhibit and what was made of it alone."""
    return who.role is not ApiRole.STATION or exhibit.station == who.station


def refuse_unsighted(transaction: Transaction, who: Principal, case_id: str) -> None:
    """Raises InspectionError `inspection.blind` and WatchingError `watching.blind` for who must not know how a case
    goes: they look at it, or at its goods, without knowing."""
    refuse_blind(transaction, who, case_id)
    check_sighted(transaction, who, case_id)


def unsighted_cases(transaction: Transaction, who: Principal, case_ids: Collection[str]) -> Collection[str]:
    """Those of the cases of which they must not know how they go."""
    blind = blind_cases(transaction, who).intersection(case_ids)
    return blind | hidden_cases(transaction, who, case_ids)


def verdict_shown(transaction: Transaction, who: Principal, verdict: StoredVerdict | None) -> StoredVerdict | None:
    """The verdict, None for those who do not see what was made of its case."""
    return verdict if verdict is not None and judged_cases(transaction, who, [verdict.case_id]) else None


def judged_cases(transaction: Transaction, who: Principal, case_ids: Collection[str]) -> Collection[str]:
    """Those of the cases of whose verdicts and reports they may know."""
    if who.role is not ApiRole.STATION:
        return frozenset(case_ids) - hidden_cases(transaction, who, case_ids)
    return frozenset() if who.station is None else transaction.exhibits.cases_only_of(who.station, case_ids)


def asked_by(who: Principal, query: CaseQuery) -> CaseQuery:
    """The query that tells nothing of verdicts that they do not see."""
    return query._replace(only_of=who.station) if who.role is ApiRole.STATION and query.verdict is not None else query


def events_shown(transaction: Transaction, who: Principal, case_id: str, *, after: int) -> Told:
    """The next events of a case, without those that tell of exhibits they do not see."""
    events = [_masked(who, event) for event in transaction.events.since(after, case_id=case_id)]
    last = events[-1].id if events else after
    if any(event.kind in _TELLING for event in events) and is_blind(transaction, who, case_id):
        events = [event for event in events if event.kind not in _TELLING]
    if hidden_cases(transaction, who, [case_id]):
        return Told([], last)
    if not events or who.role is not ApiRole.STATION:
        return Told(events, last)
    if judged_cases(transaction, who, [case_id]):
        return Told(events, last)
    seen = {one.id for one in transaction.exhibits.of_case(case_id) if sees(who, one)}
    return Told([one for one in events if one.body.get("exhibit") in seen or _OF_CASE.issuperset(one.body)], last)


def _masked(who: Principal, event: Event) -> Event:
    """Events tell ids and figures; whatever else one comes to tell is masked as everything is."""
    return event if who.sees_personal else event.model_copy(update={"body": masked_tree(event.body)})
