"""Twins are made in the jail, of the pictures that were kept; whatever happens there costs the twins only."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from fixtures.build import MEDIA
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Record
from sixfaces.domain.report import HoleView
from sixfaces.intake.accept import accept
from sixfaces.media.jail import Cell, Jail
from sixfaces.media.share import Share
from sixfaces.observe.observatory import JailedObservatory
from sixfaces.report.holes import holes

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
    assert shelf["faces/top.jpg"] == b"\xff\xd8\xfffaces/top"
    (hole,) = record.observations
    assert isinstance(hole.fact, UnmeasuredFact)
    assert (hole.observer, hole.fact.of, hole.fact.code) == ("masking", ("masked_pictures",), "not_masked")
    assert hole.fact.detail.startswith("its process ended with: ")


def test_a_picture_that_got_no_twin_is_told_and_so_is_why_in_the_report() -> None:
    record, _ = observed("covering:covers_one")
    (hole,) = record.observations
    assert isinstance(hole.fact, UnmeasuredFact)
    assert (hole.fact.code, hole.fact.detail) == ("not_all_masked", "1 pictures have no twin")
    (line,) = holes([HoleView(of=hole.fact.of, code=hole.fact.code, detail=hole.fact.detail)])
    assert line.en.startswith("not all could be masked, and the others are shown only to those who may see personal")
    assert line.zh.startswith("部分图片未能脱敏")


def test_a_machine_that_cannot_start_the_coverer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Jail.start

    def full(self: Jail, target: str, *, media: tuple[int, Path] | None, share: Share) -> Cell:
        if target == "covering:covers_one":
            raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
        return real(self, target, media=media, share=share)

    with monkeypatch.context() as patch:
        patch.setattr(Jail, "start", full)
        record, _ = observed("covering:covers_one")
    (hole,) = record.observations
    assert isinstance(hole.fact, UnmeasuredFact)
    assert hole.fact.detail == f"it was not started: {os.strerror(errno.ENOMEM)}"


def test_what_an_exhibit_leaves_no_pictures_of_needs_no_twins() -> None:
    record, shelf = observed("covering:covers_and_crashes", first="second:keeps_no_crops")
    assert record.observers == {"first": "1", "masking": "1"}
    assert shelf == {}
