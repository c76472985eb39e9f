"""Watching by the API: figures say how sure they are, samples are answered blind, alarms come once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import ClaimOpened, ClockTold, Party, Rated, Replied, Settled
from sixfaces.domain.custody import Act
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import QcOutcome
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.watching.alarming import watch_tenant
from tests.contract.api.people import Api
from tests.contract.records.making import verdict
from tests.contract.records.making_claims import decision, inspection, occurrence, qc_verdict

NOW = datetime.now(UTC)
TODAY = {"from": (NOW - timedelta(hours=3)).isoformat(), "until": (NOW + timedelta(hours=3)).isoformat()}


class Shop:
    """A tenant of its own, so that nothing else is in its figures."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.tenant = f"shop-{new_id()[-12:]}"
        self.keys = {role: api.key(role, tenant=self.tenant) for role in (ApiRole.REVIEWER, ApiRole.ADMIN)}

    def ask(self, method: str, path: str, role: ApiRole = ApiRole.ADMIN, **more: Any) -> httpx.Response:  # noqa: ANN401 of httpx
        return self.api.ask(method, f"/v1{path}", key=self.keys[role], **more)

    def told(self, method: str, path: str, role: ApiRole = ApiRole.ADMIN, **more: Any) -> Any:  # noqa: ANN401 JSON
        answer = self.ask(method, path, role, **more)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def case(self, tx: Transaction, *, ago: timedelta = timedelta(hours=1), **item: str) -> FiledCase:
        """A claim on one shirt, opened so long ago."""
        line = {"title": "shirt", "category": "apparel.shirt", "quantity": 1, "sku": "S1", **item}
        claim = {"kind": "return_refund", "reason": "quality_defect", "opened_at": tx.now - ago}
        file = CaseFile.model_validate({"case_id": f"C-{new_id()}", "order": {"items": [line]}, "claim": claim})
        case = FiledCase(
            id=new_id(), tenant=self.tenant, file=file, revision=1, state=CaseState.OPEN, created_at=tx.now,
            updated_at=tx.now,
        )  # fmt: skip
        assert tx.cases.add(case)
        return case

    def judged(self, n: int) -> list[str]:
        """Cases whose evidence the machine accepted."""
        with self.api.service.records.begin(self.tenant) as tx:
            cases = [self.case(tx) for _ in range(n)]
            for case in cases:
                assert tx.verdicts.add(verdict(case, tx.now))
        return [case.id for case in cases]

    def inspected(self, supplier: str, batch: str, *, bleeds: bool) -> None:
        """A shirt that came back and was looked at."""
        with self.api.service.records.begin(self.tenant) as tx:
            case = self.case(tx, supplier=supplier, batch=batch)
            one = inspection(tx, case)
            tx.inspections.add(one)
            outcome = QcOutcome.DEFECT_CONFIRMED if bleeds else QcOutcome.NO_QUALITY_PROBLEM
            codes = [{"code": "colour_bleeding"}] if bleeds else []
            found = qc_verdict(tx, one).model_copy(update={"outcome": outcome, "suggested": outcome, "defects": ()})
            tx.qc_verdicts.add(type(found).model_validate(found.model_dump() | {"defects": codes}))

    def lot(self, **more: object) -> dict[str, Any]:
        """Drawn from what was accepted an hour ago or less."""
        with self.api.service.records.begin(self.tenant, reading=True) as tx:
            until = tx.now
        order = {"of": "accepted", "policy": "default@1", "from": TODAY["from"], "until": until.isoformat()} | more
        lot: dict[str, Any] = self.told("POST", "/lots", json=order)
        return lot


@pytest.fixture
def shop(api: Api) -> Shop:
    """A new one."""
    return Shop(api)


