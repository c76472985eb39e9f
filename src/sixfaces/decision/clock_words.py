"""Why a clock is late, or what it waits for, in words (D22, D23)."""

from datetime import timedelta
from typing import NamedTuple

from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ClockReading, ClockState

PARTIES = {
    Party.BUYER: Say(zh="买家", en="the buyer"),
    Party.SELLER: Say(zh="卖家", en="the seller"),
    Party.CARRIER: Say(zh="承运商", en="the carrier"),
    Party.SUPPLIER: Say(zh="供应商", en="the supplier"),
    Party.PLATFORM: Say(zh="平台", en="the platform"),
    Party.SERVICE_POINT: Say(zh="服务点", en="the service point"),
}
AWAITED = {
    "replied": Say(zh="回复", en="reply"),
    "reviewed": Say(zh="审核结果", en="review"),
    "refund.confirmed": Say(zh="退款确认", en="agreement to the refund"),
    "refund.paid": Say(zh="退款到账", en="payment"),
    "carrier.answered": Say(zh="答复", en="answer"),
    "inspected": Say(zh="质检结论", en="inspection"),
    "evidence": Say(zh="举证材料", en="evidence"),
    "referral": Say(zh="检测答复", en="diagnosis"),
    "promise": Say(zh="承诺的履行", en="promise"),
}
_MINUTE = timedelta(minutes=1)
MOOT = Say(
    zh="申请已裁定、撤销或完结，无需再提供。",
    en="Nobody waits for it any more: the claim was decided, withdrawn or settled.",
)
_SOMETHING = Say(zh="下一步处理", en="next step")


def why(reading: ClockReading, limit: timedelta, *, waits_for: str | None, is_work: bool = False) -> Say:
    """One or two sentences about this reading. `is_work`: its time is working time."""
    holder = PARTIES[reading.holder]
    awaited = AWAITED.get(waits_for or "", _SOMETHING)
    spans = _Spans.of(reading, limit, is_work=is_work)
    is_just = reading.state is ClockState.BREACHED and reading.used - limit < _MINUTE  # its end lay before a free day
    told = (_just_late if is_just else _core)(reading, spans, holder=holder, awaited=awaited)
    if not reading.paused:
        return told
    pause = lasting(reading.paused)
    return Say(zh=f"{told.zh}其中暂停 {pause.zh}不计。", en=f"{told.en} Pauses of {pause.en} do not count.")


class _Spans(NamedTuple):
    """Stretches of a reading in words."""

    over: Say
    used: Say
    left: Say
    most: Say

    @classmethod
    def of(cls, reading: ClockReading, limit: timedelta, *, is_work: bool) -> "_Spans":
        tell = working if is_work else lasting
        return cls(*(tell(one) for one in (reading.used - limit, reading.used, reading.left, limit)))


def _just_late(reading: ClockReading, spans: _Spans, *, holder: Say, awaited: Say) -> Say:
    if reading.ended_at is not None:
        return Say(
            zh=f"{holder.zh}完成时已超过 {spans.most.zh}的时限。",
            en=f"{holder.en.capitalize()} was late: {spans.most.en} were given.",
        )
    return Say(
        zh=f"{holder.zh}的{awaited.zh}已超时，时限为 {spans.most.zh}。",
        en=f"{holder.en.capitalize()}'s {awaited.en} is late; {spans.most.en} were given.",
    )


def _core(reading: ClockReading, spans: _Spans, *, holder: Say, awaited: Say) -> Say:
    over, used, left, most = spans
    if reading.state is ClockState.BREACHED and reading.ended_at is not None:
        return Say(
            zh=f"{holder.zh}用时 {used.zh}，超过 {most.zh}的时限 {over.zh}。",
            en=f"It took {holder.en} {used.en}: {over.en} more than the {most.en} there are.",
        )
    if reading.state is ClockState.BREACHED:
        return Say(
            zh=f"{holder.zh}的{awaited.zh}已超时 {over.zh}，时限为 {most.zh}。",
            en=f"{holder.en.capitalize()}'s {awaited.en} is {over.en} late; {most.en} were given.",
        )
    if reading.state is ClockState.KEPT:
        return Say(zh=f"用时 {used.zh}，在 {most.zh}的时限内。", en=f"It took {used.en} of {most.en}.")
    if reading.state is ClockState.PAUSED:
        return Say(zh=f"计时暂停，剩余 {left.zh}。", en=f"The clock stands still, with {left.en} left.")
    return Say(
        zh=f"等待{holder.zh}的{awaited.zh}，剩余 {left.zh}。",
        en=f"Waiting for {holder.en}'s {awaited.en}, {left.en} left.",
    )


def lasting(span: timedelta) -> Say:
    """A duration in the two greatest units that it has."""
    minutes = max(round(span.total_seconds() / 60), 0)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min")]
    told = [one for one in parts if one[0]][:2] or [(0, "分钟", "min")]
    return Say(zh=" ".join(f"{n} {zh}" for n, zh, _ in told), en=" ".join(f"{n} {en}" for n, _, en in told))


def working(span: timedelta) -> Say:
    """A stretch of working time: its days are not of 24 hours, so that it is told in hours."""
    hours, minutes = divmod(max(round(span.total_seconds() / 60), 0), 60)
    if not hours:
        return Say(zh=f"{minutes} 分钟工作时间", en=f"{minutes} min of working time")
    rest = f" {minutes} 分钟" if minutes else ""
    return Say(zh=f"{hours} 小时{rest}工作时间", en=f"{hours} h{f' {minutes} min' if minutes else ''} of working time")
