"""One observer's mistake costs its own facts and nobody else's."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from sixfaces.domain.facts import DecodeFact, UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.observe.guard import MOST_FACTS, Guarded, first_to_last
from sixfaces.observe.observer import KeepPicture, Observer, Tier


class Scripted(Observer):
    """Fails at feeding or finishing, or yields a number of facts."""

    name: ClassVar[str] = "scripted"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.FILE})
    measures: ClassVar[tuple[str, ...]] = ("decode",)

    def __init__(self, keep: KeepPicture, facts: int = 1, fails: str = "") -> None:
        super().__init__(keep)
        self.facts, self.fails, self.fed = facts, fails, 0

    def file(self, path: Path, mime: str) -> None:
        self.fed += 1
        if self.fails == "feeding":
            raise KeyError(mime)

    def finish(self) -> Iterable[Measured]:
        for frames in range(self.facts):
            yield Measured(fact=DecodeFact(frames=frames, covered_s=0.0))
        if self.fails == "finishing":
            raise ZeroDivisionError


def scripted(facts: int = 1, fails: str = "") -> Scripted:
    return Scripted(lambda name, data: None, facts, fails)


def test_a_failed_observer_is_fed_no_more_and_ends_in_a_hole() -> None:
    bad, good = scripted(fails="feeding"), scripted()
    guards = [Guarded(bad), Guarded(good)]
    for _ in range(3):
        first_to_last(guards, lambda observer: observer.file(Path("x"), "video/mp4"), tier=Tier.FILE)
    assert (bad.fed, good.fed) == (1, 3)
    hole = guards[0].finish()[0].fact
    assert hole == UnmeasuredFact(of=("decode",), code="observer_failed", detail="KeyError")
    assert guards[1].finish()[0].fact == DecodeFact(frames=0, covered_s=0.0)


def test_an_observer_that_fails_at_its_end_leaves_no_half_of_its_facts() -> None:
    facts = [measured.fact for measured in Guarded(scripted(facts=3, fails="finishing")).finish()]
    assert facts == [UnmeasuredFact(of=("decode",), code="observer_failed", detail="ZeroDivisionError")]


def test_facts_without_end_are_cut_and_that_is_said() -> None:
    facts = Guarded(scripted(facts=MOST_FACTS * 3)).finish()
    assert len(facts) == MOST_FACTS + 1
    last = facts[-1].fact
    assert isinstance(last, UnmeasuredFact)
    assert last.code == "too_many_facts"


def test_tiers_go_to_those_who_want_them() -> None:
    one = scripted()
    first_to_last([Guarded(one)], lambda observer: observer.file(Path("x"), ""), tier=Tier.SMALL)
    assert one.fed == 0
