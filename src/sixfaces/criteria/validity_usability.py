"""Validity 有效性 of the picture's quality: sharp and well exposed, for long enough."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from sixfaces.criteria.answering import TOLERANCE, Witness, cannot_tell, cites, met, not_met, unmeasured
from sixfaces.criteria.rule import PICTURES, Rule
from sixfaces.criteria.sureness import Seen
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.facts import UsabilityFact
from sixfaces.domain.model import Say
from sixfaces.domain.policy import PictureThresholds, Policy
from sixfaces.domain.rules import Finding, RuleCode, SpanSeconds

MOST_SPANS = 12
"""As many bad stretches as a person will look at; the text still gives the whole share."""

SHARPER = Say(
    zh="请擦净镜头、对焦到包裹、补光并放慢动作后重拍；若已拆封，请提交同一过程的其他机位或原始文件。",
    en="Clean the lens, focus on the parcel, add light and move slowly; if it is opened already, hand in another "
    "camera's view or the original file of the same opening.",
)
LIGHT = Say(
    zh="请调整灯光与曝光：避免逆光和直射反光，保证包裹各面明暗可辨；若已拆封，请提交其他机位的录像。",
    en="Adjust light and exposure: no back light, no glare, every face readable; "
    "if it is opened already, hand in another camera's view.",
)


class Demand(NamedTuple):
    """What share of the picture has to be good, how that is told of a video, and the one sentence for a photo."""

    least: float
    quality: Words
    photo: Words
    fix: Say


def sharpness(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.sharpness`: enough seconds are sharp (D9). Seconds without texture count neither way."""
    picture = policy.thresholds.picture
    found = seen.of(UsabilityFact)
    if not found:
        return unmeasured(RuleCode.SHARPNESS, seen, UsabilityFact, fix=SHARPER)
    sharp = picture.sharpness - TOLERANCE
    steps = [None if value < 0 else value >= sharp for _, fact in found for value in fact.sharpness]
    quality = Words(f"清晰（清晰度不低于 {picture.sharpness:g}）", f"sharp (sharpness at least {picture.sharpness:g})")
    photo = _photo_sharpness(found, picture)
    return _enough(RuleCode.SHARPNESS, seen, steps=steps, demand=Demand(picture.sharp_share, quality, photo, SHARPER))


def _photo_sharpness(found: Seen[UsabilityFact], picture: PictureThresholds) -> Words:
    value = next((value for _, fact in found for value in fact.sharpness), -1.0)
    if value < 0:
        return Words("照片没有可供判断清晰度的纹理。", "The photo has no texture by which to judge its sharpness.")
    zh, en = ("清晰", "sharp") if value >= picture.sharpness - TOLERANCE else ("模糊", "blurred")
    return Words(
        f"照片{zh}：清晰度 {value:.2f}（要求不低于 {picture.sharpness:g}）。",
        f"The photo is {en}: sharpness {value:.2f}, at least {picture.sharpness:g} required.",
    )


