"""What was found of the goods: one word for all inspections of a case (D12, D14)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sixfaces.decision.course import Course
from sixfaces.domain.chronicle import ReferralAnswered
from sixfaces.domain.decision import Found
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.sop import QcOutcome

_GRAVEST = (
    Found.DISPUTED, Found.REFERRED, Found.SWAPPED, Found.INCOMPLETE, Found.DEFECT_CONFIRMED, Found.USED,
    Found.NO_QUALITY_PROBLEM,
)  # fmt: skip
"""Of several lines of an order, the gravest word counts."""


def found(verdicts: Sequence[QcVerdict], course: Course) -> Found:
    """The inspections' outcome over all lines. Of several looks at one line more than half must agree."""
    lines: dict[int, list[QcVerdict]] = defaultdict(list)
    for verdict in verdicts:
        lines[verdict.line].append(verdict)
    words = {_of_line(looks, course) for looks in lines.values()}
    return next((word for word in _GRAVEST if word in words), Found.NONE)


def is_fit(verdicts: Sequence[QcVerdict]) -> bool:
    """Whether the goods may be taken back and sold, as far as anybody could tell: the last look at each line counts,
    and who referred the goods could not."""
    return all({verdict.line: verdict.fit for verdict in verdicts if verdict.fit is not None}.values())


def _of_line(looks: Sequence[QcVerdict], course: Course) -> Found:
    said = Counter(_answered(look.outcome, course) for look in looks)
    word, times = said.most_common(1)[0]
    return word if times * 2 > len(looks) else Found.DISPUTED


def _answered(outcome: QcOutcome, course: Course) -> Found:
    """What was sent away is what the service point or supplier says of it, once it does."""
    answer = course.last(ReferralAnswered)
    if outcome is not QcOutcome.REFERRED or answer is None or answer.defect is None:
        return Found.of(outcome)
    return Found.DEFECT_CONFIRMED if answer.defect else Found.NO_QUALITY_PROBLEM
