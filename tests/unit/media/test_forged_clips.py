"""What an outsider is shown: clips whose every packet is the take's, told by an index or a claim that leads astray."""

import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
import pytest

from fixtures.build import built
from sixfaces.domain.clip import ClipBudget, ClipKind
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.clips import Source, cut
from sixfaces.media.mp4_place import in_its_place
from sixfaces.vault.clip_claims import claim_of

PROGRAM = Path(__file__).parents[3] / "docs" / "verify_clip.py"
ROOMY = ClipBudget(bytes=20_000_000, seconds=60)
UPRIGHT = (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)

Change = Callable[[bytearray], None]


class Taken(NamedTuple):
    """A clip of two stretches, and its claim."""

    data: bytes
    claim: dict[str, Any]


def span(start_s: float, end_s: float) -> MediaSpan:
    start, end = (MediaTime(ticks=round(at * 1000), den=1000) for at in (start_s, end_s))
    return MediaSpan(start=start, end=end)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    to = tmp_path_factory.mktemp("forged") / "clip.mp4"
    clip = cut(Source(built("groups_h264.mp4"), "mp4"), [span(1.2, 1.8), span(5.3, 5.5)], budget=ROOMY, to=to)
    assert (clip.kind, len(clip.ranges)) == (ClipKind.COPIED, 2)
    return Taken(to.read_bytes(), claim_of(clip))


class Answer(NamedTuple):
    """What the program says and how it ends."""

    code: int
    told: dict[str, Any]


def answer(folder: Path, data: bytes, claim: dict[str, Any], *more: str) -> Answer:
    """As a stranger runs it."""
    (folder / "clip.mp4").write_bytes(data)
    (folder / "claim.json").write_text(json.dumps(claim))
    command = [sys.executable, "-I", str(PROGRAM), str(folder / "clip.mp4"), str(folder / "claim.json"), "--json"]
    ended = subprocess.run([*command, *more], capture_output=True, check=False)
    return Answer(ended.returncode, json.loads(ended.stdout) if ended.stdout else {})