def exposure(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.exposure`: enough seconds are neither too dark nor too bright (D9)."""
    picture = policy.thresholds.picture
    found = seen.of(UsabilityFact)
    if not found:
        return unmeasured(RuleCode.EXPOSURE, seen, UsabilityFact, fix=LIGHT)
    low, high, most = picture.luma_low - TOLERANCE, picture.luma_high + TOLERANCE, picture.clipped + TOLERANCE
    steps: list[bool | None] = [
        low <= luma <= high and dark <= most and bright <= most
        for _, fact in found
        for luma, dark, bright in zip(fact.luma, fact.dark, fact.bright, strict=False)
    ]
    allowed = Words(
        f"平均亮度 {picture.luma_low:g}–{picture.luma_high:g}，死黑或过曝的画面不超过 {picture.clipped:.0%}",
        f"mean luma {picture.luma_low:g} to {picture.luma_high:g}, at most {picture.clipped:.0%} black or burnt out",
    )
    quality = Words(f"曝光正常（{allowed.zh}）", f"well exposed ({allowed.en})")
    photo = _photo_exposure(found, good=all(steps), allowed=allowed)
    return _enough(RuleCode.EXPOSURE, seen, steps=steps, demand=Demand(picture.exposed_share, quality, photo, LIGHT))


def _photo_exposure(found: Seen[UsabilityFact], *, good: bool, allowed: Words) -> Words:
    fact = found[0][1]
    luma, dark, bright = (next(iter(values), 0.0) for values in (fact.luma, fact.dark, fact.bright))
    zh, en = ("曝光正常", "well exposed") if good else ("曝光不当", "badly exposed")
    return Words(
        f"照片{zh}：平均亮度 {luma:.2f}，死黑 {dark:.0%}，过曝 {bright:.0%}（要求{allowed.zh}）。",
        f"The photo is {en}: mean luma {luma:.2f}, {dark:.0%} black, {bright:.0%} burnt out (required: {allowed.en}).",
    )


def _enough(code: RuleCode, seen: ExhibitEvidence, *, steps: Sequence[bool | None], demand: Demand) -> Finding:
    """Whether the share of good steps reaches what is demanded, whatever the unjudged steps (None) may have been.

    Met if it does even with every unjudged step bad; not met if it does not even with every one of them good.
    """
    least, fix = demand.least, demand.fix
    found = seen.of(UsabilityFact)
    good, unjudged, total = steps.count(True), steps.count(None), len(steps)
    if total == 0:
        return unmeasured(code, seen, UsabilityFact, fix=fix)
    share, best = good / total, (good + unjudged) / total
    told: Witness = {
        "cites": cites(o for o, _ in found), "value": share, "threshold": least, "margin": share - least, "unit": "1",
    }  # fmt: skip
    zh, en = demand.photo if seen.exhibit.medium is Medium.PHOTO and total == 1 else _of_seconds(steps, found, demand)
    if share >= least - TOLERANCE:
        return met(code, seen, zh=zh, en=en, **told)
    told["spans"] = _bad_spans(steps, found)
    if best < least - TOLERANCE:
        told["margin"] = best - least
        return not_met(code, seen, zh=zh, en=en, fix=fix, **told)
    return cannot_tell(code, seen, zh=zh, en=en, fix=fix, **told)


def _of_seconds(steps: Sequence[bool | None], found: Seen[UsabilityFact], demand: Demand) -> Words:
    """How many of the seconds are good, against how many must be."""
    good, unjudged, total, step_s = steps.count(True), steps.count(None), len(steps), found[0][1].step_s
    unit = Words("秒", "second") if step_s == 1 else Words(f"段（每段 {step_s:g} 秒）", f"stretch of {step_s:g} s")
    aside = Words("", "")
    if unjudged:
        aside = Words(
            f"；其中 {unjudged} {unit.zh[0]}画面没有可供判断的纹理",
            f"; {unjudged} of them have no texture to judge by",
        )
    several = "seconds" if step_s == 1 else f"stretches of {step_s:g} s"
    return Words(
        f"{total} {unit.zh}中有 {good} {unit.zh[0]}{demand.quality.zh}，占 {good / total:.0%}，"
        f"要求 {demand.least:.0%}{aside.zh}。",
        f"{good} of {total} {unit.en if total == 1 else several} {'is' if good == 1 else 'are'} {demand.quality.en}: "
        f"{good / total:.0%}, required {demand.least:.0%}{aside.en}.",
    )


def _bad_spans(steps: Iterable[bool | None], found: Seen[UsabilityFact]) -> tuple[SpanSeconds, ...]:
    """The longest runs of bad steps in seconds, in the order of time. Several facts follow one another."""
    observation, fact = found[0]
    start = observation.span.start.seconds if observation.span else 0.0
    runs: list[SpanSeconds] = []
    at = 0
    for good, run in groupby(steps):
        length = sum(1 for _ in run)
        if good is False:
            runs.append((start + at * fact.step_s, start + (at + length) * fact.step_s))
        at += length
    longest = sorted(runs, key=lambda span: span[0] - span[1])[:MOST_SPANS]
    return tuple(sorted(longest))


USABILITY_RULES: tuple[Rule, ...] = (
    Rule(RuleCode.SHARPNESS, PICTURES, sharpness),
    Rule(RuleCode.EXPOSURE, PICTURES, exposure),
)
