"""Exhibit packs by the API: planned, taken, found sound by a stranger, and entered."""

import importlib.util
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixfaces.config import Settings
from sixfaces.domain.custody import Act
from sixfaces.domain.people import ApiRole
from tests.contract.api.conftest import FAST
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.rig.chronicle import Chronicle
from tests.rig.packed_cases import packed_case

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
