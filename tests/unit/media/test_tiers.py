from itertools import pairwise

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.time import MediaTime
from sixfaces.media.orientation import EXIF, Orientation, of_matrix
from sixfaces.media.tiers import Candidate, SharpestOfWindow, Spacing, sharpness


@pytest.mark.parametrize("fps", [8, 10, 12, 15, 16, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 120, 240])
def test_medium_frames_are_evenly_spaced_at_eight_to_fifteen_a_second(fps: float) -> None:
    spacing = Spacing(fps)
    taken = [n for n in range(int(fps * 20)) if spacing.takes(n / fps)]
    assert len({b - a for a, b in pairwise(taken)}) == 1
    assert 7.9 <= len(taken) / 20 <= 15.5


@given(st.lists(st.floats(0.001, 0.3), min_size=2, max_size=200))
def test_no_two_medium_frames_are_closer_than_most_of_a_step(gaps: list[float]) -> None:
    spacing = Spacing(30)
    times = np.cumsum(gaps)
    taken = [float(at) for at in times if spacing.takes(float(at))]
    assert all(b - a >= 0.1 - 2 / 60 - 1e-9 for a, b in pairwise(taken))


def test_the_sharpest_frame_of_each_window_wins() -> None:
    window, frame = SharpestOfWindow(), VideoFrame(16, 16, "gray")
    scores = [1, 5, 2, 3, 9, 4, 4, 4, 8]
    won = []
    for index, score in enumerate(scores):
        best = window.offer(Candidate(index, MediaTime(ticks=index, den=9), frame, float(score)))
        won += [best.index] if best else []
    last = window.close()
    assert won == [1, 4]
    assert last is not None
    assert last.index == 8
    assert window.close() is None


def test_blur_lowers_sharpness() -> None:
    crisp = np.zeros((120, 160), np.uint8)
    crisp[:, ::20] = crisp[::20] = 255
    blurred = [np.asarray(cv2.GaussianBlur(crisp, (0, 0), sigma), np.uint8) for sigma in (0.6, 1, 2, 4)]
    scores = [sharpness(picture) for picture in blurred]
    assert sorted(scores, reverse=True) == scores
    assert len(set(scores)) == 4


def test_exif_orientations_and_display_matrices_agree() -> None:
    one = 1 << 16
    matrices = {
        1: (one, 0, 0, one),
        2: (-one, 0, 0, one),
        3: (-one, 0, 0, -one),
        4: (one, 0, 0, -one),
        5: (0, one, one, 0),
        6: (0, one, -one, 0),
        7: (0, -one, -one, 0),
        8: (0, -one, one, 0),
    }
    for value, (a, b, c, d) in matrices.items():
        assert of_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30)) == EXIF[value]


def test_a_slightly_skewed_matrix_takes_the_nearest_right_angle() -> None:
    assert of_matrix((4000, 65_000, 0, -65_000, 4000, 0, 0, 0, 1 << 30)) == Orientation(90)
    assert of_matrix((0,) * 9) == Orientation()
