"""What was found of the goods: one word for all inspections of a case (D12, D14).

A table looks at one word. Where the claimed lines differ, or somebody has yet to look at one of them, no word is true
of all, and a person decides (`undecided`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from sixfaces.decision.course import Course
from sixfaces.domain.chronicle import ReferralAnswered
from sixfaces.domain.decision import Found
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.sop import QcOutcome

_GRAVEST = (
    Found.DISPUTED, Found.REFERRED, Found.SWAPPED, Found.INCOMPLETE, Found.DEFECT_CONFIRMED, Found.USED,
    Found.NO_QUALITY_PROBLEM,
)  # fmt: skip
"""Of several lines of an order, the gravest word counts."""
_BY_FITNESS = frozenset({Found.USED, Found.NO_QUALITY_PROBLEM})
"""Words of which it depends on whether the goods are fit for resale what follows."""
_AWAITED = frozenset({Found.DISPUTED, Found.REFERRED})
MOST_NAMED = 20

Looks = Mapping[int, Sequence[QcVerdict]]


def found(verdicts: Sequence[QcVerdict], course: Course, lines: Sequence[int] = ()) -> Found:
    """The inspections' outcome over the claimed lines, all inspected ones where none is named. Of several looks at one
    line more than half must agree."""
    words = set(words_of_lines(verdicts, course, lines).values())
    return next((word for word in _GRAVEST if word in words), Found.NONE)


def is_fit(verdicts: Sequence[QcVerdict], lines: Sequence[int] = ()) -> bool:
    """Whether the goods may be taken back and sold, as far as anybody could tell: the last look at each line counts."""
    return all(_is_fit(looks) for looks in _looks(verdicts, lines).values())


def _is_fit(looks: Sequence[QcVerdict]) -> bool:
    """Who referred the goods could not tell."""
    return next((look.fit for look in reversed(looks) if look.fit is not None), True)


def undecided(verdicts: Sequence[QcVerdict], course: Course, lines: Sequence[int] = ()) -> Say | None:
    """Why what was found of some lines says nothing of all of them; None where it does, where nobody has looked, and
    where an answer is awaited anyway."""
    looks, words = _looks(verdicts, lines), words_of_lines(verdicts, course, lines)
    if not verdicts or _AWAITED & set(words.values()):
        return None
    unseen = [line for line in lines if line not in looks]
    if unseen:
        return _unseen(unseen)
    kinds = {(word, word not in _BY_FITNESS or _is_fit(looks[line])) for line, word in words.items()}
    return DIFFER if len(kinds) > 1 else None


def _looks(verdicts: Sequence[QcVerdict], lines: Sequence[int]) -> Looks:
    found: dict[int, list[QcVerdict]] = defaultdict(list)
    for verdict in verdicts:
        if not lines or verdict.line in lines:
            found[verdict.line].append(verdict)
    return found


def words_of_lines(verdicts: Sequence[QcVerdict], course: Course, lines: Sequence[int] = ()) -> dict[int, Found]:
    """What was found of each line that anybody looked at."""
    looks = _looks(verdicts, lines)
    sent = sum(any(look.outcome is QcOutcome.REFERRED for look in its) for its in looks.values())
    return {line: _of_line(its, course, is_alone=sent == 1) for line, its in looks.items()}


def _of_line(looks: Sequence[QcVerdict], course: Course, *, is_alone: bool) -> Found:
    said = Counter(_answered(look, course, is_alone=is_alone) for look in looks)
    word, times = said.most_common(1)[0]
    return word if times * 2 > len(looks) else Found.DISPUTED


def _answered(look: QcVerdict, course: Course, *, is_alone: bool) -> Found:
    """What was sent away is what the service point or supplier says of it, once it does. An answer that came before
    answers something else, and one that names no line answers only where one line was sent."""
    answers = [
        one.what.defect
        for one in course.entries
        if isinstance(one.what, ReferralAnswered)
        and one.at >= look.at
        and (one.what.line == look.line if one.what.line is not None else is_alone)
    ]
    if look.outcome is not QcOutcome.REFERRED or not answers or answers[-1] is None:
        return Found.of(look.outcome)
    return Found.DEFECT_CONFIRMED if answers[-1] else Found.NO_QUALITY_PROBLEM


DIFFER = Say(
    zh="各件商品的质检结论不同，需由人工分别裁定。",
    en="The inspections of the lines differ: a person decides on each of them.",
)


def _unseen(lines: Sequence[int]) -> Say:
    """Lines as people count them, from 1."""
    named = [str(line + 1) for line in lines[:MOST_NAMED]]
    zh, en = "、".join(named), ", ".join(named)
    return Say(
        zh=f"申请的第 {zh} 行商品尚未质检，不能以其他商品的结论代替。",
        en=f"Nobody has inspected line {en} of what is claimed, and what was found of others says nothing of it.",
    )
