"""Statistics of the machine over an archive: what is planted is found; what cannot be read is named and spoils nothing
else; nobody is told what they are to look at without knowing."""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sixfaces.domain.archive import JUDGED, Head, Judged, NoParts
from sixfaces.domain.chronicle import Side, Struck
from sixfaces.domain.decision import Overrule, Reason
from sixfaces.domain.errors import ArchiveError, WatchingError
from sixfaces.domain.model import Say
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.sampling import LotOf
from sixfaces.domain.statistics import DriftKind, MachineStatistics, Miscalibration, WordOf
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.statistics.machine import Period, machine_statistics
from sixfaces.pipeline.statistics.table import COLUMNS, csv_of, lines_of
from sixfaces.pipeline.watching.lots import LotOrder, draw
from sixfaces.pipeline.watching.planting import NewPlanted, plant
from sixfaces.pipeline.watching.sampling import answer, take_next
from tests.contract.records.making_claims import decision, occurrence
from tests.rig.machine_worlds import (
    Filed,
    Take,
    archived,
    assess,
    faces_sharp,
    faces_sure,
    judged,
    keep,
    month,
    no_bottom,
    unsealed,
)

ADMIN = Principal(tenant="main", key_id=new_id(), role=ApiRole.ADMIN)
FACES = "completeness.six_faces"
LATER = month(60)
"""All months of these tests are over by then."""


def told(service: Service, *, months: int = 12, who: Principal = ADMIN, first: int = 0) -> MachineStatistics:
    return machine_statistics(service, who, Period(month(first), month(first + months - 1, day=9), LATER))


def shares(found: MachineStatistics, rule: str | None, source: WordOf = WordOf.ASSESSMENT) -> list[tuple[object, ...]]:
    its = [one for one in found.agreement if one.rule == rule and one.source is source]
    return [(one.month, one.said, one.agrees.k, one.agrees.n) for one in its]


def test_agreement_is_counted_by_month_and_rule(service: Service) -> None:
    lacking = [judged(service, Take(month(0), no_bottom)) for _ in range(3)]
    for filed, side in zip(lacking, (Side.REJECTED, Side.REJECTED, Side.ACCEPTED), strict=True):
        assess(service, filed, side)
    good, unsure = judged(service, Take(month(2))), judged(service, Take(month(2), faces_sure(0.4)))
    assess(service, good, Side.ACCEPTED)
    assess(service, unsure, Side.NEEDS_REVIEW)
    judged(service, Take(month(3)))
    found = told(service, months=4)
    assert [(one.month, one.cases, one.answered) for one in found.months] == [
        ("2026-01", 3, 3), ("2026-02", 0, 0), ("2026-03", 2, 2), ("2026-04", 1, 0),
    ]  # fmt: skip
    assert shares(found, FACES) == [
        ("2026-01", "not_met", 2, 3), ("2026-03", "cannot_tell", 1, 1), ("2026-03", "met", 1, 1),
    ]  # fmt: skip
    assert shares(found, "validity.decodes") == [("2026-03", "met", 1, 1)], "it did not decide in January"
    (first, *_) = (one for one in found.agreement if one.rule == FACES)
    assert (first.people, first.gone) == ({"accepted": 1, "rejected": 2}, False)


def test_nothing_is_told_of_nothing(service: Service) -> None:
    found = told(service)
    assert len(found.months) == 12
    assert (found.agreement, found.calibration, found.trends, found.drifts) == ((), (), (), ())
    judged(service, Take(month(0)))
    assert told(service).agreement == ()


def test_parts_tell_the_same_as_what_was_never_archived(service: Service) -> None:
    for n in range(4):
        assess(service, judged(service, Take(month(n), no_bottom)), Side.REJECTED)
    before = told(service)
    assert archived(service) == 4
    assert told(service) == before


def test_a_word_counts_for_the_verdict_that_stood_and_struck_ones_do_not(service: Service) -> None:
    filed = judged(service, Take(month(0), no_bottom))
    early = assess(service, filed, Side.ACCEPTED, after=timedelta(days=-1))
    assert told(service).agreement == (), "nothing had been said yet"
    wrong = assess(service, filed, Side.ACCEPTED)
    assert shares(told(service), FACES) == [("2026-01", "not_met", 0, 1)]
    with service.records.begin("main") as tx:
        for entry in (wrong, early):
            assert tx.chronicle.add(occurrence(tx, filed.case, Struck(entry=entry, why="slip")))
    assert told(service).agreement == ()


