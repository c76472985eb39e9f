from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from fixtures.build import built, ffmpeg
from fixtures.makers.video import CORNERS, FPS, FRAMES, VFR_TICKS, level
from sixfaces.domain.errors import MediaError
from sixfaces.domain.time import MediaTime
from sixfaces.media import decode as decoding
from sixfaces.media.container import probe_container
from sixfaces.media.decode import AUDIO, SMALL, StopDecoding, decode_video
from sixfaces.media.feed import Feed
from sixfaces.media.frames import Bgr, Gray, SmallFrame

Decode = Callable[..., Any]

EVERY_CODEC = [
    "h264.mp4",
    "hevc.mp4",
    "vp9.webm",
    "av1.mkv",
    "mjpeg.avi",
    "mpeg4.3gp",
    "h264.ts",
    "ten_bit.mp4",
    "gray.mkv",
    "rgb.mkv",
    "palette.mov",
    "full_range.mp4",
    "no_pts.avi",
]
TOLERANCE = {"palette.mov": 60}
"""Steps of luma and colour: 256 dithered colours are coarse."""

FULL_RANGE = {"mjpeg.avi", "full_range.mp4", "rgb.mkv", "palette.mov", "gray.mkv"}


def _expected_luma(name: str, index: int) -> float:
    """The middle patch is gray, so its luma is its brightness, in the range that the format has."""
    return float(level(index)) if name in FULL_RANGE else 16 + level(index) * 219 / 255


