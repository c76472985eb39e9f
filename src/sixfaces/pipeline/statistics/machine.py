"""Statistics of the machine over the archive and over what people said since.

1. people      samples of lots that have ended; cases of which nothing may be told now are left out for everybody alike,
               so that no figure differs by who asks, before and after they take a sample
2. archive     every judged case, block by block: with words of people its agreement and its sureness, and, where its
               verdict stands, the main facts of its video
3. decisions   of persons, against what was recommended
4. drift       of every measure of every observer's version, month by month; a month that is not over is no look yet
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.archive import Block, Span
from sixfaces.domain.model import Say
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Selection
from sixfaces.domain.statistics import Distribution, MachineStatistics, MonthLooked, NotCounted, Trend
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.archive.rows import FACTS, Case
from sixfaces.pipeline.ids import first_id_at
from sixfaces.pipeline.inspections.knowing import blind_cases
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.statistics.main_facts import KINDS
from sixfaces.pipeline.statistics.people import AT_ONCE, Sampled, decided, month_of, sampled, words_on
from sixfaces.pipeline.statistics.rows import measured_in, said_in, spoken_in, sureness_in
from sixfaces.pipeline.statistics.scanning import Unread, scan
from sixfaces.pipeline.watching import errors
from sixfaces.watching.agreeing import STANDS_WITH, Agreeing, Spoken, Word
from sixfaces.watching.calibrating import Calibrating
from sixfaces.watching.cells import Scale, cell_of, summary
from sixfaces.watching.drifting import Series, drifts_of, watched_of

MOST_MONTHS = 120
GRACE = timedelta(days=31)
"""What came in a period is measured as it was judged until so long after it: later judgings change no old month."""
RULES = "rules"
"""Before a policy's name: stands for an observer of which the answers of rules are measured, whose version is that of
the code and policy. Each policy is one of its own: what differs between two of them are the cases, not an observer."""
UNKNOWN = "cannot_tell:"
_NEEDED = ("id", "case_id", "judged_at", "verdict", "roles", "told", "frames", "policy_digest", "code_version")


class Period(NamedTuple):
    """Whole months of UTC. `now`: months that end later are not over; None: as the records' clock says."""

    since: datetime
    until: datetime
    now: datetime | None = None


class _Key(NamedTuple):
    """A measure of a version of an observer."""

    measure: str
    observer: str
    version: str
    scale: Scale


def machine_statistics(
    service: Service, who: Principal, period: Period, *, most: int | None = None
) -> MachineStatistics:
    """All of it. Raises WatchingError `watching.period`, and `watching.too_many` beyond `most` judged cases;
    ArchiveError `archive.not_installed`."""
    whole = whole_months(period)
    given = sampled(service, who.tenant)  # 1.
    with service.records.begin(who.tenant, reading=True) as tx:
        given = given._replace(blind=given.blind | blind_cases(tx, who))
        whole = whole._replace(now=period.now or tx.now)
    counting = Counting(service, who.tenant, given=given, period=whole, most=most)
    unread = scan(
        service, who.tenant, Selection(since=whole.since, until=whole.until + GRACE), take=counting.take
    )  # 2.
    between = Between(whole.since, whole.until, limit=AT_ONCE)
    decided(service, who, between, given=given, into=counting.agreeing)  # 3.
    return counting.told(unread)  # 4.


def whole_months(period: Period) -> Period:
    """All months that the period touches."""
    if period.until <= period.since:
        raise errors.bad_period(Say(zh="结束不晚于开始", en="it ends before it begins"))
    since, until = period.since.astimezone(UTC), period.until.astimezone(UTC)
    first = datetime(since.year, since.month, 1, tzinfo=UTC)
    last = datetime(until.year, until.month, 1, tzinfo=UTC)
    end = until if until == last else _next(last)
    if (end.year - first.year) * 12 + end.month - first.month > MOST_MONTHS:
        most = f"{MOST_MONTHS}"
        raise errors.bad_period(Say(zh=f"超过 {most} 个月", en=f"it has more than {most} months"))
    return Period(first, end, period.now)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


