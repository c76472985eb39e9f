"""Exhibit packs by the API: planned, taken, found sound by a stranger, and entered."""

import importlib.util
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from sixfaces.api.routes import packs
from sixfaces.config import Settings
from sixfaces.domain.custody import Act
from sixfaces.domain.people import ApiRole
from tests.contract.api.conftest import FAST
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.rig.chronicle import Chronicle
from tests.rig.pack_folders import film_report
from tests.rig.packed_cases import judge_with_pictures, packed_case

pytest.importorskip("typst")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, Chronicle]]:
    folder = tmp_path_factory.mktemp("packs")
    log = packed_case(folder)
    with running(Settings(data=folder, **FAST)) as api:
        yield api, log
    log.close()


def faults(pack: bytes, keys: bytes) -> list[tuple[str, str]]:
    path = Path(__file__).parents[3] / "docs" / "verify_bundle.py"
    spec = importlib.util.spec_from_file_location("verify_bundle", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[tuple[str, str]] = module.Bundle(io.BytesIO(pack), keys).faults
    return found


def test_a_pack_is_planned_then_taken_and_holds(packed: tuple[Api, Chronicle]) -> None:
    api, log = packed
    case = log.cases[0].id
    planned = api.ask("POST", f"/v1/cases/{case}/packs", key=api.admin, json={"channel": "shopify", "language": "zh"})
    assert planned.status_code == 200
    told = planned.json()
    assert told["pack"]["masked"] is True
    assert told["pack"]["unconfirmed"] == ["text.characters"]
    taken = api.ask("GET", told["download"], key=api.admin)
    assert taken.status_code == 200
    assert taken.headers["content-type"] == "application/zip"
    keys = api.ask("GET", "/v1/checkpoints/keys", key=api.admin).content
    assert faults(taken.content, keys) == []
    with log.service.records.begin("main", reading=True) as tx:
        acts = [entry.body.get("what") for entry in tx.custody.about(case) if entry.act is Act.READ]
    assert acts == ["report", "pack"]


def test_personal_data_is_refused_to_who_may_not_see_it(packed: tuple[Api, Chronicle]) -> None:
    api, log = packed
    order = {"channel": "paypal", "personal": True}
    for method, path in (("POST", "packs"), ("GET", "packs/paypal.zip?personal=true")):
        sent = {"json": order} if method == "POST" else {}
        answer = api.ask(method, f"/v1/cases/{log.cases[0].id}/{path}", key=api.held(ApiRole.BATCH), **sent)
        assert answer.status_code == 403
        assert answer.json()["code"] == "request.personal"


def test_a_reviewer_plans_an_open_pack_and_takes_it_for_a_reason_that_is_entered(packed: tuple[Api, Chronicle]) -> None:
    api, log = packed
    case, key = log.cases[0].id, api.key(ApiRole.REVIEWER)
    order = {"channel": "paypal", "personal": True}
    planned = api.ask("POST", f"/v1/cases/{case}/packs", key=key, json=order)
    assert planned.status_code == 200
    told = planned.json()
    assert (told["reason_needed"], told["pack"]["masked"]) == (True, False)
    bare = api.ask("GET", told["download"], key=key)
    assert (bare.status_code, bare.json()["code"]) == (403, "request.personal")
    assert reasons(log, case) == []
    taken = api.ask("GET", told["download"], key=key, headers={"Unmask": "authority"})
    assert taken.status_code == 200
    assert reasons(log, case) == ["authority"]
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        assert json.loads(archive.read("pack.json"))["masked"] == 0
    by_admin = api.ask("POST", f"/v1/cases/{case}/packs", key=api.admin, json=order).json()
    assert by_admin["reason_needed"] is False


def reasons(log: Chronicle, case: str) -> list[str]:
    with log.service.records.begin("main", reading=True) as tx:
        return [entry.body["reason"] for entry in tx.custody.about(case) if "reason" in entry.body]


def test_a_pack_that_was_planned_on_another_verdict_is_not_given(packed: tuple[Api, Chronicle]) -> None:
    api, log = packed
    case = log.cases[0].id
    told = api.ask("POST", f"/v1/cases/{case}/packs", key=api.admin, json={"channel": "amex"}).json()
    judge_with_pictures(log, film_report(), code_version="test 3")
    late = api.ask("GET", told["download"], key=api.admin)
    assert (late.status_code, late.json()["code"]) == (409, "pack.superseded")
    again = api.ask("POST", f"/v1/cases/{case}/packs", key=api.admin, json={"channel": "amex"}).json()
    assert api.ask("GET", again["download"], key=api.admin).status_code == 200


def test_no_more_packs_are_made_at_once_than_there_are_places(
    packed: tuple[Api, Chronicle], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, log = packed
    monkeypatch.setattr(packs, "WAIT_S", 0.01)
    monkeypatch.setattr(packs, "_PLACES", BoundedSemaphore(1))
    path, order = f"/v1/cases/{log.cases[0].id}/packs", {"channel": "amex"}
    with packs._place():
        busy = api.ask("POST", path, key=api.admin, json=order)
        assert (busy.status_code, busy.json()["code"]) == (429, "pack.busy")
    assert api.ask("POST", path, key=api.admin, json=order).status_code == 200


@pytest.mark.parametrize("channel", ["nobody", "paypal@1999.1"])
def test_a_channel_nobody_knows_is_told_with_those_there_are(packed: tuple[Api, Chronicle], channel: str) -> None:
    api, log = packed
    answer = api.ask("POST", f"/v1/cases/{log.cases[0].id}/packs", key=api.admin, json={"channel": channel})
    assert answer.status_code == 422
    assert answer.json()["code"] == "rulebook.unknown"


def test_the_channels_are_told_with_their_sources(packed: tuple[Api, Chronicle]) -> None:
    api, _ = packed
    items = api.ask("GET", "/v1/channels", key=api.admin).json()["items"]
    (paypal,) = (one for one in items if one["name"] == "paypal")
    assert paypal["pdf"]["bytes"] == 9_999_999
    assert paypal["sources"][0]["url"].startswith("https://developer.paypal.com/")
