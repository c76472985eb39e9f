"""Golden cases of the timeliness rules. The round policy: slack 5 min, open within 2 days, receipt within 1 day."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from sixfaces.criteria.rule import Judge
from sixfaces.criteria.timeliness_opening import challenge, first_opening
from sixfaces.criteria.timeliness_periods import clock, opened_promptly, recorded_after_signing, submitted_in_window
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import EarlierTake, History
from sixfaces.domain.facts import TimeSource, TimeTrust, UnmeasuredFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import SealFact
from sixfaces.domain.reading_facts import CodeFact, Signature
from sixfaces.domain.rules import Finding
from tests.golden.building import CLOSES, OTHER_SHA, RECEIVED, RECORDED, SHA, SIGNED, WAYBILL, evidence, exhibit
from tests.golden.facts_of_validity import captured, seal, shown_code
from tests.golden.reading_findings import judged

SLACK = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRONG = {"trust": TimeTrust.STRONG, "source": TimeSource.CHALLENGE}


def found(rule: Judge, *facts: Model | Measured, received: datetime | None = RECEIVED, **case: Any) -> Finding:  # noqa: ANN401 any section
    return judged(rule, evidence(exhibit(*facts, received_at=received), **case))


def after(*facts: Model | Measured, received: datetime | None = RECEIVED, **case: Any) -> Finding:  # noqa: ANN401 any section
    return found(recorded_after_signing, *facts, received=received, **case)


def test_a_recording_after_sign_for_is_met_and_says_on_whose_word() -> None:
    finding = after(captured())
    assert finding.answer is Answer.MET
    assert finding.margin == (RECORDED - SIGNED + SLACK).total_seconds()
    assert (finding.value, finding.threshold, finding.unit) == (RECORDED.isoformat(), SIGNED.isoformat(), "s")
    assert finding.cites == ("o1",)
    assert finding.text.en == (
        "By the device's clock (file header), recording started at 2026-06-20 13:00:00+00:00, 3 h after sign-for "
        "(2026-06-20 10:00:00+00:00; clock slack 5 min); that clock agrees with the receipt."
    )
    assert finding.text.zh == (
        "按设备时钟（文件头），录制始于 2026-06-20 13:00:00+00:00，比签收（2026-06-20 10:00:00+00:00）晚 3 小时"
        "（时钟误差容许 5 分钟）；该时钟与接收时间相符。"
    )


@pytest.mark.parametrize(
    ("instant", "answer"),
    [
        (SIGNED, Answer.MET),
        (SIGNED - SLACK, Answer.MET),
        (SIGNED - SLACK - SECOND, Answer.NOT_MET),
        (SIGNED - 10 * HOUR, Answer.NOT_MET),
    ],
)
def test_sign_for_less_the_clock_slack_is_the_line(instant: datetime, answer: Answer) -> None:
    finding = after(captured(instant))
    assert finding.answer is answer
    assert finding.margin == (instant - SIGNED + SLACK).total_seconds()


def test_the_zone_in_which_an_instant_is_written_makes_no_difference() -> None:
    china = timezone(timedelta(hours=8))
    assert after(captured((SIGNED - SLACK).astimezone(china))).answer is Answer.MET


def test_evidence_received_before_sign_for_was_recorded_before_whatever_its_clock_says() -> None:
    finding = after(captured(), received=SIGNED - HOUR)
    assert finding.answer is Answer.NOT_MET
    assert "60 min before sign-for" in finding.text.en
    assert "早 60 分钟" in finding.text.zh


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (RECEIVED + SLACK + SECOND, "later than the receipt"),
        (RECEIVED + 365 * DAY, "later than the receipt"),
        (RECEIVED - 365 * DAY, "long before the receipt"),
        (datetime(1970, 1, 1, tzinfo=UTC), "long before the receipt"),
        (datetime(1, 1, 1, tzinfo=UTC), "long before the receipt"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), "later than the receipt"),
    ],
)
def test_a_device_clock_that_does_not_fit_the_receipt_proves_nothing(instant: datetime, words: str) -> None:
    for zone_known in (True,) if abs(instant - RECEIVED) < DAY else (True, False):
        finding = after(captured(instant, zone_known=zone_known))
        assert finding.answer is Answer.CANNOT_TELL
        assert words in finding.text.en


def test_a_device_clock_without_a_receipt_proves_nothing() -> None:
    finding = after(captured(), received=None)
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "case.received_at"


def test_the_receipt_may_be_stated_by_the_case_under_the_files_name() -> None:
    assert after(captured(), received=None, received_at={"unboxing.mp4": RECEIVED}).answer is Answer.MET


def test_a_signed_code_needs_no_receipt_and_silences_a_wrong_device_clock() -> None:
    for year in (-365 * DAY, 365 * DAY):
        finding = after(captured(RECORDED + year), shown_code())
        assert finding.answer is Answer.MET
        assert finding.cites == ("o2",)
    assert after(shown_code(), received=None).answer is Answer.MET
    assert after(captured(SIGNED - HOUR, **STRONG), received=None).answer is Answer.NOT_MET


def test_clocks_that_contradict_each_other_prove_nothing() -> None:
    apart = SLACK + timedelta(seconds=60)  # the slack, and the length of the recording
    exif = captured(RECORDED + apart, source=TimeSource.EXIF)
    assert after(captured(), exif).answer is Answer.MET
    finding = after(captured(), exif.model_copy(update={"instant": RECORDED + apart + SECOND}))
    assert finding.answer is Answer.CANNOT_TELL
    assert "contradict" in finding.text.en
    assert "矛盾" in finding.text.zh
    assert finding.cites == ("o1", "o2")


def test_local_time_without_its_zone_decides_only_where_no_zone_could_change_it() -> None:
    local = {"zone_known": False}
    late = RECEIVED + 15 * HOUR
    assert after(captured(SIGNED + 15 * HOUR, **local), received=late).answer is Answer.MET
    assert after(captured(SIGNED, **local)).answer is Answer.CANNOT_TELL
    assert after(captured(SIGNED - 13 * HOUR, **local)).answer is Answer.NOT_MET


def test_a_time_of_no_trust_is_no_time() -> None:
    finding = after(captured(trust=TimeTrust.NONE))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.capture_time"
    assert finding.cites == ("o1",)
    assert after().missing == "observation.capture_time"


def test_without_the_time_of_sign_for_nothing_is_told_and_the_fix_names_the_field() -> None:
    for rule in (recorded_after_signing, opened_promptly):
        finding = found(rule, captured(), return_parcel={"waybill": WAYBILL})
        assert finding.answer is Answer.CANNOT_TELL
        assert finding.missing == "case.return_parcel.signed_at"
        assert finding.fix is not None
        assert "return_parcel.signed_at" in finding.fix.en
        assert "退货签收时间" in finding.text.zh


LATE = SIGNED + 3 * DAY


@pytest.mark.parametrize(
    ("instant", "answer"),
    [
        (SIGNED + 2 * DAY, Answer.MET),
        (SIGNED + 2 * DAY + SLACK, Answer.MET),
        (SIGNED + 2 * DAY + SLACK + SECOND, Answer.NOT_MET),
    ],
)
def test_the_period_from_sign_for_decides_whether_it_was_opened_promptly(instant: datetime, answer: Answer) -> None:
    finding = found(opened_promptly, captured(instant), received=SIGNED + 2 * DAY + 12 * HOUR)
    assert finding.answer is answer
    assert finding.threshold == 172800
    assert "2 天" in finding.text.zh
    assert "2 days" in finding.text.en


def test_evidence_received_within_the_period_was_opened_within_it_whatever_its_clock_says() -> None:
    finding = found(opened_promptly, captured(RECEIVED + 365 * DAY))
    assert finding.answer is Answer.MET
    assert "received 5 h after sign-for" in finding.text.en


def test_an_opening_whose_time_nobody_knows_cannot_be_told_to_be_prompt() -> None:
    assert found(opened_promptly, received=LATE).missing == "observation.capture_time"
    doubtful = found(opened_promptly, captured(SIGNED - 9 * DAY), received=LATE)
    assert doubtful.answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        (CLOSES - HOUR, Answer.MET),
        (CLOSES, Answer.MET),
        (CLOSES + SECOND, Answer.NOT_MET),
        (SIGNED, Answer.MET),
        (SIGNED - SECOND, Answer.CANNOT_TELL),
    ],
)
def test_the_window_decides_what_was_handed_in_on_time(received: datetime, answer: Answer) -> None:
    finding = found(submitted_in_window, received=received)
    assert finding.answer is answer
    assert finding.margin == (CLOSES - received).total_seconds()
    assert "2026-06-2" in finding.text.zh


@pytest.mark.parametrize(
    ("received", "window", "missing"),
    [
        (RECEIVED, {}, "case.evidence_window.closes_at"),
        (RECEIVED, {"opens_at": SIGNED}, "case.evidence_window.closes_at"),
        (None, {"closes_at": CLOSES}, "case.received_at"),
    ],
)
def test_a_window_or_receipt_nobody_stated_cannot_be_told(
    received: datetime | None, window: dict[str, datetime], missing: str
) -> None:
    finding = found(submitted_in_window, received=received, evidence_window=window)
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, missing)


@pytest.mark.parametrize(
    ("instant", "answer"),
    [
        (RECORDED, Answer.MET),
        (RECEIVED + SLACK, Answer.MET),
        (RECEIVED + SLACK + SECOND, Answer.CANNOT_TELL),
        (RECEIVED - DAY, Answer.MET),
        (RECEIVED - DAY - SECOND, Answer.CANNOT_TELL),
    ],
)
def test_a_device_clock_fits_the_receipt_or_is_not_believed(instant: datetime, answer: Answer) -> None:
    finding = found(clock, captured(instant))
    assert finding.answer is answer
    assert "1970" not in finding.text.en
    assert "接收" in finding.text.zh


def test_a_time_of_ours_that_does_not_fit_the_receipt_cannot_be() -> None:
    finding = found(clock, shown_code(RECEIVED + HOUR))
    assert finding.answer is Answer.NOT_MET
    assert "both cannot be" in finding.text.en


def test_a_clock_with_nothing_to_hold_it_against_cannot_be_told() -> None:
    assert found(clock, captured(), received=None).missing == "case.received_at"
    assert found(clock).missing == "observation.capture_time"
    assert found(clock, captured(), captured(RECORDED - HOUR)).answer is Answer.CANNOT_TELL


def take(case_id: str = "C-7", sha: str = OTHER_SHA, waybill: str = WAYBILL) -> History:
    return History(searched=True, takes=(EarlierTake(waybill=waybill, exhibit=sha, case_id=case_id),))


def test_a_seal_intact_at_the_start_makes_a_first_opening() -> None:
    finding = found(first_opening, seal(Answer.MET))
    assert finding.answer is Answer.MET
    assert finding.spans == ((0.0, 3.0),)
    assert finding.text.en == (
        "The seal is intact when the footage starts (confidence 95%); this installation holds no earlier opening "
        "of the waybill."
    )
    assert finding.text.zh == "开场时封口完好（把握 95%）；本系统没有该运单更早的拆包录像。"


def test_a_run_that_knows_nothing_earlier_says_so_of_the_opening() -> None:
    finding = judged(first_opening, evidence(exhibit(seal(Answer.MET)), history=History()))
    assert finding.answer is Answer.MET
    assert "knows of no earlier evidence" in finding.text.en
    assert "没有既往证据库可查" in finding.text.zh


def test_a_challenge_code_dates_the_opening() -> None:
    finding = found(first_opening, seal(Answer.MET), shown_code())
    assert "not recorded before 2026-06-20 13:00:00+00:00" in finding.text.en


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ((seal(Answer.NOT_MET),), Answer.NOT_MET),
        ((seal(Answer.NOT_MET, 0.8),), Answer.NOT_MET),
        ((seal(Answer.NOT_MET, 0.79),), Answer.CANNOT_TELL),
        ((seal(Answer.MET, 0.79),), Answer.CANNOT_TELL),
        ((seal(Answer.CANNOT_TELL),), Answer.CANNOT_TELL),
        ((seal(Answer.MET), seal(Answer.NOT_MET)), Answer.NOT_MET),
        ((seal(Answer.MET), seal(Answer.CANNOT_TELL)), Answer.CANNOT_TELL),
        ((), Answer.CANNOT_TELL),
        ((UnmeasuredFact(of=("seal",), code="parcel.later", detail="not built yet"),), Answer.CANNOT_TELL),
    ],
)
def test_a_seal_that_is_broken_or_not_seen_makes_no_first_opening(
    facts: tuple[Measured | SealFact, ...], answer: Answer
) -> None:
    assert found(first_opening, *facts).answer is answer


@pytest.mark.parametrize(
    ("history", "answer"),
    [
        (take(), Answer.NOT_MET),
        (take(waybill="sf 1234-567890123"), Answer.NOT_MET),
        (take("C-1"), Answer.CANNOT_TELL),
        (take(sha=SHA), Answer.MET),
        (take(waybill="OTHER"), Answer.MET),
    ],
)
def test_an_earlier_opening_of_the_waybill_is_told(history: History, answer: Answer) -> None:
    finding = judged(first_opening, evidence(exhibit(seal(Answer.MET)), history=history))
    assert finding.answer is answer
    if answer is Answer.NOT_MET:
        assert "C-7" in finding.text.zh
        assert "C-7" in finding.text.en


def test_leaving_the_waybill_out_of_the_case_does_not_hide_an_earlier_opening() -> None:
    seen = exhibit(seal(Answer.MET), CodeFact(format="Code128", text=WAYBILL, reads=5))
    assert judged(first_opening, evidence(seen, history=take(), return_parcel={})).answer is Answer.NOT_MET


def test_a_challenge_code_bounds_the_time_from_both_sides() -> None:
    finding = found(challenge, shown_code(at_s=4.0))
    assert finding.answer is Answer.MET
    assert finding.spans == ((4.0, 4.0),)
    assert "not recorded before 2026-06-20 13:00:00+00:00" in finding.text.en
    assert "not after 2026-06-20 15:00:00+00:00" in finding.text.en
    assert "S1" in finding.text.zh


@pytest.mark.parametrize(
    ("signature", "answer"), [(Signature.INVALID, Answer.NOT_MET), (Signature.UNKNOWN_KEY, Answer.CANNOT_TELL)]
)
def test_a_code_of_a_wrong_or_unknown_key_does_not_count(signature: Signature, answer: Answer) -> None:
    finding = found(challenge, shown_code(), shown_code(signature=signature))
    assert finding.answer is answer
    assert finding.value == signature.value
    assert "1 of 2" in finding.text.en


@pytest.mark.parametrize(
    ("slot", "answer"), [(RECEIVED + SLACK, Answer.MET), (RECEIVED + SLACK + SECOND, Answer.NOT_MET)]
)
def test_a_code_cannot_be_younger_than_the_receipt(slot: datetime, answer: Answer) -> None:
    assert found(challenge, shown_code(slot)).answer is answer


@pytest.mark.parametrize(("drift_s", "answer"), [(0, Answer.MET), (60, Answer.MET), (61, Answer.NOT_MET)])
@pytest.mark.parametrize("sign", [1, -1])
def test_codes_advance_with_the_footage(drift_s: int, sign: int, answer: Answer) -> None:
    second = RECORDED + timedelta(seconds=100 + sign * drift_s)
    finding = found(challenge, shown_code(second, at_s=110.0), shown_code(RECORDED, at_s=10.0))
    assert finding.answer is answer
    if answer is Answer.NOT_MET:
        assert (finding.value, finding.threshold, finding.margin) == (61.0, 60.0, -1.0)
        assert "61 秒" in finding.text.zh


def test_no_code_is_something_the_case_did_not_supply() -> None:
    finding = found(challenge)
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "case.challenge")
    hole = UnmeasuredFact(of=("challenge",), code="codes.failed", detail="reader crashed")
    assert found(challenge, hole).missing == "observation.challenge"
