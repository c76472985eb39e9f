"""Stories of batches: what is a cluster, and what is a single bad piece (D15, D26)."""

from datetime import date, timedelta

from sixfaces.domain.watching import DayCount, Dimension, Group, ShippedUnits
from sixfaces.watching.detecting import is_alarm, signal_of, threshold
from sixfaces.watching.series import ALL, Span, series_of
from sixfaces.watching.shipping import pieces

FIRST = date(2026, 6, 1)
SPAN = Span(FIRST, FIRST + timedelta(56), FIRST - timedelta(364))
BLEEDING = "defect:colour_bleeding"


def counted(n: int, group: Group, **counts: int) -> list[DayCount]:
    """Of the n-th day."""
    day = FIRST + timedelta(n)
    return [
        DayCount(day=day, group=group, what=what.replace("defect_", "defect:"), n=one) for what, one in counts.items()
    ]


def batch(name: str) -> Group:
    return Group.model_validate({"dimension": "batch", "name": name, "of": "Dye & Co"})


def alarmed(recent: list[DayCount], past: list[DayCount] | None = None, shipped: tuple[ShippedUnits, ...] = (), *,
            span: Span = SPAN) -> set[tuple[str, str]]:  # fmt: skip
    """Measure and name of everything that an alarm is raised of."""
    every = series_of(past or [], recent, shipped, span=span)
    signals = ((one, signal_of(one.days, one.rate, one.kind)) for one in every)
    most = threshold(len(every))
    return {(one.measure, one.group.name) for one, found in signals if found is not None and is_alarm(found, most)}


def ordinary() -> list[DayCount]:
    """Eight batches of shirts, six inspected of each over four weeks; two shirts of forty-eight bled."""
    told = []
    for number in range(8):
        for week in range(3):
            bled = {"defect_colour_bleeding": 1} if (number, week) in {(1, 0), (5, 2)} else {}
            told += counted(7 * week + number, batch(f"B{number}"), inspected=2, cases=2, **bled)
    return told


def test_batch_wide_dye_bleeding_raises_an_alarm_for_the_batch() -> None:
    bad = batch("B7-red")
    cluster = [one for n in range(3) for one in counted(20 + n, bad, inspected=2, cases=2, defect_colour_bleeding=2)]
    assert alarmed([*ordinary(), *cluster]) == {(BLEEDING, "B7-red")}


def test_a_single_bleeding_shirt_raises_none() -> None:
    single = counted(20, batch("B8"), inspected=1, cases=1, defect_colour_bleeding=1)
    assert alarmed([*ordinary(), *single]) == set()


def test_the_same_shirts_over_many_batches_are_no_cluster() -> None:
    spread = [
        one
        for n in range(6)
        for one in counted(
            20 + n, batch(f"N{n}"), inspected=4, cases=4, **({"defect_colour_bleeding": 1} if n % 3 == 0 else {})
        )
    ]
    assert alarmed([*ordinary(), *spread]) == set()


def test_a_batch_whose_claims_rise_is_found_by_the_pieces_that_were_shipped() -> None:
    """Two hundred claims of a hundred thousand pieces are usual, twenty of two thousand are not."""
    everywhere = tuple(
        ShippedUnits(day=FIRST - timedelta(20), supplier="Dye & Co", batch=f"B{n}", units=2000) for n in range(10)
    )
    told = [one for n in range(9) for day in range(10) for one in counted(day, batch(f"B{n}"), cases=int(day == n))]
    risen = [one for day in range(10) for one in counted(day, batch("B9"), cases=2)]
    assert alarmed([*told, *risen], shipped=everywhere) == {("claims_per_piece", "B9")}
    assert alarmed(told, shipped=everywhere) == set()


def sold(units: int, first: int, last: int, name: str = "B1") -> list[ShippedUnits]:
    """So many pieces of a batch on each of these days."""
    days = (FIRST + timedelta(n) for n in range(first, last))
    return [ShippedUnits(day=day, supplier="Dye & Co", batch=name, units=units) for day in days]


def test_days_on_which_nothing_happened_speak_as_well() -> None:
    """One claim in three days of a hundred pieces a day is what it always was."""
    past = [DayCount(day=FIRST, group=batch("B1"), what="cases", n=364 // 3)]
    seldom = [one for n in range(0, 56, 3) for one in counted(n, batch("B1"), cases=1)]
    every = tuple(sold(100, -364 - 30, 56))
    (one,) = [one for one in series_of(past, seldom, every, span=SPAN) if one.measure == "claims_per_piece"][:1]
    assert len(one.days) == 57
    assert {day.exposure for day in one.days} == {100.0}
    assert alarmed(seldom, past, every) == set()


def test_what_was_shipped_before_anything_was_counted_makes_nothing_unusual() -> None:
    span = SPAN._replace(counted=FIRST - timedelta(30))
    groups = [f"B{n}" for n in range(4)]
    past = [DayCount(day=FIRST, group=batch(name), what="cases", n=30) for name in groups]
    usual = [one for name in groups for n in range(56) for one in counted(n, batch(name), cases=1)]
    every = tuple(one for name in groups for one in sold(100, -364 - 30, 56, name))
    assert alarmed(usual, past, every, span=span) == set()
    series = [one for one in series_of(past, usual, every, span=span) if one.measure == "claims_per_piece"]
    rates = [one.rate for one in series if one.group.dimension is Dimension.BATCH]
    assert all(0.009 < rate < 0.013 for rate in rates), rates
    assert len(rates) == 4


def test_pieces_told_at_several_levels_are_not_added() -> None:
    day = FIRST - timedelta(1)
    told = [
        ShippedUnits(day=day, supplier="Dye & Co", units=1000),
        ShippedUnits(day=day, supplier="Dye & Co", batch="B1", units=400),
        ShippedUnits(day=day, supplier="Dye & Co", batch="B2", units=300),
        ShippedUnits(day=day + timedelta(1), supplier="Dye & Co", batch="B1", units=50),
    ]
    assert pieces(told) == 1050


def test_weekends_on_which_nobody_answers_are_no_rise_and_weeks_of_them_are() -> None:
    """Ten cases a day; on Saturdays and Sundays the first reply is late, in the last weeks always."""

    def served(n: int, late: int) -> list[DayCount]:
        return [one for one in counted(n, ALL, cases=10, late=late) if one.n]

    def late(n: int) -> int:
        return 10 if (FIRST + timedelta(n)).weekday() >= 5 else 1

    past = [DayCount(day=FIRST, group=ALL, what=what, n=n) for what, n in (("cases", 3640), ("late", 52 * 25))]
    quiet = renamed([*past, *(one for n in range(57) for one in served(n, late(n)))])
    assert alarmed(quiet[2:], quiet[:2]) == set()
    worse = renamed([*past, *(one for n in range(57) for one in served(n, 10 if n >= 35 else late(n)))])
    assert alarmed(worse[2:], worse[:2]) == {("breach:first_reply", "")}


def renamed(told: list[DayCount]) -> list[DayCount]:
    name = {"late": "breach:first_reply"}
    return [one.model_copy(update={"what": name.get(one.what, one.what)}) for one in told]
