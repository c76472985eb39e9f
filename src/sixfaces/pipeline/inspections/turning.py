"""An inspection changes hands: put aside, handed over, taken up again, given up."""

from sixfaces.domain.inspection import Inspection, InspectionState
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline import refusals
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.inspections import errors
from sixfaces.pipeline.inspections.knowing import UNFINISHED, refuse_knowing, taken
from sixfaces.pipeline.inspections.starting import case_open, inspection_of, tell

SENIORS = frozenset({ApiRole.REVIEWER, ApiRole.ADMIN})


def suspend(transaction: Transaction, who: Principal, id: str, *, expected: Expected) -> Inspection:
    """Put it aside: everything stays, and whoever takes it up goes on where it was. Raises InspectionError
    `inspection.state`, `inspection.held`."""
    known = _changeable(transaction, who, id, expected=expected)
    if known.state is not InspectionState.OPEN:
        raise errors.state(known)
    return changed(transaction, known, state=InspectionState.SUSPENDED)


def abandon(transaction: Transaction, who: Principal, id: str, *, expected: Expected) -> Inspection:
    """Give it up without a conclusion; its answers stay."""
    known = _changeable(transaction, who, id, expected=expected)
    if known.state not in UNFINISHED:
        raise errors.state(known)
    return changed(transaction, known, state=InspectionState.ABANDONED)


def hand_over(transaction: Transaction, who: Principal, id: str, *, to: str, expected: Expected) -> Inspection:
    """Another is at it from now on. Raises InspectionError `inspection.nobody`, and `inspection.same_person` for a
    second look that they cannot take."""
    known = _changeable(transaction, who, id, expected=expected)
    if known.state not in UNFINISHED:
        raise errors.state(known)
    if not _is_somebody(transaction, to):
        raise errors.nobody(to)
    station = to.removeprefix("station:") if to.startswith("station:") else None
    return _taken_by(transaction, known, to, station=station, actor=who.actor)


def resume(transaction: Transaction, who: Principal, id: str, *, expected: Expected) -> Inspection:
    """Take it up where it was. Raises InspectionError `inspection.state`, and `inspection.same_person` for a second
    look that they cannot take."""
    known = _as_expected(transaction, id, expected)
    if known.state is not InspectionState.SUSPENDED:
        raise errors.state(known)
    return _taken_by(transaction, known, who.actor, station=who.station, actor=who.actor)


def changed(transaction: Transaction, known: Inspection, **said: object) -> Inspection:
    """The inspection with one revision more."""
    new = known.model_copy(update={**said, "revision": known.revision + 1, "updated_at": transaction.now})
    transaction.inspections.change(new)
    if new.state is not known.state or new.holder != known.holder:
        tell(transaction, new)
    return new


def held_by(transaction: Transaction, who: Principal, id: str, *, expected: Expected) -> Inspection:
    """An open inspection that they are at, locked. Raises InspectionError `inspection.state`, `inspection.held`."""
    known = _as_expected(transaction, id, expected)
    if known.state is not InspectionState.OPEN:
        raise errors.state(known)
    if known.holder != who.actor:
        raise errors.held()
    return known


def _as_expected(transaction: Transaction, id: str, expected: Expected) -> Inspection:
    """Locked, as the request says that it is; its case can still be worked on."""
    seen = inspection_of(transaction, id)
    case_open(transaction, seen.case_id)  # the case is locked before its inspection, wherever both are
    known = inspection_of(transaction, id, lock=True)
    if not expected.of_something:
        raise refusals.match_needed()
    expected.check(known.revision)
    return known


def _changeable(transaction: Transaction, who: Principal, id: str, *, expected: Expected) -> Inspection:
    """Seniors see to it that nothing is left lying at somebody who has gone. What waits for somebody is theirs to turn
    over as well: else who looked first could do away with the second look."""
    known = _as_expected(transaction, id, expected)
    if known.holder != who.actor and who.role not in SENIORS:
        raise errors.held()
    return known


def _taken_by(
    transaction: Transaction, known: Inspection, holder: str, *, station: str | None, actor: str
) -> Inspection:
    if known.second_of is not None:
        refuse_knowing(transaction, holder, known)
    new = changed(transaction, known, state=InspectionState.OPEN, holder=holder, station=station)
    transaction.custody.append(taken(new, actor))
    return new


def _is_somebody(transaction: Transaction, actor: str) -> bool:
    kind, _, id = actor.partition(":")
    if kind == "station":
        station = transaction.people.station(id)
        return station is not None and station.retired_at is None
    if not is_id(id):
        return False
    if kind == "key":
        key = transaction.people.key(id)
        return key is not None and key.revoked_at is None and key.role in SENIORS
    person = transaction.people.person(id) if kind == "person" else None
    return person is not None and person.blocked_at is None
