"""Figures of few cases, checked by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sixfaces.domain.answer import Verdict
from sixfaces.domain.chronicle import (
    Assessed,
    ClaimOpened,
    ClaimWithdrawn,
    CostBooked,
    Decided,
    Happening,
    Money,
    Occurrence,
    Party,
    Rated,
    RefundPaid,
    Side,
)
from sixfaces.domain.decision import Decision, FreightBearer, Overrule, Reason, Recommendation, Remedy
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ClockReading, ClockState
from sixfaces.domain.sop import QcOutcome
from sixfaces.domain.watching import Figures
from sixfaces.pipeline.ids import new_id
from sixfaces.watching.tally import Seen, Tally, ended_at
from tests.contract.records.making_claims import recommendation
from tests.golden.decision.telling import inspected

OPENED = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = Say(zh="理由", en="Why.")


def entry(what: Happening, hours: float = 1) -> Occurrence:
    at = OPENED + hours * HOUR
    return Occurrence(
        id=new_id(), tenant="main", case_id=new_id(), at=at, recorded_at=at, source=Party.PLATFORM, actor="t", what=what
    )


def decision(by: str, *, remedy: Remedy = Remedy.RETURN_REFUND, **said: object) -> Decision:
    recommended: Recommendation = recommendation().model_copy(
        update={"reasons": (Reason(text=WORDS, cites=("D6",)), Reason(text=WORDS, cites=("completeness.six_faces",)))}
    )
    base = Decision(
        id=new_id(), tenant="main", case_id=new_id(), case_revision=1, liable=None, remedy=remedy,
        freight=FreightBearer.NONE, reasons=(), recommendation=recommended, by=by, at=OPENED, entry=1,
    )  # fmt: skip
    return base.model_copy(update=said)


def money(amount: str, currency: str = "CNY") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def tallied(*cases: Seen) -> Figures:
    tally = Tally()
    for one in cases:
        tally.add(one)
    return tally.figures()


def test_a_claim_ends_once_and_goes_on_when_it_is_opened_again() -> None:
    paid = [entry(ClaimOpened(), 0), entry(RefundPaid(money=money("1")), 2), entry(ClaimWithdrawn(), 3)]
    assert ended_at(Seen(OPENED, paid)) == OPENED + 2 * HOUR
    again = [*paid, entry(ClaimOpened(), 4)]
    assert ended_at(Seen(OPENED, again)) is None
    assert ended_at(Seen(OPENED, [*again, entry(ClaimWithdrawn(), 5)])) == OPENED + 5 * HOUR


def test_a_refusal_ends_a_claim_unless_it_was_superseded() -> None:
    refused = decision("key:1", remedy=Remedy.NONE)
    entries = [entry(Decided(decision=refused.id, remedy="none"))]
    assert ended_at(Seen(OPENED, entries, decisions=(refused,))) == OPENED + HOUR
    assert ended_at(Seen(OPENED, entries, decisions=(decision("key:1"), refused))) is None


def test_costs_are_summed_by_currency_and_spread_over_all_cases() -> None:
    one = Seen(OPENED, [entry(RefundPaid(money=money("20"))), entry(CostBooked(what="freight", money=money("10")))])
    other = Seen(OPENED, [entry(CostBooked(what="handling", money=money("3", "USD")))])
    cny, usd = tallied(one, other, Seen(OPENED, [])).costs
    assert (cny.currency, cny.total, cny.per_case.n, cny.per_case.mean) == ("CNY", Decimal("30"), 3, 10.0)
    assert (usd.currency, usd.total, usd.per_case.mean) == ("USD", Decimal("3"), 1.0)


def test_what_persons_decide_is_compared_by_row_and_by_failing_rule() -> None:
    agreed, other = decision("key:1"), decision("key:2", overrules=Overrule.FRAUD)
    by_policy = decision("policy:default@1")
    asked = decision("key:1", overrules=Overrule.DISCRETION)
    asked = asked.model_copy(
        update={"recommendation": asked.recommendation.model_copy(update={"remedy": Remedy.ASK_PERSON})}
    )
    found = tallied(*(Seen(OPENED, [], decisions=(one,)) for one in (agreed, other, by_policy, asked)))
    assert (found.agreement.k, found.agreement.n) == (1, 2), "where the table asks a person, it recommends nothing"
    assert (found.by_row["r"].k, found.by_rule["completeness.six_faces"].n) == (1, 2)
    assert "D6" not in found.by_rule
    assert (found.overruled.k, found.overruled.n) == (1, 2)
    assert found.overruled_because == {"fraud": 1}
    assert (found.automatic.k, found.automatic.n) == (1, 4)


def test_second_looks_and_the_word_of_a_person_are_held_against_the_first() -> None:
    first = inspected(QcOutcome.NO_QUALITY_PROBLEM)
    same, differs = (inspected(one) for one in (QcOutcome.NO_QUALITY_PROBLEM, QcOutcome.DEFECT_CONFIRMED))
    looks: list[QcVerdict] = [
        first, *(one.model_copy(update={"second_of": first.inspection}) for one in (same, differs))
    ]  # fmt: skip
    said = [entry(Assessed(of=Party.SELLER, side=Side.REJECTED, text="Cut."))]
    judged = decision("key:1", verdict=Verdict.ACCEPTED)
    doubtful = decision("key:1", verdict=Verdict.NEEDS_REVIEW)
    found = tallied(Seen(OPENED, said, decisions=(judged,), looks=looks), Seen(OPENED, said, decisions=(doubtful,)))
    assert (found.second_looks.k, found.second_looks.n) == (1, 2)
    assert (found.evidence.k, found.evidence.n) == (0, 1)


def test_clocks_that_run_in_time_count_in_nothing_else() -> None:
    def reading(state: ClockState, minutes: int) -> ClockReading:
        return ClockReading(
            code="first_reply", title=WORDS, holder=Party.SELLER, state=state, started_at=OPENED, due_at=OPENED,
            used=timedelta(minutes=minutes), left=timedelta(0), why=WORDS,
        )  # fmt: skip

    states = ((ClockState.KEPT, 5), (ClockState.BREACHED, 45), (ClockState.RUNNING, 2), (ClockState.PAUSED, 3))
    (clock,) = tallied(Seen(OPENED, [], [reading(*one) for one in states], {"first_reply": 0.9})).clocks
    assert (clock.kept.k, clock.kept.n, clock.running, clock.target) == (1, 2, 2, 0.9)
    assert (clock.times.mean.mean, clock.times.worst_s) == (1500.0, 2700.0)


def test_the_last_rating_of_a_case_is_the_one_that_counts() -> None:
    assert tallied(Seen(OPENED, [entry(Rated(stars=1)), entry(Rated(stars=5))])).stars.mean == 5.0
