"""Tells a claim's story for golden tests: what happened when, what the machine reported, what was found."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sixfaces.decision.course import Course
from sixfaces.decision.recommend import recommend
from sixfaces.decision.situation import Matter
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Happening, Occurrence, Party
from sixfaces.domain.decision import DecisionTable, Ground, Recommendation
from sixfaces.domain.exhibit import Role
from sixfaces.domain.inspection import FoundDefect, QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.report import ExhibitView, Report, RulebookView
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, RuleCode
from sixfaces.domain.sop import Disposition, QcOutcome
from sixfaces.pipeline.ids import new_id
from sixfaces.rulebook.decisions import TABLES

NOON = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
"""Noon in Shanghai on the day on which the buyer signed for the parcel."""
DAY = timedelta(days=1)
TABLE: DecisionTable = TABLES.load("default")
_CASE = new_id()


def happened(what: Happening, at: datetime, source: Party = Party.PLATFORM) -> Occurrence:
    """One entry."""
    return Occurrence(
        id=new_id(), tenant="main", case_id=_CASE, at=at, recorded_at=at, source=source, actor="test", what=what
    )


def case_file(kind: str, reason: str, *, price: str = "199.00", category: str = "apparel", **said: Any) -> CaseFile:  # noqa: ANN401 any field
    """A claim on an order of one piece; `said` replaces top-level parts of the file."""
    item = {"title": "thing", "category": category, "quantity": 1, "price": price, "currency": "CNY"}
    base: dict[str, Any] = {
        "case_id": "C-1",
        "order": {"order_id": "T1", "items": [item]},
        "claim": {"kind": kind, "reason": reason, "opened_at": NOON + 2 * DAY},
        "outbound_parcel": {"signed_at": NOON},
    }
    return CaseFile.model_validate(base | said)


def report(
    *exhibits: tuple[Role, Verdict], verdict: Verdict = Verdict.ACCEPTED, failing: RuleCode | None = None
) -> Report:
    """What the machine reported of these exhibits; `failing` is the one rule that is not met."""
    criteria: dict[Criterion, CriterionJudgement] = {}
    if failing is not None:
        text = _AGAIN if failing is RuleCode.FIRST_OPENING else _FIVE
        finding = Finding(code=failing, answer=Answer.NOT_MET, text=text)
        criteria[failing.criterion] = CriterionJudgement(answer=Answer.NOT_MET, findings=(finding,))
    views = tuple(
        ExhibitView(sha256=f"{n:064x}", name=f"{n}.mp4", role=role, bytes=1, verdict=said)
        for n, (role, said) in enumerate(exhibits)
    )
    return Report(
        case_id="C-1",
        verdict=verdict,
        criteria=criteria,
        exhibits=views,
        rulebook=RulebookView(policy="default", version="2026.1", digest="0" * 64),
        observers={},
    )


_FIVE = Say(zh="六个面中只出镜五个，缺：底面。", en="5 of six faces are shown; not shown: bottom.")
_AGAIN = Say(zh="包裹在拍摄前已被拆开。", en="The parcel had been opened before it was filmed.")


def filmed(verdict: Verdict, failing: RuleCode | None = None) -> Report:
    """A report of an unboxing video."""
    return report((Role.UNBOXING_VIDEO, verdict), verdict=verdict, failing=failing)


def inspected(outcome: QcOutcome, *defects: str, fit: bool = True, line: int = 0) -> QcVerdict:
    """What an inspection found; everything it found is shown."""
    return QcVerdict(
        id=new_id(),
        tenant="main",
        case_id=_CASE,
        inspection=new_id(),
        line=line,
        outcome=outcome,
        suggested=outcome,
        fit=fit,
        defects=tuple(FoundDefect(code=code) for code in defects),
        scheme="abcd",
        grade="C",
        disposition=Disposition.HOLD,
        shown=True,
        by="test",
        at=NOON,
        entry=1,
    )


def recommended(
    file: CaseFile,
    *entries: Occurrence,
    report: Report | None = None,
    inspections: tuple[QcVerdict, ...] = (),
    **more: Any,  # noqa: ANN401 any field of a matter
) -> Recommendation:
    """What the shipped table recommends."""
    matter = Matter(file, Course(entries), report=report, inspections=inspections, **more)
    found = recommend(matter, TABLE)
    assert found is not None
    return found


def ground(recommendation: Recommendation, code: str) -> Ground:
    """One ground of the appeal."""
    return next(one for one in recommendation.appeal if one.code == code)
