"""Stories of batches: what is a cluster, and what is a single bad piece (D15, D26)."""

from datetime import date, timedelta

from sixfaces.domain.watching import DayCount, Group, ShippedUnits
from sixfaces.watching.detecting import is_alarm, signal_of, threshold
from sixfaces.watching.series import series_of

FIRST = date(2026, 6, 1)
BLEEDING = "defect:colour_bleeding"


def counted(n: int, group: Group, **counts: int) -> list[DayCount]:
    """Of the n-th day."""
    day = FIRST + timedelta(n)
    return [
        DayCount(day=day, group=group, what=what.replace("defect_", "defect:"), n=one) for what, one in counts.items()
    ]


def batch(name: str) -> Group:
    return Group.model_validate({"dimension": "batch", "name": name, "of": "Dye & Co"})


def alarmed(recent: list[DayCount], past: list[DayCount] | None = None, shipped: tuple[ShippedUnits, ...] = ()
            ) -> set[tuple[str, str]]:  # fmt: skip
    """Measure and name of everything that an alarm is raised of."""
    every = series_of(past or [], recent, shipped, first=FIRST)
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
