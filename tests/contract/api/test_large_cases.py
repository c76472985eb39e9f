"""Cases as large as they may be: refused beyond that, short in lists, and read beside the event loop."""

import asyncio
import json
from typing import Any

import pytest

from sixfaces.adapters.records.stored import stored
from sixfaces.api import guarded
from sixfaces.api.routes import cases
from sixfaces.api.strict_json import strict_json
from sixfaces.domain.case import MOST_CODES, MOST_ITEMS, MOST_REFERENCES, CaseFile
from tests.contract.api.people import Api


@pytest.mark.parametrize(
    "order",
    [
        {"items": [{}] * (MOST_ITEMS + 1)},
        {"items": [{"serials": ["s"] * (MOST_CODES + 1)}]},
        {"items": [{"barcodes": ["s"] * (MOST_CODES + 1)}]},
        {"items": [{"reference_images": ["s"] * (MOST_REFERENCES + 1)}]},
    ],
    ids=["items", "serials", "barcodes", "references"],
)
def test_more_than_an_order_has_is_refused_in_both_languages(api: Api, order: dict[str, Any]) -> None:
    for language, word in (("zh", "条目太多"), ("en", "too many entries")):
        answer = api.ask(
            "PUT",
            "/v1/cases/by-number/large",
            key=api.admin,
            json={"case_id": "large", "order": order},
            headers={"accept-language": language},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
        assert word in answer.json()["detail"]


def test_a_case_from_before_a_limit_was_lowered_is_told_and_its_edits_keep_to_the_limit(api: Api) -> None:
    case = api.new_case()
    more = {"case_id": case["file"]["case_id"], "order": {"items": [{"serials": ["s"]}] * (MOST_ITEMS + 1)}}
    with api.service.records.begin("main") as tx:
        tx.cases.change(case["id"], file=stored(CaseFile).validate_python(more))
    told = api.ask("GET", f"/v1/cases/{case['id']}", key=api.admin)
    assert (told.status_code, len(told.json()["file"]["order"]["items"])) == (200, MOST_ITEMS + 1)
    path, match = f"/v1/cases/by-number/{more['case_id']}", {"if-match": told.headers["etag"]}
    again = api.ask("PUT", path, key=api.admin, json=more, headers=match)
    assert (again.status_code, again.json()["code"]) == (422, "request.invalid")
    shorter = api.ask("PUT", path, key=api.admin, json={"case_id": more["case_id"]}, headers=match)
    assert shorter.status_code == 200


def test_a_list_leaves_out_what_there_may_be_much_of(api: Api) -> None:
    mark = {"order_id": "T-large", "items": [{"serials": ["s"] * 500}] * 10}
    made = [api.new_case(order=mark) for _ in range(12)]
    whole = api.ask("GET", f"/v1/cases/{made[0]['id']}", key=api.admin).json()
    assert len(whole["file"]["order"]["items"]) == 10
    found = api.ask("GET", "/v1/cases", key=api.admin, params={"order": "T-large", "limit": 11})
    assert [one["id"] for one in found.json()["items"]] == [one["id"] for one in made[:0:-1]]
    assert {len(one["file"]["order"]["items"]) for one in found.json()["items"]} == {0}
    assert len(found.content) < 20_000
    cursor = found.json()["next"]
    rest = api.ask("GET", "/v1/cases", key=api.admin, params={"order": "T-large", "limit": 11, "cursor": cursor})
    assert [one["id"] for one in rest.json()["items"]] == [made[0]["id"]]


def test_a_large_body_is_checked_beside_the_event_loop(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    looping: list[bool] = []
    real = strict_json

    def watched(data: bytes) -> Any:  # noqa: ANN401 JSON
        try:
            asyncio.get_running_loop()
            looping.append(True)
        except RuntimeError:
            looping.append(False)
        return real(data)

    monkeypatch.setattr(guarded, "strict_json", watched)
    body = {"case_id": "wide", "order": {"items": [{"serials": ["s" * 20] * 900}]}}
    assert len(json.dumps(body)) > guarded.SMALL
    assert api.ask("PUT", "/v1/cases/by-number/wide", key=api.admin, json=body).status_code in {200, 201}
    bad = body | {"order": {"items": [{"serials": [1] * 900}], "pad": "x" * guarded.SMALL}}
    assert api.ask("PUT", "/v1/cases/by-number/wide", key=api.admin, json=bad).json()["code"] == "request.invalid"
    assert looping == [False, False]


def test_the_framework_takes_what_was_checked_before_as_it_is() -> None:
    """Otherwise the event loop would check it a second time."""
    field = next(
        route.body_field
        for route in cases.router.routes
        if isinstance(route, guarded.GuardedRoute) and route.body_field is not None
    )
    checked = guarded._checked(b'{"case_id": "a"}', field)
    assert isinstance(checked, CaseFile)
    assert field.validate(checked, {}, loc=("body",))[0] is checked