def test_decisions_of_persons_count_by_the_rules_that_they_are_told(service: Service) -> None:
    filed = judged(service, Take(month(0), no_bottom))
    with service.records.begin("main") as tx:
        base = decision(tx, filed.case)
        why = Reason(text=Say(zh="缺面", en="A face is missing."), cites=(FACES, "D16"))
        recommended = base.recommendation.model_copy(update={"reasons": (why,)})
        changes = {"recommendation": recommended, "at": month(0), "overrules": Overrule.MACHINE_WRONG}
        assert tx.decisions.add(base.model_copy(update=changes))
    found = told(service)
    assert shares(found, FACES, WordOf.DECISION) == [("2026-01", "return_refund", 0, 1)]
    (one,) = (one for one in found.agreement if one.rule == FACES)
    assert one.people == {"machine_wrong": 1}
    assert "key:1" not in found.model_dump_json()


def reviewers(n: int) -> list[Principal]:
    return [Principal(tenant="main", key_id=new_id(), role=ApiRole.REVIEWER) for _ in range(n)]


def test_a_lot_counts_when_it_has_ended_and_its_cases_are_told_to_nobody_before(service: Service) -> None:
    cases = [judged(service, Take(month(0, day=4))) for _ in range(3)]
    assess(service, cases[0], Side.ACCEPTED)
    version = f"default@{cases[0].verdict.policy_version}"
    its = {"of": LotOf.ACCEPTED, "policy": version, "from": month(0), "until": month(0, day=9)}
    order = LotOrder.model_validate(its)
    before = told(service)
    with service.records.begin("main") as tx:
        lot = draw(tx, ADMIN, order)
    assert lot.size == 3
    (person,) = reviewers(1)
    while_open = [told(service, who=who) for who in (ADMIN, person)]
    assert while_open[0].agreement == ()
    assert while_open[0].left_out.blind == 3
    assert while_open[0] == while_open[1], "it does not matter who asks"
    for said in ("accepted", "rejected", "needs_review"):
        with service.records.begin("main") as tx:
            task = take_next(tx, person)
            assert task is not None
        assert told(service, who=person) == while_open[0], "nor whether they have taken a sample, or answered"
        with service.records.begin("main") as tx:
            answer(tx, person, task.id, said=said, note=None)
    found = told(service)
    assert shares(found, None, WordOf.SAMPLE) == [("2026-01", "accepted", 1, 3)]
    assert shares(found, FACES, WordOf.SAMPLE) == [("2026-01", "met", 1, 3)]
    assert shares(found, None) == shares(before, None)
    assert person.key_id not in found.model_dump_json()


def test_known_cases_count_in_nothing(service: Service) -> None:
    filed = judged(service, Take(month(0)))
    plant_it(service, filed)
    found = told(service)
    assert (found.months[0].cases, found.trends) == (0, ())


def plant_it(service: Service, filed: Filed) -> None:
    new = NewPlanted.model_validate({"case_id": filed.case.id, "for": "reviewers", "truth": {"verdict": "accepted"}})
    with service.records.begin("main") as tx:
        plant(tx, ADMIN, new)


def world(service: Service, moved: Sequence[float], *, version: str = "1", first: int = 0, each: int = 24) -> None:
    """Months whose faces are so much less sharp than usual."""
    for n, shift in enumerate(moved):
        chance = random.Random(f"{version} {first + n}")
        for _ in range(each):
            judged(service, Take(month(first + n), faces_sharp(chance, shift), version=version))


def drifts(found: MachineStatistics) -> list[tuple[object, ...]]:
    return [(one.kind, one.measure, one.version, one.other, one.since) for one in found.drifts]


def test_a_drift_of_the_world_is_found_in_the_archive(service: Service) -> None:
    world(service, (0, 0, 0, -0.3, -0.3))
    archived(service)
    assert drifts(told(service)) == [(DriftKind.WORLD, "face_sharpness", "1", None, "2026-04")]


def test_a_month_that_is_not_over_is_no_look_yet(service: Service) -> None:
    world(service, (0, 0, 0, -0.3))
    running = machine_statistics(service, ADMIN, Period(month(0), month(3), month(3, day=28)))
    assert running.drifts == ()
    assert running.trends == told(service).trends
    over = machine_statistics(service, ADMIN, Period(month(0), month(3), month(4, day=1)))
    assert drifts(over) == [(DriftKind.WORLD, "face_sharpness", "1", None, "2026-04")]


