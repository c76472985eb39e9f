"""Timeliness 时效性 by the clock: recorded after signing, opened promptly, handed in on time, plausible clocks."""

from datetime import datetime

from sixfaces.criteria.answering import Witness, absent, cannot_tell, cites, met, not_met, unmeasured
from sixfaces.criteria.capture_clock import (
    Capture,
    Doubt,
    capture,
    instant_text,
    length,
    receipt_doubt,
    received_at,
)
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import CaptureTimeFact
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

SIGNED_AT = ("case.return_parcel.signed_at", Words(zh="退货签收时间", en="when the return parcel was signed for"))
RECEIVED_AT = ("case.received_at", Words(zh="证据接收时间", en="when the evidence was received"))
CLOSES_AT = ("case.evidence_window.closes_at", Words(zh="举证截止时间", en="when the evidence window closes"))

EARLIER, LATER = Words(zh="早", en="before"), Words(zh="晚", en="after")

MOST_TOLD = 3
"""A sentence names so many statements of time; the finding cites all of them."""

AFTER_SIGNING = Say(
    zh="请提交签收之后首次拆包时录制的视频；若设备时钟有误，请提供动态验证码或其他可核实的时间证明。",
    en="Hand in the video of the first opening, recorded after sign-for; if the device's clock was wrong, show a "
    "challenge code or other proof of the time that can be checked.",
)
SET_CLOCK = Say(
    zh="请校准录像设备的时钟与时区，并在拍摄时展示动态验证码；本次请由人工核对录制时间。",
    en="Set the recorder's clock and zone and show a challenge code while recording; this time let a person check "
    "the time.",
)
PROMPTLY = Say(
    zh="请说明晚拆的原因并提供佐证（如代签、出差），由人工裁量；今后请在期限内拆包。",
    en="State why it was opened late, with proof (signed by someone else, travel), for a person to weigh; open in "
    "time from now on.",
)
IN_WINDOW = Say(
    zh="逾期材料一般不予采信；如有正当理由，请联系平台申请补充举证。",
    en="Late evidence is not supported; if there is a good reason, ask the platform to reopen the window.",
)
EARLY = Say(
    zh="请确认平台是否接受举证期开始之前提交的材料，必要时在举证期内重新提交。",
    en="Check whether the platform accepts evidence from before the window opens; hand it in again within it if "
    "need be.",
)

_DOUBTS = {
    Doubt.CONTRADICTION: Words(zh="各时间来源相互矛盾", en="the statements of time contradict each other"),
    Doubt.NO_RECEIPT: Words(
        zh="只有设备时钟，且没有接收时间可以对照", en="there is only a device clock and no receipt to hold it against"
    ),
    Doubt.AFTER_RECEIPT: Words(
        zh="设备时钟晚于接收时间，不可信", en="the device's clock is later than the receipt and not believed"
    ),
    Doubt.LONG_BEFORE_RECEIPT: Words(
        zh="设备时钟远早于接收时间，不可信", en="the device's clock is long before the receipt and not believed"
    ),
}


