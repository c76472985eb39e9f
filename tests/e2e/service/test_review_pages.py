"""The pages in a real browser, over the real product: signing in, the queue, a case, a decision, by keys alone."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.e2e.service.test_serve import Running, serving
from tests.rig.tab import Tab, tab

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

CLIP = Path(__file__).resolve().parents[3] / "fixtures" / "media" / "genuine.mp4"
NOW = datetime.now(UTC)
HOSTILE = "<img src=x onerror=\"document.title='broken'\"> \u202eshoes"
FRAME_S = 1 / 12


class Desk(NamedTuple):
    """A server with one verified case, cases beside it, and keys."""

    server: Running
    admin: str
    case: str
    number: str

    def key(self, role: str, **more: Any) -> str:  # noqa: ANN401 JSON
        made = self.server.ask("POST", "/v1/keys", self.admin, json={"role": role, "name": role, **more})
        secret: str = made.json()["secret"]
        return secret

    def opened(self, number: str, *, title: str = "shoes", waybill: str | None = None) -> str:
        """A case of its own; its id."""
        file = {
            "case_id": number,
            "platform": "tmall",
            "order": {"order_id": f"O-{number}", "items": [{"title": title, "price": "299.00", "currency": "CNY"}]},
            "claim": {"kind": "return_refund", "reason": "wrong_item", "opened_at": str(NOW - timedelta(hours=3))},
            "outbound_parcel": {"signed_at": str(NOW - timedelta(days=4))},
            "return_parcel": {"waybill": waybill, "signed_at": str(NOW - timedelta(hours=2))},
        }
        answer = self.server.ask("PUT", f"/v1/cases/by-number/{number}", self.admin, json=file)
        assert answer.status_code == 201, answer.text
        case: str = answer.json()["id"]
        return case

    def decisions(self, case: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.server.ask("GET", f"/v1/cases/{case}/decisions", self.admin).json()["items"]
        return items

    def decide(self, case: str) -> None:
        """As somebody else does."""
        seen = self.server.ask("GET", f"/v1/cases/{case}/recommendation", self.admin).headers["etag"]
        ruling = {"remedy": "none", "no_party": True, "overrules": "agreement", "note": "by somebody else"}
        headers = {"Authorization": f"Bearer {self.admin}", "If-Match": seen}
        answer = httpx.post(f"{self.server.url}/v1/cases/{case}/decisions", json=ruling, headers=headers)
        assert answer.status_code == 201, answer.text


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving(tmp_path_factory.mktemp("desk")) as server:
        admin = server.admin_key
        assert admin is not None
        first = Desk(server, admin, "", "TM-1")
        case = first.opened("TM-1", waybill="43557366200854")
        query = "name=genuine.mp4&role=unboxing_video"
        sent = server.ask("POST", f"/v1/cases/TM-1/exhibits?{query}", admin, content=CLIP.read_bytes())
        assert sent.status_code == 201, sent.text
        first.opened("TM-2", title=HOSTILE)
        ends = time.monotonic() + 240
        while server.ask("GET", f"/v1/cases/{case}", admin).json()["state"] != "verified":
            assert time.monotonic() < ends
            time.sleep(0.5)
        yield first._replace(case=case)


@pytest.fixture
def page() -> Iterator[Tab]:
    with tab() as one:
        one.look_like()
        yield one


def sign_in(page: Tab, desk: Desk, key: str, path: str = "/review") -> None:
    page.open(f"{desk.server.url}{path}")
    page.wait("document.activeElement?.id === 'key'")
    page.write(key)
    page.press("Enter")
    page.wait("document.querySelector('main.queue tbody tr, main.case .bar')")


def text(page: Tab, where: str = "body") -> str:
    told: str = page.tell(f"document.querySelector({json.dumps(where)})?.innerText ?? ''")
    return told


def complaints(page: Tab) -> list[str]:
    """What the browser complained of, but for asking who one is before one has signed in."""
    return [one for one in page.complaints if "/v1/session" not in one]


def test_a_key_is_typed_once_and_kept_nowhere_that_a_script_reads(desk: Desk, page: Tab) -> None:
    page.open(f"{desk.server.url}/review")
    page.wait("document.activeElement?.id === 'key'")
    page.write("sf_wrong")
    page.press("Enter")
    page.wait("document.querySelector('[role=alert]')")
    key = desk.key("reviewer")
    sign_in(page, desk, key)
    stored = page.tell("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert key.rpartition("_")[2] not in stored
    assert "sixfaces" not in page.tell("document.cookie")
    page.open(f"{desk.server.url}/review")
    page.wait("document.querySelector('tbody tr')")
    assert complaints(page) == []


def test_the_queue_is_walked_and_a_case_opened_by_keys(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer"))
    page.press("/")
    page.write("TM-1")
    page.press("Enter")
    page.wait("document.querySelector('tr[aria-current]')?.innerText.includes('TM-1')")
    page.press("Enter")
    page.wait(f"location.pathname.endsWith('/review/cases/{desk.case}')")
    page.wait("document.querySelector('.net img')?.naturalWidth > 0")
    page.press("u")
    page.wait("document.querySelector('tr[aria-current]')?.innerText.includes('TM-1')")
    assert complaints(page) == []


def test_what_people_wrote_is_shown_as_text(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer"))
    page.wait("document.querySelector('tbody').innerText.includes('onerror')")
    assert page.tell("document.querySelectorAll('tbody img').length") == 0
    assert "broken" not in page.tell("document.title")


def test_footage_is_stepped_frame_by_frame_on_its_own_times(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.admin, f"/review/cases/{desk.case}")
    page.wait("document.querySelector('video')?.readyState >= 2")
    times = [shown_at(page)]
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.press(key)
        page.wait(f"Math.abs({AT} - {times[-1]}) > 0.01")
        times.append(shown_at(page))
    assert times == pytest.approx([0, FRAME_S, 2 * FRAME_S, 3 * FRAME_S, 2 * FRAME_S], abs=0.002)
    page.press("n")
    page.wait(f"{AT} > 0.3")
    assert complaints(page) == []


AT = "Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow'))"


def shown_at(page: Tab) -> float:
    return float(page.tell(AT))


def test_who_may_not_see_personal_data_is_shown_no_original_and_is_not_asked_why(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer", sees_personal=False), f"/review/cases/{desk.case}")
    page.wait("document.querySelector('.still img')?.naturalWidth > 0")
    page.press("m")
    assert page.tell("document.querySelectorAll('video, dialog').length") == 0
    assert complaints(page) == []


def test_a_reviewer_says_why_they_must_see_the_footage_and_it_is_entered(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer"), f"/review/cases/{desk.case}")
    page.wait("document.querySelector('.still img')?.naturalWidth > 0")
    page.press("m")
    page.wait("document.activeElement?.closest('dialog')")
    page.press("Enter")
    page.wait("document.querySelector('video')?.readyState >= 2")
    entered = desk.server.ask("GET", f"/v1/cases/{desk.case}/custody?limit=200", desk.admin).text
    assert '"footage"' in entered
    page.press("m")
    page.wait("document.querySelector('.still img')?.naturalWidth > 0")
    assert complaints(page) == []


def test_a_decision_is_made_by_keys_and_another_page_follows(desk: Desk, page: Tab) -> None:
    case = desk.opened("TM-3")
    with tab() as other:
        other.look_like(locale="en-US")
        sign_in(other, desk, desk.key("reviewer"), f"/review/cases/{case}")
        sign_in(page, desk, desk.key("reviewer"), f"/review/cases/{case}")
        page.wait("document.querySelector('.terms')")
        page.press("d")
        page.wait("document.querySelector('dialog select')")
        fill(page, {0: "none", 1: "nobody", 2: "none", 3: "agreement"})
        page.tell("document.querySelector('dialog textarea').focus()")
        page.write("双方已协商一致")
        page.tell("document.querySelector('dialog [type=submit]').focus()")
        page.press("Enter")
        page.wait("document.querySelector('.made')")
        made = desk.decisions(case)
        assert [(one["remedy"], one["overrules"], one["note"]) for one in made] == [
            ("none", "agreement", "双方已协商一致")
        ]
        assert made[0]["by"].startswith("key:")
        other.wait("document.querySelector('.made')")
        assert "Both sides agree" in text(other, ".made")
    assert complaints(page) == []


def fill(page: Tab, chosen: dict[int, str]) -> None:
    """Choose in the dialog's lists, as a person would: the page hears of it."""
    for place, value in chosen.items():
        page.tell(
            f"(() => {{ const one = document.querySelectorAll('dialog select')[{place}];"
            f" one.value = {json.dumps(value)}; one.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
        )


