"""The plan of a pack: never over its budget, never without what must be in, and worth the bytes."""

from hypothesis import given
from hypothesis import strategies as st

from sixfaces.report.packs.planning import Budget, Candidate, least, planned, spent

SIZES = st.lists(st.integers(1, 100_000), min_size=1, max_size=5).map(lambda s: tuple(sorted(s, reverse=True)))
CANDIDATES = st.lists(st.builds(Candidate, st.uuids().map(str), st.floats(0.5, 20), SIZES, st.booleans()), max_size=12)
BUDGETS = st.builds(Budget, st.integers(0, 600_000), st.none() | st.integers(0, 6))


@given(CANDIDATES, BUDGETS)
def test_a_plan_keeps_its_budget_and_holds_what_must_be_in(candidates: list[Candidate], budget: Budget) -> None:
    plan = planned(candidates, budget)
    assert {one.name for one in candidates if one.must} <= plan.keys()
    assert spent(candidates, plan) <= max(budget.bytes, least(candidates))
    if budget.pictures is not None:
        assert sum(not one.must for one in candidates if one.name in plan) <= budget.pictures


@given(CANDIDATES, BUDGETS)
def test_the_same_pictures_and_budget_give_the_same_plan(candidates: list[Candidate], budget: Budget) -> None:
    assert planned(candidates, budget) == planned(list(candidates), budget)


@given(CANDIDATES)
def test_with_room_for_everything_everything_is_in_at_its_best(candidates: list[Candidate]) -> None:
    plan = planned(candidates, Budget(10**9))
    assert plan == dict.fromkeys((one.name for one in candidates), 0)


def test_what_shows_more_for_a_byte_goes_in_first() -> None:
    dull, opening = Candidate("dull", 1.0, (1000,)), Candidate("opening", 8.0, (1000,))
    assert planned([dull, opening], Budget(1500)) == {"opening": 0}


def test_a_smaller_picture_is_rather_taken_than_none() -> None:
    label, item = Candidate("label", 8.0, (9000, 2000)), Candidate("item", 7.0, (9000, 2000))
    plan = planned([label, item], Budget(11_000))
    assert plan.keys() == {"label", "item"}
    assert sorted(plan.values()) == [0, 1]
