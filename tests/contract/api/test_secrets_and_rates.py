"""What is kept and logged tells no secret, and nobody asks more often than is allowed."""

import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api


def test_the_database_holds_no_secret_of_a_key_that_was_made(api: Api) -> None:
    headers = {"idempotency-key": new_id()}
    made = api.ask("POST", "/v1/keys", key=api.admin, json={"role": "batch", "name": "one"}, headers=headers).json()
    secret = made["secret"].rpartition("_")[2].encode()
    files = list(api.settings.data.glob("records.sqlite*"))
    assert files
    assert not any(secret in path.read_bytes() for path in files)


def test_the_log_of_requests_names_no_secret_and_nothing_that_people_wrote(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "CANARY-13800138000"
    key = api.key(ApiRole.BATCH)
    api.new_case(key, return_parcel={"waybill": canary})
    api.ask("GET", "/v1/cases", key=key, params={"waybill": canary})
    api.ask("GET", f"/v1/cases/by-number/{canary}", key=key)
    api.ask("GET", f"/{canary}", key=key, headers={"user-agent": canary, "referer": canary})
    told = capsys.readouterr()
    logged = told.out + told.err
    assert "/cases/by-number/{number:path}" in logged
    assert canary not in logged
    assert key.rpartition("_")[2] not in logged


def test_figures_name_routes_and_no_tenant(api: Api) -> None:
    assert api.ask("GET", f"/v1/cases/{api.own.case}", key=api.admin).status_code == 200
    figures = api.ask("GET", "/metrics").text
    assert 'sixfaces_requests_total{method="GET",route="/cases/{case_id}",status="200"}' in figures
    for tenants_own in (api.own.case, "S-MAIN", "main", api.admin):
        assert tenants_own not in figures


def test_a_key_that_asks_too_often_is_told_when_to_come_again(strict_api: Api) -> None:
    key = strict_api.admin
    told = [strict_api.ask("GET", "/v1/rulebooks", key=key) for _ in range(6)]
    assert [answer.status_code for answer in told] == [200] * 5 + [429]
    assert [answer.headers["ratelimit-remaining"] for answer in told] == ["4", "3", "2", "1", "0", "0"]
    assert told[-1].json()["code"] == "request.rate"
    assert int(told[-1].headers["retry-after"]) >= 1
    assert told[0].headers["ratelimit-limit"] == "5"
    assert strict_api.ask("GET", "/v1/rulebooks", key=strict_api.stranger).status_code == 200


def test_who_tries_keys_is_stopped_and_a_good_key_still_works(strict_api: Api) -> None:
    codes = [strict_api.ask("GET", "/v1/rulebooks", key="sf_wrong").status_code for _ in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    assert strict_api.ask("GET", "/v1/rulebooks", key=strict_api.admin).status_code == 200
    assert strict_api.ask("GET", "/healthz").status_code == 200