def test_figures_say_how_many_cases_they_rest_on_and_how_sure_they_are(shop: Shop) -> None:
    with shop.api.service.records.begin(shop.tenant) as tx:
        for minutes, stars in ((5, 5), (8, 4), (50, 1)):
            case = shop.case(tx, supplier="Dye & Co")
            opened = tx.now - timedelta(hours=1)
            tx.chronicle.add(occurrence(tx, case, ClaimOpened(), at=opened))
            tx.chronicle.add(occurrence(tx, case, Replied(by=Party.SELLER), at=opened + timedelta(minutes=minutes)))
            tx.chronicle.add(occurrence(tx, case, Rated(stars=stars)))
            first = decision(tx, case)
            assert tx.decisions.add(first)
            if stars == 1:
                assert tx.decisions.add(decision(tx, case, supersedes=first.id))
    (period,) = shop.told("GET", "/measures", params=TODAY)["items"]
    found = period["figures"]
    assert found["cases"] == 3
    (reply,) = [one for one in found["clocks"] if one["code"] == "first_reply"]
    assert (reply["kept"]["k"], reply["kept"]["n"]) == (2, 3)
    assert reply["kept"]["low"] < 2 / 3 < reply["kept"]["high"]
    assert (reply["times"]["median_s"], reply["times"]["worst_s"]) == (480, 3000)
    assert (found["stars"]["n"], round(found["stars"]["mean"], 2)) == (3, 3.33)
    assert (found["superseded"]["k"], found["superseded"]["n"]) == (1, 3)
    assert found["by_row"]["r"]["n"] == 4
    assert found["automatic"]["value"] == 0
    other = shop.told("GET", "/measures", params={**TODAY, "supplier": "Others"})["items"][0]["figures"]
    assert (other["cases"], other["resolved"]["value"], other["resolved"]["high"]) == (0, None, 1)


def test_periods_are_cut_by_the_calendar_of_their_zone(shop: Shop) -> None:
    week = {"from": "2026-05-31T00:00:00Z", "until": "2026-06-03T00:00:00Z", "by": "day", "zone": "Asia/Shanghai"}
    items = shop.told("GET", "/measures", params=week)["items"]
    assert [one["until"] for one in items][:2] == ["2026-06-01T00:00:00+08:00", "2026-06-02T00:00:00+08:00"]
    assert len(items) == 4
    for wrong in ({"zone": "Nowhere/Never"}, {"until": week["from"]}, {"from": "1900-01-01T00:00:00Z"}):
        answer = shop.ask("GET", "/measures", params=week | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "watching.period")


def test_a_lot_is_drawn_answered_blind_and_accepted(shop: Shop) -> None:
    cases = shop.judged(10)
    lot = shop.lot()
    assert (lot["size"], lot["plan"]["size"], lot["plan"]["whole"], lot["plan"]["accept"]) == (10, 10, True, 0)
    for _ in cases:
        task = shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"]
        assert set(task) == {"id", "case_id", "asks", "answers", "taken_at"}
        assert task["asks"] == "evidence"
        assert "accepted" not in {task[name] for name in ("id", "case_id", "asks", "taken_at")}
        assert shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"] == task, "one at a time"
        _sees_nothing(shop, task["case_id"])
        path = f"/samples/{task['id']}/answer"
        said = shop.told("POST", path, ApiRole.REVIEWER, json={"answer": "accepted"})
        assert (said["said"], said["agrees"], said["was_planted"]) == ("accepted", True, False)
        assert shop.ask("POST", path, ApiRole.REVIEWER, json={"answer": "rejected"}).status_code == 409
        assert shop.ask("GET", f"/cases/{task['case_id']}/verdicts", ApiRole.REVIEWER).status_code == 200
    assert shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"] is None
    ended = shop.told("GET", f"/lots/{lot['id']}")
    assert (ended["outcome"], ended["wrong"]) == ("accepted", 0)
    (stream,) = shop.told("GET", "/sampling-streams")["items"]
    assert (stream["strictness"], stream["score"], stream["open_lot"]) == ("normal", 2, None)


def _sees_nothing(shop: Shop, case: str) -> None:
    """By whichever way they ask."""
    for part in ("verdicts", "report", "claim", "recommendation", "decisions", "custody"):
        answer = shop.ask("GET", f"/cases/{case}/{part}", ApiRole.REVIEWER)
        assert (answer.status_code, answer.json().get("code")) == (409, "watching.blind"), part
    link = shop.ask("POST", f"/cases/{case}/links", ApiRole.REVIEWER, json={"party": "seller"})
    assert (link.status_code, link.json()["code"]) == (409, "watching.blind")
    assert shop.told("GET", f"/cases/{case}", ApiRole.REVIEWER)["verdict"] is None
    for word in ("accepted", "rejected", "needs_review"):
        found = shop.told("GET", "/cases", ApiRole.REVIEWER, params={"verdict": word, "limit": 200})["items"]
        assert case not in {one["id"] for one in found}
    assert shop.told("GET", f"/cases/{case}")["verdict"]["verdict"] == "accepted", "others see it as ever"


