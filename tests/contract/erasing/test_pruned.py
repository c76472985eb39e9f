"""What is left when everything has been pruned that may be: nobody finds a fault."""

from datetime import timedelta

from sixfaces.pipeline.pruning import Keep, prune
from tests.rig.keeping import Keeping

AGES = -timedelta(days=400)
"""Everything is older than that."""


def test_an_installation_without_its_past_is_sound_and_what_is_held_keeps_it(
    either: Keeping, film: bytes, other: bytes
) -> None:
    case, held = either.case(film), either.case(other)
    hold = either.hold(held)
    gone = prune(either.service, Keep(AGES, AGES, AGES))
    assert gone["events"] > 0
    assert gone["jobs"] > 0
    assert gone["uploads"] > 0
    assert _told(either, case) == 0
    assert _told(either, held) > 0
    either.sound(case, held)
    either.lift(hold)
    assert prune(either.service, Keep(AGES, AGES, AGES))["uploads"] == 1
    assert _told(either, held) == 0
    either.sound(case, held)


def _told(either: Keeping, case: str) -> int:
    with either.service.records.begin("main", reading=True) as tx:
        return len(tx.events.since(0, case_id=case))
