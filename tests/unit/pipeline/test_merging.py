"""Merging what a marketplace states into what is known: nothing is lost, nothing doubled, lines keep their places."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.case import CaseFile
from sixfaces.domain.importing import StatedItem, Statement, Tree
from sixfaces.pipeline.importing.merging import Around, extends, merged

SKUS = st.sampled_from(["A", "B", "C", "D"])
ITEMS = st.lists(
    st.builds(lambda sku, n: StatedItem({"sku": sku, "quantity": n}, 1), SKUS, st.integers(1, 5)), max_size=4
)
TEXTS = st.sampled_from(["one", "two", "three"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "claim": st.fixed_dictionaries(
            {}, optional={"statement": TEXTS, "claim_id": TEXTS, "reason": st.just("damaged")}
        ),
        "return_parcel": st.fixed_dictionaries({}, optional={"waybill": TEXTS, "carrier": TEXTS}),
    },
)


def stated(*items: StatedItem, fields: Tree | None = None) -> Statement:
    return Statement((1,), "C-1", "T-1", {"order": {"order_id": "T-1"}, **(fields or {})}, tuple(items))


def taken(known: CaseFile | None, statement: Statement, lines: list[Tree] | None = None) -> CaseFile:
    return merged(known, statement, Around("shop", lines or [])).file


def plain(file: CaseFile) -> dict[str, Any]:
    return file.model_dump(mode="json")


@given(ITEMS, FIELDS)
def test_the_same_again_changes_nothing(items: list[StatedItem], fields: Tree) -> None:
    once = taken(None, stated(*items, fields=fields))
    assert taken(once, stated(*items, fields=fields), plain(once)["order"]["items"]) == once


@given(FIELDS, FIELDS)
def test_what_is_not_stated_stays_and_what_is_stands(first: Tree, second: Tree) -> None:
    file = plain(taken(taken(None, stated(fields=first)), stated(fields=second)))
    for group in ("claim", "return_parcel"):
        wanted = {**first.get(group, {}), **second.get(group, {})}
        assert {name: file[group][name] for name in wanted} == wanted


@given(st.lists(ITEMS, min_size=1, max_size=5))
def test_the_claims_of_an_order_have_its_lines_in_the_same_places(claims: list[list[StatedItem]]) -> None:
    lines: list[Tree] = []
    cases = []
    for items in claims:
        case = taken(None, stated(*items), lines)
        cases.append((items, case))
        own = plain(case)["order"]["items"]
        lines = max(lines, own, key=len)
    for items, case in cases:
        assert extends(plain(case)["order"]["items"], lines)
        claimed = [case.order.items[one.line].sku for one in case.claim.lines]
        assert sorted(str(sku) for sku in claimed) == sorted(one.fields["sku"] for one in items)


def test_a_claim_on_all_that_was_known_does_not_grow_when_more_becomes_known() -> None:
    known = CaseFile.model_validate({"case_id": "C-1", "order": {"items": [{"sku": "A", "quantity": 2}]}})
    lines: list[Tree] = [{"sku": "A", "quantity": 2}, {"sku": "B"}]
    file = taken(known, stated(), lines)
    assert (file.order.items, file.claim.lines) == (known.order.items, ())
    file = taken(known, stated(StatedItem({"sku": "B"}), StatedItem({"sku": "A"})), lines)
    assert [(one.line, one.quantity) for one in file.claim.lines] == [(0, 2)]
    assert [item.sku for item in file.order.items] == ["A", "B"]


def test_lines_that_somebody_has_set_otherwise_are_left_as_they_are() -> None:
    known = CaseFile.model_validate({"case_id": "C-1", "order": {"items": [{"sku": "X"}]}})
    file = taken(known, stated(StatedItem({"sku": "A"}, 1)), [{"sku": "A"}, {"sku": "B"}])
    assert [item.sku for item in file.order.items] == ["X", "A"]


def test_a_line_without_a_number_is_known_by_its_title() -> None:
    known = CaseFile.model_validate({"case_id": "C-1", "order": {"items": [{"title": "Hat", "serials": ["S"]}]}})
    (item,) = taken(known, stated(StatedItem({"sku": "HAT", "title": "Hat"}, 1))).order.items
    assert (item.sku, item.serials) == ("HAT", ("S",))


def test_a_line_of_which_nobody_says_how_many_there_are_has_as_many_as_are_claimed() -> None:
    file = taken(None, stated(StatedItem({"sku": "A"}, 3)))
    assert (file.order.items[0].quantity, file.claim.lines[0].quantity) == (3, 3)
    more = taken(file, stated(StatedItem({"sku": "A"}, 4)))
    assert more.order.items[0].quantity == 4
    order = taken(more, stated(StatedItem({"sku": "A", "quantity": 3})))
    assert order.order.items[0].quantity == 3, "an order's own word stands"
    assert taken(order, stated(StatedItem({"sku": "A"}, 4))) == order
    assert taken(None, stated(StatedItem({"sku": "A"}, 1))).order.items[0].quantity is None


def test_a_claim_that_lists_its_goods_claims_just_these_and_rows_add_to_it() -> None:
    wide = taken(None, stated(StatedItem({"sku": "A"}, 1), StatedItem({"sku": "B"}, 1)))
    later = stated(StatedItem({"sku": "A"}, 1))
    assert [one.line for one in taken(wide, later).claim.lines] == [0, 1], "the row of B may come later"
    narrowed = taken(wide, later._replace(is_whole=True))
    assert [one.line for one in narrowed.claim.lines] == [0]
    assert narrowed.order.items == wide.order.items
    assert taken(narrowed, stated(fields={"claim": {"statement": "Torn."}})._replace(is_whole=True)).claim.lines