def test_another_version_is_told_apart_from_another_world(service: Service) -> None:
    world(service, (0, 0, 0))
    world(service, (-0.3, -0.3, -0.3), version="2", first=1)
    archived(service)
    found = [one for one in drifts(told(service)) if one[1] == "face_sharpness"]
    assert found == [(DriftKind.VERSION, "face_sharpness", "2", "1", "2026-02")]


def test_a_quiet_archive_has_no_drift(service: Service) -> None:
    world(service, (0,) * 6)
    archived(service)
    found = told(service)
    assert found.drifts == ()
    assert found.watched > 20


def test_planted_overconfidence_is_found(service: Service) -> None:
    for n in range(40):
        filed = judged(service, Take(month(n % 4), faces_sure(0.93)))
        assess(service, filed, Side.REJECTED if n % 2 else Side.ACCEPTED)
    tables = {one.rule: one for one in told(service).calibration}
    table = tables[FACES]
    assert (table.n, table.found, round(table.error or 0, 2)) == (40, Miscalibration.TOO_SURE, 0.43)
    (full,) = (one for one in table.bins if one.right.n)
    assert (full.right.k, full.right.n) == (20, 40)
    assert full.sure == pytest.approx(0.93)
    assert tables[None].n == 40


def test_one_answer_is_no_miscalibration(service: Service) -> None:
    assess(service, judged(service, Take(month(0))), Side.REJECTED)
    found = told(service)
    assert {one.found for one in found.calibration} == {None}
    assert {one.n for one in found.calibration} == {1}


def test_a_part_that_cannot_be_read_is_named_and_the_others_are_counted(service: Service) -> None:
    for n in range(2):
        assess(service, judged(service, Take(month(n), no_bottom)), Side.REJECTED)
    archived(service)
    with service.records.begin("main", reading=True) as tx:
        broken = tx.archive.parts()[0]
    service.blobs.remove(broken.place)
    service.blobs.put(broken.place, b"PAR1 no part")
    found = told(service)
    assert [(one.part, one.code, one.verdicts) for one in found.left_out.parts] == [(broken.id, "archive.corrupt", 1)]
    assert shares(found, FACES) == [("2026-02", "not_met", 1, 1)]


def test_parts_that_nothing_here_can_read_are_an_error_and_not_an_empty_page(service: Service) -> None:
    judged(service, Take(month(0)))
    assert told(replace(service, parts=NoParts())).months[0].cases == 1, "nothing is in a part yet"
    archived(service)
    with pytest.raises(ArchiveError, match=r"archive\.not_installed"):
        told(replace(service, parts=NoParts()))


