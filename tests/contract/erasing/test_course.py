"""The course of a claim whose case is erased: no word of it is left, what came of it stays, and fsck tells the two
apart. Cases in dispute by their own chronicle are not erased at all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from sixfaces.adapters.fsck.examine import examine
from sixfaces.adapters.records.walls import metadata
from sixfaces.domain.chronicle import (
    Assessed,
    EvidenceAsked,
    Excused,
    Happening,
    Leg,
    Party,
    Paused,
    Rated,
    Settled,
    Shipped,
    Side,
    Stepped,
    Struck,
)
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.decision import Overrule, Remedy
from sixfaces.domain.erased_words import GONE
from sixfaces.domain.erasing import Erasure, ErasureState, Retention
from sixfaces.domain.errors import RequestError
from sixfaces.domain.inspection import FoundDefect, InspectionState, StepAnswer, Witness
from sixfaces.pipeline.claims.chronicling import Chronicled, Told, chronicle
from sixfaces.pipeline.claims.deciding import Ruling, decide
from sixfaces.pipeline.claims.matters import look
from sixfaces.pipeline.retention import apply_retention, set_retention
from tests.contract.erasing.test_holding import backdated, refused
from tests.contract.records.making_claims import decision, inspection, paying, qc_verdict
from tests.rig.keeping import Keeping

WRITTEN = "王女士在医院"
ORDER = "ORDER-13800138000"
ERASED = {
    "cases", "exhibits", "uploads", "events", "verdicts", "legal_holds", "chronicle", "inspections",
    "inspection_answers", "qc_verdicts", "decisions", "payments", "clock_turns", "notices", "links", "waybills_read",
    "originals", "observations", "planted_cases", "sample_items", "answers", "segments",
}  # fmt: skip
"""Tables that hold something of a case: an erasure empties them of it, or scrubs it."""
NAMELESS = {
    "erasures", "removals", "jobs", "log_entries", "webhook_deliveries", "webhook_endpoints",
    "api_keys", "persons", "stations", "retentions", "notice_rules",
    "strays", "day_counts", "shipped_units", "alarms", "lots", "sampling_streams",
    "archive_parts", "reverifications", "reverification_spans", "judged_under",
    "reverification_schedules",
}  # fmt: skip
"""Tables of a tenant in which ids and digests stand, and what is said of all cases."""


def told(
    made: Keeping, case: str, what: Happening, *, at: datetime | None = None, ref: str | None = None
) -> Chronicled:
    """Enter it."""
    with made.service.records.begin("main") as tx:
        filed = tx.cases.get(case)
        assert filed is not None
        return chronicle(tx, filed, "key:1", told=Told(what, Party.SELLER, at, reference=ref))


def said(made: Keeping, case: str, waybill: str) -> None:
    """People write into everything that a claim's course is made of."""
    with made.service.records.begin("main", reading=True) as tx:
        later = tx.now + timedelta(milliseconds=1)
    told(made, case, Excused(why="illness", text=WRITTEN), ref=WRITTEN)
    told(made, case, Assessed(of=Party.BUYER, side=Side.ACCEPTED, text=WRITTEN))
    told(made, case, Paused(waits_for=Party.BUYER, why=WRITTEN))
    told(made, case, EvidenceAsked(of=Party.BUYER, until=later, what=WRITTEN), at=later - timedelta(days=1))
    told(made, case, Rated(stars=1, text=WRITTEN))
    told(made, case, Shipped(leg=Leg.RETURN, waybill=waybill))
    wrong = told(made, case, Excused(why="travel", text=WRITTEN)).entry
    told(made, case, Struck(entry=wrong.id, why=WRITTEN))
    made.lift(made.hold(case))
    with made.service.records.begin("main") as tx:
        filed = tx.cases.get(case)
        assert filed is not None
        looked = inspection(tx, filed)
        tx.inspections.add(looked)
        defect, shown = FoundDefect(code="worn", note=WRITTEN), Witness(exhibit="0" * 64, note=WRITTEN)
        answer = StepAnswer(step="soles", text=WRITTEN, defects=(defect,), witnesses=(shown,), by="key:1", at=tx.now)
        tx.inspections.answer(looked.id, answer)
        verdict = qc_verdict(tx, looked).model_copy(update={"reason": WRITTEN, "defects": (defect,)})
        tx.qc_verdicts.add(verdict)
        made_up = decision(tx, filed).model_copy(update={"note": WRITTEN, "overrules": Overrule.GOODWILL})
        assert tx.decisions.add(made_up)
        paid = [one.model_copy(update={"order_id": ORDER + case}) for one in paying(case, made_up.id, 0)]
        assert tx.payments.pay(paid) == ()
        tx.inspections.change(looked.model_copy(update={"state": InspectionState.CONCLUDED}))
        graded = {"verdict": verdict.id, "sha256": "0" * 64}
        decided = {"decision": made_up.id, "sha256": "0" * 64}
        tx.custody.append(
            Deed(tenant="main", act=Act.GRADE, subject=case, actor="key:1", body=graded),
            Deed(tenant="main", act=Act.DECIDE, subject=case, actor="key:1", body=decided),
        )
    made.work()