class Counting:
    """What is kept while the archive goes by: counts by month, and nothing of any case."""

    def __init__(
        self, service: Service, tenant: str, *, given: Sampled, period: Period, most: int | None = None
    ) -> None:
        self._service, self._tenant, self._given, self._period = service, tenant, given, period
        self._left = most
        self._most = most or 0
        self.agreeing, self.calibrating = Agreeing(), Calibrating()
        self._cells: dict[_Key, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        self._cases, self._answered = Counter[str](), Counter[str]()
        self._blind = self._unreadable = self._otherwise = 0

    def take(self, block: Block, ids: Collection[str]) -> None:
        """2. Raises ArchiveError before anything of the block was counted."""
        for name in _NEEDED + tuple(FACTS + kind for kind in KINDS):
            block.column(name)
        cases = {block.column("id")[at]: block.column("case_id")[at] for at in range(block.count)}
        cases = {id: case for id, case in cases.items() if id in ids and case not in self._given.planted}
        told = {id: case for id, case in cases.items() if case not in self._given.blind}
        with self._service.records.begin(self._tenant, reading=True) as tx:
            words = words_on(tx, told, self._given)
            standing = _standing(tx, told, newest=first_id_at(self._period.until + GRACE))
        for name in block.names() if words else ():
            block.column(name)
        self._blind += len(cases) - len(told)
        for at, id in enumerate(block.column("id")):
            if id in ids:
                self._count_down()
            if id in told:
                self._add(block, at, words.get(id, ()), is_standing=id in standing)

    def _add(self, block: Block, at: int, words: Sequence[Word], *, is_standing: bool) -> None:
        month = month_of(block.column("judged_at")[at])
        is_in = self._period.since <= block.column("judged_at")[at] < self._period.until
        if is_in:
            self._cases[month] += 1
            self._answered[month] += bool(words)
        try:
            if words and is_in:
                self._add_words(block, at, words, month=month)
            if is_standing:
                self._add_facts(block, at)
        except (ValidationError, KeyError, IndexError, TypeError, ValueError, AttributeError):
            self._unreadable += 1  # written by a version whose form this one does not know

    def _count_down(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise errors.too_many(self._most)

    def _add_words(self, block: Block, at: int, words: Sequence[Word], *, month: str) -> None:
        spoken = spoken_in(block, at)
        for word in words:
            self.agreeing.add(month, spoken, word)
        clear = [word for word in words if word.said is not Verdict.NEEDS_REVIEW]
        if clear and spoken.verdict is not Verdict.NEEDS_REVIEW:
            sure = self._sureness(block, at, spoken)
            for word in clear:
                for code, confidence in sure.items():
                    right = word.said is spoken.verdict
                    self.calibrating.add(word.source, code, confidence=confidence, right=right)

    def _sureness(self, block: Block, at: int, spoken: Spoken) -> dict[str, float]:
        """By rule that the verdict rests on, and of the verdict: an acceptance is as sure as the least sure rule, a
        rejection as the surest."""
        found: dict[str, list[float]] = defaultdict(list)
        otherwise = set()
        for code, answer, confidence in sureness_in(block, at):
            if STANDS_WITH[answer] is spoken.verdict and spoken.rules.get(code) is answer and confidence is not None:
                found[code].append(confidence)
            elif spoken.rules.get(code) is not answer and STANDS_WITH[answer] is spoken.verdict:
                otherwise.add(code)
        self._otherwise += len(otherwise)
        is_rejection = spoken.verdict is Verdict.REJECTED
        sure = {code: max(some) if is_rejection else min(some) for code, some in found.items()}
        if sure:
            sure[""] = max(sure.values()) if is_rejection else min(sure.values())
        return sure

    def _add_facts(self, block: Block, at: int) -> None:
        measured = measured_in(block, at)
        if measured is None or not self._period.since <= measured.at < self._period.until:
            return
        month, case = month_of(measured.at), Case(block, at)
        counted = [
            (_Key(one.fact.name, one.observer, one.version, one.fact.scale), cell_of(one.value, one.fact.scale))
            for one in measured.values
        ]
        version = f"{case['code_version']}, {case['policy']} {case['policy_version']}"
        answers = Counter[str]()
        doubts = Counter[str]()
        for one in said_in(block, at):
            answers[one.code] += one.counts
            doubts[one.code] += one.counts and one.answer is Answer.CANNOT_TELL
        counted += [
            (_Key(f"{UNKNOWN}{code}", f"{RULES}:{case['policy']}", version, Scale.YES), int(doubts[code] > 0))
            for code, n in answers.items() if n
        ]  # fmt: skip
        for key, cell in counted:
            self._cells[key][month][cell] += 1

    def told(self, unread: Unread) -> MachineStatistics:
        """4. All figures."""
        series = [Series(*key, sorted(months.items())) for key, months in sorted(self._cells.items())]
        over = [one._replace(months=[its for its in one.months if self._is_over(its[0])]) for one in series]
        left = NotCounted(
            blind=self._blind, unkept=unread.unkept, unreadable=self._unreadable, otherwise=self._otherwise,
            parts=unread.told(),
        )  # fmt: skip
        return MachineStatistics.model_validate(
            {
                "from": self._period.since,
                "until": self._period.until,
                "months": tuple(self._months()),
                "agreement": tuple(self.agreeing.figures()),
                "calibration": tuple(self.calibrating.tables()),
                "trends": tuple(_trend(one) for one in series),
                "drifts": tuple(drifts_of(over)),
                "watched": len(watched_of(over)),
                "left_out": left,
            }
        )

    def _is_over(self, month: str) -> bool:
        return self._period.now is None or month < month_of(self._period.now)

    def _months(self) -> Iterator[MonthLooked]:
        at = self._period.since
        while at < self._period.until:
            month = month_of(at)
            yield MonthLooked(month=month, cases=self._cases[month], answered=self._answered[month])
            at = _next(at)


def _trend(series: Series) -> Trend:
    months: dict[str, Distribution] = {month: summary(cells, series.scale) for month, cells in series.months}
    return Trend(measure=series.measure, observer=series.observer, version=series.version, months=months)


def _standing(transaction: Transaction, ids: Collection[str], *, newest: str) -> Collection[str]:
    """Those of the verdicts that are the newest on their case up to `newest`: what was measured is counted once."""
    if not ids:
        return ()
    span = Span(min(ids)[:-1], max(ids))
    return {one.verdict for one in transaction.archive.standing(span, newest=newest)}
