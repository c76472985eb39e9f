"""The page docs/machine-statistics.md, made of data that this repository makes itself:
`python -m tests.bench.machine_statistics` (seconds). The data are measured by `python -m tests.bench.machine_truth`.
"""

import random
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.answer import Answer
from sixfaces.domain.statistics import Miscalibration, WordOf
from sixfaces.report.statistics_page import share_told
from sixfaces.watching.calibrating import Calibrating
from sixfaces.watching.cells import Scale, cell_of
from sixfaces.watching.drifting import MONTHS_PER_FALSE_ALARM, Series, world_drifts
from sixfaces.watching.sureness import share
from tests.bench.machine_truth import DATA, Known, Statement, read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "machine-statistics.md"
INTRO = """# Statistics of the machine, on what comes with it

Made by `python -m tests.bench.machine_statistics`; do not edit. An installation's own statistics are told by
`sixfaces statistics` and `GET /v1/statistics/machine` ([watching](watching.md)).

**No person has looked at any of this.** Where an installation's page has people's words, this one has the truth of
footage that was made for the purpose: takes rendered by `parcelnet`, whose truth is exact, and the committed takes,
honest ones and ones with something done to them. It says how the machine does there and nothing of real footage
(`bench_real_footage` in [figures](benchmark.md)), of real people, or of how often which fault occurs: half of the
rendered takes have one."""


def page_of(known: Sequence[Known]) -> str:
    """The whole page."""
    rendered = [one for one in known if one.kind == "rendered"]
    fixtures = [one for one in known if one.kind == "fixture"]
    parts = (
        INTRO,
        f"## Rules against the truth\n\n{_RULES}",
        f"### {len(rendered)} rendered takes\n\n{_rules_table(rendered)}",
        f"### {len(fixtures)} committed takes\n\n{_rules_table(fixtures)}",
        f"## Calibration\n\n{_CALIBRATION}\n\n{_calibration(known)}",
        f"## Drift\n\n{_DRIFT}\n\n{_drift_table()}\n\n{quiet_line()}",
    )
    return "\n\n".join(parts) + "\n"


# --- rules

_RULES = """How often each rule said what, where what it asks for is so, and where it is not. "Right" is of clear
answers; `cannot_tell` sends a case to a person. "Wrongly met", of all where it is not so, is the graver mistake.
Intervals are those of Wilson, 95 %."""


def _rules_table(known: Sequence[Known]) -> str:
    of: dict[str, list[Statement]] = defaultdict(list)
    for one in known:
        for statement in one.statements:
            of[statement.rule].append(statement)
    head = (
        "rule",
        "so: met",
        "cannot tell",
        "not met",
        "not so: met",
        "cannot tell",
        "not met",
        "right",
        "wrongly met",
    )
    rows: list[tuple[str, ...]] = [head, ("---",) * len(head)]
    rows += [_rule_row(f"`{rule}`", said) for rule, said in sorted(of.items())]
    rows.append(_rule_row("all", [one for said in of.values() for one in said]))
    return _table(rows)


def _rule_row(name: str, said: Sequence[Statement]) -> tuple[str, ...]:
    counts = Counter((one.true, one.answer) for one in said)
    answers = (Answer.MET, Answer.CANNOT_TELL, Answer.NOT_MET)
    right = counts[True, Answer.MET] + counts[False, Answer.NOT_MET]
    clear = sum(n for (_, answer), n in counts.items() if answer is not Answer.CANNOT_TELL)
    untrue = sum(n for (true, _), n in counts.items() if not true)
    told = (*(counts[True, answer] for answer in answers), *(counts[False, answer] for answer in answers))
    return (
        name, *map(str, told), share_told(share(right, clear)), share_told(share(counts[False, Answer.MET], untrue)),
    )  # fmt: skip


# --- calibration

_CALIBRATION = """Confidence against the truth: of clear answers of rules, which are as sure as the least sure
observation that they cite, and of what the parcel's observer told of rendered takes, stretch by stretch: that a face
was shown is right if it was shown anywhere in the take, a stage if it was that one for most of the stretch. A cell is
right/all (mean confidence). ECE is the expected calibration error; by chance: what it would be in the mean for as
many if every confidence were true. `too sure` and `too unsure` are what is beyond chance, with every bin looked at."""


