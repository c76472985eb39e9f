"""Clips are cut from takes of every container and codec; what is called copied is copied, and an outsider can tell."""

import hashlib
import importlib.util
import io
import json
import random
import struct
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest

from fixtures.build import built
from sixfaces.domain.clip import Clip, ClipBudget, ClipKind
from sixfaces.domain.errors import ClipError
from sixfaces.domain.fingerprint import distance
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media import clips
from sixfaces.media.clip_refusals import failed
from sixfaces.media.clips import Source, cut, groups_of, is_copy
from sixfaces.vault.clip_claims import claim_of

ROOMY = ClipBudget(bytes=20_000_000, seconds=60, codecs=("h264", "hevc", "vp9", "av1"))
FORMS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".ts": "mpegts"}
COPIED = [
    "groups_h264.mp4",
    "groups_h264.mkv",
    "groups_open.mp4",
    "groups_hevc.mov",
    "groups_vp9.webm",
    "groups_av1.mkv",
    "groups_phone.mp4",
    "groups_fragmented.mp4",
    "groups_hidden.mp4",
]


def span(start_s: float, end_s: float) -> MediaSpan:
    start, end = (MediaTime(ticks=round(at * 1000), den=1000) for at in (start_s, end_s))
    return MediaSpan(start=start, end=end)


def source(name: str) -> Source:
    return Source(built(name), FORMS[Path(name).suffix])


