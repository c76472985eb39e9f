"""Runs over the archive by the API: begun, watched, rested, applied; their flips told page by page and as tables."""

import csv
import io
from dataclasses import replace
from typing import Any

import pyarrow.parquet as pq
import pytest

from sixfaces.domain.case import CaseFile, Order, OrderItem
from sixfaces.domain.job import JobKind
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.keys import read_key_text
from sixfaces.pipeline.service import Service
from sixfaces.rulebook.loader import load_policy
from tests.contract.api.people import Api
from tests.contract.records.making_watching import item, lot
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of


def run_jobs(service: Service) -> None:
    """All but the second looks of erasures that other tests left: those are due in an hour."""
    run_all(runner_of(service), but=JobKind.ERASE)


@pytest.fixture
def category() -> str:
    """Goods that no other test has."""
    return f"goods.{new_id()}"


@pytest.fixture
def working(api: Api, category: str, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The installation with three judged cases, and a policy of the name `default` by which all of them flip."""
    from sixfaces.adapters.archive.parquet import ParquetParts

    service = replace(api.service, parts=ParquetParts())
    for number in range(3):
        order = Order(items=(OrderItem(category=category),))
        case = new_case(service, CaseFile(case_id=f"C-{new_id()}", order=order))
        file_exhibit(service, case, Sent(f"take {number} {case.id}".encode()))
    run_jobs(service)
    tree = load_policy("default").model_dump(mode="json")
    for use in tree["rules"].values():
        use["use"] = "advisory"
    lenient = type(load_policy("default")).model_validate({**tree, "version": "2099.1", "digest": "1" * 64})
    monkeypatch.setattr(runs, "load_policy", lambda name: lenient)
    return service


def test_a_run_is_begun_watched_and_applied_and_its_flips_are_told(api: Api, working: Service, category: str) -> None:
    batch = api.key(ApiRole.BATCH)
    wanted = {"policy": "default", "selection": {"category": category}}
    made = api.ask("POST", "/v1/reverifications", key=batch, json=wanted)
    assert (made.status_code, made.json()["state"], made.json()["policy"]) == (202, "running", "default 2099.1")
    address = made.headers["location"]
    run_jobs(working)
    told = api.ask("GET", address, key=batch).json()
    assert (told["state"], told["tally"]["flips"], told["flipped"]) == ("done", {"rejected>needs_review": 3}, 3)
    first = api.ask("GET", f"{address}/flips", key=batch, params={"limit": 2}).json()
    rest = api.ask("GET", f"{address}/flips", key=batch, params={"limit": 2, "cursor": first["next"]}).json()
    assert [len(page["items"]) for page in (first, rest)] == [2, 1]
    assert rest["next"] is None
    numbers = [flip["number"] for page in (first, rest) for flip in page["items"]]
    table = api.ask("GET", f"{address}/flips.csv", key=batch)
    assert [row["case"] for row in csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))] == numbers
    columns = api.ask("GET", f"{address}/flips.parquet", key=batch)
    assert pq.read_table(io.BytesIO(columns.content)).column("case").to_pylist() == numbers
    applied = api.ask("POST", f"{address}/apply", key=batch)
    assert (applied.status_code, applied.json()["state"]) == (202, "applying")
    run_jobs(working)
    assert api.ask("GET", address, key=batch).json()["state"] == "applied"
    case = api.ask("GET", "/v1/cases", key=api.admin).json()["items"][0]["id"]
    reports = api.ask("GET", f"/v1/cases/{case}/report", key=api.admin)
    assert reports.json()["rulebook"]["version"] == "2099.1"


def test_flips_tell_nobody_of_what_they_must_not_know_nor_of_what_was_erased(
    api: Api, working: Service, category: str
) -> None:
    wanted = {"policy": "default", "selection": {"category": category}}
    address = api.ask("POST", "/v1/reverifications", key=api.admin, json=wanted).headers["location"]
    run_jobs(working)
    blind, open_eyed = api.key(ApiRole.REVIEWER), api.key(ApiRole.REVIEWER)
    flips = flips_told(api, address, open_eyed)
    hidden, gone, kept = (flip["number"] for flip in flips)
    look_at(working, blind, hidden)
    assert api.ask("POST", f"/v1/cases/{flips[1]['case_id']}/close", key=api.admin).status_code == 200
    erased = api.ask("POST", f"/v1/cases/{flips[1]['case_id']}/erase", key=api.admin, json={"reason": "court_order"})
    assert erased.status_code == 202, erased.text
    runner_of(working).work()
    for key, seen in ((blind, [kept]), (open_eyed, [hidden, kept])):
        assert [flip["number"] for flip in flips_told(api, address, key)] == seen
        pages = [flips_told(api, address, key, limit=1)]
        assert [flip["number"] for flip in pages[0]] == seen[:1]
        table = api.ask("GET", f"{address}/flips.csv", key=key).content.decode("utf-8-sig")
        assert [row["case"] for row in csv.DictReader(io.StringIO(table))] == seen
        columns = api.ask("GET", f"{address}/flips.parquet", key=key).content
        assert pq.read_table(io.BytesIO(columns)).column("case").to_pylist() == seen
        told = api.ask("GET", address, key=key)
        assert told.json()["flipped"] == 3, "sums name nobody"
        assert sorted(told.json()["tally"]["examples"]["rejected>needs_review"]) == sorted(seen)
        assert not {hidden, gone, kept}.difference(seen) & set(told.text.split('"'))
    listed = api.ask("GET", "/v1/reverifications", key=blind).text
    assert not any(number in listed for number in (hidden, gone, kept))


def flips_told(api: Api, address: str, key: str, limit: int = 50) -> list[dict[str, Any]]:
    answer = api.ask("GET", f"{address}/flips", key=key, params={"limit": limit})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def look_at(service: Service, key: str, number: str) -> None:
    """The holder of the key has taken the case to say what they see, without knowing what was said."""
    known = read_key_text(key)
    assert known is not None
    with service.records.begin("main") as tx:
        of, case = lot(tx, policy=f"{number}@1"), tx.cases.by_case_id(number)
        assert case is not None
        one = item(of, case, number)
        assert tx.samples.add(of, [one])
        assert tx.samples.take(one.id, f"key:{known.key_id}")


def test_a_run_rests_goes_on_and_ends(api: Api, working: Service) -> None:
    address = api.ask("POST", "/v1/reverifications", key=api.admin, json={}).headers["location"]
    states = [
        api.ask("POST", f"{address}/{what}", key=api.admin).json().get("state", "refused")
        for what in ("pause", "pause", "resume", "cancel", "cancel")
    ]
    assert states == ["paused", "paused", "running", "cancelled", "cancelled"]
    refused = api.ask("POST", f"{address}/apply", key=api.admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "archive.state")
    run_jobs(working)
    assert api.ask("GET", address, key=api.admin).json()["done"] == 0


@pytest.mark.parametrize("name", ["nobody", "./mine.toml", "/etc/passwd"])
def test_a_policy_that_there_is_not_is_refused(api: Api, name: str) -> None:
    refused = api.ask("POST", "/v1/reverifications", key=api.admin, json={"policy": name})
    assert (refused.status_code, refused.json()["code"]) == (422, "archive.policy")


def test_a_selection_that_ends_before_it_begins_is_refused(api: Api) -> None:
    selection = {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    refused = api.ask("POST", "/v1/reverifications", key=api.admin, json={"selection": selection})
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")


def test_the_same_request_begins_one_run(api: Api) -> None:
    headers = {"Idempotency-Key": "once"}
    ids = {
        api.ask("POST", "/v1/reverifications", key=api.admin, json={}, headers=headers).json()["id"] for _ in range(2)
    }
    assert len(ids) == 1