def test_a_part_of_a_later_form_is_named(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(service, Take(month(0)))
    monkeypatch.setattr("sixfaces.adapters.archive.parquet.FORM", "sixfaces.archive/9")
    archived(service)
    monkeypatch.undo()
    found = told(service)
    assert [(one.code, one.verdicts) for one in found.left_out.parts] == [("archive.newer", 1)]


def spoilt(service: Service, filed: Filed, change: dict[str, str]) -> None:
    """What judging left behind, as another version would have written it."""
    place = f"{filed.verdict.results}/{JUDGED}"
    text = gzip.decompress(service.blobs.get(place) or b"").decode()
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    service.blobs.remove(place)
    service.blobs.put(place, gzip.compress(text.encode()))


def test_what_nobody_can_read_yet_waits_and_is_said(service: Service) -> None:
    newer, good = (judged(service, Take(month(0), no_bottom)) for _ in range(2))
    for filed in (newer, good):
        assess(service, filed, Side.REJECTED)
    spoilt(service, newer, {"sixfaces.judged/1": "sixfaces.judged/9"})
    found = told(service)
    assert [(one.part, one.code, one.verdicts) for one in found.left_out.parts] == [("-", "archive.unjudged", 1)]
    assert shares(found, FACES) == [("2026-01", "not_met", 1, 1)]


def test_facts_of_a_later_version_in_a_part_spoil_nothing_but_themselves(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sixfaces.pipeline.archive import filling, rows

    later, good = judged(service, Take(month(0), no_bottom)), judged(service, Take(month(0)))
    for filed in (later, good):
        assess(service, filed, Side.REJECTED)

    def row_of(*given: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 handed through as it came
        row = dict(whole(*given, **more))
        if row["id"] == later.verdict.id:
            row["fact_face"] = row["fact_face"].replace(b'"face":', b'"side":')
            row["fact_smell"] = json.dumps([[{"fact": {"kind": "smell"}, "id": "o999"}]]).encode()
        return row

    whole = rows.row_of
    monkeypatch.setattr(filling, "row_of", row_of)
    archived(service)
    found = told(service)
    assert found.left_out.unreadable == 1
    assert shares(found, FACES) == [("2026-01", "met", 0, 1), ("2026-01", "not_met", 1, 1)]
    faces = next(one for one in found.trends if one.measure == "faces_shown")
    assert faces.months["2026-01"].n == 1


def test_a_rule_that_no_longer_exists_is_told_as_gone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from sixfaces.pipeline.archive import filling, rows

    def renamed(text: str) -> str:
        return text.replace(FACES, "completeness.seven_faces")

    def head_of(*given: Any, **more: Any) -> Head:  # noqa: ANN401 handed through as it came
        head = rows.head_of(*given, **more)
        policies = {digest: renamed(text) for digest, text in head.policies.items()}
        return head._replace(codes=tuple(map(renamed, head.codes)), policies=policies)

    assess(service, judged(service, Take(month(0), no_bottom)), Side.REJECTED)
    monkeypatch.setattr(filling, "head_of", head_of)
    archived(service)
    found = told(service)
    assert shares(found, "completeness.seven_faces") == [("2026-01", "not_met", 1, 1)]
    assert [one.gone for one in found.agreement if one.rule == "completeness.seven_faces"] == [True]
    assert found.calibration == (), "by a policy that cannot be read nobody knows how sure it was"


@pytest.mark.parametrize(("other", "kinds"), [("tmall 2026.1", set()), ("default 2026.2", {DriftKind.VERSION})])
def test_versions_of_a_policy_are_compared_and_two_policies_never(
    service: Service, other: str, kinds: set[DriftKind]
) -> None:
    for _ in range(20):
        judged(service, Take(month(0)))
        judged(service, Take(month(0), unsealed, policy=other))
    found = told(service, months=1)
    assert {one.kind for one in found.drifts if one.observer.startswith("rules")} == kinds
    by = {one.observer for one in found.trends if one.measure.startswith("cannot_tell:")}
    assert by == {"rules:default", f"rules:{other.split()[0]}"}


def test_a_case_that_was_judged_again_is_measured_once(service: Service) -> None:
    filed = judged(service, Take(month(0)))
    text = gzip.decompress(service.blobs.get(f"{filed.verdict.results}/{JUDGED}") or b"")
    record = Judged.model_validate_json(text).records[0]
    keep(service, filed.case, record, at=month(1), observers="parcel 1b")
    keep(service, filed.case, record, at=month(11), observers="parcel 1c")
    only = told(service, months=1)
    assert [one.version for one in only.trends if one.measure == "cannot_tell:validity.decodes"] == [
        "test parcel 1b, default 2026.1"
    ], "what is judged long after changes no old month"
    found = told(service)
    assert [one.cases for one in found.months][:2] == [1, 1]
    faces = next(one for one in found.trends if one.measure == "faces_shown")
    assert {m: one.n for m, one in faces.months.items()} == {"2026-01": 1}, "in the month in which it came"


@pytest.mark.parametrize(("since", "until"), [(month(1), month(1)), (month(2), month(1)), (month(0), month(400))])
def test_a_period_that_is_none_is_refused(service: Service, since: datetime, until: datetime) -> None:
    with pytest.raises(WatchingError, match=r"watching\.period"):
        machine_statistics(service, ADMIN, Period(since, until))


def test_more_than_one_answer_is_made_of_is_refused(service: Service) -> None:
    for _ in range(3):
        judged(service, Take(month(0)))
    with pytest.raises(WatchingError, match=r"watching\.too_many"):
        machine_statistics(service, ADMIN, Period(month(0), month(1)), most=2)


def test_the_table_has_a_line_for_every_figure(service: Service) -> None:
    assess(service, judged(service, Take(month(0), no_bottom)), Side.REJECTED)
    found = told(service, months=2)
    text = csv_of(found).decode("utf-8-sig").splitlines()
    assert text[0].split(",") == list(COLUMNS)
    assert len(text) == 1 + len(list(lines_of(found)))
    assert f"agreement,2026-01,assessment,{FACES},not_met,,,,,1,1,1.0,0.2" in "\n".join(text)
    assert {line["part"] for line in lines_of(found)} == {
        "answered", "agreement", "calibration", "reliability", "trend", "left_out",
    }  # fmt: skip