def found(folder: Path, data: bytes, claim: dict[str, Any]) -> list[str]:
    """The codes that a claim gets which names the file as it is: so a forger would write it."""
    named = {**claim, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    ended = answer(folder, data, named, "--root", claim["take"]["root"])
    assert ended.code == (4 if ended.told["faults"] else 0)
    return [one["code"] for one in ended.told["faults"]]


def test_the_clip_holds_and_its_root_may_be_typed_in_capitals(taken: Taken, tmp_path: Path) -> None:
    ended = answer(tmp_path, *taken, "--root", taken.claim["take"]["root"].upper())
    assert (ended.code, ended.told["holds"], ended.told["rooted"]) == (0, True, True)
    assert "the shape of a pixel" in ended.told["unchecked"][0]
    assert answer(tmp_path, *taken, "--root", "beef").code == 2


def test_a_claim_is_of_one_file_only_and_a_clip_made_anew_proves_nothing(taken: Taken, tmp_path: Path) -> None:
    pretended = {**taken.claim, "kind": "encoded"}
    other = answer(tmp_path, b"anything at all", pretended)
    assert (other.code, other.told["holds"]) == (4, False)
    assert [one["code"] for one in other.told["faults"]] == ["clip.file"]
    unbound = {"form": "sixfaces.clip/1", "kind": "encoded", "sha256": "0" * 64, "bytes": 15, "shown": []}
    assert answer(tmp_path, b"anything at all", unbound).code == 4
    assert answer(tmp_path, b"anything at all", {"form": "sixfaces.clip/1", "kind": "encoded"}).code == 4
    its = answer(tmp_path, taken.data, pretended)
    assert (its.code, its.told["holds"], its.told["faults"]) == (3, False, [])
    assert "its maker's word" in its.told["unchecked"][0]
    longer = answer(tmp_path, taken.data + struct.pack(">I4s", 8, b"free"), taken.claim)
    assert [one["code"] for one in longer.told["faults"]] == ["clip.file"]


def put(box: bytes, at: int, form: str, *values: int) -> Change:
    """Writes values into a box, `at` bytes behind its kind."""

    def change(data: bytearray) -> None:
        struct.pack_into(form, data, data.index(box) + 4 + at, *values)

    return change


def named(kind: bytes, other: bytes) -> Change:
    """Another kind for a box."""

    def change(data: bytearray) -> None:
        place = data.index(kind)
        data[place : place + 4] = other

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(
            put(b"mvhd", 36, ">9i", -65536, 0, 0, 0, -65536, 0, 0, 0, 1 << 30), "clip.shown", id="upside_down"
        ),
        pytest.param(put(b"mvhd", 36, ">9i", -65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30), "clip.shown", id="mirrored"),
        pytest.param(put(b"mvhd", 20, ">I", 3 << 16), "clip.shown", id="thrice_as_fast"),
        pytest.param(put(b"tkhd", 40, ">9i", 655, 0, 0, 0, 655, 0, 0, 0, 1 << 30), "clip.shown", id="tiny"),
        pytest.param(put(b"tkhd", 40, ">9i", 65536, 60000, 0, 0, 65536, 0, 0, 0, 1 << 30), "clip.shown", id="sheared"),
        pytest.param(put(b"tkhd", 64, ">i", 5 << 16), "clip.shown", id="moved_away"),
        pytest.param(put(b"tkhd", 76, ">2I", 1 << 16, 1 << 16), "clip.shown", id="one_pixel"),
        pytest.param(put(b"tkhd", 0, ">I", 0), "clip.shown", id="switched_off"),
        pytest.param(put(b"tkhd", 20, ">I", 1000), "clip.shown", id="track_ends_early"),
        pytest.param(put(b"mvhd", 16, ">I", 1000), "clip.shown", id="film_ends_early"),
        pytest.param(put(b"mvhd", 12, ">2I", 1, 1), "clip.shown", id="coarse_clock"),
        pytest.param(put(b"avc1", 24, ">2H", 1, 1), "clip.form", id="entry_of_one_pixel"),
        pytest.param(named(b"btrt", b"clap"), "clip.form", id="cropped"),
        pytest.param(named(b"udta", b"cmov"), "clip.form", id="index_in_an_index"),
        pytest.param(named(b"vmhd", b"matt"), "clip.form", id="covered"),
        pytest.param(put(b"stsc", 16, ">I", 2), "clip.form", id="another_description"),
    ],
)
def test_what_would_show_the_packets_otherwise_than_they_were_filmed_is_refused(
    change: Change, code: str, taken: Taken, tmp_path: Path
) -> None:
    data = bytearray(taken.data)
    change(data)
    assert bytes(data) != taken.data
    assert found(tmp_path, bytes(data), taken.claim) == [code]


def later(data: bytes, groups: tuple[int, ...], by: int) -> bytes:
    """The clip with the pictures of these groups, of 25 each, shown so many ticks later; the edit goes on behind."""
    changed, at = bytearray(data), data.index(b"ctts") + 4
    count, number = struct.unpack_from(">I", changed, at + 4)[0], 0
    for row in range(at + 8, at + 8 + 8 * count, 8):
        many, delay = struct.unpack_from(">Ii", changed, row)
        assert number // 25 == (number + many - 1) // 25 or not by
        if number // 25 in groups:
            struct.pack_into(">i", changed, row + 4, delay + by)
        number += many
    put(b"elst", 8, ">I", 90_000)(changed)
    put(b"tkhd", 20, ">I", 90_000)(changed)
    put(b"mvhd", 16, ">I", 90_000)(changed)
    put(b"mdhd", 16, ">I", 1 << 30)(changed)
    return bytes(changed)


