"""What one side of a claim is to bring or to do, as it is told: what the claim lacks, evidence that was asked for,
what it promised, goods to be sent, its own clocks."""

from collections.abc import Iterator

from sixfaces.decision.course import where_goods_are
from sixfaces.domain.chronicle import EvidenceAsked, EvidenceCame, Party, Promised, PromiseEnded
from sixfaces.domain.decision import Remedy, Whereabouts
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState
from sixfaces.domain.model import Say
from sixfaces.domain.notice import ToldParty
from sixfaces.domain.personal import masked_text
from sixfaces.domain.service_times import ClockState
from sixfaces.domain.standing import Due, DueKind
from sixfaces.pipeline.claims.matters import Looked
from sixfaces.report import standing_words as words

OF_PEOPLE = frozenset({"evidence", "referral", "promise"})
"""Clocks of deadlines that people set: of these there are other words."""
_OPEN = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.BREACHED})
_MUST_COME_BACK = frozenset({Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR})


def wanted(looked: Looked, party: ToldParty, *, is_decided: bool) -> Iterator[Due]:
    """Nothing is waited for that could change what has been decided, nor anything of a closed case but what a clock
    still runs for."""
    is_closed = looked.case.state is CaseState.CLOSED
    if not is_decided and not is_closed:
        yield from _material(looked, party)
        yield from _evidence(looked, party)
        yield from _promises(looked, party)
    if is_decided and not is_closed:
        yield from _goods(looked, party)
    yield from _actions(looked, party)


def _material(looked: Looked, party: ToldParty) -> Iterator[Due]:
    window = looked.case.file.evidence_window.closes_at
    for lack in (one for one in looked.lacks if one.of is party):
        by = window if lack.field.startswith("exhibits.") else None
        yield Due(what=DueKind.MATERIAL, text=lack.text, by=by, late=by is not None and by < looked.now)


def _evidence(looked: Looked, party: ToldParty) -> Iterator[Due]:
    entries = looked.matter.course.entries
    for entry in entries:
        what = entry.what
        if not isinstance(what, EvidenceAsked) or what.of is not party:
            continue
        came = any(isinstance(o.what, EvidenceCame) and o.what.of is party and o.at >= entry.at for o in entries)
        if not came:
            text = masked_text(what.what)
            yield Due(what=DueKind.EVIDENCE, text=Say(zh=text, en=text), by=what.until, late=what.until < looked.now)


def _promises(looked: Looked, party: ToldParty) -> Iterator[Due]:
    """What the seller said that it would do by an instant, until it is known whether it did."""
    if party is not Party.SELLER:
        return
    ended = {one.promise for one in looked.matter.course.all(PromiseEnded)}
    for one in looked.matter.course.all(Promised):
        if one.until is not None and one.promise not in ended:
            said = masked_text(one.text)
            text = Say(zh=words.PROMISE.zh.format(text=said), en=words.PROMISE.en.format(text=said))
            yield Due(what=DueKind.PROMISE, text=text, by=one.until, late=one.until < looked.now)


def _goods(looked: Looked, party: ToldParty) -> Iterator[Due]:
    current, matter = looked.current, looked.matter
    if party is not Party.BUYER or current is None or current.remedy not in _MUST_COME_BACK:
        return
    unboxed = any(one.role is Role.UNBOXING_VIDEO for one in matter.report.exhibits) if matter.report else False
    if where_goods_are(matter.file, matter.course, unboxed=unboxed) is Whereabouts.WITH_BUYER:
        yield Due(what=DueKind.GOODS, text=words.SEND_BACK)


def _actions(looked: Looked, party: ToldParty) -> Iterator[Due]:
    """Its clocks that still run, or ran out with nothing done."""
    for clock in looked.clocks:
        is_open = clock.ended_at is None and clock.state in _OPEN
        if clock.holder is party and is_open and clock.code not in OF_PEOPLE:
            text, is_late = words.DUTY.get(clock.code, clock.title), clock.state is ClockState.BREACHED
            yield Due(what=DueKind.ACTION, text=text, by=clock.due_at, late=is_late)
