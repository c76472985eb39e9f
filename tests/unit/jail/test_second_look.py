"""Crops that the first child kept are shown to a second one; whatever happens to it costs only its own facts."""

from pathlib import Path

import pytest

from fixtures.build import MEDIA
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Record
from sixfaces.intake.accept import accept
from sixfaces.media.jail import Jail
from sixfaces.observe.observatory import JailedObservatory
from sixfaces.observe.second_look import SecondLook

CELLS = Path(__file__).parent / "cells"


class NoPictures:
    """Nobody keeps pictures here."""

    def put(self, name: str, data: bytes) -> None:
        raise AssertionError(name)


def observed(first: str, second: str) -> Record:
    look = SecondLook(crops="words", target=f"second:{second}", observer="reader", version="1", measures=("text",))
    observatory = JailedObservatory(Jail(None, (CELLS,)), first=f"second:{first}", second_looks=(look,))
    path = MEDIA / "genuine.mp4"
    exhibit = accept(path, role=Role.BUYER_VIDEO)
    return observatory.observe(exhibit, path, pictures=NoPictures(), on_progress=lambda progress: None)


def holes(record: Record) -> list[tuple[str, str, str]]:
    return [(o.observer, o.fact.code, o.fact.detail) for o in record.observations if isinstance(o.fact, UnmeasuredFact)]


def test_a_reader_is_shown_its_own_crops_in_order() -> None:
    record = observed("keeps_crops", "reads_crops")
    assert record.failure is None
    assert holes(record) == [
        ("first", "told", "crops follow"),
        ("reader", "told", "words/0:0 words/1:1000 words/2:2000"),
    ]
    assert record.observers == {"first": "1", "reader": "1"}
    assert record.decode_s == 0.75


def test_without_crops_no_second_child_is_started() -> None:
    record = observed("keeps_no_crops", "reads_and_crashes")
    assert holes(record) == [("first", "told", "no crops")]
    assert record.decode_s == 0.25


@pytest.mark.parametrize("second", ["reads_and_crashes", "no_such_function"])
def test_a_reader_that_crashes_leaves_a_hole_and_the_facts_of_the_first(second: str) -> None:
    record = observed("keeps_crops", second)
    assert record.failure is None
    first, hole = holes(record)
    assert first == ("first", "told", "crops follow")
    assert hole[:2] == ("reader", "observer_failed")


def test_crops_without_end_are_a_breach_of_protocol() -> None:
    record = observed("keeps_crops_without_end", "reads_crops")
    assert record.failure is not None
    assert record.failure.code == "media.protocol"
