"""Twins are made in the jail, of the pictures that were kept; whatever happens there costs the twins only."""

import hashlib
from pathlib import Path

import pytest

from fixtures.build import MEDIA
from sixfaces.domain.exhibit import Role
from sixfaces.domain.observation import Record
from sixfaces.intake.accept import accept
from sixfaces.media.jail import Jail
from sixfaces.observe.observatory import JailedObservatory

CELLS = Path(__file__).parent / "cells"


class Shelf(dict[str, bytes]):
    """Pictures by their names."""

    def put(self, name: str, data: bytes) -> None:
        """As in the interface."""
        self[name] = data


def observed(coverer: str, *, first: str = "covering:keeps_pictures") -> tuple[Record, Shelf]:
    observatory = JailedObservatory(Jail(None, (CELLS,)), first=first, masks=True, coverer=coverer)
    path, shelf = MEDIA / "genuine.mp4", Shelf()
    exhibit = accept(path, role=Role.BUYER_VIDEO)
    record = observatory.observe(exhibit, path, pictures=shelf, on_progress=lambda progress: None)
    return record, shelf


def test_twins_stand_beside_the_pictures_with_their_own_digests() -> None:
    record, shelf = observed("covering:covers_one")
    assert record.failure is None
    assert record.observers == {"first": "1", "masking": "1"}
    assert set(shelf) == {"faces/top.jpg", "moments/01.jpg", "masked/faces-top.jpg"}
    assert record.images == {name: hashlib.sha256(data).hexdigest() for name, data in shelf.items()}
    assert record.decode_s == 0.25


@pytest.mark.parametrize("how", ["covers_and_crashes", "replaces_a_picture", "tells_a_fact", "no_such_function"])
def test_a_coverer_that_fails_changes_nothing_of_what_was_kept(how: str) -> None:
    record, shelf = observed(f"covering:{how}")
    assert record.failure is None
    assert record.observers == {"first": "1"}
    assert shelf["faces/top.jpg"] == b"\xff\xd8\xfffaces/top"
    assert record.observations == ()


def test_what_an_exhibit_leaves_no_pictures_of_needs_no_twins() -> None:
    record, shelf = observed("covering:covers_and_crashes", first="second:keeps_no_crops")
    assert record.observers == {"first": "1", "masking": "1"}
    assert shelf == {}