def recorded_after_signing(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.recorded_after_signing`: a return is opened after it was signed for (D8, D18).

    1. The case states when the parcel was signed for.
    2. A file received before that was recorded before that, whatever its clock says.
    3. Otherwise the time of capture decides, if there is one to be believed.
    """
    code = RuleCode.RECORDED_AFTER_SIGNING
    times = policy.thresholds.time
    # 1.
    signed = evidence.case.return_parcel.signed_at
    if signed is None:
        return absent(code, seen, path=SIGNED_AT[0], name=SIGNED_AT[1])
    line = signed.timestamp() - times.clock_slack_s
    when, slack = instant_text(signed), length(times.clock_slack_s)
    # 2.
    received = received_at(evidence, seen)
    if received is not None and received.timestamp() < line:
        early = signed.timestamp() - received.timestamp()
        return not_met(
            code, seen, fix=AFTER_SIGNING, **_margin(received, signed, received.timestamp() - line),
            zh=f"证据于 {instant_text(received)} 收到，比签收（{when}）早 {length(early).zh}，录制只会更早。",
            en=f"The evidence was received at {instant_text(received)}, {length(early).en} before sign-for ({when}): "
            "it was recorded before.",
        )  # fmt: skip
    # 3.
    time = capture(evidence, seen, times)
    if time.doubt is not None:
        return _doubtful(
            code,
            seen,
            time=time,
            question=Words(
                zh=f"无法确定是否在签收（{when}）之后录制",
                en=f"It cannot be told whether this was recorded after sign-for ({when})",
            ),
        )
    offset = time.statements[0].said.timestamp() - signed.timestamp()
    side, apart = LATER if offset >= 0 else EARLIER, length(offset)
    source, said = time.source, time.said
    zh = f"按{source.zh}，录制始于 {said}，比签收（{when}）{side.zh} {apart.zh}（时钟误差容许 {slack.zh}）"
    en = f"By {source.en}, recording started at {said}, {apart.en} {side.en} sign-for ({when}; clock slack {slack.en})"
    told: Witness = {"cites": time.cites, **_margin(time.statements[0].said, signed, time.earliest - line)}
    if time.earliest >= line:
        if not time.strong:
            zh, en = f"{zh}；该时钟与接收时间相符", f"{en}; that clock agrees with the receipt"
        return met(code, seen, zh=f"{zh}。", en=f"{en}.", **told)
    if time.latest < line:
        return not_met(code, seen, zh=f"{zh}。", en=f"{en}.", fix=AFTER_SIGNING, **told)
    return cannot_tell(
        code,
        seen,
        zh=f"{zh}；时区未知，先后不定。",
        en=f"{en}; its zone is unknown, so the order is open.",
        fix=SET_CLOCK,
        **told,
    )


def opened_promptly(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.opened_promptly`: opened within the policy's period from sign-for (D8, D17, D18).

    1. The case states when the parcel was signed for.
    2. A file received within the period was recorded within it, whatever its clock says.
    3. Otherwise the time of capture decides, if there is one to be believed.
    """
    code = RuleCode.OPENED_PROMPTLY
    times = policy.thresholds.time
    # 1.
    signed = evidence.case.return_parcel.signed_at
    if signed is None:
        return absent(code, seen, path=SIGNED_AT[0], name=SIGNED_AT[1])
    when, period = instant_text(signed), length(times.open_within_s)
    # 2.
    received = received_at(evidence, seen)
    if received is not None and (spare := signed.timestamp() + times.open_within_s - received.timestamp()) >= 0:
        after = received.timestamp() - signed.timestamp()
        took, side = length(after), Words(zh="后", en="after") if after >= 0 else Words(zh="前", en="before")
        return met(
            code, seen, **_within(received, times.open_within_s, spare),
            zh=f"证据在签收（{when}）{side.zh} {took.zh}收到，拆包不晚于此（期限 {period.zh}）。",
            en=f"The evidence was received {took.en} {side.en} sign-for ({when}), so the parcel was opened by then "
            f"(period {period.en}).",
        )  # fmt: skip
    # 3.
    time = capture(evidence, seen, times)
    if time.doubt is not None:
        return _doubtful(
            code,
            seen,
            time=time,
            question=Words(
                zh=f"无法确定是否在签收（{when}）后 {period.zh}内拆包",
                en=f"It cannot be told whether the parcel was opened within {period.en} from sign-for ({when})",
            ),
        )
    end = signed.timestamp() + times.open_within_s + times.clock_slack_s
    took = length(time.statements[0].said.timestamp() - signed.timestamp())
    source, said = time.source, time.said
    zh = f"按{source.zh}，{said} 开始拆包，距签收（{when}）{took.zh}（期限 {period.zh}）。"
    en = f"By {source.en}, opening started at {said}, {took.en} from sign-for ({when}; period {period.en})."
    told: Witness = {"cites": time.cites, **_within(time.statements[0].said, times.open_within_s, end - time.latest)}
    if time.latest <= end:
        return met(code, seen, zh=zh, en=en, **told)
    if time.earliest > end:
        return not_met(code, seen, zh=zh, en=en, fix=PROMPTLY, **told)
    return cannot_tell(code, seen, zh=zh, en=en, fix=SET_CLOCK, **told)


def submitted_in_window(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.submitted_in_window`: handed in before the window closed (D18, D23). Being early is for a person."""
    code = RuleCode.SUBMITTED_IN_WINDOW
    window = evidence.case.evidence_window
    received = received_at(evidence, seen)
    if window.closes_at is None:
        return absent(code, seen, path=CLOSES_AT[0], name=CLOSES_AT[1])
    if received is None:
        return absent(code, seen, path=RECEIVED_AT[0], name=RECEIVED_AT[1])
    spare = window.closes_at.timestamp() - received.timestamp()
    at, closes, apart = instant_text(received), instant_text(window.closes_at), length(spare)
    told = _margin(received, window.closes_at, spare)
    if spare < 0:
        return not_met(
            code, seen, fix=IN_WINDOW, **told,
            zh=f"证据于 {at} 收到，比举证截止时间 {closes} 晚 {apart.zh}。",
            en=f"The evidence was received at {at}, {apart.en} after the window closed ({closes}).",
        )  # fmt: skip
    if window.opens_at is not None and received < window.opens_at:
        opens, early = instant_text(window.opens_at), length(window.opens_at.timestamp() - received.timestamp())
        return cannot_tell(
            code, seen, fix=EARLY, **told,
            zh=f"证据于 {at} 收到，比举证期开始（{opens}）早 {early.zh}。",
            en=f"The evidence was received at {at}, {early.en} before the window opens ({opens}).",
        )  # fmt: skip
    return met(
        code, seen, **told,
        zh=f"证据于 {at} 收到，距举证截止时间 {closes} 还有 {apart.zh}。",
        en=f"The evidence was received at {at}, {apart.en} before the window closes ({closes}).",
    )  # fmt: skip


def clock(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.clock`: the stated time of capture fits the receipt.

    A device's clock that does not fit is wrong and proves nothing: cannot_tell. A time signed by us that does not fit
    cannot be: not met.
    """
    code = RuleCode.CLOCK
    times = policy.thresholds.time
    received = received_at(evidence, seen)
    if received is None:
        return absent(code, seen, path=RECEIVED_AT[0], name=RECEIVED_AT[1])
    at = instant_text(received)
    time = capture(evidence, seen, times)
    if time.doubt in (Doubt.NONE_STATED, Doubt.CONTRADICTION):
        return _doubtful(
            code,
            seen,
            time=time,
            question=Words(zh=f"无法与接收时间（{at}）核对", en=f"There is nothing to hold against the receipt ({at})"),
        )
    doubt = receipt_doubt(time.statements, received, times)
    before = received.timestamp() - time.statements[0].said.timestamp()
    side, apart = EARLIER if before >= 0 else LATER, length(before)
    slack, within = length(times.clock_slack_s), length(times.receipt_within_s)
    source, said = time.source, time.said
    zh = f"按{source.zh}，录制始于 {said}，比接收（{at}）{side.zh} {apart.zh}（容许晚 {slack.zh}、早 {within.zh}）"
    en = (
        f"By {source.en}, recording started at {said}, {apart.en} {side.en} the receipt ({at}; "
        f"allowed: {slack.en} after to {within.en} before)"
    )
    at_s = received.timestamp()
    margin = min(at_s + times.clock_slack_s - time.earliest, time.latest - (at_s - times.receipt_within_s))
    told: Witness = {"cites": time.cites, **_margin(time.statements[0].said, received, margin)}
    if doubt is None:
        return met(code, seen, zh=f"{zh}。", en=f"{en}.", **told)
    if time.strong:
        return not_met(
            code, seen, zh=f"{zh}，两者不可能同时成立。", en=f"{en}: both cannot be.", fix=AFTER_SIGNING, **told
        )
    return cannot_tell(
        code, seen, zh=f"{zh}，该时钟不可信。", en=f"{en}: that clock is not believed.", fix=SET_CLOCK, **told
    )


def _margin(value: datetime, threshold: datetime, margin: float) -> Witness:
    return {"value": value.isoformat(), "threshold": threshold.isoformat(), "margin": margin, "unit": "s"}


def _within(value: datetime, period_s: float, margin: float) -> Witness:
    return {"value": value.isoformat(), "threshold": period_s, "margin": margin, "unit": "s"}


def _doubtful(code: RuleCode, seen: ExhibitEvidence, *, time: Capture, question: Words) -> Finding:
    """`cannot_tell`, because no time of capture is believed."""
    if time.doubt is None or time.doubt is Doubt.NONE_STATED:
        if not (found := seen.of(CaptureTimeFact)):
            if seen.media is None or seen.record.failure or seen.unmeasured(CaptureTimeFact):
                return unmeasured(code, seen, CaptureTimeFact, fix=SET_CLOCK)
            return cannot_tell(
                code, seen, zh=f"{question.zh}：文件没有写明拍摄时间。",
                en=f"{question.en}: the file states no time of capture.",
                fix=SET_CLOCK, missing="observation.capture_time",
            )  # fmt: skip
        return cannot_tell(
            code, seen, zh=f"{question.zh}：文件中的时间不可信（{len(found)} 处）。",
            en=f"{question.en}: no stated time can be believed ({len(found)} found).",
            fix=SET_CLOCK, cites=cites(o for o, _ in found), missing="observation.capture_time",
        )  # fmt: skip
    why = _DOUBTS[time.doubt]
    said = [instant_text(s.said) for s in time.statements[:MOST_TOLD]]
    missing = RECEIVED_AT[0] if time.doubt is Doubt.NO_RECEIPT else None
    return cannot_tell(
        code, seen, zh=f"{question.zh}：{why.zh}（{'、'.join(said)}）。", en=f"{question.en}: {why.en} "
        f"({', '.join(said)}).",
        fix=SET_CLOCK, cites=time.cites, value=time.said, missing=missing,
    )  # fmt: skip