def test_two_rejected_lots_make_the_next_one_tightened(shop: Shop) -> None:
    since = TODAY["from"]
    for strictness in ("normal", "normal", "tightened"):
        shop.judged(3)
        lot = shop.lot(**{"from": since})
        since = lot["until"]
        assert lot["plan"]["strictness"] == strictness
        order = {"of": "accepted", "policy": "default@1", "from": since, "until": since}
        assert shop.ask("POST", "/lots", json=order).json()["code"] == "watching.period"
        for _ in range(lot["plan"]["size"]):
            task = shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"]
            shop.told("POST", f"/samples/{task['id']}/answer", ApiRole.REVIEWER, json={"answer": "rejected"})
        assert shop.told("GET", f"/lots/{lot['id']}")["outcome"] == "rejected"


def test_the_next_lot_waits_for_the_last_and_covers_no_time_twice(shop: Shop) -> None:
    shop.judged(3)
    lot = shop.lot()
    order = {"of": "accepted", "policy": "default@1", "from": TODAY["from"], "until": lot["until"]}
    assert shop.ask("POST", "/lots", json=order).json()["code"] == "watching.lot_open"
    for _ in range(3):
        task = shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"]
        shop.told("POST", f"/samples/{task['id']}/answer", ApiRole.REVIEWER, json={"answer": "accepted"})
    assert shop.ask("POST", "/lots", json=order).json()["code"] == "watching.lot_overlaps"
    late = order | {"from": (datetime.fromisoformat(lot["until"]) + timedelta(microseconds=1)).isoformat()}
    late["until"] = datetime.now(UTC).isoformat()
    assert shop.ask("POST", "/lots", json=late).json()["code"] == "watching.lot_gap"
    assert shop.ask("POST", "/lots", json=late | {"aql": "4.0"}).json()["code"] == "watching.other_plan"
    nothing = {**order, "policy": "other@1"}
    assert shop.ask("POST", "/lots", json=nothing).json()["code"] == "watching.empty"


def test_nobody_who_draws_can_know_the_sample_before(shop: Shop) -> None:
    shop.judged(3)
    lot = shop.lot()
    with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
        ordered, drawn = (one for one in tx.custody.about(lot["id"]) if one.act is Act.SAMPLE)
        assert tx.custody.root(lot["log_size"]) == lot["seed"]
    assert (ordered.seq, ordered.body["what"], drawn.body["what"]) == (lot["log_size"] - 1, "ordered", "drawn")
    assert ordered.body["population_sha256"] == lot["population_sha256"] == drawn.body["population_sha256"]
    assert len(str(ordered.body["nonce"])) == 64


def test_a_lot_that_cannot_be_looked_at_to_its_end_is_ended_as_void(shop: Shop) -> None:
    shop.judged(3)
    lot = shop.lot()
    assert shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"] is not None
    ended = shop.told("POST", f"/lots/{lot['id']}/void")
    assert (ended["outcome"], ended["ended_at"] is not None) == ("void", True)
    assert shop.ask("POST", f"/lots/{lot['id']}/void").json()["code"] == "watching.lot_ended"
    task = shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"]
    shop.told("POST", f"/samples/{task['id']}/answer", ApiRole.REVIEWER, json={"answer": "rejected"})
    assert shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"] is None, "the rest is given to nobody"
    (stream,) = shop.told("GET", "/sampling-streams")["items"]
    assert (stream["strictness"], stream["score"], stream["open_lot"]) == ("normal", 0, None)
    shop.judged(1)
    assert shop.lot(**{"from": lot["until"]})["size"] == 1


def test_a_planted_case_looks_like_any_other_until_it_is_answered(shop: Shop) -> None:
    (known,) = shop.judged(1)
    planted = {"case_id": known, "for": "reviewers", "truth": {"verdict": "rejected"}}
    made = shop.told("POST", "/planted", json=planted)
    assert shop.ask("POST", "/planted", json=planted).json()["code"] == "watching.planted_already"
    shop.judged(3)
    lot = shop.lot()
    assert lot["size"] == 3, "a planted case is in no lot"
    keys, found = set(), None
    for _ in range(4):
        task = shop.told("POST", "/samples/next", ApiRole.REVIEWER)["task"]
        keys.add(tuple(task))
        assert "planted" not in shop.ask("GET", f"/cases/{task['case_id']}", ApiRole.REVIEWER).text
        said = shop.told("POST", f"/samples/{task['id']}/answer", ApiRole.REVIEWER, json={"answer": "accepted"})
        found = said if said["was_planted"] else found
    assert len(keys) == 1
    assert found is not None
    assert (found["case_id"], found["said"], found["agrees"]) == (known, "rejected", False)
    assert shop.told("GET", f"/lots/{lot['id']}")["wrong"] == 0, "it does not count against the machine"
    (score,) = shop.told("GET", "/planted/scores")["items"]
    assert (score["for"], score["right"]["k"], score["right"]["n"], score["missed"]) == ("reviewers", 0, 1, 1)
    assert shop.told("GET", "/measures", params=TODAY)["items"][0]["figures"]["cases"] == 3
    assert shop.told("DELETE", f"/planted/{made['id']}")["retired_at"] is not None


