"""Evidence that was asked for by an instant: late is not supported (D23)."""

from datetime import datetime

import pytest

from sixfaces.decision.course import course_of
from sixfaces.decision.sides import side_of
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Assessed, EvidenceAsked, EvidenceCame, Happening, Leg, Occurrence, Party, Shipped
from sixfaces.domain.chronicle import Side as S
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, RuleCode
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline.ids import new_id
from tests.golden.decision.telling import (
    DAY,
    NOON,
    case_file,
    filmed,
    ground,
    happened,
    inspected,
    recommended,
    report,
)

VIDEO = "0" * 64
FILE = case_file("return_refund", "no_reason")


def sealed(at: datetime, role: Role = Role.UNBOXING_VIDEO, sha256: str = VIDEO) -> FiledExhibit:
    exhibit = Exhibit(sha256=sha256, name="0.mp4", role=role, bytes=1, medium=Medium.VIDEO, format="mp4")
    return FiledExhibit(
        id=new_id(), tenant="main", case_id=new_id(), exhibit=exhibit, sealed_at=at, entry=1, upload_id=new_id()
    )


def asked(at: datetime, until: datetime, of: Party = Party.SELLER) -> Occurrence:
    return happened(EvidenceAsked(of=of, until=until, what="The unboxing video."), at)


def side(*entries: Occurrence, exhibits: tuple[FiledExhibit, ...], file: CaseFile = FILE) -> S:
    return side_of(Party.SELLER, course_of(file, entries, exhibits), filmed(Verdict.ACCEPTED))


def test_what_came_after_the_instant_it_was_asked_for_is_late() -> None:
    call = asked(NOON, NOON + DAY)
    assert side(call, exhibits=(sealed(NOON + 9 * DAY),)) is S.LATE
    assert side(call, exhibits=(sealed(NOON + DAY),)) is S.ACCEPTED
    assert side(exhibits=(sealed(NOON + 9 * DAY),)) is S.ACCEPTED


def test_what_was_there_before_it_was_asked_for_is_in_time() -> None:
    assert side(asked(NOON, NOON + DAY), exhibits=(sealed(NOON - DAY),)) is S.ACCEPTED


def test_who_is_asked_again_has_the_new_instant() -> None:
    calls = (asked(NOON, NOON + DAY), asked(NOON + 2 * DAY, NOON + 5 * DAY))
    assert side(*calls, exhibits=(sealed(NOON + 4 * DAY),)) is S.ACCEPTED
    assert side(*calls, exhibits=(sealed(NOON + 6 * DAY),)) is S.LATE


def test_what_was_answered_in_time_may_be_added_to() -> None:
    photo = sealed(NOON + DAY / 2, Role.QC_PHOTO, "f" * 64)
    assert side(asked(NOON, NOON + DAY), exhibits=(photo, sealed(NOON + 3 * DAY))) is S.ACCEPTED
    by_mail = happened(EvidenceCame(of=Party.SELLER), NOON + DAY / 2)
    assert side(asked(NOON, NOON + DAY), by_mail, exhibits=(sealed(NOON + 3 * DAY),)) is S.ACCEPTED


def test_what_the_other_side_was_asked_for_makes_nothing_late() -> None:
    assert side(asked(NOON, NOON + DAY, Party.BUYER), exhibits=(sealed(NOON + 9 * DAY),)) is S.ACCEPTED


def test_a_person_who_looked_counts_before_the_instant() -> None:
    looked = happened(Assessed(of=Party.SELLER, side=S.ACCEPTED, text="The line was down."), NOON + 10 * DAY)
    assert side(asked(NOON, NOON + DAY), looked, exhibits=(sealed(NOON + 9 * DAY),)) is S.ACCEPTED


def test_an_entry_that_names_the_exhibit_says_when_it_came() -> None:
    told = happened(EvidenceCame(of=Party.SELLER, exhibit=VIDEO), NOON + DAY / 2)
    assert side(asked(NOON, NOON + DAY), told, exhibits=(sealed(NOON + 9 * DAY),)) is S.ACCEPTED


def test_exhibits_answer_for_the_side_whose_they_are() -> None:
    found = course_of(FILE, (), (sealed(NOON), sealed(NOON, Role.BUYER_PHOTO, "1" * 64), sealed(NOON, Role.DOCUMENT)))
    assert [(one.of, one.exhibit) for one in found.all(EvidenceCame)] == [
        (Party.SELLER, VIDEO), (Party.BUYER, "1" * 64),
    ]  # fmt: skip


def told_of(exhibit: str | None, role: Role) -> Report:
    """A report in which one rule is not met by one exhibit."""
    text = Say(zh="太暗。", en="Too dark.")
    finding = Finding(code=RuleCode.DECODES, answer=Answer.NOT_MET, text=text, exhibit=exhibit)
    found = report((Role.UNBOXING_VIDEO, Verdict.REJECTED), (role, Verdict.REJECTED), verdict=Verdict.REJECTED)
    judged = {Criterion.VALIDITY: CriterionJudgement(answer=Answer.NOT_MET, findings=(finding,))}
    return found.model_copy(update={"criteria": judged})


def test_what_is_wrong_with_the_buyers_photo_is_not_held_against_the_seller() -> None:
    swapped = (inspected(QcOutcome.SWAPPED, fit=False),)
    buyers = recommended(FILE, report=told_of(f"{1:064x}", Role.BUYER_PHOTO), inspections=swapped)
    assert [one.cites for one in buyers.reasons[1:]] == []
    sellers = recommended(FILE, report=told_of(VIDEO, Role.BUYER_PHOTO), inspections=swapped)
    assert [one.cites for one in sellers.reasons[1:]] == [(RuleCode.DECODES.value,)]


def test_findings_against_evidence_that_a_person_accepted_are_no_reasons() -> None:
    looked = happened(Assessed(of=Party.SELLER, side=S.ACCEPTED, text="Clear enough."), NOON + DAY)
    found = recommended(
        FILE, looked, report=told_of(VIDEO, Role.BUYER_PHOTO), inspections=(inspected(QcOutcome.SWAPPED),)
    )
    assert (found.row, len(found.reasons)) == ("swapped_proved", 1)


@pytest.mark.parametrize(
    ("kind", "entries"),
    [("refund_unshipped", ()), ("return_refund", (Shipped(leg=Leg.OUTBOUND),))],
)
def test_no_ground_tells_of_proof_that_nobody_was_to_bring(kind: str, entries: tuple[Happening, ...]) -> None:
    file = case_file(kind, "no_reason", outbound_parcel={})
    found = recommended(file, *(happened(what, NOON) for what in entries))
    assert "in_time" not in {one.code for one in found.appeal}
    due = recommended(file, *(happened(what, NOON) for what in entries), asked(NOON, NOON + DAY))
    assert ground(due, "in_time").answer is Answer.NOT_MET
