"""Who may tell what of a claim: nobody forges what the product enters, and no machine says what a person saw."""

from typing import Any

import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import FILM, Api
from tests.contract.api.test_claims import NOW, claimed, follow, kinds, told
from tests.contract.api.test_paying import cny, entered, refused

MONEY = cny("5.00")
ASSESSED = {"kind": "evidence.assessed", "of": "buyer", "side": "accepted", "text": "x"}
EXCUSED = {"kind": "excused", "why": "illness", "text": "x"}
ENDED = {"kind": "promise.ended", "promise": "p", "kept": False}
REPLIED = {"kind": "replied", "by": "seller"}


@pytest.mark.parametrize(
    "what",
    [
        {"kind": "refund.confirmed", "money": MONEY},
        {"kind": "clock.told", "code": "first_reply", "state": "breached", "since": str(NOW)},
        {"kind": "claim.completed"},
    ],
    ids=lambda one: str(one["kind"]),
)
def test_what_the_product_enters_nobody_else_does(api: Api, what: dict[str, Any]) -> None:
    case = claimed(api)
    assert refused(entered(api, case, what)) == (422, "claim.own_entry")
    assert kinds(api, case) == []


@pytest.mark.parametrize("what", [ASSESSED, EXCUSED, ENDED], ids=lambda one: str(one["kind"]))
def test_what_people_judge_is_told_by_people(api: Api, what: dict[str, Any]) -> None:
    case = claimed(api)
    assert refused(entered(api, case, what, key=api.held(ApiRole.BATCH))) == (403, "request.forbidden")
    assert entered(api, case, what, key=api.held(ApiRole.REVIEWER)).status_code == 201


def test_a_program_strikes_nothing(api: Api) -> None:
    case = claimed(api)
    entry = entered(api, case, REPLIED).json()["id"]
    struck = {"kind": "struck", "entry": entry, "why": "x"}
    assert refused(entered(api, case, struck, key=api.held(ApiRole.BATCH))) == (403, "request.forbidden")


def test_nobody_takes_the_references_of_the_product(api: Api) -> None:
    case = claimed(api)
    said = {"source": "platform", "reference": "sixfaces:complete"}
    assert refused(entered(api, case, REPLIED, **said)) == (422, "claim.own_reference")
    for name in ("complete", f"first_reply {NOW.isoformat()} breached"):
        rated = {"kind": "rated", "stars": 3}
        assert entered(api, case, rated, source="platform", reference=name).status_code == 201
    follow(api, case)
    assert {"claim.completed", "clock.told"} <= set(kinds(api, case))


def test_only_entries_of_the_case_that_others_told_are_struck(api: Api) -> None:
    case, other = claimed(api), claimed(api)
    follow(api, case)
    theirs = entered(api, other, REPLIED).json()["id"]
    entries = told(api, case, "chronicle")["items"]
    own = [one["id"] for one in entries if one["what"]["kind"] == "claim.completed"]
    for id in (new_id(), theirs, *own):
        answer = entered(api, case, {"kind": "struck", "entry": id, "why": "x"})
        assert refused(answer) == (422, "claim.not_struck")


def test_a_strike_that_was_struck_counts_no_more(api: Api) -> None:
    case = claimed(api, claim={"kind": "return_refund", "reason": "no_reason", "opened_at": str(NOW)})

    def reply() -> str:
        clocks = {one["code"]: one["state"] for one in told(api, case, "claim")["clocks"]}
        state: str = clocks["first_reply"]
        return state

    entry = entered(api, case, REPLIED).json()["id"]
    strike = entered(api, case, {"kind": "struck", "entry": entry, "why": "x"}).json()["id"]
    assert reply() in {"running", "warned"}
    assert entered(api, case, {"kind": "struck", "entry": strike, "why": "It was right."}).status_code == 201
    assert reply() == "kept"


def test_one_reference_is_of_one_happening(either: Api) -> None:
    case = claimed(either)
    said = {"reference": "m-1", "at": str(NOW)}
    first = entered(either, case, REPLIED, **said)
    assert entered(either, case, REPLIED, **said).json()["id"] == first.json()["id"]
    assert entered(either, case, REPLIED, reference="m-1").status_code == 200, "who says not when says nothing else"
    other = entered(either, case, REPLIED | {"by": "buyer"}, **said)
    assert refused(other) == (409, "claim.reference_used")
    assert first.json()["id"] in other.json()["detail"]


def test_a_carrier_counts_its_events_for_each_parcel(api: Api) -> None:
    case = claimed(api)
    file = case["file"]
    for parcel in ("outbound_parcel", "return_parcel"):
        event = {"waybill": file[parcel]["waybill"], "status": "refused", "at": str(NOW), "reference": "1"}
        answer = api.ask("POST", "/v1/carrier-events", key=api.held(ApiRole.BATCH), json=event)
        assert answer.status_code == 200, answer.text
    assert kinds(api, case) == ["parcel.refused", "parcel.refused"]


def test_a_proof_is_an_exhibit_of_the_case(api: Api) -> None:
    case = claimed(api)
    signed = {"kind": "parcel.signed", "leg": "outbound", "by": "addressee", "proof": "a" * 64}
    assert refused(entered(api, case, signed)) == (422, "claim.no_proof")
    waybill = case["file"]["outbound_parcel"]["waybill"]
    event = {"waybill": waybill, "status": "signed", "at": str(NOW), "reference": "1", "proof": "a" * 64}
    assert refused(api.ask("POST", "/v1/carrier-events", key=api.admin, json=event)) == (422, "claim.no_proof")
    slip = {"name": "slip.mp4", "role": "document"}
    path = f"/v1/cases/{case['id']}/exhibits"
    sealed = api.ask("POST", path, key=api.admin, params=slip, content=FILM + new_id().encode())
    assert sealed.status_code == 201, sealed.text
    proof = sealed.json()["sha256"]
    assert entered(api, case, signed | {"proof": proof}).status_code == 201
    assert api.ask("POST", "/v1/carrier-events", key=api.admin, json=event | {"proof": proof}).status_code == 200