def everything(made: Keeping) -> str:
    """Every row of the tables that an erasure scrubs, as text."""
    with made.service.records.begin("main", reading=True) as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # rows as the database has them
        rows = [str(row) for name in sorted(ERASED) for row in scope.rows(text(f"SELECT * FROM {name}"))]
    return "\n".join(rows).encode().decode("unicode_escape", "ignore") + "\n".join(rows)


def erased(made: Keeping, case: str, *, forget_waybill: bool = False) -> Erasure:
    done = made.erase(case, forget_waybill=forget_waybill)
    assert done.state is ErasureState.DONE
    return done


def test_no_word_of_its_course_is_left_and_what_came_of_it_stays(either: Keeping, film: bytes, waybill: str) -> None:
    case = either.case(film, closed=False)
    said(either, case, waybill)
    either.close(case)
    assert WRITTEN in everything(either)
    with either.service.records.begin("main", reading=True) as tx:
        before = tx.chronicle.of_case(case), tx.qc_verdicts.of_case(case), tx.decisions.of_case(case)
    erased(either, case)
    assert WRITTEN not in everything(either)
    with either.service.records.begin("main", reading=True) as tx:
        entries, (graded,), (decided,) = (
            tx.chronicle.of_case(case),
            tx.qc_verdicts.of_case(case),
            tx.decisions.of_case(case),
        )
        (hold,) = tx.holds.of_case(case)
        (paid,) = tx.payments.of_order(ORDER + case)
        (answer,) = tx.inspections.answers(graded.inspection)
    assert [(one.id, one.at, one.what.kind) for one in entries] == [
        (one.id, one.at, one.what.kind) for one in before[0]
    ]
    assert next(one.what for one in entries if isinstance(one.what, Excused)).model_dump() == {
        "kind": "excused", "why": "illness", "text": GONE, "proof": None, "clean_history": None,
    }  # fmt: skip
    assert next(one.what.waybill for one in entries if isinstance(one.what, Shipped)) == waybill
    assert (graded.outcome, graded.grade, graded.reason) == (before[1][0].outcome, "C", GONE)
    assert (decided.remedy, decided.refund, decided.liable) == (
        Remedy.REFUND_ONLY,
        before[2][0].refund,
        before[2][0].liable,
    )
    assert (decided.note, decided.reasons[0].text.en, hold.note) == (GONE, GONE, None)
    assert (answer.step, answer.defects[0].code, answer.witnesses[0].exhibit) == ("soles", "worn", "0" * 64)
    assert paid.case_id == case, "who claims the same piece again is still known"
    either.sound(case)


def test_parcel_and_order_are_forgotten_too_where_that_was_asked_for(
    either: Keeping, film: bytes, waybill: str
) -> None:
    case = either.case(film, closed=False)
    said(either, case, waybill)
    either.close(case)
    erased(either, case, forget_waybill=True)
    assert waybill not in everything(either)
    assert ORDER + case not in everything(either)
    with either.service.records.begin("main", reading=True) as tx:
        assert tx.payments.of_order(ORDER + case) == []
        (paid,) = tx.payments.of_order(f"{GONE} {case}")
        assert (paid.case_id, paid.order_id) == (case, f"{GONE} {case}")
    either.sound(case)


def test_what_was_written_while_it_was_being_erased_goes_with_the_second_look(either: Keeping, film: bytes) -> None:
    """A request that had looked at the case before it was erased, and wrote afterwards."""
    case = either.case(film)
    with either.service.records.begin("main", reading=True) as tx:
        seen = tx.cases.get(case)
    asked = erased(either, case)
    assert seen is not None
    with either.service.records.begin("main") as tx:
        chronicle(tx, seen, "key:1", told=Told(Excused(why="other", text=WRITTEN), Party.BUYER))
    assert {(one.code, one.place.partition(" ")[0]) for one in examine(either.place).faults} == {
        ("fsck.claim_survived", "chronicle")
    }
    with either.service.records.begin("main") as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # an hour passes
        scope.connection.execute(text("UPDATE jobs SET not_before = created_at WHERE kind = 'erase'"))
    either.work()
    assert either.erasure(asked.id).state is ErasureState.DONE
    assert WRITTEN not in everything(either)
    either.sound(case)


