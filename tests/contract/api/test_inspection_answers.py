"""What an inspection does not take for an answer, and that nothing is lost by it."""

import pytest

from sixfaces.domain.people import ApiRole
from tests.contract.api.inspecting import Inspecting, Json, begin, bought, hand_in
from tests.contract.api.people import Api


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"step": "nothing"}, 422, "inspection.unknown_step"),
        ({"step": "papers"}, 409, "inspection.not_its_turn"),
        ({"step": "item", "values": ["never"]}, 422, "inspection.value"),
        ({"step": "item", "values": []}, 422, "inspection.form"),
        ({"step": "item", "values": ["same", "differs"]}, 422, "inspection.form"),
        ({"step": "item", "number": 3, "values": ["same"]}, 422, "inspection.form"),
        ({"step": "item", "values": ["same"]}, 422, "inspection.witness_needed"),
        ({"step": "item", "values": ["same"], "defects": [{"code": "worn"}]}, 422, "inspection.defect"),
        ({"step": "item", "values": ["same"], "witnesses": [{"exhibit": "0" * 64}]}, 422, "inspection.witness_unknown"),
        ({"step": "item", "values": ["same"], "as": "supplier"}, 403, "inspection.not_for_them"),
        ({"step": "item", "values": ["same"], "guess": 1}, 422, "request.invalid"),
    ],
)
def test_an_answer_that_the_step_does_not_know_is_refused_and_nothing_is_lost(
    api: Api, luxury: Inspecting, said: Json, status: int, code: str
) -> None:
    told = luxury.answer(**said)
    assert (told.status_code, told.json()["code"]) == (status, code), told.text
    assert luxury.ask("GET").json()["progress"]["answered"] == 0


@pytest.fixture(scope="module")
def luxury(api: Api) -> Inspecting:
    return begin(api, bought(api, "luxury"))


def test_a_station_answers_in_its_own_name_only(api: Api) -> None:
    one = begin(api, bought(api, "luxury"), key=api.held(ApiRole.STATION))
    told = one.answer(step="item", values=["same"], **{"as": "senior"})
    assert (told.status_code, told.json()["code"]) == (403, "inspection.on_behalf")


def test_a_defect_says_where_and_how_large_and_a_photo_has_no_moment(api: Api) -> None:
    one = begin(api, bought(api, "books"))
    while one.view["step"]["id"] != "cover":
        assert one.answer(**one.well(one.view["step"])).status_code == 200
    photo = {"exhibit": one.shown()}
    bent: Json = {"step": "cover", "values": ["bent"], "witnesses": [photo]}
    assert one.answer(**bent).json()["code"] == "inspection.where"
    far = {"code": "corner_bent", "place": "moon", "size": "tiny"}
    assert one.answer(**bent, defects=[far]).json()["code"] == "inspection.where"
    placed = [{"code": "corner_bent", "place": "corners", "size": "tiny"}]
    timed = one.answer(**bent | {"witnesses": [photo | {"at_s": 3.0}]}, defects=placed)
    assert timed.json()["code"] == "inspection.witness_moment"
    both = one.answer(**bent | {"values": ["fine", "bent"]}, defects=placed)
    assert both.json()["code"] == "inspection.value"
    assert one.answer(**bent, defects=placed).status_code == 200


def test_a_witness_is_of_the_case_itself_and_a_number_within_its_bounds(api: Api) -> None:
    one = begin(api, bought(api, "food.fresh"))
    elsewhere = hand_in(api, bought(api, "toys")["id"], api.admin)
    assert one.answer(step="arrival", number=-1).json()["code"] == "inspection.bounds"
    told = one.answer(step="arrival", number=1, witnesses=[{"exhibit": elsewhere}])
    assert told.json()["code"] == "inspection.witness_unknown"
