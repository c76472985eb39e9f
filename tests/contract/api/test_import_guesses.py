"""Who imports without the right to personal data is not told whether what they state is what is kept behind a mask."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sixfaces.domain.chronicle import Party, Rated
from sixfaces.domain.importing import ImportReport, StatedItem, Statement, Told
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.importing.importing import Order, import_event
from tests.contract.api.people import Api

KEPT = "Call 13800138000"
WRONG = "Call 13899998000"
NOW = datetime.now(UTC) - timedelta(hours=2)
GUESSES = pytest.mark.parametrize("guess", [KEPT, WRONG])


def principal(role: ApiRole) -> Principal:
    return Principal(tenant="main", key_id=new_id(), role=role)


SEES = principal(ApiRole.ADMIN)


def stated(number: str, text: str, *items: StatedItem, rated: str | None = None) -> Statement:
    told = (Told("rated", Rated(stars=5, text=rated), NOW, Party.BUYER, "x"),) if rated else ()
    fields = {"order": {"order_id": f"T-{number}"}, "claim": {"statement": text}}
    return Statement((1,), number, f"T-{number}", fields, items, told)


def imported(api: Api, who: Principal, statement: Statement, *, dry_run: bool = False) -> ImportReport:
    with api.service.records.begin("main", reading=dry_run) as tx:
        return import_event(tx, who, [statement], order=Order("shop", "shop-1", dry_run))[0]


def case(api: Api, number: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ask("GET", f"/v1/cases/by-number/{number}", key=api.held(ApiRole.BATCH)).json()
    return found


def digests(api: Api, number: str) -> list[str]:
    """Of the case file, as the log tells them."""
    path = f"/v1/cases/{case(api, number)['id']}/custody"
    entries = api.ask("GET", path, key=api.held(ApiRole.BATCH)).json()["entries"]
    return [one["body"]["file_sha256"] for one in entries if "file_sha256" in one["body"]]


@pytest.fixture
def number(either: Api) -> str:
    """Of a case that somebody filed who may see all."""
    number = f"G-{new_id()}"
    line = StatedItem({"title": f"Mug for {KEPT}"})
    assert imported(either, SEES, stated(number, KEPT, line, rated=KEPT)).made == 1
    return number


@GUESSES
def test_a_guess_is_an_edit_whether_it_is_right_or_wrong(either: Api, number: str, guess: str) -> None:
    guesser = principal(ApiRole.BATCH)
    guessed = stated(number, guess)
    tried = imported(either, guesser, guessed, dry_run=True)
    assert (tried.changed, tried.unchanged, tried.entries) == (1, 0, 0)
    assert case(either, number)["revision"] == 1
    assert imported(either, guesser, guessed).changed == 1
    assert case(either, number)["revision"] == 2
    assert len(set(digests(either, number))) == 2, "two digests that are alike would tell that nothing was changed"


@GUESSES
def test_what_they_stated_themselves_changes_nothing_when_it_comes_again(either: Api, number: str, guess: str) -> None:
    importer, other = principal(ApiRole.BATCH), principal(ApiRole.BATCH)
    imported(either, importer, stated(number, guess))
    assert imported(either, importer, stated(number, guess)).unchanged == 1
    assert imported(either, other, stated(number, guess), dry_run=True).changed == 1
    assert imported(either, SEES, stated(number, guess)).unchanged == 1
    assert imported(either, importer, stated(number, guess)).unchanged == 1
    assert case(either, number)["revision"] == 2


@GUESSES
def test_after_an_edit_of_somebody_else_they_know_nothing_any_more(either: Api, number: str, guess: str) -> None:
    importer = principal(ApiRole.BATCH)
    imported(either, importer, stated(number, KEPT))
    imported(either, SEES, stated(number, guess, StatedItem({"sku": "NEW"})))
    assert imported(either, importer, stated(number, KEPT)).changed == 1
    assert imported(either, importer, stated(number, KEPT)).unchanged == 1


@GUESSES
def test_a_line_is_found_by_its_title_as_it_is_shown(either: Api, number: str, guess: str) -> None:
    importer = principal(ApiRole.BATCH)
    line = StatedItem({"title": f"Mug for {guess}", "quantity": 2})
    assert imported(either, importer, stated(number, KEPT, line)).changed == 1
    assert len(case(either, number)["file"]["order"]["items"]) == 1
    assert imported(either, importer, stated(number, KEPT, line)).unchanged == 1
    another = stated(f"{number}-2", KEPT, line)._replace(order=f"T-{number}")
    assert imported(either, importer, another._replace(fields={"order": {"order_id": f"T-{number}"}})).made == 1
    assert len(case(either, f"{number}-2")["file"]["order"]["items"]) == 1


@GUESSES
def test_what_happened_is_entered_anew_whether_it_is_what_others_said_or_not(
    either: Api, number: str, guess: str
) -> None:
    importer = principal(ApiRole.BATCH)
    imported(either, importer, stated(number, KEPT))
    guessed = stated(number, KEPT, rated=guess)
    assert imported(either, importer, guessed, dry_run=True).entries == 1
    assert imported(either, importer, guessed).entries == 1
    assert imported(either, importer, guessed).unchanged == 1
    path = f"/v1/cases/{case(either, number)['id']}/chronicle"
    kinds = [one["what"]["kind"] for one in either.ask("GET", path, key=either.admin).json()["items"]]
    assert sorted(kinds) == ["rated", "rated", "struck"]


def test_who_sees_all_is_told_what_differs(either: Api, number: str) -> None:
    assert imported(either, SEES, stated(number, KEPT, rated=KEPT)).unchanged == 1
    assert imported(either, SEES, stated(number, WRONG, rated=KEPT)).changed == 1
