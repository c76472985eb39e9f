"""Edit lists: what is hidden is found, what is mere alignment is not called tampering."""

from dataclasses import replace

import pytest

from fixtures.build import MEDIA, built
from sixfaces.domain.facts import EditListFact
from sixfaces.domain.observation import Measured
from sixfaces.media.boxes import walk
from sixfaces.media.probe import Box
from sixfaces.observe.edit_lists import edit_list_facts, tracks


def lists(name: str) -> list[tuple[EditListFact, Measured]]:
    boxes, _ = walk(built(name))
    return [(m.fact, m) for m in edit_list_facts(boxes) if isinstance(m.fact, EditListFact)]


@pytest.mark.parametrize(
    ("name", "moment_s"),
    [
        ("edit_list_hides_the_first_2s.mp4", 0.0),
        ("edit_list_hides_the_middle_2s.mp4", 2.0),
        ("edit_list_hides_the_last_2s.mp4", 3.92),
    ],
)
def test_two_hidden_seconds_are_found_and_placed(name: str, moment_s: float) -> None:
    [(fact, measured)] = lists(name)
    assert not fact.benign
    assert fact.hidden_s == pytest.approx(2.08, abs=0.01)
    assert measured.span is not None
    assert measured.span.start.seconds == pytest.approx(moment_s, abs=0.01)


@pytest.mark.parametrize("name", ["edit_list_aligns_the_start.mp4", "edit_list_waits_a_moment.mp4"])
def test_the_delay_of_reordered_frames_and_an_empty_edit_are_benign(name: str) -> None:
    [(fact, _)] = lists(name)
    assert fact.benign
    assert fact.hidden_s == 0.0


def test_the_priming_of_sound_is_benign() -> None:
    found = lists("edit_lists_with_sound.mp4")
    assert [fact.benign for fact, _ in found] == [True, True]
    assert found[1][0].hidden_s == pytest.approx(0.0232, abs=0.001)


def test_a_list_that_reaches_past_the_end_does_not_hide_that_it_hides() -> None:
    [(fact, _)] = lists("edit_list_hides_and_pads.mp4")
    assert not fact.benign
    assert fact.hidden_s > 1.0


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("edit_list_repeats_2s.mp4", "repeats 2.00 s"),
        ("edit_list_swaps_halves.mp4", "another order"),
        ("edit_list_slows_down.mp4", "changes the speed"),
    ],
)
def test_rearranged_media_are_not_benign(name: str, word: str) -> None:
    [(fact, _)] = lists(name)
    assert not fact.benign
    assert word in fact.detail


def test_the_genuine_take_has_nothing_to_hide() -> None:
    boxes, _ = walk(MEDIA / "genuine.mp4")
    assert all(m.fact.benign for m in edit_list_facts(boxes) if isinstance(m.fact, EditListFact))


def test_the_duration_recorded_comes_from_the_samples_and_not_from_a_header_that_lies(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = bytearray(built("edit_list_hides_the_first_2s.mp4").read_bytes())
    at = data.index(b"mdhd") + 20
    data[at : at + 4] = (int.from_bytes(data[at : at + 4]) * 4 // 6).to_bytes(4)
    liar = tmp_path_factory.mktemp("lies") / "liar.mp4"
    liar.write_bytes(data)
    boxes, _ = walk(liar)
    [fact] = [m.fact for m in edit_list_facts(boxes) if isinstance(m.fact, EditListFact)]
    assert fact.hidden_s == pytest.approx(2.08, abs=0.01)


def test_torn_tables_are_read_as_far_as_they_go() -> None:
    boxes, _ = walk(built("edit_list_hides_the_first_2s.mp4"))
    for cut in range(0, 28):
        torn = [box if box.path[-4:] not in ("elst", "stts", "mdhd") else _cut(box, cut) for box in boxes]
        assert len(tracks(torn)) == 1
        assert len(list(edit_list_facts(torn))) <= 1


def _cut(box: Box, length: int) -> Box:
    return replace(box, payload=box.payload[:length])
