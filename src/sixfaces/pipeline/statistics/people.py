"""What people said, as far as it says anything of the machine; never who.

1. samples      blind answers of lots that have ended: while a lot is open, nothing of it may be told. Lots that ended
                as void count in nothing, nor do known cases
2. assessments  a person's last word on the seller's evidence, held against the verdict that stood when they said it
3. decisions    of persons, where anything was recommended
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from sixfaces.domain.answer import Verdict
from sixfaces.domain.chronicle import Assessed, Occurrence, Party, Struck
from sixfaces.domain.decision import Decision
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sampling import Lot, LotOf, LotOutcome, PlantedCase, SampleItem
from sixfaces.domain.statistics import WordOf
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.service import Service
from sixfaces.watching.agreeing import AS_RECOMMENDED, OTHERWISE, Agreeing, Word
from sixfaces.watching.tally import answers_machine

AT_ONCE = 500
KINDS = ("evidence.assessed", "struck")
T = TypeVar("T", Lot, SampleItem, PlantedCase)
_VERDICTS = {verdict.value: verdict for verdict in Verdict}


class Sampled(NamedTuple):
    """Answers of lots that have ended, by the verdict or decision that they are on, and the cases of which nothing may
    be told: those of lots that are open, and known ones."""

    on_verdicts: Mapping[str, Verdict]
    on_decisions: Mapping[str, bool]
    blind: frozenset[str]
    planted: frozenset[str]


def sampled(service: Service, tenant: str) -> Sampled:
    """1. As many as people have answered, whatever the size of the archive."""
    with service.records.begin(tenant, reading=True) as tx:
        ended = {lot.id for lot in _every(tx.samples.lots) if lot.outcome in {LotOutcome.ACCEPTED, LotOutcome.REJECTED}}
        open_ = {stream.open_lot for stream in tx.samples.streams() if stream.open_lot is not None}
        blind = {item.case_id for lot in open_ for item in tx.samples.items(lot)}
        planted = {one.case_id for one in _every(tx.planting.find)}
        every = _every(lambda page: tx.samples.answered(page, planted=False))
        items = [item for item in every if item.lot in ended]
    verdicts = {item.subject: Verdict(item.answer) for item in items if item.of is LotOf.ACCEPTED and item.answer}
    decisions = {item.subject: item.answer == item.said for item in items if item.of is LotOf.CLOSED}
    return Sampled(verdicts, decisions, frozenset(blind), frozenset(planted))


def words_on(tx: Transaction, verdicts: Mapping[str, str], given: Sampled) -> Mapping[str, Sequence[Word]]:
    """1. and 2. By verdict; `verdicts`: their cases by their ids."""
    found: dict[str, list[Word]] = defaultdict(list)
    for id in verdicts:
        if id in given.on_verdicts:
            found[id].append(Word(WordOf.SAMPLE, given.on_verdicts[id]))
    cases = sorted(set(verdicts.values()))
    for start in range(0, len(cases), AT_ONCE):
        for case_id, entries in tx.watching.entries(cases[start : start + AT_ONCE], KINDS).items():
            word = _last_word(entries)
            stood = word and _stood_at(tx.verdicts.of_case(case_id), word[0])
            if word and stood is not None and stood in verdicts:
                found[stood].append(Word(WordOf.ASSESSMENT, word[1]))
    return found


def decided(service: Service, who: Principal, between: Between, *, given: Sampled, into: Agreeing) -> None:
    """3. and, of what a policy signed, 1."""
    while True:
        with service.records.begin(who.tenant, reading=True) as tx:
            some = tx.watching.decided(between)
        for one in some:
            if one.case_id not in given.blind:
                for source, how in _how(one, given):
                    into.decide(month_of(one.at), source, one, how=how)
        if len(some) < between.limit:
            return
        between = between._replace(after=some[-1].id)


def month_of(at: datetime) -> str:
    """The month that an instant lies in, in UTC: all that is kept is in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m")


def _every(find: Callable[[Page], Sequence[T]]) -> Iterator[T]:
    page = Page(limit=AT_ONCE)
    while True:
        some = find(page)
        yield from some
        if len(some) < AT_ONCE:
            return
        page = page._replace(before=some[-1].id)


def _how(one: Decision, given: Sampled) -> Iterator[tuple[WordOf, str]]:
    if answers_machine(one):
        yield WordOf.DECISION, AS_RECOMMENDED if one.overrules is None else one.overrules.value
    if one.id in given.on_decisions:
        yield WordOf.SAMPLED_DECISION, AS_RECOMMENDED if given.on_decisions[one.id] else OTHERWISE


def _last_word(entries: Sequence[Occurrence]) -> tuple[datetime, Verdict] | None:
    """None where there is none that counts, or the last one says that there is no evidence, or that it came late."""
    struck = {one.what.entry for one in entries if isinstance(one.what, Struck)}
    said = [
        (one.recorded_at, one.what.side.value)
        for one in entries
        if isinstance(one.what, Assessed) and one.what.of is Party.SELLER and one.id not in struck
    ]
    if not said or said[-1][1] not in _VERDICTS:
        return None
    return said[-1][0], _VERDICTS[said[-1][1]]


def _stood_at(verdicts: Collection[StoredVerdict], at: datetime) -> str | None:
    given = [one for one in verdicts if one.judged_at <= at]
    return max(given, key=lambda one: (one.judged_at, one.id)).id if given else None
