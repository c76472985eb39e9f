"""A box that is a little off is brought onto the corners seen; one that is far off is left alone."""

import numpy as np
import pytest

from sixfaces.observe.parcel import cuboid
from sixfaces.observe.parcel.corner_fit import fitted, peaks
from sixfaces.observe.parcel.look import GRID, Crop, Look
from sixfaces.observe.parcel.slots import RINGS
from sixfaces.observe.parcel.turns import angle, exp

SIZE = (640, 360)
EDGES = 2 * np.array([0.7, 0.5, 0.4]) / np.linalg.norm([0.7, 0.5, 0.4])


def scene(seed: int, *, hidden: int = 0) -> tuple[Look, np.ndarray, np.ndarray]:
    """A look whose corner map shows a random box's visible corners, but for some that a hand hides."""
    rng = np.random.default_rng(seed)
    rotation = exp(rng.normal(0, 1.5, 3))
    place = np.array([rng.normal(0, 0.6), rng.normal(0, 0.3), 4.0])
    pixels = cuboid.project(cuboid.corners(rotation, place, EDGES), SIZE)
    crop = Crop(float(pixels[:, 0].mean()), float(pixels[:, 1].mean()), float(np.ptp(pixels, axis=0).max() * 1.3))
    visible = np.unique(RINGS[cuboid.view_cos(rotation, place, EDGES) > 0.03])
    heat = np.zeros((GRID, GRID))
    grid = np.arange(GRID) + 0.5
    for corner in visible[hidden:]:
        u, v = (pixels[corner] - (crop.x, crop.y)) * GRID / crop.side + GRID / 2 + rng.normal(0, 0.2, 2)
        heat = np.maximum(heat, np.exp(-((grid - v) ** 2)[:, None] / 2 - ((grid - u) ** 2)[None] / 2))
    maps = np.zeros((6, GRID, GRID), np.float32)
    maps[5] = heat
    nothing = np.zeros(4)
    return Look(crop, np.zeros(15), np.zeros(6), np.zeros(2), 0.0, nothing, nothing, np.zeros(3), maps), rotation, place


def test_a_peak_is_found_to_a_fraction_of_a_cell() -> None:
    grid = np.arange(GRID) + 0.5
    heat = np.exp(-((grid - 11.3) ** 2)[:, None] / 2 - ((grid - 20.8) ** 2)[None] / 2).astype(np.float32)
    assert peaks(heat)[0] == pytest.approx([20.8, 11.3], abs=0.15)


def test_a_box_ten_degrees_off_comes_within_three() -> None:
    before, after = [], []
    for seed in range(30):
        look, rotation, place = scene(seed)
        rng = np.random.default_rng(1000 + seed)
        start = exp(rng.normal(0, np.radians(10) / np.sqrt(3), 3)) @ rotation
        fit = fitted(look, start, place * rng.uniform(0.94, 1.06), edges=EDGES * rng.uniform(0.93, 1.07, 3), size=SIZE)
        assert fit is not None
        before.append(np.degrees(angle(start.T @ rotation)))
        after.append(np.degrees(angle(fit.rotation.T @ rotation)))
    assert np.median(before) > 7
    assert np.median(after) < 3


def test_a_hidden_corner_does_not_spoil_the_rest() -> None:
    errors = []
    for seed in range(30):
        look, rotation, place = scene(seed, hidden=1)
        start = exp(np.array([0.08, -0.08, 0.06])) @ rotation
        fit = fitted(look, start, place, edges=EDGES, size=SIZE)
        if fit is not None:
            errors.append(np.degrees(angle(fit.rotation.T @ rotation)))
    assert len(errors) > 15
    assert np.median(errors) < 5


def test_without_corners_there_is_no_fit() -> None:
    look, rotation, place = scene(3)
    look.maps[5] = 0
    assert fitted(look, rotation, place, edges=EDGES, size=SIZE) is None
