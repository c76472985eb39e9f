"""The container's biography on files with one flaw each."""

from dataclasses import replace
from typing import TypeVar

import pytest

from fixtures.build import MEDIA, built
from sixfaces.domain.facts import (
    ContainerFact,
    EditListFact,
    ReencodeHintFact,
    TimestampGapFact,
    ToolKind,
    ToolTagFact,
    UnmeasuredFact,
)
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.media.boxes import MAX_BOXES
from sixfaces.media.container import probe_container
from sixfaces.media.probe import Box
from sixfaces.media.stills import read_photo
from sixfaces.observe.container import ContainerBiography
from sixfaces.observe.container_marks import unread_structure


def told(name: str) -> list[Measured]:
    path = MEDIA / name if (MEDIA / name).exists() else built(name)
    observer = ContainerBiography(lambda _name, _data: None)
    if path.suffix == ".jpg":
        observer.photo(read_photo(path, format="jpeg"))
    else:
        observer.container(probe_container(path, demuxer={".ts": "mpegts"}.get(path.suffix, "mp4")))
    return list(observer.finish())


F = TypeVar("F", bound=Model)


def facts(name: str, kind: type[F]) -> list[F]:
    return [m.fact for m in told(name) if isinstance(m.fact, kind)]


def tools(name: str) -> set[ToolKind]:
    return {fact.tool for fact in facts(name, ToolTagFact)}


def hints(name: str) -> dict[str, float]:
    return {fact.hint: fact.strength for fact in facts(name, ReencodeHintFact)}


def test_the_container_is_described() -> None:
    [fact] = facts("genuine.mp4", ContainerFact)
    assert fact.brands[0] == "isom"
    assert [(stream.media, stream.codec, stream.packets) for stream in fact.streams] == [("video", "h264", 220)]
    assert fact.duration_s == pytest.approx(18.333, abs=0.001)
    assert not fact.fragmented
    assert not fact.variable_rate
    assert not fact.has_location


def test_fragments_and_a_varying_rate_are_seen() -> None:
    assert facts("fragmented.mp4", ContainerFact)[0].fragmented
    assert facts("times_jittery.mp4", ContainerFact)[0].variable_rate


def test_a_place_is_noticed_but_never_kept() -> None:
    measured = told("tag_place.mp4")
    assert facts("tag_place.mp4", ContainerFact)[0].has_location
    assert "31.2" not in "".join(m.model_dump_json() for m in measured)
    assert facts("photo_with_place.jpg", ContainerFact)[0].has_location


def test_a_hole_of_a_second_is_found_where_it_is() -> None:
    [measured] = [m for m in told("times_with_a_1s_hole.mp4") if isinstance(m.fact, TimestampGapFact)]
    assert isinstance(measured.fact, TimestampGapFact)
    assert measured.fact.gap_s == pytest.approx(1.04, abs=0.05)
    assert measured.span is not None
    assert measured.span.start.seconds == pytest.approx(1.96, abs=0.05)


def test_the_jitter_of_a_browser_is_no_gap() -> None:
    assert facts("times_jittery.mp4", TimestampGapFact) == []
    assert facts("genuine.mp4", TimestampGapFact) == []


def test_times_that_start_over_step_back() -> None:
    assert min(fact.gap_s for fact in facts("times_start_over.ts", TimestampGapFact)) < -5


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tag_capcut.mp4", ToolKind.EDITOR),
        ("tag_premiere.mp4", ToolKind.EDITOR),
        ("photo_from_photoshop.jpg", ToolKind.EDITOR),
        ("tag_aigc.mp4", ToolKind.GENERATOR),
        ("tag_phone.mp4", ToolKind.RECORDER),
        ("genuine.mp4", ToolKind.TRANSCODER),
    ],
)
def test_programs_are_told_by_their_names(name: str, kind: ToolKind) -> None:
    assert kind in tools(name)


def test_a_generators_own_label_is_certain_and_a_suspicion_is_not() -> None:
    [certain] = [
        m for m in told("tag_aigc.mp4") if isinstance(m.fact, ToolTagFact) and m.fact.tool is ToolKind.GENERATOR
    ]
    [suspected] = [
        m
        for m in told("tag_aigc_suspected.mp4")
        if isinstance(m.fact, ToolTagFact) and m.fact.tool is ToolKind.GENERATOR
    ]
    assert certain.confidence == 1.0
    assert suspected.confidence < 0.5


def test_a_phones_file_from_a_software_encoder_contradicts_itself() -> None:
    assert hints("tag_phone_but_x264.mp4")["software_encoder_in_phone_file"] == 0.9
    assert "software_encoder_in_phone_file" not in hints("genuine.mp4")
    assert facts("tag_phone.mp4", ContainerFact)[0].device == "Apple iPhone 15"


def test_names_taken_out_of_a_muxers_file_are_missed() -> None:
    assert "tags_stripped" in hints("tags_stripped.mp4")
    assert "tags_stripped" not in hints("genuine.mp4")


def test_default_key_intervals_and_fragments_are_hints() -> None:
    assert hints("key_frames_by_default.mp4")["default_key_interval"] == 0.6
    assert hints("fragmented.mp4")["fragmented"] == 0.2


def test_photos_tell_of_scaling_later_changes_and_stripping() -> None:
    assert hints("photo_scaled_down.jpg")["size_differs"] == 0.7
    assert hints("photo_from_photoshop.jpg")["modified_later"] == 0.6
    assert "exif_stripped" in hints("photo_stripped.jpg")
    assert set(hints("photo_from_phone.jpg")) == {"standard_tables"}


@pytest.mark.parametrize("name", ["edit_list_behind_6000_boxes.mp4", "edit_list_behind_a_megabyte.mp4"])
def test_an_edit_list_out_of_the_walkers_reach_does_not_pass_for_clean(name: str) -> None:
    hidden = [fact for fact in facts(name, EditListFact) if not fact.benign]
    holes = [fact for fact in facts(name, UnmeasuredFact) if fact.of == ("edit_list",)]
    assert hidden or (holes and hints(name)["structure_unread"] == 0.9)
    assert not facts("edit_list_aligns_the_start.mp4", UnmeasuredFact)


def test_the_same_file_gives_the_same_facts() -> None:
    assert told("tag_phone_but_x264.mp4") == told("tag_phone_but_x264.mp4")


def test_many_fragments_behind_the_header_are_no_hole() -> None:
    probe = probe_container(built("fragmented.mp4"), demuxer="mp4")
    fragments = tuple(Box("moof", 10_000 + 8 * index, 8) for index in range(MAX_BOXES))
    long = replace(probe, boxes=(*probe.boxes, *fragments)[:MAX_BOXES])
    assert unread_structure(long) is None
    header = tuple(box for box in probe.boxes if box.path.startswith("moov"))
    assert unread_structure(replace(probe, boxes=(header * MAX_BOXES)[:MAX_BOXES])) is not None
