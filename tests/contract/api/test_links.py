"""How a claim stands, by a link: each side sees what is its own, and without a good token nobody learns anything."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sixfaces.config import Settings
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.contract.api.test_claims import claimed, decided, follow
from tests.rig.installation import prepared

CONTACTS = {"buyer": "ming.li@mail.example", "seller": "shop@mail.example"}
BUYERS_SECRET = "I was in hospital for my heart"
NOTE = "This customer lies, see 13812345678"


def link(api: Api, case: dict[str, Any], party: str = "buyer", **more: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
    answer = api.ask("POST", f"/v1/cases/{case['id']}/links", key=api.admin, json={"party": party} | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def page(api: Api, url: str, **headers: str) -> httpx.Response:
    return api.client.get(httpx.URL(url).raw_path.decode(), headers={"Accept": "text/html"} | headers)


def standing(api: Api, case: dict[str, Any], party: str = "buyer") -> dict[str, Any]:
    answer = page(api, link(api, case, party)["url"], Accept="application/json")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def enter(api: Api, case: dict[str, Any], source: str, *, at: str | None = None, **what: Any) -> None:  # noqa: ANN401 JSON
    entry = {"what": what, "source": source, "at": at}
    answer = api.ask("POST", f"/v1/cases/{case['id']}/chronicle", key=api.admin, json=entry)
    assert answer.status_code == 201, answer.text


def in_hours(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_a_side_is_told_what_is_missing_of_it_and_until_when(api: Api) -> None:
    case = claimed(api, reason="quality_defect", evidence_window={"closes_at": in_hours(30)})
    film = {"kind": "evidence.asked", "of": "seller", "until": in_hours(-1), "what": "The unboxing video."}
    enter(api, case, "platform", at=in_hours(-2), **film)
    enter(api, case, "platform", kind="evidence.asked", of="buyer", until=in_hours(20), what="A photo of the label.")
    buyer, seller = standing(api, case, "buyer"), standing(api, case, "seller")
    assert buyer["stage"] == "incomplete"
    assert [(one["text"]["en"], one["late"]) for one in buyer["asked"]] == [
        ("Hand in photos or video that clearly show the problem.", False),
        ("A photo of the label.", False),
    ]
    assert buyer["asked"][0]["by"][:13] == in_hours(30)[:13]
    assert ("The unboxing video.", True) in [(one["text"]["en"], one["late"]) for one in seller["asked"]]
    assert "unboxing" not in str(buyer["asked"])
    assert "A photo of the label." not in str(seller)


def test_the_sellers_clocks_are_told_to_the_buyer_as_one_instant_only(api: Api) -> None:
    case = claimed(api, return_parcel={}, outbound_parcel={"signed_at": in_hours(-96)})
    enter(api, case, "buyer", kind="claim.opened")
    follow(api, case)
    buyer, seller = standing(api, case, "buyer"), standing(api, case, "seller")
    assert buyer["answer_by"] is not None
    assert buyer["asked"] == []
    assert "Please answer the buyer." in str(seller["asked"])
    assert "answer the buyer" not in str(buyer)


def test_a_decision_is_explained_to_both_and_its_outlook_to_the_seller(api: Api) -> None:
    case = claimed(api)
    follow(api, case)
    assert decided(api, case).status_code == 201
    buyer, seller = standing(api, case, "buyer"), standing(api, case, "seller")
    for told in (buyer, seller):
        assert told["decision"]["remedy"] == {"zh": "退货退款", "en": "Refund for the returned goods"}
        assert told["decision"]["refund"] == {"amount": "199.00", "currency": "CNY"}
        assert told["decision"]["freight"]["en"] == "The buyer pays for the way back."
        assert told["decision"]["reasons"]
        assert (told["stage"], told["refund"]["paid_at"]) == ("refund_due", None)
    assert seller["decision"]["appeal"]
    assert buyer["decision"]["appeal"] == []
    enter(api, case, "seller", kind="refund.paid", money={"amount": "199.00", "currency": "CNY"})
    paid = standing(api, case)
    assert (paid["stage"], paid["headline"]["en"]) == ("refund_paid", "CNY 199.00 has been paid back")


def test_neither_side_reads_what_was_noted_suspected_or_told_of_the_other(api: Api) -> None:
    case = claimed(api, contacts=CONTACTS, platform="default")
    enter(api, case, "platform", kind="excused", why="illness", text=BUYERS_SECRET)
    enter(api, case, "platform", kind="evidence.assessed", of="buyer", side="rejected", text="He forged it")
    enter(api, case, "platform", kind="cost.booked", what="handling", money={"amount": "7.77", "currency": "CNY"})
    made = decided(api, case, remedy="none", overrules="fraud", note=NOTE)
    assert made.status_code == 201, made.text
    for party in ("buyer", "seller"):
        url = link(api, case, party)["url"]
        both = page(api, url).text + page(api, url, Accept="application/json").text
        for secret in (BUYERS_SECRET, "hospital", NOTE, "lies", "fraud", "forged", "13812345678", "7.77"):
            assert secret not in both, (party, secret)
        for address in CONTACTS.values():
            assert address not in both
        assert "A member of staff looked at everything" in both
    assert "taken down" in str(standing(api, case, "buyer"))
    assert "taken down" not in str(standing(api, case, "seller"))


def test_a_page_is_for_one_reader_and_asks_nothing_of_anybody(api: Api) -> None:
    case = claimed(api, platform="<script>alert(1)</script>")
    answer = page(api, link(api, case)["url"])
    assert answer.status_code == 200
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"<script|https?://|src=|url\(", answer.text)


def test_a_page_speaks_the_language_that_is_asked_for(api: Api) -> None:
    case = claimed(api)
    url = link(api, case, language="en")["url"]
    bare = url.partition("&lang")[0]
    assert url.endswith("&lang=en")
    assert '<html lang="en">' in page(api, url, **{"Accept-Language": "zh-CN"}).text
    assert '<html lang="zh-CN">' in page(api, f"{bare}&lang=zh").text
    assert '<html lang="zh-CN">' in page(api, bare, **{"Accept-Language": "zh-CN,zh;q=0.9"}).text
    other = re.search(r'href="\?t=[^"&]+&amp;lang=zh"', page(api, url).text)
    assert other is not None


def test_without_a_good_token_every_address_answers_alike(api: Api) -> None:
    case, other = claimed(api), claimed(api)
    url = link(api, case)["url"]
    token = httpx.URL(url).params["t"]
    elsewhere = api.client.get(f"/s/{other['id']}", params={"t": token, "lang": "en"})
    revoked = link(api, case)
    assert api.ask("DELETE", f"/v1/cases/{case['id']}/links/{revoked['id']}", key=api.admin).status_code == 204
    flipped = token[:60] + ("A" if token[60] != "A" else "B") + token[61:]
    vain = [
        elsewhere,
        page(api, revoked["url"].replace("lang=zh", "lang=en")),
        *(
            api.client.get(f"/s/{id}", params={"t": told, "lang": "en"})
            for id in (case["id"], new_id(), "x")
            for told in (flipped, "A" * 94, "é", "", token + "=") if told or id != case["id"]
        ),
    ]  # fmt: skip
    assert {one.status_code for one in vain if "t=" in str(one.url) and one.url.params["t"]} == {404}
    assert len({one.text for one in vain if one.url.params["t"]}) == 1
    doors = [api.client.get(f"/s/{id}", params={"lang": "en"}) for id in (case["id"], new_id(), "x")]
    assert {(one.status_code, one.text) for one in doors} == {(200, doors[0].text)}
    assert "Scan this code at a station" in doors[0].text
    problems = [api.client.get(f"/s/{id}", headers={"Accept": "application/json"}) for id in (case["id"], new_id())]
    assert {(one.status_code, one.content) for one in problems} == {(404, problems[0].content)}
    assert problems[0].json()["code"] == "request.link"


def test_links_are_listed_without_their_tokens_and_end_together(api: Api) -> None:
    case = claimed(api)
    urls = [link(api, case, party)["url"] for party in ("buyer", "seller")]
    listed = api.ask("GET", f"/v1/cases/{case['id']}/links", key=api.held(ApiRole.BATCH))
    assert [one["party"] for one in listed.json()["items"]] == ["seller", "buyer"]
    assert not any(httpx.URL(url).params["t"] in listed.text for url in urls)
    ended = api.ask("DELETE", f"/v1/cases/{case['id']}/links", key=api.admin)
    assert ended.json() == {"links": 2}
    assert [page(api, url).status_code for url in urls] == [404, 404]


def test_a_link_that_has_run_out_is_not_counted_among_those_that_led_somewhere(api: Api) -> None:
    case = claimed(api)
    link(api, case)
    with api.service.records.begin("main") as tx:
        (good,) = tx.links.of_case(case["id"])
        old = {"id": new_id(), "expires_at": tx.now - timedelta(seconds=1)}
        tx.links.add(good.model_copy(update=old))
    assert api.ask("DELETE", f"/v1/cases/{case['id']}/links", key=api.admin).json() == {"links": 1}


def test_a_link_ends_with_its_days(api: Api) -> None:
    case = claimed(api)
    made = link(api, case, days=1)
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert timedelta(hours=23, minutes=59) < lasts <= timedelta(days=1)
    for days in (0, 731):
        bad = api.ask("POST", f"/v1/cases/{case['id']}/links", key=api.admin, json={"party": "buyer", "days": days})
        assert bad.status_code == 422
    wrong = api.ask("POST", f"/v1/cases/{case['id']}/links", key=api.admin, json={"party": "carrier"})
    assert wrong.status_code == 422


def test_the_same_request_twice_is_one_link(api: Api) -> None:
    case, once = claimed(api), {"Idempotency-Key": new_id()}
    at = f"/v1/cases/{case['id']}/links"
    first, second = (
        api.ask("POST", at, key=api.admin, json={"party": "buyer"}, headers=once) for _ in range(2)
    )  # fmt: skip
    assert first.json() == second.json()
    assert len(api.ask("GET", at, key=api.admin).json()["items"]) == 1


def test_the_key_of_links_is_made_once_for_its_owner_only_and_a_new_one_ends_all_links(tmp_path: Path) -> None:
    data = prepared(tmp_path)
    with running(Settings(data=data, port=0, public_url="https://returns.example/shop/")) as api:
        case = claimed(api)
        url = link(api, case)["url"]
        assert url.startswith(f"https://returns.example/shop/s/{case['id']}?t=")
        key = data / "keys" / "links.key"
        assert key.stat().st_mode & 0o777 == 0o600
        bare = url.removeprefix("https://returns.example/shop")
        assert page(api, bare).status_code == 200
    before = key.read_text()
    other = "A" * 43 + "="
    key.write_text(f"{other}\n{before}")
    with running(Settings(data=data, port=0)) as api:
        assert page(api, bare).status_code == 200, "an old key still checks"
    key.write_text(f"{other}\n")
    with running(Settings(data=data, port=0)) as api:
        assert page(api, bare).status_code == 404


def test_who_guesses_is_slowed_down_and_those_with_keys_are_not(tmp_path: Path) -> None:
    with running(Settings(data=prepared(tmp_path), port=0, rate_unknown="5/hour")) as api:
        codes = [api.client.get(f"/s/{new_id()}", params={"t": "x"}).status_code for _ in range(7)]
        assert codes == [404] * 5 + [429] * 2
        assert api.ask("GET", "/v1/cases", key=api.admin).status_code == 200


def test_a_token_is_nowhere_in_the_log(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    case = claimed(api)
    url = link(api, case)["url"]
    token = httpx.URL(url).params["t"]
    assert page(api, url).status_code == 200
    assert page(api, url.replace(token, token[:-2] + "xx")).status_code == 404
    told = capsys.readouterr()
    assert "/s/{case_id}" in told.out + told.err
    assert token[:40] not in told.out + told.err


def test_readers_and_writers_at_once_each_get_a_whole_page(api: Api) -> None:
    case = claimed(api)
    url, answers = link(api, case)["url"], list[int]()
    threads = [threading.Thread(target=lambda: answers.append(page(api, url).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    enter(api, case, "seller", kind="replied", by="seller")
    for thread in threads:
        thread.join()
    assert answers == [200] * 8