def _middle(pixels: Gray) -> float:
    height, width = pixels.shape[:2]
    centre = pixels[height // 2 - 4 : height // 2 + 4, width // 2 - 4 : width // 2 + 4]
    return float(np.median(centre))


def _corner_names(bgr: Bgr) -> list[str]:
    """The nearest colour name in the upper left, upper right, lower right and lower left corner."""
    near, spots = 14, []
    for row, column in ((near, near), (near, -near), (-near, -near), (-near, near)):
        rgb = np.array(bgr[row, column, ::-1], dtype=float)
        spots.append(min(CORNERS, key=lambda name: float(np.abs(rgb - CORNERS[name]).sum())))
    return spots


@pytest.mark.parametrize("name", EVERY_CODEC)
def test_every_frame_of_every_codec_arrives_once_and_in_order(name: str, decode: Decode) -> None:
    run = decode(name)
    assert run.outcome.frames == FRAMES
    assert [small.index for small in run.seen.smalls] == list(range(FRAMES))
    measured = [_middle(small.gray) for small in run.seen.smalls]
    assert np.abs(np.array(measured) - [_expected_luma(name, n) for n in range(FRAMES)]).max() < TOLERANCE.get(name, 6)


@pytest.mark.parametrize("name", EVERY_CODEC)
def test_medium_and_full_frames_show_the_frame_their_index_names(name: str, decode: Decode) -> None:
    run = decode(name)
    pictures = [(m.index, m.gray) for m in run.seen.mediums] + [(f.index, f.gray) for f in run.seen.fulls]
    for index, gray in pictures:
        assert abs(_middle(gray) - _expected_luma(name, index)) < TOLERANCE.get(name, 6)


@pytest.mark.parametrize("name", [name for name in EVERY_CODEC if name != "gray.mkv"])
def test_colours_are_right_in_every_range_and_pixel_format(name: str, decode: Decode) -> None:
    run = decode(name)
    for bgr in (run.seen.mediums[0].bgr, run.seen.fulls[0].bgr()):
        for (row, column), colour in zip(((14, 14), (14, -14), (-14, -14), (-14, 14)), CORNERS.values(), strict=True):
            assert np.abs(bgr[row, column, ::-1].astype(int) - colour).max() < TOLERANCE.get(name, 24)


@pytest.mark.parametrize("name", ["h264.mp4", "hevc.mp4", "ten_bit.mp4", "mpeg4.3gp", "full_range.mp4"])
def test_times_are_exact(name: str, decode: Decode) -> None:
    run = decode(name)
    assert [small.time.exact for small in run.seen.smalls] == [Fraction(n, FPS) for n in range(FRAMES)]
    assert run.outcome.covered_s == pytest.approx(FRAMES / FPS)
    assert run.outcome.notes == ()


def test_a_variable_frame_rate_keeps_its_own_times(decode: Decode) -> None:
    run = decode("vfr.mp4")
    assert [small.time.exact for small in run.seen.smalls] == [Fraction(n, FPS) for n in VFR_TICKS]
    gaps = np.diff([medium.time.seconds for medium in run.seen.mediums])
    assert gaps.min() > 0.06
    assert gaps.max() < 0.21


def test_avi_has_no_presentation_times_and_decoding_times_stand_in(decode: Decode) -> None:
    run = decode("no_pts.avi")
    steps = {b.time.exact - a.time.exact for a, b in pairwise(run.seen.smalls)}
    assert steps == {Fraction(1, FPS)}
    assert run.outcome.notes == (f"{FRAMES} frames carry no presentation time",)
    assert run.outcome.errors == ()


def test_times_that_step_back_are_a_fault_and_media_time_still_advances(decode: Decode) -> None:
    run = decode("stepping_back.ts")
    times = [small.time for small in run.seen.smalls]
    assert all(a < b for a, b in pairwise(times))
    assert any("do not advance" in error for error in run.outcome.errors)


@pytest.mark.parametrize(
    ("name", "corners"),
    [
        ("h264.mp4", ["red", "green", "blue", "yellow"]),
        ("rotated_90.mp4", ["yellow", "red", "green", "blue"]),
        ("rotated_180.mp4", ["blue", "yellow", "red", "green"]),
        ("rotated_270.mp4", ["green", "blue", "yellow", "red"]),
        ("mirrored.mp4", ["green", "red", "yellow", "blue"]),
    ],
)
def test_pictures_are_turned_upright(name: str, corners: list[str], decode: Decode) -> None:
    run = decode(name)
    assert _corner_names(run.seen.mediums[0].bgr) == corners
    assert _corner_names(run.seen.fulls[0].bgr()) == corners
    turned = name in ("rotated_90.mp4", "rotated_270.mp4")
    assert run.seen.fulls[0].gray.shape == ((320, 240) if turned else (240, 320))
    assert (run.outcome.info.width, run.outcome.info.height) == ((240, 320) if turned else (320, 240))
    assert run.seen.smalls[0].gray.shape == ((160, 120) if turned else (120, 160))


@pytest.mark.parametrize(
    "name", ["rotated_90.mp4", "rotated_180.mp4", "rotated_270.mp4", "mirrored.mp4", "mirrored_and_rotated.mp4"]
)
def test_turned_pictures_are_what_ffmpeg_shows(name: str, decode: Decode, tmp_path: Path) -> None:
    ffmpeg("-i", built(name), "-frames:v", "1", tmp_path / "shown.png")
    shown = cv2.imread(str(tmp_path / "shown.png"))
    assert shown is not None
    assert _corner_names(decode(name).seen.mediums[0].bgr) == _corner_names(np.asarray(shown, np.uint8))


def test_pixels_that_are_not_square_are_shown_with_their_true_shape(decode: Decode) -> None:
    run = decode("wide_pixels.mp4")
    assert run.seen.fulls[0].gray.shape == (240, 640)
    assert run.seen.mediums[0].bgr.shape == (240, 640, 3)
    assert (run.outcome.info.width, run.outcome.info.height) == (640, 240)


def test_an_interlaced_picture_is_not_combed(decode: Decode) -> None:
    run = decode("interlaced.ts")
    assert run.probe.streams[run.probe.picture].interlaced
    for full in run.seen.fulls:
        band = full.gray[10:50, 66:250].astype(int)
        between_fields = np.abs(band[1:-1] * 2 - band[:-2] - band[2:]).mean()
        assert between_fields < 4
    assert run.outcome.info.height == 240


def test_the_stream_that_shows_most_is_decoded(decode: Decode) -> None:
    assert decode("two_streams.mp4").outcome.info.width == 320
    assert decode("cover_art.mp4").outcome.frames == FRAMES


def test_a_smaller_picture_midway_keeps_the_shape_of_small_and_medium_frames(decode: Decode) -> None:
    run = decode("size_change.ts")
    assert run.outcome.frames == 60
    assert {small.gray.shape for small in run.seen.smalls} == {(120, 160)}
    assert {medium.bgr.shape for medium in run.seen.mediums} == {(240, 320, 3)}
    assert {full.gray.shape for full in run.seen.fulls} == {(240, 320), (120, 160)}
    assert run.outcome.notes == ("the picture size changed 1 times",)


def test_a_picture_turned_midway_is_fitted_between_black_borders(decode: Decode) -> None:
    run = decode("turned_midway.ts")
    last = run.seen.mediums[-1].gray
    assert last.shape == (240, 320)
    assert last[:, :60].max() == 0
    assert last[:, 160].min() > 0


def test_two_runs_hand_out_the_same_bytes(decode: Decode) -> None:
    for name in ("h264.mp4", "flipped_bytes.mp4", "truncated.mp4"):
        first, second = decode(name), decode(name)
        assert first.seen.digest() == second.seen.digest()
        assert first.outcome == second.outcome


@pytest.mark.parametrize("threads", [1, 4])
def test_frames_do_not_depend_on_the_number_of_threads(
    threads: int, decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = decode("h264.mp4").seen.digest()
    monkeypatch.setattr(decoding, "DECODER_THREADS", threads)
    assert decode("h264.mp4").seen.digest() == usual


def test_damage_is_flagged_and_decoded_through(decode: Decode) -> None:
    run = decode("flipped_bytes.mp4")
    assert run.outcome.frames >= FRAMES - 4
    assert run.outcome.corrupt_frames > 0
    assert run.outcome.corrupt_frames == sum(small.corrupt for small in run.seen.smalls)
    assert run.outcome.stopped_by is None


def test_a_truncated_file_keeps_what_was_there(decode: Decode) -> None:
    run = decode("truncated.mp4")
    assert 20 <= run.outcome.frames < FRAMES
    fact = run.outcome.fact()
    assert fact.expected_s == pytest.approx(2.0, abs=0.05)
    assert fact.covered_s < 1.5


def test_tiers_that_nobody_wants_are_not_made(decode: Decode) -> None:
    run = decode("h264.mp4", wants=(AUDIO, "container"))
    assert (run.seen.smalls, run.seen.mediums, run.seen.fulls) == ([], [], [])
    assert run.seen.blocks
    assert run.outcome.frames == FRAMES
    assert decode("h264.mp4", wants=(SMALL,)).seen.blocks == []


def test_full_frames_come_about_three_a_second_and_in_order(decode: Decode) -> None:
    indices = [full.index for full in decode("h264.mp4").seen.fulls]
    assert len(indices) == 6
    assert indices == sorted(indices)


def test_sinks_may_keep_and_change_what_they_get(decode: Decode) -> None:
    untouched = decode("no_audio.mp4")
    for full in untouched.seen.fulls:
        full.gray[:] = 0
    assert decode("no_audio.mp4").seen.fulls[0].gray.max() > 0


def test_a_frame_beyond_the_pixel_limit_is_never_decoded() -> None:
    probe = probe_container(built("huge_frame.avi"), demuxer="avi")
    with pytest.raises(MediaError, match=r"media\.undecodable"):
        decode_video(built("huge_frame.avi"), probe, wants=(), sink=_Stopper(0))


def test_an_absurd_frame_rate_yields_its_frames_and_no_flood(decode: Decode) -> None:
    run = decode("huge_fps.mp4")
    assert run.outcome.frames == FRAMES
    assert len(run.seen.mediums) == 1


class _Stopper:
    def __init__(self, after: int) -> None:
        self.left = after

    def small(self, frame: SmallFrame) -> None:
        self.left -= 1
        if self.left < 0:
            raise StopDecoding("time_limit")

    def medium(self, frame: object) -> None: ...

    def full(self, frame: object) -> None: ...

    def audio(self, block: object) -> None: ...


def test_a_sink_can_stop_the_decoding_and_its_reason_is_told() -> None:
    probe = probe_container(built("h264.mp4"), demuxer="mp4")
    outcome = decode_video(built("h264.mp4"), probe, wants=(SMALL,), sink=_Stopper(10))
    assert outcome.stopped_by == "time_limit"
    assert outcome.frames == 10


@pytest.mark.parametrize(("limit", "reason"), [("MAX_FRAMES", "frame_limit"), ("MAX_PACKETS", "packet_limit")])
def test_each_limit_stops_with_its_reason(
    limit: str, reason: str, decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, limit, 20)
    outcome = decode("h264.mp4").outcome
    assert outcome.stopped_by == reason
    assert 0 < outcome.frames <= 20


def test_a_picture_over_the_limit_stops_decoding_midway(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_VIDEO_PIXELS", 320 * 240 - 1)
    with pytest.raises(MediaError, match="limit of pixels"):
        decode("h264.mp4")


def test_a_first_picture_that_memory_does_not_hold_is_told_as_that(
    decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(feed: Feed, index: int, time: MediaTime, frame: VideoFrame) -> None:
        raise MemoryError

    monkeypatch.setattr(Feed, "frame", too_large)
    with pytest.raises(MediaError, match="320x240 needs more memory") as caught:
        decode("h264.mp4")
    assert caught.value.code == "media.memory"
