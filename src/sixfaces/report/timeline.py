"""The timeline of one video as lanes of shapes, all placed in per cent of its length: it scales without a script."""

from collections.abc import Iterable
from dataclasses import dataclass

from sixfaces.domain.model import Say
from sixfaces.domain.report import ExhibitView, SpanView
from sixfaces.domain.rules import Finding
from sixfaces.report.clocks import clock, stretch
from sixfaces.report.visible import visible
from sixfaces.report.words import ABSENCE, BREAK, RULE, STAGE

NARROWEST = 0.35
"""Least width of a mark in per cent: a moment must still be seen."""

WHOLE = 0.9
"""A finding about so much of the video points at no moment in it."""

ROOM_PER_LETTER = 0.95
"""Per cent of the lane that one letter of a label takes on a screen of ordinary width."""

MOST_CODES = 5
MOST_BARS = 240
MOST_TICKS = 6
NICE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
"""Seconds between ticks that people can count in."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape: left edge and width in per cent, a class for its colour, a label if there is room, a tip."""

    x: float
    width: float
    style: str
    tip: Say
    label: Say | None = None
    height: float = 100.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the timeline: `ribbon` lanes hold blocks, `bars` a strip of heights, `ticks` the axis."""

    name: Say
    kind: str
    marks: tuple[Mark, ...]
    note: Say | None = None


def timeline(view: ExhibitView, decisive: Iterable[Finding]) -> tuple[Lane, ...]:
    """The lanes of a video, top to bottom; empty where there is no length to draw along."""
    length = view.media.duration_s if view.media else None
    if not length:
        return ()
    lanes = [
        _decisive_lane(view, decisive, length),
        _takes_lane(view, length),
        _stages_lane(view, length),
        *_code_lanes(view, length),
        _absence_lane(view, length),
        _quality_lane(view, length),
        _axis(length),
    ]
    return tuple(lane for lane in lanes if lane is not None)


def _mark(span: SpanView, length: float, style: str, *, tip: Say, label: Say | None = None) -> Mark:
    x = min(max(100 * span.from_s / length, 0.0), 100 - NARROWEST)
    width = min(max(100 * (span.to_s - span.from_s) / length, NARROWEST), 100 - x)
    when = stretch(span.from_s, span.to_s)
    tip = Say(zh=f"{tip.zh} {when}", en=f"{tip.en} {when}")
    if label is not None and max(2 * len(label.zh), len(label.en)) * ROOM_PER_LETTER > width:
        label = None
    return Mark(round(x, 3), round(width, 3), style, tip, label)


def _decisive_lane(view: ExhibitView, decisive: Iterable[Finding], length: float) -> Lane | None:
    marks = tuple(
        _mark(SpanView(from_s=start, to_s=end), length, str(finding.answer), tip=RULE[finding.code])
        for finding in decisive
        if finding.exhibit in (None, view.sha256)
        for start, end in finding.spans
        if end - start < WHOLE * length
    )
    return Lane(Say(zh="关键时刻", en="Decisive"), "ribbon", marks) if marks else None


def _takes_lane(view: ExhibitView, length: float) -> Lane | None:
    if not view.takes and not view.breaks:
        return None
    takes = [
        _mark(take, length, f"take{index % 2}", tip=_take(index), label=_take(index))
        for index, take in enumerate(view.takes)
    ]
    breaks = [
        _mark(b, length, "break" if b.certain else "doubt", tip=BREAK.get(b.cause, Say(zh=b.cause, en=b.cause)))
        for b in view.breaks
    ]
    sure = sum(b.certain for b in view.breaks)
    note = _counted(len(view.takes), sure, len(view.breaks) - sure)
    return Lane(Say(zh="一镜", en="Takes"), "ribbon", (*takes, *breaks), note)


def _counted(takes: int, sure: int, doubt: int) -> Say:
    """How many takes and breaks there are; what there is none of is left out."""
    zh = [f"{takes} 镜", f"{sure} 处确定中断" if sure else "", f"{doubt} 处可疑" if doubt else ""]
    en = [
        f"{takes} take{'' if takes == 1 else 's'}",
        f"{sure} certain break{'' if sure == 1 else 's'}" if sure else "",
        f"{doubt} doubtful" if doubt else "",
    ]
    return Say(zh=" · ".join(filter(None, zh)), en=" · ".join(filter(None, en)))


def _take(index: int) -> Say:
    return Say(zh=f"第 {index + 1} 镜", en=f"take {index + 1}")


def _stages_lane(view: ExhibitView, length: float) -> Lane | None:
    marks = tuple(_mark(s, length, f"stage-{s.stage}", tip=STAGE[s.stage], label=STAGE[s.stage]) for s in view.stages)
    return Lane(Say(zh="阶段", en="Stages"), "ribbon", marks) if marks else None


def _code_lanes(view: ExhibitView, length: float) -> list[Lane]:
    """One lane for each distinct text, the most read first."""
    groups: dict[tuple[str, str], list[SpanView]] = {}
    reads: dict[tuple[str, str], int] = {}
    for code in view.codes:
        key = (code.format, code.text)
        groups.setdefault(key, []).append(code)
        reads[key] = reads.get(key, 0) + code.reads
    lanes = []
    for key in sorted(groups, key=lambda k: (-reads[k], k))[:MOST_CODES]:
        text = visible(key[1], longest=60)
        tip = Say(zh=f"{visible(key[0])} {text}", en=f"{visible(key[0])} {text}")
        marks = tuple(_mark(span, length, "code", tip=tip) for span in groups[key])
        note = Say(zh=f"{tip.zh} · 读到 {reads[key]} 次", en=f"{tip.en} · {reads[key]} read{'s' * (reads[key] != 1)}")
        lanes.append(Lane(Say(zh="条码", en="Code"), "ribbon", marks, note))
    return lanes


def _absence_lane(view: ExhibitView, length: float) -> Lane | None:
    marks = tuple(
        _mark(a, length, "absence", tip=ABSENCE.get(a.reason, Say(zh=a.reason, en=a.reason))) for a in view.absences
    )
    return Lane(Say(zh="离开画面", en="Out of view"), "ribbon", marks) if marks else None


def _quality_lane(view: ExhibitView, length: float) -> Lane | None:
    """Sharpness as a strip of bars, thinned to the width of a page by keeping each bin's worst step."""
    quality = view.quality
    if quality is None or not quality.sharpness:
        return None
    count = len(quality.sharpness)
    stride = -(-count // MOST_BARS)
    width = 100 * quality.step_s * stride / length
    bars = []
    for first in range(0, count, stride):
        judged = [value for value in quality.sharpness[first : first + stride] if value >= 0]
        worst = min(judged) if judged else None
        x = min(100 * first * quality.step_s / length, 100.0)
        tip = _sharpness(worst, first * quality.step_s)
        bars.append(
            Mark(
                round(x, 3),
                round(min(width, 100 - x), 3),
                "none" if worst is None else "sharp",
                tip,
                height=8.0 if worst is None else round(max(100 * min(worst, 1.0), 4.0), 1),
            )
        )
    return Lane(Say(zh="清晰度", en="Sharpness"), "bars", tuple(bars))


def _sharpness(value: float | None, at_s: float) -> Say:
    if value is None:
        return Say(zh=f"{clock(at_s)} 无可供判断的纹理", en=f"{clock(at_s)} nothing to judge by")
    return Say(zh=f"{clock(at_s)} 清晰度 {value:.2f}", en=f"{clock(at_s)} sharpness {value:.2f}")


def _axis(length: float) -> Lane:
    step = next((s for s in NICE_STEPS if length / s <= MOST_TICKS), NICE_STEPS[-1])
    ticks = []
    for index in range(int(length / step) + 1):
        at = index * step
        text = clock(at, tenths=False)
        ticks.append(Mark(round(100 * at / length, 3), 0.0, "tick", Say(zh=text, en=text), Say(zh=text, en=text)))
    return Lane(Say(zh="时间", en="Time"), "ticks", tuple(ticks))
