"""Who may not see personal data is shown everything else: masked texts, masked twins, and no original bytes."""

import base64
from typing import Any

import pytest

from sixfaces.domain.people import ApiRole
from tests.contract.api.people import PICTURE, PNG, TWIN, Api

STATEMENT = "收件人：张三，电话 13812345678，单号 SF1234567890123"
MASKED = "收件人：张*，电话 138****5678，单号 SF1234567890123"


def told(api: Api, path: str, key: str, **more: Any) -> Any:  # noqa: ANN401 JSON
    answer = api.ask("GET", path, key=key, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("role", "sees_personal", "statement"),
    [
        (ApiRole.ADMIN, None, STATEMENT),
        (ApiRole.REVIEWER, None, MASKED),
        (ApiRole.REVIEWER, True, STATEMENT),
        (ApiRole.BATCH, None, MASKED),
        (ApiRole.STATION, None, MASKED),
        (ApiRole.REVIEWER, False, MASKED),
        (ApiRole.BATCH, True, STATEMENT),
    ],
)
def test_the_role_says_who_sees_names_unless_the_key_does(
    api: Api, role: ApiRole, sees_personal: bool | None, statement: str
) -> None:
    station = api.own.station if role is ApiRole.STATION else None
    key = api.key(role, station=station, sees_personal=sees_personal)
    case = api.new_case(claim={"statement": STATEMENT})
    number = case["file"]["case_id"]
    assert told(api, f"/v1/cases/{case['id']}", key)["file"]["claim"]["statement"] == statement
    assert told(api, f"/v1/cases/by-number/{number}", key)["file"]["claim"]["statement"] == statement
    (found,) = told(api, "/v1/cases", key, params={"number": number})["items"]
    assert found["file"]["claim"]["statement"] == statement


def test_a_key_says_what_it_shows_when_it_is_made_and_listed(api: Api) -> None:
    new = {"role": "batch", "name": "archive", "sees_personal": True}
    made = api.ask("POST", "/v1/keys", key=api.admin, json=new)
    assert made.status_code == 201
    assert made.json()["sees_personal"] is True
    plain = api.ask("POST", "/v1/keys", key=api.admin, json={"role": "batch", "name": "plain"}).json()
    listed = {one["id"]: one["sees_personal"] for one in told(api, "/v1/keys", api.admin)["items"]}
    assert (listed[made.json()["id"]], listed[plain["id"]]) == (True, False)


def test_who_edits_what_they_were_shown_masked_leaves_the_names_as_they_were(api: Api) -> None:
    case = api.new_case(claim={"statement": STATEMENT}, return_parcel={"waybill": "13812345678"})
    number, batch = case["file"]["case_id"], api.held(ApiRole.BATCH)
    answer = api.ask("GET", f"/v1/cases/{case['id']}", key=batch)
    file = answer.json()["file"]
    assert file["return_parcel"]["waybill"] == "13812345678"
    path, match = f"/v1/cases/by-number/{number}", {"If-Match": answer.headers["etag"]}
    same = api.ask("PUT", path, key=batch, json=file, headers=match)
    assert same.json()["revision"] == 1
    file["order"]["order_id"] = "T-9"
    edited = api.ask("PUT", path, key=batch, json=file, headers=match)
    assert edited.status_code == 200
    assert edited.json()["file"]["claim"]["statement"] == MASKED
    now = told(api, path, api.admin)["file"]
    assert (now["claim"]["statement"], now["order"]["order_id"]) == (STATEMENT, "T-9")


@pytest.mark.parametrize("role", [ApiRole.BATCH, ApiRole.STATION])
def test_the_twin_is_given_at_the_address_of_the_picture(api: Api, role: ApiRole) -> None:
    path = f"/v1/exhibits/{api.own.exhibit}/pictures"
    seen = api.ask("GET", f"{path}/{PICTURE}", key=api.held(role))
    plain = api.ask("GET", f"{path}/{PICTURE}", key=api.admin)
    assert (seen.content, plain.content) == (TWIN, PNG)
    assert seen.headers["vary"] == plain.headers["vary"] == "Authorization, Unmask"
    assert seen.headers["etag"] != plain.headers["etag"]
    assert list(told(api, path, api.held(role))["items"]) == [PICTURE]


def test_a_picture_without_a_twin_is_refused_with_the_way_out(api: Api) -> None:
    unlike = api.ask("GET", f"/v1/exhibits/{api.own.exhibit}/pictures/faces/none.png", key=api.held(ApiRole.BATCH))
    assert unlike.status_code == 404
    exhibit = exhibit_without_twins(api)
    path = f"/v1/exhibits/{exhibit}/pictures"
    refused = api.ask("GET", f"{path}/{PICTURE}", key=api.held(ApiRole.BATCH))
    assert (refused.status_code, refused.json()["code"]) == (409, "request.not_masked")
    assert refused.json()["fix"]
    assert told(api, path, api.held(ApiRole.BATCH))["items"] == {}
    assert api.ask("GET", f"{path}/{PICTURE}", key=api.admin).status_code == 200