def test_words_that_are_gone_without_an_erasure_are_found(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    entry = told(either, case, Excused(why="other", text=WRITTEN)).entry
    mark = text("UPDATE chronicle SET erased_at = recorded_at WHERE id = :id")
    with either.service.records.begin("main") as tx:
        tx.holds._scope.connection.execute(mark, {"id": entry.id})  # type: ignore[attr-defined]  # somebody wipes words
    assert ("fsck.tombstone_unentered", f"chronicle {entry.id}") in {
        (one.code, one.place) for one in examine(either.place).faults
    }
    undone = text("UPDATE chronicle SET erased_at = NULL WHERE id = :id")
    with either.service.records.begin("main") as tx:
        tx.holds._scope.connection.execute(undone, {"id": entry.id})  # type: ignore[attr-defined]  # as it was
    either.sound(case)


def test_nothing_more_is_written_into_an_erased_case(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    erased(either, case)
    with pytest.raises(RequestError, match=r"request\.erased"):
        told(either, case, Excused(why="other", text=WRITTEN))
    with either.service.records.begin("main") as tx:
        filed = tx.cases.get(case)
        assert filed is not None
        looked = look(tx, filed, (None, None))
        with pytest.raises(RequestError, match=r"request\.erased"):
            decide(tx, looked, "key:1", ruling=Ruling(note=WRITTEN))


def test_a_case_into_which_the_platform_stepped_is_held_until_it_is_settled(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    struck = told(either, case, Stepped()).entry
    told(either, case, Struck(entry=struck.id, why="of another case"))
    told(either, case, Stepped())
    either.close(case)
    assert refused(lambda: either.ask(case)) == ("request.held", ["platform_stepped_in"])
    assert not expires(either, case)
    either.reopen(case)
    told(either, case, Settled())
    either.close(case)
    assert expires(either, case)
    assert erased(either, case)


def test_a_strike_that_was_struck_lets_nothing_go(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    stepped = told(either, case, Stepped()).entry
    strike = told(either, case, Struck(entry=stepped.id, why="of another case")).entry
    told(either, case, Struck(entry=strike.id, why="it was of this one"))
    either.close(case)
    assert refused(lambda: either.ask(case)) == ("request.held", ["platform_stepped_in"])
    assert not expires(either, case)


def test_a_case_is_held_while_a_side_has_time_to_hand_in_evidence(either: Keeping, film: bytes) -> None:
    case, struck = either.case(film, closed=False), either.case(film + b"struck", closed=False)
    with either.service.records.begin("main", reading=True) as tx:
        until = tx.now + timedelta(days=1)
    over = EvidenceAsked(of=Party.BUYER, until=until - timedelta(days=2), what="a photo")
    told(either, case, over, at=until - timedelta(days=3))
    told(either, case, EvidenceAsked(of=Party.SELLER, until=until, what="a film"))
    wrong = told(either, struck, EvidenceAsked(of=Party.SELLER, until=until, what="a film")).entry
    told(either, struck, Struck(entry=wrong.id, why="wrong case"))
    either.close(case)
    either.close(struck)
    assert refused(lambda: either.ask(case)) == ("request.held", ["evidence_awaited"])
    assert (expires(either, case), expires(either, struck)) == (False, True)


def expires(made: Keeping, case: str) -> bool:
    """Whether its time would be over if it had been closed long ago."""
    backdated(made, case, 4000)
    with made.service.records.begin("main", reading=True) as tx:
        return case in {one.case_id for one in tx.holds.expired_cases(Retention(days=3000), limit=1000)}


def test_retention_leaves_what_is_in_dispute(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    told(either, case, Stepped())
    either.close(case)
    backdated(either, case, 4000)
    with either.service.records.begin("main") as tx:
        set_retention(tx, either.who.principal, Retention(days=3999))
    apply_retention(either.service)
    either.work()
    assert either.filed(case).erased_at is None
    with either.service.records.begin("main") as tx:
        set_retention(tx, either.who.principal, Retention())


def test_of_every_table_of_a_tenant_it_is_said_what_an_erasure_does_with_it() -> None:
    of_tenants = {table.name for table in metadata.sorted_tables if "tenant" in table.c}
    assert of_tenants == ERASED | NAMELESS
