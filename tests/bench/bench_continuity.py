"""Recall of removals, false alarms and speed of the continuity observer, beside two scene detectors in the same run.

`python -m tests.bench.bench_continuity [--full] [--only recall|alarms] [--real FOLDER]`: quick takes a minute,
each part in full some eight.
PySceneDetect is compared if it can be imported. Seeds are test seeds, which training never sees. A removal counts as
visible if the frame after it differs from the frame that should have come by more than 8 grey levels in the three
most changed blocks of 8 x 8 small pixels; the others are published, too, as `all`.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from fixtures.bench_scene import Image
from fixtures.grey_video import Coding, write_video
from sixfaces.domain.facts import BreakFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import SmallFrame
from sixfaces.observe.continuity import Continuity
from tests.bench.continuity_clips import TEST_SEED, Clip, Take, filmed, frames_of, rendered, shrunk
from tests.bench.continuity_rivals import RIVALS
from tests.bench.continuity_training import visible_change

NEAR_S = 0.15
VISIBLE = 8.0
SECONDS = 8
LENGTHS_S = (0.1, 0.3, 0.5, 1.0, 3.0)
KINDS = {"fixed 30 fps": (30, 0.0), "fixed 12 fps": (12, 0.0), "hand-held 30 fps": (30, 0.01)}


@dataclass(frozen=True)
class Removal:
    """One clip with a stretch missing: what to make, and how the file is made."""

    kind: str
    seed: int
    length_s: float
    joined: bool = False
    """Two files joined without encoding anew, rather than one encoded after the cut."""
    real: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What each detector said about one removal."""

    removal: Removal
    visible: bool
    found: dict[str, bool]
    certain: bool


def observed(frames: Iterable[tuple[Image, float, bool]]) -> tuple[list[tuple[float, float, bool]], float, int]:
    """Breaks as (start, end, certain), CPU seconds used, frames."""
    observer, used, count = Continuity(lambda _name, _data: None), 0.0, 0
    for gray, at_s, key in frames:
        time_ = MediaTime(ticks=round(at_s * 90_000), den=90_000)
        begin = time.thread_time()
        observer.small(SmallFrame(count, time_, gray, key=key, corrupt=False))
        used += time.thread_time() - begin
        count += 1
    begin = time.thread_time()
    facts = list(observer.finish())
    used += time.thread_time() - begin
    breaks = [(m.span.start.seconds, m.span.end.seconds, m.fact.certain)
              for m in facts if isinstance(m.fact, BreakFact) and m.span is not None]  # fmt: skip
    return breaks, used, count


def removed(removal: Removal) -> tuple[list[Image], list[Image], int, bool]:
    """Pictures before and after the removal, frames a second, and whether it can be seen."""
    if removal.real is not None:
        return _removed_from(removal)
    fps, shake = KINDS[removal.kind]
    take = Take(removal.kind, removal.seed, fps, shake, seconds=SECONDS + 8.0, crf=23)
    scene, camera = filmed(take)
    at = SECONDS / 2 + float(np.random.default_rng([removal.seed, 3]).uniform(-1, 1))
    times = [n / fps if n / fps < at else n / fps + removal.length_s for n in range(SECONDS * fps)]
    cut = next(n for n in range(SECONDS * fps) if n / fps >= at)
    shots = [camera.shoot(t, n) for n, t in enumerate(times)]
    should = camera.shoot(times[cut] - removal.length_s, cut)
    del scene
    return shots[:cut], shots[cut:], fps, _visible(shots[cut - 1], should, shots[cut])


