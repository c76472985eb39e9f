from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from sixfaces.media.frames import AudioBlock
from sixfaces.media.levels import Levels

SAMPLES = 1024


def _frames(signal: NDArray[Any], *, rate: int, format_: str = "fltp", layout: str = "mono") -> list[AudioFrame]:
    """`signal` (channels, samples) in -1..1, cut into frames of 1024 samples."""
    made = []
    for start in range(0, signal.shape[1], SAMPLES):
        part = np.ascontiguousarray(signal[:, start : start + SAMPLES], dtype=np.float32)
        frame = AudioFrame.from_ndarray(part, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.pts, frame.time_base = start, Fraction(1, rate)
        if format_ != "fltp":
            frame = av.AudioResampler(format=format_, layout=layout, rate=rate).resample(frame)[0]
        made.append(frame)
    return made


def _all(frames: list[AudioFrame]) -> list[AudioBlock]:
    levels = Levels()
    blocks = [block for frame in frames for block in levels.feed(frame)]
    return blocks + levels.close()


def _sine(seconds: float, rate: int, height: float = 0.5) -> NDArray[Any]:
    times = np.arange(int(seconds * rate)) / rate
    return (height * np.sin(2 * np.pi * 400 * times))[None, :]


@pytest.mark.parametrize("format_", ["u8", "s16", "s16p", "s32", "s32p", "flt", "fltp", "dbl", "dblp"])
def test_levels_are_the_same_in_every_sample_format(format_: str) -> None:
    blocks = _all(_frames(_sine(1, 48_000), rate=48_000, format_=format_))
    rms = np.concatenate([block.rms for block in blocks])
    assert len(rms) == 50
    assert rms == pytest.approx(np.full(50, 0.5 / np.sqrt(2)), abs=0.01)
    assert np.concatenate([block.peak for block in blocks]) == pytest.approx(np.full(50, 0.5), abs=0.01)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_steps_never_drift_whatever_the_rate(rate: int) -> None:
    blocks = _all(_frames(_sine(21, rate), rate=rate))
    assert sum(len(block.rms) for block in blocks) == 1050
    expected = 0
    for block in blocks:
        assert block.start.seconds == pytest.approx(expected * 0.02)
        expected += len(block.rms)


def test_a_click_lands_in_its_own_step() -> None:
    signal = np.zeros((2, 44_100), np.float32)
    signal[1, 22_100] = 1.0
    blocks = _all(_frames(signal, rate=44_100, layout="stereo"))
    peak = np.concatenate([block.peak for block in blocks])
    assert np.flatnonzero(peak > 0.5).tolist() == [25]


def test_a_hole_in_the_sound_starts_a_new_block_at_its_own_time() -> None:
    frames = _frames(_sine(1, 48_000), rate=48_000)
    for frame in frames[20:]:
        frame.pts = (frame.pts or 0) + 48_000
    blocks = _all(frames)
    assert [block.start.exact for block in blocks] == [0, Fraction(20 * SAMPLES + 48_000, 48_000)]


def test_not_a_number_is_silence() -> None:
    signal = np.full((1, 4096), np.nan, np.float32)
    blocks = _all(_frames(signal, rate=48_000))
    assert max(float(block.peak.max()) for block in blocks) == 0


def test_the_sound_of_a_file_is_heard_in_the_same_pass(decode: Callable[..., Any]) -> None:
    blocks = decode("h264.mp4").seen.blocks
    rms = np.concatenate([block.rms for block in blocks])
    assert len(rms) == pytest.approx(100, abs=4)
    assert float(np.median(rms)) == pytest.approx(0.125 / np.sqrt(2), rel=0.1)