def exhibit_without_twins(api: Api) -> str:
    """One that was measured before there were any."""
    case = api.new_case()
    sealed = api.ask(
        "POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, params={"name": "old.mp4"}, content=OLD
    ).json()["exhibit_id"]
    measured(api, sealed)
    return str(sealed)


def measured(api: Api, sealed: str) -> None:
    """What is known of another exhibit is known of this one, but for the twins."""
    with api.service.records.begin("main") as tx:
        own, old = tx.exhibits.get(api.own.exhibit), tx.exhibits.get(sealed)
        assert own is not None
        assert old is not None
        known = tx.observations.get(own.exhibit.sha256, by=api.service.measuring.observers)
        assert known is not None
        record, place = known
        images = {PICTURE: record.images[PICTURE]}
        old_record = record.model_copy(update={"exhibit": old.exhibit, "images": images})
        tx.observations.keep(old_record, by=api.service.measuring.observers, results=place)
        tx.exhibits.observed(old.id, by=api.service.measuring.observers)


OLD = b"\x00\x00\x00\x20ftypisom" + bytes(range(255)) * 8


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_original_bytes_are_for_those_who_see_persons_and_for_the_station_that_sent_them(api: Api, method: str) -> None:
    path = f"/v1/exhibits/{api.own.exhibit}/original"
    may = {
        "admin": api.admin,
        "station": api.held(ApiRole.STATION),
        "batch that may": api.key(ApiRole.BATCH, sees_personal=True),
    }
    assert {name: api.ask(method, path, key=key).status_code for name, key in may.items()} == dict.fromkeys(may, 200)
    for key in (api.held(ApiRole.BATCH), api.key(ApiRole.REVIEWER, sees_personal=False)):
        assert api.ask(method, path, key=key).status_code == 403


def test_a_bundle_holds_originals_and_so_is_for_the_same_people(api: Api) -> None:
    path = f"/v1/cases/{api.own.case}/custody.zip"
    refused = api.ask("GET", path, key=api.held(ApiRole.BATCH))
    assert (refused.status_code, refused.json()["code"]) == (403, "request.personal")
    assert api.ask("GET", path, key=api.key(ApiRole.BATCH, sees_personal=True)).status_code == 200


def test_a_report_is_masked_for_some_and_has_another_tag_for_them(api: Api) -> None:
    case = api.own.case
    for name in ("report", "report.html"):
        seen = api.ask("GET", f"/v1/cases/{case}/{name}", key=api.held(ApiRole.BATCH))
        plain = api.ask("GET", f"/v1/cases/{case}/{name}", key=api.admin)
        assert seen.status_code == plain.status_code == 200
        assert seen.headers["vary"] == "Authorization, Unmask"
        again = api.ask(
            "GET",
            f"/v1/cases/{case}/{name}",
            key=api.held(ApiRole.BATCH),
            headers={"If-None-Match": seen.headers["etag"]},
        )
        assert again.status_code == 304
    assert base64.b64encode(TWIN).decode() in seen.text
    assert base64.b64encode(PNG).decode() not in seen.text
    assert seen.headers["etag"] != plain.headers["etag"]


def test_the_same_idempotency_key_shows_nobody_more_than_they_may_see(api: Api) -> None:
    number, headers = f"C-once-{api.own.spare}", {"Idempotency-Key": "one"}
    file = {"case_id": number, "claim": {"statement": STATEMENT}}
    keys = (api.key(ApiRole.BATCH, sees_personal=True), api.held(ApiRole.BATCH))
    path = f"/v1/cases/by-number/{number}"
    first, other = (api.ask("PUT", path, key=key, json=file, headers=headers) for key in keys)
    assert first.json()["file"]["claim"]["statement"] == STATEMENT
    assert (other.status_code, other.json()["code"]) == (428, "request.match_needed")
    mine = f"{number}-batch"
    opened = [
        api.ask("PUT", f"/v1/cases/by-number/{mine}", key=keys[1], json=file | {"case_id": mine}, headers=headers)
        for _ in range(2)
    ]
    assert [(one.status_code, one.json()["file"]["claim"]["statement"]) for one in opened] == [(201, MASKED)] * 2


def test_names_of_files_are_masked_where_exhibits_and_records_are_told(api: Api) -> None:
    case = api.new_case()
    content = OLD + b"other"
    sealed = api.ask(
        "POST",
        f"/v1/cases/{case['id']}/exhibits",
        key=api.admin,
        params={"name": "张三 13812345678.mp4"},
        content=content,
    ).json()["exhibit_id"]
    batch = api.held(ApiRole.BATCH)
    one = told(api, f"/v1/exhibits/{sealed}", batch)
    (same,) = told(api, f"/v1/cases/{case['id']}/exhibits", batch)["items"]
    assert one["exhibit"]["name"] == same["exhibit"]["name"] == "张* 138****5678.mp4"
    assert told(api, f"/v1/exhibits/{sealed}", api.admin)["exhibit"]["name"] == "张三 13812345678.mp4"
    measured(api, sealed)
    path = f"/v1/exhibits/{sealed}/observations"
    plain, shown = (api.ask("GET", path, key=key).text for key in (api.admin, batch))
    assert "张三 13812345678.mp4" in plain
    assert "张* 138****5678.mp4" in shown
    assert "张三" not in shown
