"""Timeliness 时效性 of the opening itself: the first one (D8), and dated by a challenge code."""

from itertools import pairwise

from sixfaces.criteria.answering import Witness, cannot_tell, cites, met, not_met, short, spans, unmeasured
from sixfaces.criteria.capture_clock import instant_text, length, received_at
from sixfaces.criteria.moments import count
from sixfaces.criteria.sureness import Seen, sure
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import EarlierTake, Evidence, ExhibitEvidence
from sixfaces.domain.model import Say
from sixfaces.domain.parcel_facts import SealFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import ChallengeFact, CodeFact, Signature
from sixfaces.domain.rules import Finding, RuleCode

FROM_SEALED = Say(
    zh="请提交首次拆包的视频，开场须清楚拍到封口完好；拆封后补录的视频不予认可。",
    en="Hand in the video of the first opening; it must start with the seal plainly intact. Footage recorded after the "
    "seal was broken does not count.",
)
FIRST_TAKE = Say(
    zh="请说明此前提交的录像，并以最早的一段为准；如运单号被承运商重复使用，请提供签收凭证。",
    en="Explain the footage handed in earlier, of which the first counts; if the carrier used the number twice, hand "
    "in the proof of sign-for.",
)
SHOW_CODE = Say(
    zh="请在录制时让工位屏幕上的动态验证码完整入镜数秒。",
    en="While recording, hold the station's challenge code in the picture for a few seconds.",
)
GENUINE_CODE = Say(
    zh="请提交工位实时录制的原始视频；验证码须由已登记的工位签发。",
    en="Hand in the original footage as the station recorded it; the code must come from a registered station.",
)


