"""Clocks of stories, by the shipped service times: when what is due, what counts, and the words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.decision.clocks import breached, next_turn, readings
from sixfaces.decision.course import Course
from sixfaces.decision.hours import after, counted, within
from sixfaces.domain.chronicle import (
    CameBack,
    ClaimCompleted,
    ClaimOpened,
    ClaimWithdrawn,
    Decided,
    EvidenceAsked,
    EvidenceCame,
    Happening,
    Inspected,
    Leg,
    Money,
    Occurrence,
    Party,
    Paused,
    Promised,
    RefundConfirmed,
    RefundPaid,
    Replied,
    Resumed,
    Reviewed,
    Settled,
    Signed,
    Struck,
)
from sixfaces.domain.service_times import ClockReading, ClockState, Counting
from sixfaces.pipeline.ids import new_id
from sixfaces.rulebook.service_times import SERVICE_TIMES
from tests.golden.decision.telling import case_file, happened

TIMES = SERVICE_TIMES.load("default")
OPENED = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MONEY = Money.model_validate({"amount": "10", "currency": "CNY"})


def read(now: datetime, *entries: Occurrence) -> dict[str, ClockReading]:
    found = readings(case_file("return_refund", "no_reason"), Course(entries), TIMES, now=now)
    return {one.code: one for one in found}


def test_the_first_reply_is_due_in_ten_minutes_is_warned_of_and_then_late() -> None:
    opened = happened(ClaimOpened(), OPENED)
    states = [read(OPENED + n * MINUTE, opened)["first_reply"].state for n in (0, 7, 10, 11)]
    assert states == [ClockState.RUNNING, ClockState.WARNED, ClockState.WARNED, ClockState.BREACHED]
    late = read(OPENED + 25 * MINUTE, opened)["first_reply"]
    assert late.why.en == "The seller's reply is 15 min late; 10 min were given."
    assert late.why.zh == "卖家的回复已超时 15 分钟，时限为 10 分钟。"


def test_a_reply_in_time_keeps_the_clock_and_the_buyers_does_not() -> None:
    opened = happened(ClaimOpened(), OPENED)
    buyers = happened(Replied(by=Party.BUYER), OPENED + 2 * MINUTE)
    sellers = happened(Replied(by=Party.SELLER), OPENED + 9 * MINUTE)
    assert read(OPENED + HOUR, opened, buyers)["first_reply"].state is ClockState.BREACHED
    kept = read(OPENED + HOUR, opened, buyers, sellers)["first_reply"]
    assert (kept.state, kept.used, kept.why.en) == (ClockState.KEPT, 9 * MINUTE, "It took 9 min of 10 min.")


def test_a_pause_does_not_count_and_is_told() -> None:
    entries = (
        happened(ClaimCompleted(), OPENED),
        happened(Paused(waits_for=Party.BUYER, why="A photo of the tag."), OPENED + 2 * HOUR),
    )
    paused = read(OPENED + 50 * HOUR, *entries)["first_review"]
    assert (paused.state, paused.due_at, paused.left) == (ClockState.PAUSED, None, 22 * HOUR)
    on = (*entries, happened(Resumed(), OPENED + 50 * HOUR))
    running = read(OPENED + 51 * HOUR, *on)["first_review"]
    assert (running.state, running.due_at) == (ClockState.RUNNING, OPENED + 72 * HOUR)
    late = read(OPENED + 73 * HOUR, *on)["first_review"]
    assert late.state is ClockState.BREACHED
    assert "Pauses of 2 d do not count." in late.why.en


def test_a_return_that_comes_on_friday_evening_is_inspected_on_monday() -> None:
    friday = datetime(2026, 6, 12, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai, two hours before the end of the day
    signed = happened(Signed(leg=Leg.RETURN), friday, Party.CARRIER)
    reading = read(friday + HOUR, signed)["return_inspected"]
    assert reading.due_at == datetime(2026, 6, 16, 11, 0, tzinfo=UTC)  # 2 + 12 + 10 hours: Tuesday, 19:00
    assert reading.why.zh == "等待卖家的质检结论，剩余 23 小时工作时间。"
    assert reading.why.en == "Waiting for the seller's inspection, 23 h of working time left."
    done = happened(Inspected(verdict=new_id(), outcome="used"), datetime(2026, 6, 16, 11, 0, tzinfo=UTC))
    assert read(friday + timedelta(days=9), signed, done)["return_inspected"].state is ClockState.KEPT


def test_the_holidays_of_spring_do_not_count_and_the_weekend_worked_instead_does() -> None:
    eve = datetime(2026, 2, 13, 1, 0, tzinfo=UTC)  # Friday before the holidays of 15 to 23 February 2026, 09:00
    signed = happened(Signed(leg=Leg.RETURN), eve, Party.CARRIER)
    # Friday is worked for 12 hours, and Saturday the 14th in place of a holiday
    assert read(eve + HOUR, signed)["return_inspected"].due_at == datetime(2026, 2, 14, 13, 0, tzinfo=UTC)
    sunday = datetime(2026, 2, 15, 1, 0, tzinfo=UTC)
    signed = happened(Signed(leg=Leg.RETURN), sunday, Party.CARRIER)
    due = read(sunday + HOUR, signed)["return_inspected"].due_at
    assert due == datetime(2026, 2, 25, 13, 0, tzinfo=UTC)


def test_evidence_asked_for_has_the_deadline_that_was_set() -> None:
    until = OPENED + 72 * HOUR
    asked = happened(EvidenceAsked(of=Party.SELLER, until=until, what="The unboxing video."), OPENED)
    assert read(OPENED + HOUR, asked)["evidence"].due_at == until
    late = happened(EvidenceCame(of=Party.SELLER), until + MINUTE)
    reading = read(until + HOUR, asked, late)["evidence"]
    assert (reading.state, reading.ended_at, reading.cites) == (ClockState.BREACHED, until + MINUTE, ("D23",))
    buyers = happened(EvidenceCame(of=Party.BUYER), OPENED + HOUR)
    assert read(OPENED + 2 * HOUR, asked, buyers)["evidence"].ended_at is None


def test_a_refund_is_paid_within_two_days_of_being_confirmed() -> None:
    confirmed, paid = RefundConfirmed(money=MONEY), RefundPaid(money=MONEY)
    entries = (happened(confirmed, OPENED), happened(paid, OPENED + 49 * HOUR))
    found = readings(case_file("refund_only", "damaged"), Course(entries), TIMES, now=OPENED + 60 * HOUR)
    assert breached(found, Party.SELLER) == {"refund_paid"}
    assert next(one for one in found).why.en == "It took the seller 2 d 1 h: 1 h more than the 2 d there are."


def test_what_was_struck_counts_no_more() -> None:
    opened, replied = happened(ClaimOpened(), OPENED), happened(Replied(by=Party.SELLER), OPENED + MINUTE)
    struck = happened(Struck(entry=replied.id, why="It was sent to another buyer."), OPENED + HOUR)
    assert read(OPENED + HOUR, opened, replied)["first_reply"].state is ClockState.KEPT
    assert read(OPENED + HOUR, opened, replied, struck)["first_reply"].state is ClockState.BREACHED


def test_the_next_turn_is_the_next_warning_or_end() -> None:
    opened = happened(ClaimOpened(), OPENED)
    done = happened(Reviewed(agreed=True), OPENED + 5 * MINUTE)
    file = case_file("return_refund", "no_reason")

    def turn(now: datetime, *entries: Occurrence) -> datetime | None:
        course = Course(entries)
        return next_turn(readings(file, course, TIMES, now=now), TIMES.clocks, course=course, now=now)

    assert turn(OPENED, opened) == OPENED + 7 * MINUTE
    assert turn(OPENED + 8 * MINUTE, opened) == OPENED + 10 * MINUTE
    assert turn(OPENED + 11 * MINUTE, opened) is None
    assert turn(OPENED + 6 * MINUTE, opened, done) is None
    assert turn(OPENED - HOUR, opened) == OPENED  # said to happen a little ahead of our time
    assert turn(OPENED + 10 * MINUTE, opened) == OPENED + 10 * MINUTE  # it breaches just after that


def test_a_clock_that_ends_with_the_working_day_is_late_that_evening() -> None:
    monday = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai, the end of the working day
    signed = happened(Signed(leg=Leg.RETURN), monday - timedelta(days=3), Party.CARRIER)
    before, after_ = (read(monday + n * MINUTE, signed)["return_inspected"] for n in (-1, 1))
    wednesday = datetime(2026, 6, 16, 13, 0, tzinfo=UTC)
    assert before.due_at == wednesday
    assert after_.due_at == wednesday
    states = [read(wednesday + n * MINUTE, signed)["return_inspected"].state for n in (-1, 1)]
    assert states == [ClockState.WARNED, ClockState.BREACHED]
    late = read(wednesday + MINUTE, signed)["return_inspected"]
    assert late.why.en == "The seller's inspection is late; 24 h of working time were given."
    assert late.why.zh == "卖家的质检结论已超时，时限为 24 小时工作时间。"


def test_two_sides_asked_at_one_instant_have_a_deadline_each() -> None:
    until = OPENED + 72 * HOUR
    asked = [
        happened(EvidenceAsked(of=party, until=until, what="Photos."), OPENED) for party in (Party.BUYER, Party.SELLER)
    ]
    found = readings(case_file("return_refund", "no_reason"), Course(asked), TIMES, now=OPENED + HOUR)
    assert {one.holder: one.entry for one in found} == {one.what.of: one.id for one in asked}  # type: ignore[union-attr]  # both ask


@pytest.mark.parametrize("end", [Decided(decision=new_id(), remedy="none"), ClaimWithdrawn(), Settled()])
def test_nobody_waits_for_evidence_of_a_claim_that_is_over(end: Happening) -> None:
    asked = happened(EvidenceAsked(of=Party.SELLER, until=OPENED + 72 * HOUR, what="The video."), OPENED)
    over = happened(end, OPENED + HOUR)
    reading = read(OPENED + 100 * HOUR, asked, over)["evidence"]
    assert (reading.state, reading.ended_at) == (ClockState.KEPT, OPENED + HOUR)
    assert "Nobody waits" in reading.why.en
    late = happened(end, OPENED + 80 * HOUR)
    assert read(OPENED + 100 * HOUR, asked, late)["evidence"].state is ClockState.BREACHED


def test_a_promise_is_kept_or_broken_after_the_decision_as_well() -> None:
    until = OPENED + 72 * HOUR
    promised = happened(Promised(promise="gift", text="A gift.", until=until), OPENED)
    decided = happened(Decided(decision=new_id(), remedy="none"), OPENED + HOUR)
    assert read(until + HOUR, promised, decided)["promise"].state is ClockState.BREACHED


def test_what_happens_to_a_claim_that_was_withdrawn_starts_no_clock() -> None:
    opened, gone = happened(ClaimOpened(), OPENED), happened(ClaimWithdrawn(), OPENED + MINUTE)
    back = happened(Signed(leg=Leg.RETURN), OPENED + 2 * HOUR, Party.CARRIER)
    assert "return_inspected" not in read(OPENED + 3 * HOUR, opened, gone, back)
    again = happened(ClaimOpened(), OPENED + HOUR)
    assert read(OPENED + 3 * HOUR, opened, gone, again, back)["return_inspected"].state is ClockState.RUNNING


def test_a_return_that_the_carrier_brought_back_to_the_buyer_is_not_to_be_inspected() -> None:
    back = happened(CameBack(leg=Leg.RETURN), OPENED, Party.CARRIER)
    assert "return_inspected" not in read(OPENED + HOUR, back)
    assert "return_inspected" in read(OPENED + HOUR, happened(CameBack(), OPENED, Party.CARRIER))


def test_a_strike_that_was_struck_counts_no_more() -> None:
    opened, replied = happened(ClaimOpened(), OPENED), happened(Replied(by=Party.SELLER), OPENED + MINUTE)
    struck = happened(Struck(entry=replied.id, why="Another buyer."), OPENED + HOUR)
    again = happened(Struck(entry=struck.id, why="It was this one."), OPENED + 2 * HOUR)
    assert read(OPENED + 3 * HOUR, opened, replied, struck, again)["first_reply"].state is ClockState.KEPT


@given(st.integers(0, 400 * 24 * 60), st.integers(1, 60 * 24 * 60), st.sampled_from(Counting))
def test_counting_forth_and_back_agree(start: int, amount: int, counting: Counting) -> None:
    begin, span = OPENED + start * MINUTE, amount * MINUTE
    due = after(counted(counting, TIMES.hours, begin), span)
    assert due is not None
    assert within(counted(counting, TIMES.hours, begin), due) == span
    assert within(counted(counting, TIMES.hours, begin), due - timedelta(microseconds=1)) < span