def test_a_station_is_scored_by_a_known_parcel(shop: Shop) -> None:
    shop.inspected("Dye & Co", "B1", bleeds=False)
    with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
        cases = tx.watching.cases_opened(_around(tx))
    truth = {"outcome": "defect_confirmed", "defects": ["colour_bleeding"]}
    shop.told("POST", "/planted", json={"case_id": cases[0].id, "for": "stations", "truth": truth})
    (score,) = shop.told("GET", "/planted/scores")["items"]
    assert (score["who"], score["right"]["k"], score["missed"]) == ("key:1", 0, 1)
    assert shop.told("GET", "/suppliers", params=TODAY)["items"] == [], "it is no defect of a supplier"


def _around(tx: Transaction) -> Between:
    return Between(tx.now - timedelta(hours=3), tx.now + timedelta(hours=1))


def test_batch_wide_dye_bleeding_raises_one_alarm_which_a_person_acknowledges(shop: Shop) -> None:
    for number in range(8):
        for piece in range(5):
            shop.inspected("Dye & Co", f"B{number}", bleeds=(number, piece) in {(1, 0), (5, 3)})
    shop.inspected("Dye & Co", "B-single", bleeds=True)
    assert watch_tenant(shop.api.service, shop.tenant) == []
    for _ in range(7):
        shop.inspected("Dye & Co", "B-red", bleeds=True)
    raised = watch_tenant(shop.api.service, shop.tenant)
    assert [(one.measure, one.group.name) for one in raised] == [("defect:colour_bleeding", "B-red")]
    assert watch_tenant(shop.api.service, shop.tenant) == [], "the same alarm is not raised twice"
    (alarm,) = shop.told("GET", "/alarms", params={"open": True})["items"]
    assert (alarm["events"], alarm["exposure"], alarm["group"]["of"]) == (7, 7.0, "Dye & Co")
    assert alarm["chance"] < 1e-4
    path = f"/alarms/{alarm['id']}/acknowledge"
    said = shop.told("POST", path, ApiRole.REVIEWER, json={"note": "The dye house changed its fixer; batch withdrawn."})
    assert said["acknowledged_by"].startswith("key:")
    assert shop.ask("POST", path, json={"note": "Again."}).json()["code"] == "watching.acknowledged"
    assert watch_tenant(shop.api.service, shop.tenant) == [], "nothing new has happened since"
    assert shop.told("GET", "/alarms", params={"open": True})["items"] == []


def test_weeks_without_any_case_are_counted_and_what_comes_after_them_too(shop: Shop) -> None:
    today = datetime.now(UTC).date()
    with shop.api.service.records.begin(shop.tenant) as tx:
        shop.case(tx)
        tx.day_counts.put(today - timedelta(70), [])
    for _ in range(3):
        watch_tenant(shop.api.service, shop.tenant)
    with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
        assert set(tx.day_counts.counted(today - timedelta(70))) == {today - timedelta(n) for n in range(71)}
        assert {one.day for one in tx.day_counts.since(today - timedelta(70)) if one.what == "cases"} <= {
            today,
            today - timedelta(1),
        }


def test_a_defect_that_a_second_look_overturns_is_counted_no_more(shop: Shop) -> None:
    def defects() -> list[int]:
        watch_tenant(shop.api.service, shop.tenant)
        with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
            counts = tx.day_counts.since(tx.now.date() - timedelta(1))
        return [one.n for one in counts if one.what == "defect:colour_bleeding"]

    shop.inspected("Dye & Co", "B1", bleeds=True)
    assert defects() == [1, 1, 1], "of the category, of the supplier, and of the batch"
    with shop.api.service.records.begin(shop.tenant) as tx:
        (case,) = tx.watching.cases_opened(_around(tx))
        second = inspection(tx, case)
        tx.inspections.add(second)
        fine = {"outcome": QcOutcome.NO_QUALITY_PROBLEM, "suggested": QcOutcome.NO_QUALITY_PROBLEM, "defects": ()}
        tx.qc_verdicts.add(qc_verdict(tx, second).model_copy(update=fine))
    assert defects() == []