def _removed_from(removal: Removal) -> tuple[list[Image], list[Image], int, bool]:
    import av

    with av.open(str(removal.real)) as container:
        fps = round(float(container.streams.video[0].average_rate or 25))
        shots = [np.asarray(f.to_ndarray(format="gray"), np.uint8) for f in container.decode(video=0)]
    shots = [s[: s.shape[0] // 2 * 2, : s.shape[1] // 2 * 2] for s in shots]
    gone = max(1, round(removal.length_s * fps))
    cut = int(np.random.default_rng([removal.seed, 3]).integers(8, max(9, len(shots) - gone - 8)))
    return shots[:cut], shots[cut + gone :], fps, _visible(shots[cut - 1], shots[cut], shots[cut + gone])


def _visible(last: Image, should: Image, does: Image) -> bool:
    clip = Clip("", [shrunk(last), shrunk(should), shrunk(does)], [0, 1, 2], [False] * 3, [])
    return visible_change(clip, 0, 2) > VISIBLE


def measured(removal: Removal) -> Outcome:
    """Make the file and ask every detector."""
    before, after, fps, visible = removed(removal)
    cut_s = len(before) / fps
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "clip.mp4"
        times = [Fraction(n, fps) for n in range(len(before) + len(after))]
        # a keyframe at the splice is what joining without encoding leaves behind
        write_video(path, before + after, times=times, coding=Coding(key_at=len(before) if removal.joined else None))
        breaks, _, _ = observed(frames_of(path))
        near = [c for start, end, c in breaks if start - NEAR_S <= cut_s <= end + NEAR_S]
        found = {"sixfaces": bool(near)}
        for name, rival in RIVALS.items():
            found[name] = any(abs(t - cut_s) <= NEAR_S for t in rival(path))
    return Outcome(removal, visible, found, certain=any(near))


def false_alarms(take: Take) -> tuple[str, float, list[tuple[float, bool, bool]], float, int]:
    """Genuine footage: kind, seconds, breaks as (moment, certain, at a screen or lamp), CPU seconds, frames."""
    clip = rendered(take)
    breaks, used, count = observed(zip(clip.frames, clip.times, clip.keys, strict=True))
    told = [(end, c, any(abs(s - end) < NEAR_S for s in clip.sudden)) for _, end, c in breaks]
    return take.kind, clip.times[-1], told, used, count


def genuine(*, full: bool) -> list[Take]:
    """Two hours fixed and half an hour hand-held and more; a tenth of an hour when quick."""
    share = 1.0 if full else 0.04
    long = 60.0

    def some(kind: str, hours: float, **how: float) -> Iterator[Take]:
        for k in range(max(1, round(hours * 60 * share))):
            take = Take(kind, TEST_SEED + 50_000 + 1000 * len(kind) + k, 30, seconds=long)
            yield replace(take, **how)  # type: ignore[arg-type]  # fields that are numbers

    return [
        *some("fixed 30 fps", 2.0), *some("fixed 12 fps, slow", 1.0, fps=12),
        *some("hand-held 30 fps, soft", 0.25, shake=0.005),
        *some("hand-held 30 fps, hard", 0.25, shake=0.015), *some("fixed 30 fps through H.264", 0.1, crf=26),
    ]  # fmt: skip


def plan(*, full: bool, real: Path | None) -> list[Removal]:
    """All removals to make."""
    each = 12 if full else 2
    removals = [
        Removal(kind, TEST_SEED + 100 * k + n, length, joined=bool(n % 2))
        for k, kind in enumerate(KINDS) for length in LENGTHS_S for n in range(each)
    ]  # fmt: skip
    files = sorted(real.rglob("*.mp4")) if real is not None else []
    removals += [
        Removal(f"real, {path.stem}", TEST_SEED + n, length, joined=bool(n % 2), real=path)
        for path in files for length in LENGTHS_S[:-1] for n in range(4 if full else 1)
    ]  # fmt: skip
    return removals


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--only", choices=("recall", "alarms"))
    given = parser.parse_args()
    cv2.setNumThreads(1)
    with ProcessPoolExecutor(2) as pool:
        if given.only != "alarms":
            _print_recall(list(pool.map(measured, plan(full=given.full, real=given.real))))
        if given.only != "recall":
            _print_alarms(list(pool.map(false_alarms, genuine(full=given.full))))


def _print_recall(outcomes: list[Outcome]) -> None:
    names = ["sixfaces", *RIVALS]
    _row("scene", "removed s", "made", "visible", *names, "sixfaces certain", "sixfaces of all made")
    _row(*["---"] * (len(names) + 6))
    groups: dict[tuple[str, float], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.removal.kind, outcome.removal.length_s].append(outcome)
    for (kind, length), group in groups.items():
        seen = [o for o in group if o.visible]
        shares = [_percent(sum(o.found[name] for o in seen), len(seen)) for name in names]
        _row(kind, f"{length:g}", str(len(group)), str(len(seen)), *shares,
             _percent(sum(o.certain for o in seen), len(seen)),
             _percent(sum(o.found["sixfaces"] for o in group), len(group)))  # fmt: skip
    for outcome in outcomes:
        if outcome.visible and not outcome.found["sixfaces"] and outcome.removal.length_s >= 0.3:
            sys.stdout.write(f"missed: {outcome.removal}\n")
    if find_spec("scenedetect") is None:
        sys.stdout.write("PySceneDetect is not installed: not compared.\n")


def _print_alarms(runs: list[tuple[str, float, list[tuple[float, bool, bool]], float, int]]) -> None:
    sys.stdout.write("\n")
    _row(
        "genuine footage",
        "hours",
        "alarms",
        "of these certain",
        "of these at a screen or lamp",
        "alarms an hour",
        "frames a CPU second",
    )
    _row(*["---"] * 7)
    for kind in dict.fromkeys(run[0] for run in runs):
        own = [run for run in runs if run[0] == kind]
        hours = sum(run[1] for run in own) / 3600
        told = [b for run in own for b in run[2]]
        speed = sum(run[4] for run in own) / sum(run[3] for run in own)
        _row(kind, f"{hours:.2f}", str(len(told)), str(sum(b[1] for b in told)), str(sum(b[2] for b in told)),
             f"{len(told) / hours:.2f}", f"{speed:.0f}")  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _row(*cells: str) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
