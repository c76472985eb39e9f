"""The log names who sent and who took what; keys and conditions that cannot be are refused in words that hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sixfaces.adapters.records.scope import Scope
from sixfaces.bootstrap import notary
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.custody import Subject, custody_of
from tests.contract.api.people import Api
from tests.contract.uploads.conftest import OCTETS, TUS


def entries(api: Api, exhibit: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = api.ask("GET", f"/v1/exhibits/{exhibit}/custody", key=api.admin).json()["entries"]
    return told


@pytest.mark.parametrize("role", [ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN])
def test_nobody_sends_bytes_in_anothers_name(api: Api, role: ApiRole) -> None:
    station = api.held(ApiRole.STATION)
    told = {**TUS, "Upload-Length": "4", "Sixfaces-Case": api.new_case()["file"]["case_id"]}
    where = api.ask("POST", "/v1/uploads", key=station, headers=told).headers["location"]
    sent = {**OCTETS, "Upload-Offset": "0"}
    answer = api.ask("PATCH", where, key=api.held(role), headers=sent, content=b"evil")
    assert (answer.status_code, answer.json()["code"]) == (403, "request.forbidden")
    again = api.key(ApiRole.STATION, station=api.own.station)
    assert api.ask("PATCH", where, key=again, headers=sent, content=b"film").status_code == 204
    receipt = api.ask("GET", where, key=station).json()["receipt"]
    assert {one["actor"] for one in entries(api, receipt["exhibit_id"])} == {f"station:{api.own.station}"}


def test_what_the_log_says_comes_in_pages_that_are_of_one_list(api: Api) -> None:
    case, exhibit = api.own.case, api.own.exhibit
    for path, other in ((f"/v1/cases/{case}/custody", exhibit), (f"/v1/exhibits/{exhibit}/custody", case)):
        whole = api.ask("GET", path, key=api.admin).json()
        assert whole["next"] is None
        found, asked = [], path + "?limit=2"
        while asked:
            page = api.ask("GET", asked, key=api.admin).json()
            assert len(page["entries"]) == len(page["proofs"]) <= 2
            assert page["checkpoint"]["size"] > max(one["seq"] for one in page["entries"])
            found += page["entries"]
            asked = page["next"] and f"{path}?limit=2&cursor={page['next']}"
        assert found == whole["entries"]
        assert len(found) >= 2
        cursor = api.ask("GET", path + "?limit=1", key=api.admin).json()["next"]
        of_another = path.replace(case, api.own.spare) if case in path else f"/v1/cases/{other}/custody"
        answer = api.ask("GET", f"{of_another}?cursor={cursor}", key=api.admin)
        assert (answer.status_code, answer.json()["code"]) == (400, "request.cursor")
    for wrong in ("limit=0", "limit=1001", "cursor=x"):
        assert api.ask("GET", f"/v1/cases/{case}/custody?{wrong}", key=api.admin).status_code in (400, 422)


def test_a_bundle_is_entered_at_every_exhibit_that_goes_along(api: Api) -> None:
    case = api.new_case()["id"]
    both = [
        api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=text).json()["exhibit_id"]
        for text in (b"one", b"two")
    ]
    batch = api.key(ApiRole.BATCH, sees_personal=True)
    assert api.ask("GET", f"/v1/cases/{case}/custody.zip", key=batch).status_code == 200
    for exhibit in both:
        last = entries(api, exhibit)[-1]
        assert (last["act"], last["body"]["bundle"]) == ("read", f"case {case}")


def test_many_readings_are_proven_with_a_few_questions(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = api.own.exhibit
    reading = Deed(tenant="main", act=Act.READ, subject=exhibit, actor="key:x")
    with api.service.records.begin("main") as tx:
        tx.custody.append(*[reading] * 500)
    asked: list[object] = []
    real = Scope.rows

    def counted(self: Scope, statement: Any) -> Any:  # noqa: ANN401 as its own
        asked.append(statement)
        return real(self, statement)

    monkeypatch.setattr(Scope, "rows", counted)
    proof = custody_of(api.service, notary(api.settings), Subject("main", "exhibit", exhibit))
    assert len(proof.proofs) == len(proof.entries) >= 500
    assert len(asked) < 20
    with api.service.records.begin("main", reading=True) as tx:
        assert tx.custody.inclusion(proof.entries[-1].seq, proof.checkpoint.size) == proof.proofs[-1]


def test_a_key_that_has_expired_already_is_not_made(api: Api) -> None:
    for left, status in ((timedelta(0), 422), (timedelta(days=1), 201)):
        until = (datetime.now(UTC) + left).isoformat()
        body = {"role": "batch", "name": "x", "expires_at": until}
        assert api.ask("POST", "/v1/keys", key=api.admin, json=body).status_code == status


def test_a_tag_of_no_revision_does_not_tell_that_the_case_is_gone(api: Api) -> None:
    number = api.new_case()["file"]["case_id"]
    for language, wrong in (("en", "not there"), ("zh", "不存在")):
        answer = api.ask(
            "PUT",
            f"/v1/cases/by-number/{number}",
            key=api.admin,
            json={"case_id": number, "order": {"order_id": "x"}},
            headers={"If-Match": '"abc"', "Accept-Language": language},
        )
        assert (answer.status_code, answer.json()["code"]) == (412, "request.stale")
        assert wrong not in answer.json()["detail"]


def test_the_description_tells_of_what_may_be_away(api: Api) -> None:
    paths = api.ask("GET", "/openapi.json").json()["paths"]
    keyed = [one for methods in paths.values() for one in methods.values() if one["x-roles"]]
    assert all("503" in one["responses"] for one in keyed)
    assert "202" in paths["/v1/cases/{case}/exhibits"]["post"]["responses"]
