"""Sharpness: falls with blur and motion, and with nothing else."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fixtures.build import MEDIA
from sixfaces.media.frames import Gray
from sixfaces.observe.sharpness import measure

BLURS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
Luma = NDArray[np.float64]


def box(height: int, width: int) -> Luma:
    """A plain box on a plain table, seen at an angle: the fewest edges that a parcel can have."""
    scene = np.full((height, width), 150.0)
    corners = np.array([[200, 60], [430, 90], [470, 280], [180, 300]])
    cv2.fillPoly(scene, [corners], 110.0)
    cv2.fillPoly(scene, [np.array([[200, 60], [430, 90], [400, 130], [215, 105]])], 128.0)
    return scene + np.linspace(-12, 12, width)[None, :]


def printed(height: int, width: int) -> Luma:
    """The same box with a label whose print has strokes of ten pixels."""
    scene = box(height, width)
    letters = np.random.default_rng(7).integers(0, 2, (9, 16)).astype(np.float64)
    scene[140:230, 240:400] = 90 + 120 * cv2.resize(letters, (160, 90), interpolation=cv2.INTER_NEAREST)
    return scene


def photo(height: int, width: int) -> Luma:
    found = cv2.imread(str(MEDIA / "adobe-20220124-A.jpg"), cv2.IMREAD_GRAYSCALE)
    assert found is not None
    return cv2.resize(found, (width, height), interpolation=cv2.INTER_AREA).astype(np.float64)


SCENES = {
    "plain box": box(360, 640),
    "printed box": printed(360, 640),
    "dark box": box(360, 640) * 0.3,
    "bright box": box(360, 640) * 0.35 + 170,
    "photo": photo(426, 640),
}


def blurred(scene: Luma, sigma: float) -> Luma:
    return cv2.GaussianBlur(scene, (0, 0), sigma).astype(np.float64) if sigma else scene


def smeared(scene: Luma, length: int) -> Luma:
    return cv2.blur(scene, (length, 1)).astype(np.float64)


def noisy(scene: Luma, sigma: float) -> Luma:
    return scene + np.random.default_rng(3).normal(0, sigma, scene.shape)


def seen(scene: Luma) -> Gray:
    return np.clip(np.round(scene), 0, 255).astype(np.uint8)


def jpeg(scene: Luma, quality: int) -> Gray:
    _, data = cv2.imencode(".jpg", seen(scene), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def sharpness(gray: Gray) -> float:
    value = measure(gray).sharpness
    assert value is not None
    return value


def falls(values: Sequence[float]) -> bool:
    return all(late <= early + 0.01 for early, late in pairwise(values))


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_it_falls_with_blur_from_crisp_to_smeared(name: str, noise: float) -> None:
    values = [sharpness(seen(noisy(blurred(SCENES[name], sigma), noise))) for sigma in BLURS]
    assert falls(values)
    assert values[0] > 0.9
    assert values[-1] < 0.25


@pytest.mark.parametrize("name", SCENES)
def test_one_half_separates_a_crisp_picture_from_one_whose_print_is_lost(name: str) -> None:
    assert sharpness(seen(noisy(blurred(SCENES[name], 0.8), 1.0))) > 0.7
    assert sharpness(seen(noisy(blurred(SCENES[name], 2.6), 1.0))) < 0.5


@pytest.mark.parametrize("name", ["plain box", "printed box", "photo"])
@pytest.mark.parametrize("turned", [False, True])
def test_motion_lowers_it_though_edges_along_it_stay_crisp(name: str, turned: bool) -> None:
    scene = SCENES[name].T if turned else SCENES[name]
    values = [sharpness(seen(noisy(smeared(scene, length), 1.0))) for length in (1, 5, 9, 15, 25)]
    assert falls(values)
    assert values[-1] < 0.5


def test_a_faint_picture_in_strong_noise_has_no_answer_rather_than_a_wrong_one() -> None:
    for sigma in (0.0, 1.0, 3.0, 4.0):
        value = measure(seen(noisy(blurred(SCENES["dark box"], sigma), 5.0))).sharpness
        assert value is None or (value > 0.5) == (sigma < 1.6)


@pytest.mark.parametrize("sigma", [0.8, 1.5, 2.5])
def test_the_width_of_a_step_is_measured_in_pixels_whatever_its_height(sigma: float) -> None:
    fine = np.kron(np.indices((6, 6)).sum(axis=0) % 2, np.ones((240, 240)))
    for contrast in (30, 60, 200):
        large = cv2.GaussianBlur(20 + contrast * fine, (0, 0), 4 * sigma)
        step = cv2.resize(large, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        blur = measure(seen(np.asarray(step, dtype=np.float64)))
        assert blur.sigma == pytest.approx(sigma, abs=0.25)


@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("name", ["plain box", "printed box", "photo"])
def test_noise_does_not_read_as_sharpness(name: str, sigma: float) -> None:
    scene = blurred(SCENES[name], sigma)
    clean = sharpness(seen(scene))
    for noise in (2.0, 4.0, 8.0):
        assert sharpness(seen(noisy(scene, noise))) == pytest.approx(clean, abs=0.15)


@pytest.mark.parametrize("name", ["printed box", "photo"])
def test_compression_does_not_change_the_answer(name: str) -> None:
    for sigma in (1.0, 3.0):
        scene = blurred(SCENES[name], sigma)
        for quality in (85, 50):
            assert sharpness(jpeg(scene, quality)) == pytest.approx(sharpness(seen(scene)), abs=0.15)


def test_light_and_contrast_do_not_matter() -> None:
    values = [sharpness(seen(blurred(SCENES[name], 1.8))) for name in ("plain box", "dark box", "bright box")]
    assert max(values) - min(values) < 0.1


def test_a_smaller_picture_of_the_same_scene_is_sharper() -> None:
    large = blurred(SCENES["photo"], 3.0)
    small = cv2.resize(large, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert sharpness(seen(np.asarray(small, dtype=np.float64))) > sharpness(seen(large)) + 0.2


@pytest.mark.parametrize("noise", [0.0, 3.0, 10.0])
def test_nothing_to_see_has_no_answer_instead_of_a_bad_one(noise: float) -> None:
    wall = np.full((360, 640), 120.0) + np.linspace(-20, 20, 640)[None, :]
    assert measure(seen(noisy(wall, noise))).sharpness is None
    assert measure(np.zeros((4, 640), np.uint8)).sharpness is None


@pytest.mark.parametrize("noise", [1.5, 3.0, 6.0, 12.0])
@pytest.mark.parametrize("name", ["plain box", "printed box"])
def test_noise_is_measured(name: str, noise: float) -> None:
    assert measure(seen(noisy(SCENES[name], noise))).noise == pytest.approx(noise, rel=0.15)


def test_odd_sides_and_views_are_taken_as_they_come() -> None:
    gray = seen(SCENES["photo"])
    assert measure(gray[1:, 3:][:301, :423]).sharpness is not None
    assert measure(gray[:, ::-1]).sigma == pytest.approx(measure(gray).sigma, abs=0.05)
