"""Damaged originals are told to those who look after evidence, with the exhibits and cases that they hurt."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from sixfaces.api.original_figures import Stored
from sixfaces.domain.originals import Damage, OriginalsCount
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.reading import originals_counted
from tests.contract.api.people import Api


@pytest.fixture
def hurt(api: Api) -> tuple[str, str]:
    """An exhibit with its case, whose original was found changed."""
    case = api.new_case()["id"]
    answer = api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=case.encode())
    exhibit = str(answer.json()["exhibit_id"])
    with api.service.records.begin("main") as tx:
        held = tx.originals.get("main", answer.json()["sha256"])
        assert held is not None
        tx.originals.checked(held.model_copy(update={"damage": Damage.CHANGED, "found_at": tx.now}))
    return exhibit, case


def damaged(api: Api, key: str) -> dict[str, dict[str, object]]:
    """By the exhibit."""
    answer = api.ask("GET", "/v1/originals/damaged", key=key)
    assert answer.status_code == 200
    return {one["exhibits"][0]["exhibit_id"]: one for one in answer.json()["items"]}


def test_what_is_damaged_is_told_with_whose_evidence_it_is(api: Api, hurt: tuple[str, str]) -> None:
    exhibit, case = hurt
    told = damaged(api, api.held(ApiRole.REVIEWER))[exhibit]
    assert told["damage"] == "changed"
    assert told["exhibits"] == [{"exhibit_id": exhibit, "case_id": case}]
    assert exhibit not in damaged(api, api.stranger)


def test_lists_of_damage_come_in_pages(api: Api) -> None:
    for _ in range(3):
        case = api.new_case()["id"]
        sha256 = api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=case.encode()).json()["sha256"]
        with api.service.records.begin("main") as tx:
            held = tx.originals.get("main", sha256)
            assert held is not None
            tx.originals.checked(held.model_copy(update={"damage": Damage.MISSING, "found_at": tx.now}))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = api.ask("GET", "/v1/originals/damaged", key=api.admin, params=asked).json()
        seen += [one["sha256"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) >= 3
    assert seen == sorted(set(seen), reverse=True)


def test_figures_count_damage_and_name_nobody(api: Api, hurt: tuple[str, str]) -> None:
    registry = CollectorRegistry()  # the server's own may have counted a moment ago
    registry.register(Stored(partial(originals_counted, api.service)))
    text = generate_latest(registry).decode()
    served = api.ask("GET", "/metrics").text
    assert set(re.findall(r"^# HELP (sixfaces_o\w+)", text, re.MULTILINE)) <= set(re.findall(r"# HELP (\w+)", served))
    figures = dict(re.findall(r"^(sixfaces_o(?:riginals|ldest_check)\S*) (\S+)$", text, re.MULTILINE))
    assert float(figures['sixfaces_originals_damaged{damage="changed"}']) >= 1
    assert float(figures["sixfaces_originals"]) >= 1
    assert float(figures["sixfaces_oldest_check_seconds"]) > 0
    assert hurt[0] not in text


def test_figures_are_counted_once_a_minute_whoever_asks() -> None:
    asked: list[None] = []
    now = datetime(2026, 1, 2, tzinfo=UTC)

    def count() -> tuple[OriginalsCount, datetime]:
        asked.append(None)
        return OriginalsCount(3, 100, 0, {Damage.MISSING: 2}, now - timedelta(days=1)), now

    stored = Stored(count)
    for _ in range(9):
        told = {metric.name: metric.samples for metric in stored.collect()}
    assert len(asked) == 1
    assert told["sixfaces_oldest_check_seconds"][0].value == 24 * 3600
    assert {one.labels["damage"]: one.value for one in told["sixfaces_originals_damaged"]} == {
        "missing": 2, "changed": 0, "unreadable": 0,
    }  # fmt: skip
