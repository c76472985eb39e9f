"""Scores of many takes, by condition, as the targets ask for them; and as markdown."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from parcelnet.scoring import NEAR_S, Score
from sixfaces.domain.answer import Answer

COLUMNS = (
    *("condition", "takes", "face F1", "false shown", "undecided", "six: false accepts", "honest passed / rejected"),
    *("orientation, named / mod 24 (median°)", "mod 24 within 15°", "corner p95 (% of edge)", "poses"),
    *("stages within 0.5 s", "absences found", "false absences", "swaps found / doubted / accepted"),
)


def share(good: int, whole: int) -> str:
    """`3 of 4 (75.0 %)`, or a dash for nothing."""
    return f"{good} of {whole} ({100 * good / whole:.1f} %)" if whole else "–"


def faces(scores: Sequence[Score]) -> tuple[int, int, int, int, int]:
    """Shown told shown, not shown told shown, shown told not shown, undecided, and not shown in all; borderline left
    out."""
    pairs = [pair for s in scores for pair in s.shown.values() if pair[0] is not None]
    right = sum(true is True and told is Answer.MET for true, told in pairs)
    false = sum(true is False and told is Answer.MET for true, told in pairs)
    missed = sum(true is True and told is Answer.NOT_MET for true, told in pairs)
    undecided = sum(told is Answer.CANNOT_TELL for _, told in pairs)
    return right, false, missed, undecided, sum(true is False for true, _ in pairs)


def f1(right: int, false: int, missed: int) -> float:
    """Harmonic mean of precision and recall; nan for nothing."""
    return 2 * right / (2 * right + false + missed) if right + false + missed else float("nan")


def row(name: str, scores: Sequence[Score]) -> list[str]:
    """One line of the table."""
    right, false, missed, undecided, absent = faces(scores)
    asked = right + missed + undecided + absent
    incomplete = [s for s in scores if s.six[0] is False]
    honest = [s for s in scores if s.six[0] is True]
    wrong, folded, corner = (_joined(scores, which) for which in ("wrong_deg", "folded_deg", "corner"))
    late = [v for s in scores for v in s.boundaries.values()]
    swaps = [s.same for s in scores if s.defect.startswith(("substituted", "two_boxes"))]
    gaps = np.sum([s.absent for s in scores], axis=0) if scores else np.zeros(3, int)
    return [
        name, str(len(scores)), f"{f1(right, false, missed):.3f}", share(false, absent), share(undecided, asked),
        share(sum(s.six[1] is Answer.MET for s in incomplete), len(incomplete)),
        f"{share(sum(s.six[1] is Answer.MET for s in honest), len(honest))} / "
        f"{sum(s.six[1] is Answer.NOT_MET for s in honest)}",
        f"{_at(wrong, 50):.1f} / {_at(folded, 50):.1f}",
        share(sum(v <= 15 for v in folded), len(folded)),
        f"{100 * _at(corner, 95):.1f}", share(*(sum(s.followed[k] for s in scores) for k in (0, 1))),
        share(sum(v is not None and abs(v) <= NEAR_S for v in late), len(late)),
        share(int(gaps[0]), int(gaps[0] + gaps[1])), str(int(gaps[2])),
        " / ".join(str(swaps.count(a)) for a in (Answer.NOT_MET, Answer.CANNOT_TELL, Answer.MET)),
    ]  # fmt: skip


def _joined(scores: Sequence[Score], which: str) -> list[float]:
    return [v for s in scores for v in getattr(s, which)]


def _at(values: list[float], percentile: float) -> float:
    return float(np.percentile(values, percentile)) if values else float("nan")


def table(scores: Sequence[Score], *, by: Callable[[Score], str] = lambda s: s.condition) -> str:
    """Markdown: a line each condition, or what else `by` names, and one for all."""
    names = list(dict.fromkeys(by(s) for s in scores))
    rows = [row(name, [s for s in scores if by(s) == name]) for name in names]
    rows.append(row("all", scores))
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


def reliability(scores: Sequence[Score]) -> str:
    """Markdown: how often what was told with some confidence was so."""
    lines = [("told", *(f"{low} to {high}" for low, high in pairwise(_BINS))), ("---",) * len(_BINS)]
    for kind in dict.fromkeys(t.kind for s in scores for t in s.told):
        cells = [kind]
        for low, high in pairwise(_BINS):
            right = [
                t.right for s in scores for t in s.told if t.kind == kind and low <= t.confidence < high + (high == 1)
            ]
            cells.append(share(sum(right), len(right)))
        lines.append(tuple(cells))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def mistakes(scores: Sequence[Score]) -> list[str]:
    """What went wrong, take by take: each line names a take that can be made again."""
    found = []
    for s in scores:
        said = [f"{face} told {told.value}" for face, (true, told) in s.shown.items()
                if (true is True and told is not Answer.MET) or (true is False and told is Answer.MET)]  # fmt: skip
        said += [f"{name} {'not told' if v is None else f'{v:+.1f} s'}" for name, v in s.boundaries.items()
                 if v is None or abs(v) > NEAR_S]  # fmt: skip
        said += [f"{s.absent[1]} absences missed"] * bool(s.absent[1])
        said += ["swap accepted"] * (s.defect.startswith(("substituted", "two_boxes")) and s.same is Answer.MET)
        if said:
            found.append(f"{s.condition} {s.defect} {s.seed}: " + "; ".join(said))
    return found
