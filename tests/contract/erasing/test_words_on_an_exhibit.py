"""What people wrote of one exhibit goes with it where its case stays; that they wrote, and what they wrote of others,
stays."""

from datetime import datetime

import pytest
from sqlalchemy import text

from sixfaces.adapters.fsck.examine import examine
from sixfaces.domain.chronicle import Assessed, EvidenceCame, Excused, Occurrence, Party, Side, Struck
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.erased_words import GONE
from sixfaces.domain.erasing import ErasureState
from sixfaces.domain.errors import ClaimError
from sixfaces.domain.inspection import FoundDefect, InspectionState, StepAnswer, Witness
from sixfaces.pipeline.claims.chronicling import Told, chronicle
from sixfaces.pipeline.salting import PLACED, canonical, salted_sha256
from tests.contract.erasing.test_course import everything, told
from tests.contract.fsck.building import MP4, hand_in
from tests.contract.records.making_claims import inspection, qc_verdict
from tests.rig.keeping import Keeping

OF_IT = "王女士在镜头前说了电话"
OF_OTHERS = "鞋底磨损"


def answered(made: Keeping, case: str, *witnesses: str, note: str) -> str:
    """An inspection with one answer and its verdict, its id."""
    with made.service.records.begin("main") as tx:
        filed = tx.cases.get(case)
        assert filed is not None
        looked = inspection(tx, filed)
        tx.inspections.add(looked)
        defect = FoundDefect(code="worn", note=note)
        shown = tuple(Witness(exhibit=one, note=note) for one in witnesses)
        tx.inspections.answer(
            looked.id, StepAnswer(step="soles", text=note, defects=(defect,), witnesses=shown, by="key:1", at=tx.now)
        )
        verdict = qc_verdict(tx, looked).model_copy(update={"reason": note, "defects": (defect,), "at": tx.now})
        verdict = verdict.model_copy(update={"entry": tx.custody.size()})
        tx.qc_verdicts.add(verdict)
        tx.inspections.change(looked.model_copy(update={"state": InspectionState.CONCLUDED}))
        body = {"verdict": verdict.id, "sha256": salted_sha256(tx, case, canonical(verdict, without=PLACED))}
        tx.custody.append(Deed(tenant="main", act=Act.GRADE, subject=case, actor="key:1", body=body))
    return looked.id


def entries(made: Keeping, case: str) -> dict[str, Occurrence]:
    with made.service.records.begin("main", reading=True) as tx:
        return {one.id: one for one in tx.chronicle.of_case(case)}


def test_words_on_an_exhibit_go_with_it_and_all_others_stay(either: Keeping, film: bytes, other: bytes) -> None:
    case = either.case(film, other, closed=False)
    goes, stays = either.exhibits(case)
    sha256, kept = goes.exhibit.sha256, stays.exhibit.sha256
    of_it, of_both, of_others = (
        answered(either, case, sha256, note=OF_IT),
        answered(either, case, sha256, kept, note=OF_IT),
        answered(either, case, kept, note=OF_OTHERS),
    )
    told(either, case, EvidenceCame(of=Party.BUYER, exhibit=sha256))
    told(either, case, EvidenceCame(of=Party.SELLER, exhibit=kept))
    excused = told(either, case, Excused(why="illness", text=OF_IT, proof=sha256), ref="R-1").entry
    struck = told(either, case, Struck(entry=excused.id, why=OF_IT)).entry
    assessed = told(either, case, Assessed(of=Party.BUYER, side=Side.ACCEPTED, text=OF_IT)).entry
    elsewhere = [
        told(either, case, Assessed(of=Party.SELLER, side=Side.ACCEPTED, text=OF_OTHERS)).entry,
        told(either, case, Excused(why="travel", text=OF_OTHERS, proof=kept)).entry,
        told(either, case, Excused(why="other", text=OF_OTHERS)).entry,
    ]
    before = entries(either, case)
    either.work()
    either.close(case)
    assert either.erase(case, exhibit=goes.id).state is ErasureState.DONE
    assert OF_IT not in everything(either)
    after = entries(either, case)
    assert [(one.id, one.at, one.actor, one.what.kind) for one in after.values()] == [
        (one.id, one.at, one.actor, one.what.kind) for one in before.values()
    ]
    assert {after[one.id].what.model_dump()["text"] for one in (excused, assessed)} == {GONE}
    assert after[struck.id].what == Struck(entry=excused.id, why=GONE)
    assert after[excused.id].reference == "R-1", "the same told again is not entered anew"
    assert all(after[one.id] == one for one in elsewhere)
    with either.service.records.begin("main", reading=True) as tx:
        graded = {one.inspection: one for one in tx.qc_verdicts.of_case(case)}
        answers = {id: tx.inspections.answers(id)[0] for id in (of_it, of_both, of_others)}
    for id in (of_it, of_both):
        assert (graded[id].outcome, graded[id].grade, graded[id].reason) == (graded[of_others].outcome, "C", GONE)
        assert (answers[id].step, answers[id].text, answers[id].by) == ("soles", GONE, "key:1")
        assert {(one.code, one.note) for one in answers[id].defects} == {("worn", GONE)}
    assert (graded[of_others].reason, answers[of_others].text) == (OF_OTHERS, OF_OTHERS)
    either.sound(case)