@cache
def outsider() -> Any:  # noqa: ANN401 a module loaded by its path
    """docs/verify_clip.py, which shares nothing with the product."""
    path = Path(__file__).parents[3] / "docs" / "verify_clip.py"
    spec = importlib.util.spec_from_file_location("verify_clip", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults(data: bytes, claim: dict[str, Any], root: str | None = None) -> list[tuple[str, str]]:
    """What the outsider finds, told by a forger who names the file as it is."""
    named = {**claim, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    found: list[tuple[str, str]] = outsider().faults_of(io.BytesIO(data), named, root)
    return found


@pytest.fixture(scope="session")
def cut_of(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 a cached function
    @cache
    def of(name: str, *stretches: tuple[float, float], budget: ClipBudget = ROOMY) -> Clip:
        to = tmp_path_factory.mktemp("clips") / "clip.mp4"
        return cut(source(name), [span(*one) for one in stretches], budget=budget, to=to)

    return of


@pytest.mark.parametrize("name", COPIED)
def test_a_clip_of_every_container_and_codec_is_copied_and_an_outsider_finds_it_whole(name: str, cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of(name, (2.2, 3.7))
    assert clip.kind is ClipKind.COPIED
    assert clip.written.why is None
    claim = claim_of(clip)
    assert faults(clip.path.read_bytes(), claim, claim["take"]["root"]) == []
    begins, ends = clip.written.spans[0].seconds
    assert begins <= 2.2
    assert ends >= 3.7
    assert len(groups_of(source(name))) > len(clip.ranges[0])


@pytest.mark.parametrize("name", ["groups_h264.mp4", "groups_vp9.webm", "groups_phone.mp4"])
def test_stretches_are_joined_in_one_clip_and_each_is_proven_at_its_own_place(name: str, cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of(name, (1.2, 1.8), (5.3, 5.5))
    assert clip.kind is ClipKind.COPIED
    assert len(clip.ranges) == 2
    claim = claim_of(clip)
    assert faults(clip.path.read_bytes(), claim) == []
    moved = json.loads(json.dumps(claim))
    moved["ranges"][1]["start"] = moved["ranges"][0]["start"]
    assert faults(clip.path.read_bytes(), moved)[0][0] == "clip.group"


def pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", ["groups_h264.mp4", "groups_hevc.mov", "groups_av1.mkv"])
def test_a_copied_clip_shows_the_very_pictures_of_its_groups(name: str, cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of(name, (2.2, 3.7))
    before = sum(clip.groups.packets[: clip.ranges[0].start])
    inside = sum(clip.groups.packets[number] for number in clip.ranges[0])
    assert pictures(clip.path) == pictures(built(name))[before : before + inside]


def test_a_clip_of_a_turned_take_is_turned_as_it_was(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of("groups_phone.mp4", (2.2, 3.7))
    assert claim_of(clip)["turned"] == "90"
    assert (clip.written.width, clip.written.height) == (240, 320)
    unturned = bytearray(clip.path.read_bytes())
    at = unturned.index(b"tkhd") + 4 + 40
    struct.pack_into(">9i", unturned, at, 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    assert faults(bytes(unturned), claim_of(clip)) == [("clip.setup", "turned: 0")]


@pytest.mark.parametrize("name", ["groups_h264.mp4", "groups_open.mp4", "groups_hevc.mov", "groups_vp9.webm"])
def test_one_changed_byte_in_any_packet_is_found_and_the_group_named(name: str, cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of(name, (1.2, 4.7))
    claim, data, module = claim_of(clip), clip.path.read_bytes(), outsider()
    track = module.track_of(module.index_of(io.BytesIO(data)))
    chance, group = random.Random(5), clip.ranges[0].start - 1
    for packet in track.packets:
        group += packet.is_key
        changed = bytearray(data)
        changed[packet.offset + chance.randrange(packet.size)] ^= 1 << chance.randrange(8)
        assert faults(bytes(changed), claim) == [("clip.group", f"group {group}")]


def test_a_picture_shown_later_or_hidden_by_an_edit_list_is_found(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of("groups_h264.mp4", (1.2, 4.7))
    claim, data = claim_of(clip), clip.path.read_bytes()
    late = bytearray(data)
    at = late.index(b"ctts") + 12 + 8 * 5 + 4
    struct.pack_into(">I", late, at, struct.unpack_from(">I", late, at)[0] + 1)
    assert [code for code, _ in faults(bytes(late), claim)] == ["clip.group"]
    hiding = bytearray(data)
    at = hiding.index(b"elst") + 12
    struct.pack_into(">I", hiding, at, struct.unpack_from(">I", hiding, at)[0] // 2)
    assert faults(bytes(hiding), claim) == [("clip.shown", "elst")]


def test_media_of_another_file_are_refused(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of("groups_h264.mp4", (2.2, 3.7))
    elsewhere = bytearray(clip.path.read_bytes())
    elsewhere[elsewhere.index(b"url \0\0\0\1") + 7] = 0
    assert faults(bytes(elsewhere), claim_of(clip)) == [("clip.form", "dref")]


def spoiled(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 any JSON
    """The same JSON with one value of it gone, doubled or another."""
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        rest = {name: one for name, one in value.items() if name != key}
        return rest if chance.random() < 0.15 else {**rest, key: spoiled(value[key], chance)}
    if isinstance(value, list) and value and chance.random() > 0.2:
        at = chance.randrange(len(value))
        return [*value[:at], spoiled(value[at], chance), *value[at + 1 :]]
    return chance.choice([None, 0, -1, 1, 10**30, "", "x", "1/0", "5/3", [], {}, True, "ab" * 32, 1.5])


def test_whatever_a_claim_or_an_index_says_the_outsider_answers_and_never_breaks(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    clip = cut_of("groups_phone.mp4", (2.2, 3.7))
    claim, data, chance = claim_of(clip), clip.path.read_bytes(), random.Random(3)
    bound = {"take", "turned", "ranges", "leaves", "path", "sha256", "bytes", "shown"}
    for _ in range(1500):
        other = spoiled(claim, chance)
        found = outsider().faults_of(io.BytesIO(data), other)
        if other.get("kind") == "copied" and any(other.get(key) != claim[key] for key in bound):
            assert found, other
    index = data.index(b"mdat")
    for _ in range(1500):
        changed = bytearray(data)
        changed[chance.randrange(index)] = chance.randrange(256)
        assert isinstance(
            faults(bytes(changed[: chance.choice((len(data), chance.randrange(len(data))))]), claim), list
        )


@pytest.mark.parametrize("other", ["groups_another.mp4", "groups_open.mp4"])
def test_a_clip_of_another_take_never_passes(other: str, cut_of: Any) -> None:  # noqa: ANN401 a fixture
    claim = claim_of(cut_of("groups_h264.mp4", (2.2, 3.7)))
    data = cut_of(other, (2.2, 3.7)).path.read_bytes()
    assert faults(data, claim)
    assert faults(data, claim_of(cut_of(other, (2.2, 3.7))), claim["take"]["root"])[0][0] == "clip.root"


def test_groups_of_the_same_take_from_another_place_do_not_pass_for_these(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    claim = claim_of(cut_of("groups_h264.mp4", (2.2, 3.7)))
    assert faults(cut_of("groups_h264.mp4", (4.2, 5.7)).path.read_bytes(), claim)


def test_one_recording_has_the_same_leaves_in_every_container() -> None:
    plain = groups_of(source("groups_h264.mp4"))
    for other in ("groups_fragmented.mp4", "groups_h264.mkv"):
        assert groups_of(source(other)).leaf_hashes() == plain.leaf_hashes()


def test_an_edit_list_hides_no_group_and_moves_the_stretches_as_players_do(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    hidden = groups_of(source("groups_hidden.mp4"))
    assert hidden.offset < 0
    shown = cut_of("groups_hidden.mp4", (0.0, 0.2)).ranges[0]
    assert hidden.all()[shown.start].begins + hidden.offset * hidden.base <= 0


@pytest.mark.parametrize(
    ("name", "stretches", "budget", "why"),
    [
        ("groups_h264.mp4", [(2.2, 3.7)], ROOMY.model_copy(update={"bytes": 30_000}), "bytes"),
        ("groups_h264.mp4", [(2.2, 3.7)], ROOMY.model_copy(update={"seconds": 1.6}), "seconds"),
        ("groups_h264.mp4", [(2.2, 3.7)], ROOMY.model_copy(update={"width": 160, "height": 120}), "size"),
        ("groups_phone.mp4", [(2.2, 3.7)], ROOMY.model_copy(update={"width": 160, "height": 120}), "size"),
        ("groups_hevc.mov", [(2.2, 3.7)], ROOMY.model_copy(update={"codecs": ("h264",)}), "codec"),
        ("groups_open.mp4", [(1.2, 1.8), (4.3, 4.5)], ROOMY, "groups_lean_on_others"),
        ("groups_vp8.webm", [(2.2, 3.7)], ROOMY, "codec"),
        ("groups_mjpeg.mkv", [(2.2, 3.7)], ROOMY.model_copy(update={"codecs": ("h264", "mjpeg")}), "not_copied"),
        ("groups_h264.ts", [(3.6, 4.7)], ROOMY, "no_groups"),
    ],
)  # fmt: skip
def test_what_cannot_be_copied_is_made_anew_says_why_fits_and_never_claims_to_be_a_copy(
    name: str,
    stretches: list[tuple[float, float]],
    budget: ClipBudget,
    why: str,
    cut_of: Any,  # noqa: ANN401 a fixture
) -> None:
    clip = cut_of(name, *stretches, budget=budget)
    assert clip.kind is ClipKind.ENCODED
    assert clip.written.why == why
    assert clip.bytes == clip.path.stat().st_size <= budget.bytes
    assert clip.written.seconds <= budget.seconds
    assert max(clip.written.width, clip.written.height) <= budget.width
    assert clip.written.likeness
    assert all(distance(one.clip_hash, one.take_hash) <= 40 for one in clip.written.likeness)
    assert not is_copy(clip)
    claim = claim_of(clip)
    assert claim["kind"] == "encoded"
    assert faults(clip.path.read_bytes(), claim) == []
    if clip.groups is not None:
        pretending = {**claim, "kind": "copied"}
        assert faults(clip.path.read_bytes(), pretending)
        claim["leaves"][0] = "00" * 32
        assert faults(clip.path.read_bytes(), claim) == [("clip.proof", "leaves")]


def test_a_clip_made_twice_is_the_same_bytes(tmp_path: Path) -> None:
    budget = ROOMY.model_copy(update={"bytes": 40_000})
    first, second = (cut(source("groups_h264.mp4"), [span(2, 4)], budget=budget, to=tmp_path / n) for n in ("1", "2"))
    assert first.sha256 == second.sha256


def test_the_copy_is_checked_on_disk_before_it_is_called_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, count = Path.write_bytes, 0

    def spoiling(path: Path, data: bytes) -> int:
        nonlocal count
        count += 1
        return whole(path, data[:-9] + b"spoiled!!" if count == 1 else data)

    monkeypatch.setattr(Path, "write_bytes", spoiling)
    clip = cut(source("groups_h264.mp4"), [span(2, 4)], budget=ROOMY, to=tmp_path / "clip.mp4")
    assert clip.kind is ClipKind.ENCODED
    assert clip.written.why == clips.NOT_THE_SAME


@pytest.mark.parametrize(
    ("budget", "stretch", "code"),
    [
        (ROOMY, (50, 51), "clip.nothing"),
        (ROOMY.model_copy(update={"bytes": 700}), (2, 4), "clip.budget"),
        (ROOMY.model_copy(update={"seconds": 0.5}), (2, 4), "clip.budget"),
        (ROOMY.model_copy(update={"containers": ("avi",)}), (2, 4), "clip.container"),
        (ROOMY.model_copy(update={"codecs": ("wmv",)}), (2, 4), "clip.codec"),
    ],
)
def test_what_cannot_be_done_is_told_by_its_code_and_leaves_nothing(
    budget: ClipBudget, stretch: tuple[float, float], code: str, tmp_path: Path
) -> None:
    with pytest.raises(ClipError) as told:
        cut(source("groups_h264.mp4"), [span(*stretch)], budget=budget, to=tmp_path / "clip.mp4")
    assert told.value.code == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "stretches", "seconds", "most_bytes"),
    [
        ("groups_h264.mp4", [(1.0, 3.0)], 2.0, 20_000_000),
        ("groups_h264.mp4", [(0.5, 1.1), (2.3, 3.7)], 2.0, 25_000),
        ("groups_h264.mp4", [(0.0, 0.51), (1.0, 1.51), (2.0, 2.51), (3.0, 3.47)], 2.0, 22_000),
        ("groups_phone.mp4", [(1.0, 3.0)], 2.0, 20_000_000),
        ("groups_vp8.webm", [(1.0, 3.0)], 2.0, 20_000_000),
        ("groups_h264.ts", [(3.6, 4.6)], 1.0, 20_000_000),
    ],
)
def test_a_clip_made_anew_is_in_the_file_too_no_longer_than_its_budget_and_hardly_shorter(
    name: str,
    stretches: list[tuple[float, float]],
    seconds: float,
    most_bytes: int,
    cut_of: Any,  # noqa: ANN401 a fixture
) -> None:
    clip = cut_of(name, *stretches, budget=ROOMY.model_copy(update={"seconds": seconds, "bytes": most_bytes}))
    assert clip.kind is ClipKind.ENCODED
    with av.open(str(clip.path)) as container:
        assert container.duration is not None
        assert seconds - 0.2 < container.duration / 1e6 <= clip.written.seconds + 0.001
    assert clip.written.seconds <= seconds


def test_more_stretches_than_can_be_proven_are_over_budget(tmp_path: Path) -> None:
    many = [span(n / 1000, n / 1000) for n in range(1001)]
    with pytest.raises(ClipError, match=r"clip\.budget"):
        cut(source("groups_h264.mp4"), many, budget=ROOMY, to=tmp_path / "clip.mp4")


def test_a_copy_that_cannot_be_checked_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tmp_path / "clip.mp4"
    before.write_bytes(b"what was there before")

    def dies(clip: Clip, *, jail: object) -> bool:
        assert clip.path.stat().st_size == clip.bytes
        assert before.read_bytes() == b"what was there before"
        raise failed("died")

    monkeypatch.setattr(clips, "is_copy", dies)
    with pytest.raises(ClipError, match=r"clip\.failed"):
        cut(source("groups_h264.mp4"), [span(2, 4)], budget=ROOMY, to=before)
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == b"what was there before"


def test_a_disk_that_is_full_has_a_code_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        whole(path, data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ClipError, match=r"clip\.failed"):
        cut(source("groups_h264.mp4"), [span(2, 4)], budget=ROOMY, to=tmp_path / "clip.mp4")
    assert list(tmp_path.iterdir()) == []


def test_stretches_that_overlap_or_run_backwards_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="in order"):
        cut(source("groups_h264.mp4"), [span(2, 4), span(3, 5)], budget=ROOMY, to=tmp_path / "clip.mp4")


@pytest.mark.parametrize("name", ["groups_h264.ts", "no_pts.avi"])
def test_of_files_whose_packets_depend_on_the_reader_no_groups_are_told(name: str) -> None:
    form = {".ts": "mpegts", ".avi": "avi"}[Path(name).suffix]
    with pytest.raises(ClipError) as told:
        groups_of(Source(built(name), form))
    assert told.value.code == "clip.groups"


def test_a_damaged_file_has_groups_of_what_it_holds() -> None:
    assert len(groups_of(Source(built("flipped_bytes.mp4"), "mp4"))) >= 1


def test_a_clip_carries_no_sound_and_no_tags(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    with av.open(str(cut_of("groups_phone.mp4", (2.2, 3.7)).path)) as container:
        assert [one.type for one in container.streams] == ["video"]
        assert not {"creation_time", "location", "com.apple.quicktime.location.ISO6709"} & container.metadata.keys()


def test_the_index_comes_before_the_pictures(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    data = cut_of("groups_h264.mp4", (2.2, 3.7)).path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_times_count_exactly_also_where_a_second_is_no_whole_number_of_ticks(cut_of: Any) -> None:  # noqa: ANN401 a fixture
    groups = groups_of(source("groups_h264.mkv"))
    assert groups.base == Fraction(1, 1000)
    assert [group.begins for group in groups.all()] == [Fraction(number) for number in range(8)]
