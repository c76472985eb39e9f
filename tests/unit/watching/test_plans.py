"""The tables of ISO 2859-1 by known entries, whole rows of each master table, and the switching rules."""

import pytest

from sixfaces.domain.sampling import Level, Lot, LotOf, LotOutcome, Stream, Strictness
from sixfaces.pipeline.watching.lots import LotOrder, ready
from sixfaces.watching.plans import AQLS, CODE_LETTERS, SIZES, code_letter, plan_for, plan_of
from sixfaces.watching.switching import after, drawn, population_digest, score_after, turned
from tests.unit.watching.lots import looked_at

N, T, R = Strictness.NORMAL, Strictness.TIGHTENED, Strictness.REDUCED


@pytest.mark.parametrize(
    ("lot", "level", "aql", "strictness", "plan"),
    [
        (1200, Level.II, "1.0", N, "J 80 2 3"),
        (1201, Level.II, "1.0", N, "K 125 3 4"),
        (500, Level.II, "2.5", N, "H 50 3 4"),
        (3200, Level.II, "0.65", N, "K 125 2 3"),
        (10_000, Level.II, "1.0", N, "L 200 5 6"),
        (35_000, Level.II, "4.0", N, "M 315 21 22"),
        (280, Level.II, "1.0", N, "H 50 1 2"),
        (150, Level.II, "1.0", N, "E 13 0 1"),
        (1200, Level.II, "1.0", T, "J 80 1 2"),
        (1200, Level.II, "1.0", R, "J 32 1 2"),
        (1200, Level.I, "1.0", N, "H 50 1 2"),
        (1200, Level.III, "1.0", N, "K 125 3 4"),
        (1200, Level.S4, "2.5", N, "F 20 1 2"),
        (600_000, Level.III, "0.010", N, "Q 1250 0 1"),
        (600_000, Level.III, "0.025", T, "S 3150 1 2"),
    ],
)
def test_known_plans(lot: int, level: Level, aql: str, strictness: Strictness, plan: str) -> None:
    found = plan_for(lot, level, aql, strictness=strictness)
    assert f"{found.letter} {found.size} {found.accept} {found.reject}" == plan


@pytest.mark.parametrize(
    ("strictness", "letter", "row"),
    [
        (N, "A", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 C0 B0 A0 C1"),
        (N, "J", "Q0 P0 N0 M0 L0 K0 J0 H0 K1 J1 J2 J3 J5 J7 J10 J14"),
        (N, "R", "Q0 P0 R1 R2 R3 R5 R7 R10 R14 R21 Q21 P21 N21 M21 L21 K21"),
        (T, "B", "R0 Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 C0 B0 D1"),
        (T, "J", "R0 Q0 P0 N0 M0 L0 K0 J0 L1 K1 J1 J2 J3 J5 J8 J12"),
        (T, "Q", "R0 Q0 S1 R1 Q1 Q2 Q3 Q5 Q8 Q12 Q18 P18 N18 M18 L18 K18"),
        (R, "E", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 G1 F1 E1 E2"),
        (R, "J", "Q0 P0 N0 M0 L0 K0 J0 H0 L1 K1 J1 J2 J3 J5 J6 J8"),
        (R, "Q", "Q0 P0 N0 R1 Q1 Q2 Q3 Q5 Q6 Q8 Q10 P10 N10 M10 L10 K10"),
    ],
)
def test_whole_rows_of_the_master_tables(strictness: Strictness, letter: str, row: str) -> None:
    found = (plan_of(letter, aql, strictness) for aql in AQLS)
    assert " ".join(f"{one.letter}{one.accept}" for one in found) == row


def test_every_cell_of_every_table_leads_to_a_plan() -> None:
    for strictness in (N, T, R):
        for letter in "ABCDEFGHJKLMNPQR":
            for aql in AQLS:
                plan = plan_of(letter, aql, strictness)
                assert plan.reject == plan.accept + 1
                assert plan.accept < plan.size


def test_letters_rise_with_the_lot_and_with_the_level() -> None:
    assert all(len(letters) == len(SIZES) + 1 for letters in CODE_LETTERS.values())
    for level in Level:
        letters = [code_letter(size, level) for size in SIZES]
        assert letters == sorted(letters)
    assert [code_letter(1200, level) for level in (Level.I, Level.II, Level.III)] == ["G", "J", "K"]


def test_a_lot_that_is_smaller_than_its_sample_is_looked_at_whole() -> None:
    plan = plan_for(10, Level.II, "1.0", strictness=N)
    assert (plan.size, plan.whole, plan.accept) == (10, True, 0)


def run(stream: Stream, outcomes: str, lot: Lot | None = None) -> Stream:
    """`+` accepted, `-` rejected."""
    for sign in outcomes:
        outcome = LotOutcome.ACCEPTED if sign == "+" else LotOutcome.REJECTED
        stream = after(stream, lot or looked_at(stream.strictness), outcome)
    return stream


def begun(strictness: Strictness = N) -> Stream:
    return Stream(of=LotOf.ACCEPTED, policy="default@1", strictness=strictness)


@pytest.mark.parametrize(
    ("begins", "outcomes", "ends"),
    [
        (N, "-+++", N), (N, "-+++-", T), (N, "-++++-", N), (N, "--", T),
        (T, "++++", T), (T, "+++++", N), (T, "++-+++++", N), (T, "-+-+-+-+", T), (T, "-+-+-+-+-", Strictness.STOPPED),
        (R, "++++++", R), (R, "+-", N),
    ],
)  # fmt: skip
def test_the_switching_rules(begins: Strictness, outcomes: str, ends: Strictness) -> None:
    assert run(begun(begins), outcomes).strictness is ends


def test_the_score_counts_lots_that_would_have_passed_a_step_more_strictly() -> None:
    good, near = looked_at(N, wrong=1), looked_at(N, wrong=2)
    assert run(begun(), "+" * 10, good).score == 30
    assert score_after(27, near, LotOutcome.ACCEPTED) == 0, "at AQL 0.65 two wrong ones of 80 would have been too many"
    assert score_after(27, good, LotOutcome.REJECTED) == 0
    zero = looked_at(N, aql="0.15")
    assert score_after(4, zero, LotOutcome.ACCEPTED) == 6


def test_a_stream_that_is_turned_keeps_its_plan_and_where_it_is() -> None:
    stream = begun().model_copy(update={"level": Level.II, "aql": "1.0", "score": 30, "open_lot": None})
    reduced = turned(stream, R)
    assert (reduced.level, reduced.aql, reduced.strictness, reduced.score) == (Level.II, "1.0", R, 0)


@pytest.mark.parametrize(("may_reduce", "strictness"), [(True, R), (False, N)])
def test_reduced_inspection_ends_where_it_is_not_welcome(may_reduce: bool, strictness: Strictness) -> None:
    order = LotOrder.model_validate(
        {"of": "accepted", "policy": "default@1", "from": "2026-06-01T00:00Z", "until": "2026-06-02T00:00Z",
         "may_reduce": may_reduce}
    )  # fmt: skip
    assert ready(begun(R), order).strictness is strictness


def test_a_sample_is_the_same_for_everybody_who_draws_it_and_other_for_another_seed() -> None:
    ids = [f"id-{n}" for n in range(1000)]
    first = drawn(ids, 80, "a" * 64)
    assert drawn(reversed(ids), 80, "a" * 64) == first
    assert len(set(first)) == 80
    assert set(drawn(ids, 80, "b" * 64)) != set(first)
    assert population_digest(ids) == population_digest(reversed(ids)) != population_digest(ids[1:])