def test_of_two_reviewers_the_second_is_told_what_the_first_decided(desk: Desk, page: Tab) -> None:
    """The second has the dialog open while the first decides."""
    case = desk.opened("TM-4")
    sign_in(page, desk, desk.key("reviewer"), f"/review/cases/{case}")
    page.wait("document.querySelector('.terms')")
    page.press("d")
    page.wait("document.querySelector('dialog select')")
    fill(page, {0: "none", 1: "nobody", 2: "none", 3: "law"})
    page.tell("document.querySelector('dialog textarea').focus()")
    page.write("late")
    page.tell(
        "const keep = fetch; window.fetch = (path, how) => (how?.method ?? 'GET') === 'GET'"
        " ? new Promise(() => {}) : keep(path, how)"
    )
    desk.decide(case)
    page.tell("document.querySelector('dialog [type=submit]').click()")
    page.wait("document.querySelector('dialog [role=alert], .notice[role=alert]')")
    assert [one["note"] for one in desk.decisions(case)] == ["by somebody else"]


def test_keys_are_told_and_language_and_light_are_chosen(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer"))
    page.press("L", shift=True)
    page.wait("document.documentElement.lang === 'en' && document.querySelector('h1').innerText === 'To review'")
    page.press("?", shift=True)
    page.wait("document.querySelector('dialog[open] dl')")
    assert "Put in order" in text(page, "dialog")
    page.press("Escape")
    page.wait("!document.querySelector('dialog')")
    page.press("T", shift=True)
    page.press("T", shift=True)
    page.wait("document.documentElement.dataset.theme === 'dark'")
    page.open(f"{desk.server.url}/review")
    page.wait("document.querySelector('h1')?.innerText === 'To review'")
    assert page.tell("document.documentElement.dataset.theme") == "dark"
    assert complaints(page) == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (820, 1180)])
def test_pages_fit_their_window(desk: Desk, page: Tab, width: int, height: int) -> None:
    page.look_like(width=width, height=height)
    sign_in(page, desk, desk.key("reviewer"))
    assert page.tell("document.documentElement.scrollWidth") <= width
    page.open(f"{desk.server.url}/review/cases/{desk.case}")
    page.wait("document.querySelector('.net img')")
    assert page.tell("document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_pressed_has_a_name_and_pictures_say_what_they_are(desk: Desk, page: Tab) -> None:
    sign_in(page, desk, desk.key("reviewer"), f"/review/cases/{desk.case}")
    page.wait("document.querySelector('.net img')")
    nameless = page.tell(
        "[...document.querySelectorAll('button, a, input, select, [role=slider]')].filter((one) =>"
        " !(one.innerText?.trim() || one.getAttribute('aria-label') || one.labels?.length)).map((one) => one.outerHTML)"
    )
    assert nameless == []
    assert page.tell("document.querySelectorAll('img:not([alt])').length") == 0