def test_words_on_the_same_bytes_handed_in_once_more_stay(either: Keeping, film: bytes, other: bytes) -> None:
    case = either.case(film, other)
    goes, _ = either.exhibits(case)
    either.erase(case, exhibit=goes.id)
    either.reopen(case)
    hand_in(either.service, either.who, MP4 + film, case=case)
    either.work()
    id = answered(either, case, goes.exhibit.sha256, note=OF_OTHERS)
    an_hour_passes(either)
    with either.service.records.begin("main", reading=True) as tx:
        assert tx.inspections.answers(id)[0].text == OF_OTHERS
        assert tx.erasures.named_by(goes.id) == []
    either.close(case)
    either.sound(case)


def test_after_it_went_others_are_told_of_and_it_proves_nothing(either: Keeping, film: bytes, other: bytes) -> None:
    case = either.case(film, other, closed=False)
    goes, _ = either.exhibits(case)
    told(either, case, EvidenceCame(of=Party.BUYER, exhibit=goes.exhibit.sha256))
    either.work()
    either.close(case)
    either.erase(case, exhibit=goes.id)
    either.reopen(case)
    later = told(either, case, Assessed(of=Party.BUYER, side=Side.ACCEPTED, text=OF_OTHERS)).entry
    with pytest.raises(ClaimError, match=r"claim\.no_proof"):
        told(either, case, Excused(why="illness", text=OF_IT, proof=goes.exhibit.sha256))
    an_hour_passes(either)
    assert entries(either, case)[later.id] == later
    either.close(case)
    either.sound(case)


@pytest.mark.parametrize("table", ["chronicle", "inspection_answers"])
def test_words_that_survived_their_exhibit_are_found(either: Keeping, film: bytes, other: bytes, table: str) -> None:
    case = either.case(film, other, closed=False)
    goes, _ = either.exhibits(case)
    sha256 = goes.exhibit.sha256
    if table == "chronicle":
        with either.service.records.begin("main") as tx:
            filed = tx.cases.get(case)
            assert filed is not None
            chronicle(tx, filed, "key:1", told=Told(Excused(why="illness", text=OF_OTHERS, proof=sha256), Party.BUYER))
        rows = "SELECT id, what AS told FROM chronicle"
        back = "UPDATE chronicle SET what = :told, erased_at = :none WHERE id = :id"
    else:
        answered(either, case, sha256, note=OF_OTHERS)
        rows = "SELECT id, CAST(answer AS TEXT) AS told FROM inspection_answers"
        as_json = "CAST(:told AS JSONB)" if either.place.database.startswith("postgres") else ":told"
        back = f"UPDATE inspection_answers SET answer = {as_json}, erased_at = :none WHERE id = :id"
    either.work()
    either.close(case)
    with either.service.records.begin("main", reading=True) as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # rows as the database has them
        (row,) = [one for one in scope.rows(text(rows)) if sha256 in one.told]
    either.erase(case, exhibit=goes.id)
    survived(either, back, id=row.id, told=row.told, none=None)
    assert ("fsck.claim_survived", f"{table} {row.id}") in {
        (one.code, one.place) for one in examine(either.place).faults
    }
    with either.service.records.begin("main") as tx:
        tx.erasures.forget_words_on(goes.id)
    either.sound(case)


def an_hour_passes(made: Keeping) -> None:
    """What was erased is looked at once more."""
    with made.service.records.begin("main") as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # jobs as the database has them
        scope.connection.execute(text("UPDATE jobs SET not_before = created_at WHERE kind = 'erase'"))
    made.work()


def survived(made: Keeping, statement: str, **values: str | int | datetime | None) -> None:
    """A row is as it was before."""
    with made.service.records.begin("main") as tx:
        tx.holds._scope.connection.execute(text(statement), values)  # type: ignore[attr-defined]  # somebody restores it