def test_stretches_stand_in_the_takes_order_with_no_pause_between_them(taken: Taken, tmp_path: Path) -> None:
    scale = struct.unpack_from(">I", taken.data, taken.data.index(b"mdhd") + 16)[0]
    per_group = [row["groups"] for row in taken.claim["ranges"]]
    assert per_group == [1, 1]
    assert found(tmp_path, later(taken.data, (), 0), taken.claim) == []
    assert found(tmp_path, later(taken.data, (0,), 20 * scale), taken.claim) == ["clip.shown"], "behind the other"
    assert found(tmp_path, later(taken.data, (1,), 3 * scale), taken.claim) == ["clip.shown"], "a pause"
    assert found(tmp_path, later(taken.data, (0, 1), 3 * scale), taken.claim) == ["clip.shown"], "a pause before all"


def test_what_the_claim_says_that_it_shows_is_held_against_the_packets(taken: Taken, tmp_path: Path) -> None:
    first, second = taken.claim["shown"]
    for told in (
        [{"from": "0/1", "to": "8/1"}],
        [first],
        [{**first, "to": "9/1"}, second],
        [{**first, "to": first["from"]}, second],
        [first, {"from": "6/1", "to": "7/1"}],
        [second, first],
    ):
        assert found(tmp_path, taken.data, {**taken.claim, "shown": told}) == ["clip.shown"]


def with_a_wait(path: Path) -> Path:
    """A take whose camera gave no picture for four seconds, just before its second key frame."""
    with av.open(str(path), "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=10, options={"g": "10", "bf": "0", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(30):
            shade = np.full((48, 64, 3), 5 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
            frame.pts, frame.time_base = 100 * number + (4000 if number >= 10 else 0), Fraction(1, 1000)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def test_a_take_that_stood_still_gives_a_clip_that_waits_for_a_second_and_holds(tmp_path: Path) -> None:
    take = with_a_wait(tmp_path / "take.mp4")
    clip = cut(Source(take, "mp4"), [span(0, 0.5), span(6.2, 6.5)], budget=ROOMY, to=tmp_path / "cut.mp4")
    assert (clip.kind, clip.ranges) == (ClipKind.COPIED, (range(1), range(2, 3)))
    assert found(tmp_path, clip.path.read_bytes(), claim_of(clip)) == []
    assert clip.written.seconds == pytest.approx(2.9)
    assert clip.written.spans[0].duration_s == pytest.approx(1.9)


@pytest.mark.parametrize(
    ("matrix", "way"),
    [
        ((2 * 65536, 0, 0, 0, 2 * 65536, 0, 9 << 16, 0, 1 << 30), UPRIGHT),
        ((0, 65536, 0, -65536, 0, 0, 240 << 16, 0, 1 << 30), (0, 65536, 0, -65536, 0, 0, 240 << 16, 0, 1 << 30)),
        ((0, 60000, 0, -60000, 0, 0, 7 << 16, 0, 1 << 30), (0, 65536, 0, -65536, 0, 0, 240 << 16, 0, 1 << 30)),
        ((-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30), (-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)),
    ],
)
def test_a_clip_has_its_picture_in_its_own_place_whatever_the_recorder_wrote(
    matrix: tuple[int, ...], way: tuple[int, ...], taken: Taken, tmp_path: Path
) -> None:
    data = bytearray(taken.data)
    put(b"tkhd", 40, ">9i", *matrix)(data)
    placed = in_its_place(bytes(data))
    assert struct.unpack_from(">9i", placed, placed.index(b"tkhd") + 44) == way
    assert in_its_place(placed) == placed
    assert found(tmp_path, placed, taken.claim) == ([] if way == UPRIGHT else ["clip.setup"])


def test_of_a_short_box_or_a_claim_without_its_parts_the_form_is_named(taken: Taken, tmp_path: Path) -> None:
    data, at = bytearray(taken.data), taken.data.index(b"mdhd") - 4
    size = struct.unpack_from(">I", data, at)[0]
    data[at : at + 16] = struct.pack(">I4sI4s", 8, b"mdhd", size - 8, b"hdlr")
    assert found(tmp_path, bytes(data), taken.claim) == ["clip.form"]
    for gone in ("turned", "shown", "sha256", "leaves", "path", "ranges"):
        claim = {key: value for key, value in taken.claim.items() if key != gone}
        assert answer(tmp_path, taken.data, claim).told["faults"][0]["code"] == "clip.claim"
