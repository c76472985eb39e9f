"""The stages, seal and absences of scripted takes against their truth: `python -m tests.bench.parcel_stages [SEEDS]`.

Scripts are drawn anew for each seed, with looks spoilt singly and in bursts (tests/unit/parcel/take_scripts.py). They
judge the decoder alone; what the network really mistakes is measured on rendered and filmed takes.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sixfaces.domain.answer import Answer
from sixfaces.domain.parcel_facts import SealFact, Stage
from sixfaces.observe.parcel.seal import seal
from sixfaces.observe.parcel.stages import StageSpan, missing
from sixfaces.observe.parcel.story import Story, story
from tests.unit.parcel.take_scripts import CLEAN, HARD, SCENARIOS, TYPICAL, Noise, Take, take

LEVELS = {"clean": CLEAN, "typical": TYPICAL, "hard": HARD}
SURE = 0.8
FIRST_SEED = 50_000
CLOSED, OPENED = {Stage.SEALED, Stage.SHOWING}, {Stage.OPEN, Stage.ITEM_OUT}
UNOPENED = ("opening_cut_away", "opening_off_camera", "never_opened", "starts_open")
BINS = ((0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))


def boundary_errors(seen: Take, told: Story) -> list[float]:
    """Seconds from each true boundary to the nearest told one into the same stage; 99 where there is none."""
    at = [(b.stage, b.span.start.seconds) for _, b in pairwise(told.timeline)]
    times = [g.time.seconds for g in seen.glimpses]
    return [
        min((abs(x - times[i]) for stage, x in at if stage is now), default=99.0)
        for i, (before, now) in enumerate(pairwise(seen.truth), 1)
        if before is not now
    ]


def is_right(span: StageSpan, seen: Take) -> bool:
    """Whether most of a told span is that stage, or one that its confidence does not tell apart."""
    alike = next((group for group in (CLOSED, OPENED) if span.stage in group), {span.stage})
    part = seen.truth[span.first : span.after]
    return 2 * sum(stage in alike for stage in part) >= len(part)


def sealed(told: Story) -> Answer:
    """The rule's answer by the seal and the first stage, at SURE."""
    measured = seal(told.glimpses, told.timeline, told.absences)
    first = next((s for s in told.timeline if s.stage is not Stage.ABSENT), None)
    if measured is None or first is None or min(measured.confidence, first.confidence) < SURE:
        return Answer.CANNOT_TELL
    return measured.fact.intact if isinstance(measured.fact, SealFact) else Answer.CANNOT_TELL


def shows_opening(told: Story) -> bool:
    """Whether an opening is surely told."""
    return any(s.stage is Stage.OPENING and s.confidence >= SURE for s in told.timeline)


def right_missing(seen: Take, told: Story) -> bool:
    """Whether exactly the stages that the take lacks are named."""
    never = {s for s in (Stage.OPENING, *OPENED) if s not in seen.truth} | (
        CLOSED if not CLOSED & {*seen.truth} else set()
    )
    return set(missing(told.timeline, SURE)) == never


def share(flags: Iterable[bool]) -> str:
    """A share in percent with its count."""
    known = list(flags)
    return f"{sum(known) / len(known):.1%} of {len(known)}" if known else "-"


def lines(pairs: Sequence[tuple[Take, Story]]) -> dict[str, str]:
    """One column of the table."""
    of = {name: [p for p in pairs if p[0].scenario == name] for name in SCENARIOS}
    steady = [p for p in pairs if p[0].scenario != "hidden"]
    honest = [p for p in pairs if p[0].scenario not in (*UNOPENED, "starts_cut")]
    errors = [e for seen, told in steady for e in boundary_errors(seen, told)]
    spans = [(s, seen) for seen, told in pairs for s in told.timeline if s.stage is not Stage.ABSENT]
    gone = [(p.seconds, told) for seen, told in pairs for p in seen.parts if p.stage is Stage.ABSENT]
    closed = [p for p in pairs if p[0].scenario not in ("starts_open", "starts_cut")]
    table = {
        "boundaries within 0.5 s": share(e <= 0.5 for e in errors),
        "missing stages named exactly": share(right_missing(*p) for p in steady),
        "opening told surely where there is one": share(shows_opening(t) for _, t in honest),
        "sealed at start `met` where it was": share(sealed(t) is Answer.MET for _, t in closed),
        "sealed at start `not_met` where it was": share(sealed(t) is Answer.NOT_MET for _, t in closed),
        "absences told with their length to 0.26 s": share(
            any(abs(a.span.duration_s - s) < 0.26 for a in t.absences) for s, t in gone
        ),
    }
    table |= {f"opening told surely: {name}": share(shows_opening(t) for _, t in of[name]) for name in UNOPENED}
    for name in ("starts_open", "starts_cut"):
        table[f"sealed at start `met`: {name}"] = share(sealed(t) is Answer.MET for _, t in of[name])
    for low, high in BINS:
        inside = [is_right(s, seen) for s, seen in spans if low <= s.confidence < high]
        table[f"stages right at confidence {low:g} to {min(high, 1):g}"] = share(inside)
    return table


def column(noise: Noise, seeds: int) -> dict[str, str]:
    """All scenarios at one level of noise."""
    takes = [
        take(name, FIRST_SEED + 1000 * i + k, noise)
        for i, name in enumerate(sorted(set(SCENARIOS)))
        for k in range(seeds)
    ]
    return lines([(seen, story(seen.glimpses)) for seen in takes])


def main(seeds: int) -> None:
    """Print the section."""
    columns = {name: column(noise, seeds) for name, noise in LEVELS.items()}
    wrong = Counter({name: round(100 * (n.single + n.burst)) for name, n in LEVELS.items()})
    out = ["## Stages of scripted takes", "", f"| looks | {' | '.join(f'{n} ({wrong[n]}% wrong)' for n in columns)} |"]
    out.append("|---|" + "---|" * len(columns))
    out += [f"| {row} | {' | '.join(c[row] for c in columns.values())} |" for row in next(iter(columns.values()))]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