def first_opening(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.first_opening`: this is the first opening, not one recorded after the seal was broken (D8).

    1. An opening of the same waybill sealed earlier for another case: not met. For the same case a person compares.
    2. The seal is intact when the footage starts.
    3. What this installation knows of earlier openings, and the challenge code, stand in the text.
    """
    code = RuleCode.FIRST_OPENING
    # 1.
    earlier = [take for take in evidence.history.takes if _is_earlier(take, evidence, seen)]
    elsewhere = [take for take in earlier if take.case_id != evidence.case.case_id]
    for takes, answer in ((elsewhere, not_met), (earlier, cannot_tell)):
        if takes:
            take = takes[0]
            return answer(
                code, seen, value=len(takes), threshold=0, margin=-float(len(takes)), unit="takes", fix=FIRST_TAKE,
                zh=f"运单 {short(take.waybill)} 此前已封存 {len(takes)} 段拆包录像（售后单 "
                f"{short(take.case_id)}，证据件 {take.exhibit[:12]}）。",
                en=f"Sealed before: {count(len(takes), 'unboxing take')} of waybill {short(take.waybill)} (case "
                f"{short(take.case_id)}, exhibit {take.exhibit[:12]}).",
            )  # fmt: skip
    # 2.
    found = seen.of(SealFact)
    if not found:
        return unmeasured(code, seen, SealFact, fix=FROM_SEALED)
    told: Witness = {"cites": cites(o for o, _ in found), "spans": spans(o for o, _ in found)}
    believed = {fact.intact for _, fact in sure(found, policy)}
    confidence = min(observation.confidence for observation, _ in found)
    told = {**told, "value": confidence, "threshold": policy.thresholds.evidence.confidence, "unit": "1"}
    if Answer.NOT_MET in believed:
        return not_met(
            code, seen, fix=FROM_SEALED, **told,
            zh=f"开场时封口已破（把握 {confidence:.0%}）：这不是首次拆封的录像。",
            en=f"The seal is already broken when the footage starts (confidence {confidence:.0%}): this is not the "
            "first opening.",
        )  # fmt: skip
    if believed != {Answer.MET}:
        return cannot_tell(
            code, seen, fix=FROM_SEALED, **told,
            zh=f"无法看清开场时封口是否完好（把握 {confidence:.0%}），不能确定是否首次拆封。",
            en=f"Whether the seal is intact at the start cannot be seen (confidence {confidence:.0%}), nor, therefore, "
            "whether this is the first opening.",
        )  # fmt: skip
    # 3.
    known, dated = _known(evidence), _dated(seen)
    return met(
        code, seen, **told,
        zh=f"开场时封口完好（把握 {confidence:.0%}）；{known.zh}{dated.zh}。",
        en=f"The seal is intact when the footage starts (confidence {confidence:.0%}); {known.en}{dated.en}.",
    )  # fmt: skip


def _is_earlier(take: EarlierTake, evidence: Evidence, seen: ExhibitEvidence) -> bool:
    """1. Another file with a waybill of this parcel: the one the case states, or any that the footage shows."""
    if take.exhibit == seen.exhibit.sha256 or take.than not in (None, seen.exhibit.sha256):
        return False
    shown = {_plain(fact.text) for _, fact in seen.of(CodeFact)}
    return _plain(take.waybill) in shown | {_plain(evidence.case.return_parcel.waybill or "")} - {""}


def _plain(number: str) -> str:
    return "".join(number.split()).replace("-", "").upper()


def _known(evidence: Evidence) -> Words:
    if not evidence.history.searched:
        return Words(
            zh="本次运行没有既往证据库可查，只能说本机未知更早的拆包录像",
            en="this run knows of no earlier evidence, so it can only say that no earlier opening is known here",
        )
    return Words(zh="本系统没有该运单更早的拆包录像", en="this installation holds no earlier opening of the waybill")


def _dated(seen: ExhibitEvidence) -> Words:
    valid = [fact for _, fact in seen.of(ChallengeFact) if fact.signature is Signature.VALID]
    if not valid:
        return NOTHING
    since = instant_text(min(fact.slot_from for fact in valid))
    return Words(
        zh=f"；动态验证码证明录制不早于 {since}",
        en=f"; the challenge code shows that it was not recorded before {since}",
    )


def challenge(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`timeliness.challenge`: a signed, rotating code in the picture bounds the time from below, receipt from above.

    1. No code shown is told as something the case did not supply.
    2. A code that its key did not sign is forged; of an unknown key nothing can be said.
    3. A code cannot be younger than the receipt.
    4. Several codes advance with the footage: otherwise time was taken out or put in.
    """
    code = RuleCode.CHALLENGE
    found = seen.of(ChallengeFact)
    # 1.
    if not found:
        if seen.unmeasured(ChallengeFact) or seen.record.failure:
            return unmeasured(code, seen, ChallengeFact, fix=SHOW_CODE)
        return cannot_tell(
            code, seen, fix=SHOW_CODE, missing="case.challenge",
            zh="画面中没有动态验证码；未使用验证码的录像不受影响。",
            en="No challenge code is shown, which does no harm where none is used.",
        )  # fmt: skip
    # 2.
    shown: Witness = {"cites": cites(o for o, _ in found), "spans": spans(o for o, _ in found)}
    for signature, answer in ((Signature.INVALID, not_met), (Signature.UNKNOWN_KEY, cannot_tell)):
        wrong = [fact for _, fact in found if fact.signature is signature]
        if wrong:
            station = short(wrong[0].station)
            why = _WRONG[signature]
            shown["value"] = signature.value
            return answer(
                code, seen, fix=GENUINE_CODE, **shown,
                zh=f"{len(found)} 个动态验证码中有 {len(wrong)} 个{why.zh}（工位 {station}）。",
                en=f"{len(wrong)} of {len(found)} challenge codes {why.en} (station {station}).",
            )  # fmt: skip
    return _dated_by(found, evidence, seen=seen, policy=policy)


_WRONG = {
    Signature.INVALID: Words(zh="签名无效", en="carry a signature that is not their key's"),
    Signature.UNKNOWN_KEY: Words(zh="由未登记的密钥签发", en="are signed with a key that is not registered"),
}


def _dated_by(found: Seen[ChallengeFact], evidence: Evidence, *, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """3. and 4. What validly signed codes say about the time."""
    code, times = RuleCode.CHALLENGE, policy.thresholds.time
    told: Witness = {"cites": cites(o for o, _ in found), "spans": spans(o for o, _ in found)}
    latest = max((fact.slot_from for _, fact in found), key=lambda instant: instant.timestamp())
    received = received_at(evidence, seen)
    # 3.
    if received is not None:
        spare = received.timestamp() + times.clock_slack_s - latest.timestamp()
        told = {**told, "value": latest.isoformat(), "threshold": received.isoformat(), "margin": spare, "unit": "s"}
        if spare < 0:
            early = length(latest.timestamp() - received.timestamp())
            return not_met(
                code, seen, fix=GENUINE_CODE, **told,
                zh=f"验证码签发于 {instant_text(latest)}，比接收时间（{instant_text(received)}）还晚 {early.zh}，"
                "不可能成立。",
                en=f"The code was made at {instant_text(latest)}, {early.en} after the receipt "
                f"({instant_text(received)}), which cannot be.",
            )  # fmt: skip
    # 4.
    drift = _worst_drift(found)
    if drift > times.challenge_slot_s:
        told = {**told, "value": drift, "threshold": times.challenge_slot_s, "unit": "s"}
        told["margin"] = times.challenge_slot_s - drift
        off, allowed = length(drift), length(times.challenge_slot_s)
        return not_met(
            code, seen, fix=GENUINE_CODE, **told,
            zh=f"{len(found)} 个验证码的时间与画面进度相差 {off.zh}（容许 {allowed.zh}）：录像被剪辑、暂停或拼接。",
            en=f"The times of {len(found)} codes and of the footage differ by {off.en} (allowed {allowed.en}): it "
            "was cut, paused or spliced.",
        )  # fmt: skip
    first, station = (
        min((fact.slot_from for _, fact in found), key=lambda at: at.timestamp()),
        short(found[0][1].station),
    )
    since, until = instant_text(first), instant_text(received) if received else ""
    by_zh = f"，不晚于接收时间 {until}" if received else ""
    by_en = f" and, by its receipt, not after {until}" if received else ""
    return met(
        code, seen, **told,
        zh=f"{len(found)} 个由工位 {station} 签发的动态验证码证明录制不早于 {since}{by_zh}。",
        en=f"By {count(len(found), 'challenge code')} of station {station} this was not recorded before "
        f"{since}{by_en}.",
    )  # fmt: skip


def _worst_drift(found: Seen[ChallengeFact]) -> float:
    """4. By how many seconds, at most, the codes' slots and the footage moved apart from one code to the next."""
    timed = sorted(
        (observation.span.start.seconds, fact.slot_from.timestamp())
        for observation, fact in found
        if observation.span is not None
    )
    return max((abs((slot - before) - (at - start)) for (start, before), (at, slot) in pairwise(timed)), default=0.0)