def _calibration(known: Sequence[Known]) -> str:
    tables = Calibrating()
    for one in known:
        for said in one.statements:
            if said.confidence is not None and said.answer is not Answer.CANNOT_TELL:
                right = (said.answer is Answer.MET) == said.true
                tables.add(WordOf.SAMPLE, "answers of rules", confidence=said.confidence, right=right)
        for kind, confidence, right in one.told:
            tables.add(WordOf.SAMPLE, f"stretches of {kind}s", confidence=confidence, right=right)
    rows: list[tuple[str, ...]] = []
    for table in tables.tables():
        if not rows:
            bins = (f"{each.low:g}–{each.high:g}" for each in table.bins)
            rows += [("what", "n", *bins, "ECE", "by chance", "found"), ("---",) * (5 + len(table.bins))]
        cells = (
            "–" if each.sure is None else f"{each.right.k}/{each.right.n} ({each.sure:.2f})" for each in table.bins
        )
        found = "–" if table.found is None else _FOUND[table.found]
        told = (f"{table.error or 0:.3f}", f"{table.by_chance or 0:.3f}", found)
        rows.append((table.rule or "", f"{table.n}", *cells, *told))
    return _table(rows)


_FOUND = {Miscalibration.TOO_SURE: "too sure", Miscalibration.TOO_UNSURE: "too unsure"}

# --- drift

_DRIFT = """Worlds of chance, made anew by each run: one of 40 measures, month by month, whose distribution changes
after twelve months. How many months until it is found, as a median of 20 worlds, and in how many of them within two
years."""
WATCHED = 40
QUIET_MONTHS = 1000
BEFORE, AFTER, WORLDS = 12, 24, 20


class World(NamedTuple):
    """So many cases a month, of a measure that moves by `by`."""

    cases: int
    scale: Scale
    by: float


CHANGES = tuple(
    World(cases, scale, by)
    for cases in (50, 500)
    for scale, steps in ((Scale.SHARE, (0.05, 0.1, 0.2)), (Scale.YES, (0.05, 0.1, 0.2)))
    for by in steps
)


def _drift_table() -> str:
    rows: list[tuple[str, ...]] = [("measure", "cases a month", "change", "months until found", "found")]
    rows.append(("---",) * 5)
    return _table([*rows, *(drift_row(world) for world in CHANGES)])


def drift_row(world: World) -> tuple[str, ...]:
    """One line of the table."""
    waits = [wait for seed in range(WORLDS) if (wait := _wait(world, seed)) is not None]
    name = "a confidence, about 0.75" if world.scale is Scale.SHARE else "something that is so of 10 %"
    change = f"{world.by:.2f} lower" if world.scale is Scale.SHARE else f"{10 + 100 * world.by:.0f} %"
    median = f"{statistics.median(waits):g}" if waits else "–"
    return name, f"{world.cases}", change, median, f"{len(waits)} of {WORLDS}"


def _wait(world: World, seed: int) -> int | None:
    chance = random.Random(f"{world} {seed}")
    months = [
        (_month(n), _cells(chance, world.cases, world.scale, by=world.by if n >= BEFORE else 0.0))
        for n in range(BEFORE + AFTER)
    ]
    for last in range(BEFORE + 1, BEFORE + AFTER + 1):
        found = list(world_drifts(_series(months[:last], world.scale), watched=WATCHED))
        if found:
            return last - BEFORE
    return None


def quiet_line() -> str:
    """False alarms where nothing changes, against what is stated."""
    raised = 0
    for number in range(WATCHED):
        chance = random.Random(number)
        scale = Scale.SHARE if number % 2 else Scale.YES
        months = [(_month(n), _cells(chance, 30, scale)) for n in range(QUIET_MONTHS)]
        raised += len(list(world_drifts(_series(months, scale), watched=WATCHED)))
    return (
        f"In {QUIET_MONTHS:,} quiet months of {WATCHED} measures with 30 cases a month: {raised} false alarms; "
        f"stated are {QUIET_MONTHS / MONTHS_PER_FALSE_ALARM:.0f} at most in the mean."
    )


def _cells(chance: random.Random, cases: int, scale: Scale, *, by: float = 0.0) -> Counter[int]:
    draw: Callable[[], float] = chance.random
    if scale is Scale.YES:
        return Counter(int(draw() < 0.1 + by) for _ in range(cases))
    return Counter(cell_of(0.5 + (draw() + draw()) / 4 - by, scale) for _ in range(cases))


def _series(months: list[tuple[str, Counter[int]]], scale: Scale) -> Series:
    return Series("measure", "observer", "1", scale, months)


def _month(number: int) -> str:
    return f"{2000 + number // 12}-{number % 12 + 1:02}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines(rows))


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page_of(read(DATA.read_text("utf-8"))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