def test_how_cases_were_served_is_counted_of_the_day_on_which_they_were_opened(shop: Shop) -> None:
    with shop.api.service.records.begin(shop.tenant) as tx:
        for late in (True, False):
            case = shop.case(tx)
            opened = tx.now - timedelta(hours=1)
            tx.chronicle.add(occurrence(tx, case, Replied(by=Party.SELLER), at=tx.now))
            if late:
                told = ClockTold(code="first_reply", state="breached", since=opened)
                tx.chronicle.add(occurrence(tx, case, told, at=tx.now))
                tx.chronicle.add(occurrence(tx, case, Rated(stars=1)))
    watch_tenant(shop.api.service, shop.tenant)
    with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
        counts = tx.day_counts.since(tx.now.date() - timedelta(1))
    assert {one.what: one.n for one in counts if not one.group.name} == {
        "cases": 2, "quality": 2, "timed": 2, "breach:first_reply": 1, "rated": 1, "low_rating": 1,
    }  # fmt: skip


def test_claims_of_many_weeks_that_are_imported_today_are_of_their_own_days(shop: Shop) -> None:
    with shop.api.service.records.begin(shop.tenant) as tx:
        for weeks in range(8):
            for _ in range(6):
                shop.case(tx, ago=timedelta(weeks=weeks, hours=1), supplier="Dye & Co")
    for _ in range(2):
        assert watch_tenant(shop.api.service, shop.tenant) == []
    with shop.api.service.records.begin(shop.tenant, reading=True) as tx:
        counts = tx.day_counts.since(tx.now.date() - timedelta(70))
    assert [one.n for one in counts if one.what == "cases" and not one.group.name] == [6] * 8
    week = {"from": (NOW - timedelta(days=8)).isoformat(), "until": (NOW - timedelta(days=6)).isoformat()}
    assert shop.told("GET", "/measures", params=week)["items"][0]["figures"]["cases"] == 6


def test_a_claim_whose_opening_nobody_knows_took_no_time(shop: Shop) -> None:
    with shop.api.service.records.begin(shop.tenant) as tx:
        case = shop.case(tx)
        unknown = case.file.model_copy(update={"claim": case.file.claim.model_copy(update={"opened_at": None})})
        tx.cases.change(case.id, file=unknown)
        tx.chronicle.add(occurrence(tx, case, Settled(), at=tx.now - timedelta(days=3)))
    (period,) = shop.told("GET", "/measures", params=TODAY)["items"]
    assert (period["figures"]["resolved"]["k"], period["figures"]["resolution"]["n"]) == (1, 0)


def test_the_record_of_a_supplier_counts_by_batch_and_is_no_formula(shop: Shop) -> None:
    for name in ("Dye & Co", "=cmd|' /C calc'!A0"):
        shop.inspected(name, "B7", bleeds=True)
        shop.inspected(name, "B7", bleeds=False)
    units = {"day": str(NOW.date() - timedelta(1)), "supplier": "Dye & Co", "batch": "B7", "units": 500}
    exact = {"day": str(NOW.date()), "category": "apparel.shirt", "sku": "S1", "supplier": "Dye & Co", "batch": "B7"}
    days = {"from": (NOW - timedelta(days=2)).isoformat(), "until": (NOW + timedelta(days=2)).isoformat()}
    shop.told("POST", "/shipped-units", json={"items": [units, exact | {"units": 40}]})
    days["until"] = (NOW + timedelta(hours=1)).isoformat()
    (first, second) = shop.told("GET", "/suppliers", params=days)["items"]
    assert (second["supplier"], second["inspected"], second["defective"], second["shipped"]) == ("Dye & Co", 2, 1, 540)
    (defect,) = shop.told("GET", "/suppliers/Dye & Co/defects", params=days)["items"]
    assert (defect["batch"], defect["code"], defect["lines"], defect["inspected"]) == ("B7", "colour_bleeding", 1, 2)
    assert defect["share"]["value"] == 0.5
    assert defect["shipped"] == 40, "what was told of the batch alone is of other articles too"
    table = shop.ask("GET", f"/suppliers/{first['supplier'].replace('/', '%2F')}/defects.csv", params=days)
    assert table.status_code == 200, table.text
    assert table.headers["content-type"].startswith("text/csv")
    row = table.content.decode("utf-8-sig").splitlines()[1]
    assert row.startswith("'=cmd|")
    assert shop.ask("GET", "/suppliers/Nobody/defects", params=days).status_code == 404
