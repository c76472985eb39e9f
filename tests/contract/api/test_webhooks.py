"""Endpoints of webhooks by the API: made, edited, rotated, tried out, looked at and replayed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sixfaces.bootstrap import webhook_lanes
from sixfaces.config import Settings
from sixfaces.domain.people import ApiRole
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.pipeline.webhooks.endpoints import MOST_ENDPOINTS
from tests.contract.api.conftest import FAST
from tests.contract.api.people import FILM, Api
from tests.contract.api.running import running
from tests.rig.installation import prepared
from tests.rig.webhook_receiver import Receiver, receiver, status

HOOK = {"url": "https://shop.example/hook", "kinds": ["exhibit.sealed", "evidence.judged"]}
LOCAL: dict[str, Any] = {"webhook_allow_http": True, "webhook_allowed_networks": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API that lets webhooks go to this machine."""
    with running(Settings(data=prepared(tmp_path_factory.mktemp("hooks")), **FAST, **LOCAL)) as api:
        yield api


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver."""
    with receiver() as one:
        yield one


@pytest.fixture
def admin(local: Api) -> str:
    """An admin of a tenant of its own."""
    return local.key(ApiRole.ADMIN, tenant=f"t-{new_id()[-12:]}")


def made(api: Api, key: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
    """A new endpoint."""
    answer = api.ask("POST", "/v1/webhooks", key=key, json=HOOK | other)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def sent(api: Api) -> None:
    """Send all that is due."""
    lanes = webhook_lanes(api.settings)
    lanes.start_due(api.service)
    assert lanes.drained(20.0)


def test_a_secret_is_shown_once_and_lies_nowhere_in_plain(local: Api, admin: str) -> None:
    endpoint = made(local, admin)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", endpoint["secret"])
    for path in ("/v1/webhooks", f"/v1/webhooks/{endpoint['id']}"):
        assert "secret" not in local.ask("GET", path, key=admin).text
    database = Path(local.settings.data / "records.sqlite")
    kept = b"".join(path.read_bytes() for path in database.parent.glob("records.sqlite*"))
    assert endpoint["secret"].removeprefix("whsec_").encode() not in kept
    assert (local.settings.data / "keys" / "webhooks.key").stat().st_mode & 0o777 == 0o600


def test_a_repeat_with_the_same_idempotency_key_makes_no_second_one_and_shows_the_secret_again(
    local: Api, admin: str
) -> None:
    once = {"Idempotency-Key": new_id()}
    first, second = (local.ask("POST", "/v1/webhooks", key=admin, json=HOOK, headers=once) for _ in range(2))
    assert first.content == second.content
    assert len(local.ask("GET", "/v1/webhooks", key=admin).json()["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/x",
        "https://user:word@shop.example/",
        "https://shop.example/#part",
        "https:///nothing",
        "https://shop.example:0/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://例子.example/",
        "https://shop.example/a b",
        "https://[fe80::1%25eth0]/",
    ],
)
def test_an_address_that_nothing_may_go_to_is_refused_with_a_way_out(local: Api, admin: str, url: str) -> None:
    answer = local.ask("POST", "/v1/webhooks", key=admin, json=HOOK | {"url": url})
    assert code(answer) == (422, "webhook.url")
    assert answer.json()["fix"]


def test_everything_that_endpoints_are_told_of_can_be_asked_for(local: Api, admin: str) -> None:
    kinds = sorted(kind.value for kind in WebhookKind if kind is not WebhookKind.TEST)
    assert sorted(made(local, admin, kinds=kinds)["kinds"]) == kinds


def test_http_is_refused_unless_it_is_allowed(api: Api, local: Api, admin: str) -> None:
    plain = HOOK | {"url": "http://shop.example/hook"}
    assert code(api.ask("POST", "/v1/webhooks", key=api.stranger, json=plain)) == (422, "webhook.url")
    assert local.ask("POST", "/v1/webhooks", key=admin, json=plain).status_code == 201


@pytest.mark.parametrize("kinds", [[], ["webhook.test"], ["case.closed"], "exhibit.sealed"])
def test_only_events_that_there_are_can_be_asked_for(local: Api, admin: str, kinds: object) -> None:
    answer = local.ask("POST", "/v1/webhooks", key=admin, json=HOOK | {"kinds": kinds})
    assert code(answer) == (422, "request.invalid")


def test_an_edit_says_what_it_edits(local: Api, admin: str) -> None:
    endpoint = made(local, admin)
    at = f"/v1/webhooks/{endpoint['id']}"
    edit = {"description": "the shop's own", "kinds": ["decision.made", "decision.made"]}
    assert code(local.ask("PATCH", at, key=admin, json=edit)) == (428, "request.match_needed")
    tag = local.ask("GET", at, key=admin).headers["etag"]
    edited = local.ask("PATCH", at, key=admin, json=edit, headers={"If-Match": tag})
    assert edited.status_code == 200
    assert (edited.json()["kinds"], edited.json()["revision"]) == (["decision.made"], 2)
    assert edited.json()["url"] == HOOK["url"]
    assert code(local.ask("PATCH", at, key=admin, json={"enabled": False}, headers={"If-Match": tag}))[0] == 412
    assert local.ask("PATCH", at, key=admin, json=edit).status_code == 200, "the same again changes nothing"
    bad = local.ask("PATCH", at, key=admin, json={"url": "https://10.0.0.1/"}, headers={"If-Match": "*"})
    assert code(bad) == (422, "webhook.url")


def test_a_tenant_has_so_many_endpoints_and_no_more(local: Api, admin: str) -> None:
    for _ in range(MOST_ENDPOINTS):
        made(local, admin)
    assert code(local.ask("POST", "/v1/webhooks", key=admin, json=HOOK)) == (409, "webhook.too_many")
    first = local.ask("GET", "/v1/webhooks", key=admin).json()["items"][0]
    assert local.ask("DELETE", f"/v1/webhooks/{first['id']}", key=admin).status_code == 204
    assert local.ask("GET", f"/v1/webhooks/{first['id']}", key=admin).status_code == 404
    made(local, admin)


def test_a_test_event_arrives_signed_and_its_delivery_tells_of_it(local: Api, admin: str, there: Receiver) -> None:
    endpoint = made(local, admin, url=there.url)
    tried = local.ask("POST", f"/v1/webhooks/{endpoint['id']}/test", key=admin)
    assert (tried.status_code, tried.json()["state"]) == (202, "pending")
    sent(local)
    (heard,) = there.wait(1)
    assert heard.verified(endpoint["secret"])["data"] == {"endpoint": endpoint["id"]}
    now = local.ask("GET", tried.headers["location"], key=admin).json()
    assert (now["id"], now["state"], now["last_status"], now["reason"]) == (heard.id, "delivered", 200, None)


def test_what_did_not_arrive_says_why_and_is_replayed_with_its_id(local: Api, admin: str, there: Receiver) -> None:
    endpoint = made(local, admin, url=there.url)
    at = f"/v1/webhooks/{endpoint['id']}"
    there.answer = status(404)
    tried = local.ask("POST", f"{at}/test", key=admin).json()
    sent(local)
    waits = local.ask("GET", f"{at}/deliveries", key=admin, params={"state": "pending"}).json()["items"]
    assert [(one["id"], one["reason"]["code"], one["last_status"]) for one in waits] == [
        (tried["id"], "webhook.status", 404)
    ]
    assert waits[0]["reason"]["fix"]["zh"]
    there.answer = status(200)
    again = local.ask("POST", f"{at}/deliveries/{tried['id']}/replay", key=admin).json()
    assert (again["state"], again["attempts"]) == ("pending", 0)
    sent(local)
    assert {one.id for one in there.heard} == {tried["id"]}
    assert local.ask("GET", f"{at}/deliveries/{tried['id']}", key=admin).json()["state"] == "delivered"


def test_what_was_missed_while_disabled_is_replayed_from_an_instant_on(local: Api, admin: str, there: Receiver) -> None:
    endpoint = made(local, admin, url=there.url)
    at, tenant = f"/v1/webhooks/{endpoint['id']}", endpoint["tenant"]
    since = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    off = local.ask("PATCH", at, key=admin, json={"enabled": False}, headers={"If-Match": "*"}).json()
    assert (off["disabled_why"], off["disabled_at"] is not None) == ("admin", True)
    with local.service.records.begin(tenant) as tx:
        for _ in range(3):
            announce(tx, WebhookKind.EXHIBIT_SEALED, tenant=tenant, subject=new_id(), data={})
    for path, body in (("test", None), ("replay", {"since": since})):
        assert code(local.ask("POST", f"{at}/{path}", key=admin, json=body)) == (409, "webhook.disabled")
    local.ask("PATCH", at, key=admin, json={"enabled": True}, headers={"If-Match": "*"})
    sent(local)
    assert there.heard == []
    assert local.ask("POST", f"{at}/replay", key=admin, json={"since": since}).json() == {
        "deliveries": 3,
        "next_since": None,
    }
    sent(local)
    assert len({one.id for one in there.wait(3)}) == 3
    assert local.ask("POST", f"{at}/replay", key=admin, json={"since": since}).json() == {
        "deliveries": 0,
        "next_since": None,
    }
    also = {"since": since, "also_delivered": True}
    assert local.ask("POST", f"{at}/replay", key=admin, json=also).json() == {"deliveries": 3, "next_since": None}


def test_both_secrets_sign_for_a_day_unless_it_is_said_otherwise(local: Api, admin: str, there: Receiver) -> None:
    endpoint = made(local, admin, url=there.url)
    at = f"/v1/webhooks/{endpoint['id']}"
    rotated = local.ask("POST", f"{at}/rotate", key=admin).json()
    ends = datetime.fromisoformat(rotated["previous_until"]) - datetime.fromisoformat(rotated["updated_at"])
    assert ends == timedelta(hours=24)
    local.ask("POST", f"{at}/test", key=admin)
    sent(local)
    (heard,) = there.wait(1)
    assert heard.verified(endpoint["secret"]) == heard.verified(rotated["secret"])
    at_once = local.ask("POST", f"{at}/rotate", key=admin, params={"overlap_s": 0}).json()
    assert at_once["previous_until"] is None


def test_deliveries_are_listed_page_by_page_and_found_by_what_they_are_of(local: Api, admin: str) -> None:
    endpoint = made(local, admin)
    at, subject = f"/v1/webhooks/{endpoint['id']}/deliveries", new_id()
    with local.service.records.begin(endpoint["tenant"]) as tx:
        for one in (subject, *(new_id() for _ in range(4))):
            announce(tx, WebhookKind.EXHIBIT_SEALED, tenant=endpoint["tenant"], subject=one, data={})
    found: list[str] = []
    cursor = None
    while cursor is not None or not found:
        page = local.ask("GET", at, key=admin, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert found == sorted(set(found), reverse=True)
    assert len(found) == 5
    (its,) = local.ask("GET", at, key=admin, params={"subject": subject}).json()["items"]
    assert its["subject"] == subject
    assert local.ask("GET", at, key=admin, params={"kind": "webhook.test"}).json()["items"] == []


def test_a_sealed_file_is_told_with_ids_and_nothing_that_people_wrote(local: Api, admin: str, there: Receiver) -> None:
    endpoint = made(local, admin, url=there.url)
    number = f"张三 {new_id()}"
    local.ask("PUT", f"/v1/cases/by-number/{number}", key=admin, json={"case_id": number})
    handed = local.ask(
        "POST", f"/v1/cases/{number}/exhibits", key=admin, params={"name": "李四.mp4"}, content=FILM + number.encode()
    ).json()
    sent(local)
    (heard,) = there.wait(1)
    told = heard.verified(endpoint["secret"])["data"]
    assert (told["exhibit"], told["sha256"], told["case"]) == (
        handed["exhibit_id"],
        handed["sha256"],
        handed["case_id"],
    )
    assert told["revision"] == local.ask("GET", f"/v1/cases/{told['case']}", key=admin).json()["revision"]
    assert "三" not in heard.body.decode()
    assert "四" not in heard.body.decode()


def test_the_outbox_is_told_to_prometheus_without_a_tenant(local: Api, admin: str) -> None:
    endpoint = made(local, admin)
    local.ask("POST", f"/v1/webhooks/{endpoint['id']}/test", key=admin)
    text = local.ask("GET", "/metrics").text
    lines = [line for line in text.splitlines() if "webhook_deliver" in line]
    figures = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if name[:1] != "#"}
    assert {f'sixfaces_webhook_deliveries{{state="{one}"}}' for one in ("pending", "delivered", "failed")} <= set(
        figures
    )
    assert "sixfaces_oldest_due_webhook_delivery_seconds" in figures
    assert endpoint["tenant"] not in "".join(lines)


def test_the_outbox_of_notices_is_told_likewise(local: Api, admin: str) -> None:
    text = local.ask("GET", "/metrics").text
    states = {f'sixfaces_notices{{state="{one}"}} ' for one in ("pending", "sent", "failed", "dropped")}
    assert all(one in text for one in states)
    assert "sixfaces_oldest_due_notice_seconds " in text


def test_a_lost_key_is_told_and_not_quietly_replaced(local: Api, admin: str) -> None:
    endpoint = made(local, admin)
    path = local.settings.data / "keys" / "webhooks.key"
    kept = path.read_bytes()
    path.unlink()
    try:
        with running(local.settings) as restarted:
            refused = restarted.ask("POST", "/v1/webhooks", key=admin, json=HOOK)
            assert code(refused) == (500, "webhook.key")
            assert code(restarted.ask("POST", f"/v1/webhooks/{endpoint['id']}/rotate", key=admin))[1] == "webhook.key"
        assert not path.exists()
    finally:
        path.write_bytes(kept)
