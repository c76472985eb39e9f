"""What the renderer shows and what it says of it agree."""

import numpy as np
import pytest

from parcelnet.pool import Pool
from parcelnet.sample import Sample, sample
from sixfaces.observe.parcel import symmetric
from sixfaces.observe.parcel.look import GRID, INPUT, KINDS, MAPS, SEALS, STATES


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    rng = np.random.default_rng(31)
    pool = Pool(rng, cartons=4, surfaces=6, prints=4)
    return [sample(rng, pool) for _ in range(60)]


def test_the_same_seed_renders_the_same_picture() -> None:
    first, second = (
        sample(rng, Pool(rng, cartons=1, surfaces=2, prints=2)) for rng in (np.random.default_rng(5) for _ in range(2))
    )
    assert (first.image == second.image).all()
    assert (first.maps == second.maps).all()


def test_a_sample_has_the_shapes_that_the_network_learns(samples: list[Sample]) -> None:
    for made in samples:
        assert made.image.shape == (INPUT, INPUT, 3)
        assert made.maps.shape == (len(MAPS), GRID, GRID)
        assert np.isfinite(made.pose).all()
        kind, state, seal = made.labels
        assert -1 <= kind < len(KINDS)
        assert -1 <= state < len(STATES)
        assert -1 <= seal < len(SEALS)


def test_orientation_is_told_for_boxes_only_and_is_that_of_one_rotation(samples: list[Sample]) -> None:
    boxes = [made for made in samples if made.known[0]]
    assert len(boxes) > 30
    for made in boxes:
        assert made.labels[0] == KINDS.index("box")
        assert np.linalg.norm(made.pose[:15]) == pytest.approx(symmetric.NORM, rel=1e-4)
        assert made.pose[15:18].sum() == pytest.approx(1.0, rel=1e-4)


def test_the_middle_lies_in_what_is_marked_as_parcel_when_nothing_covers_it(samples: list[Sample]) -> None:
    hits = tried = 0
    for made in samples:
        u, v = made.pose[21:23]
        clear = made.maps[1].mean() < 5 and made.labels[1] == STATES.index("closed")
        if made.known[1] and clear and max(abs(u), abs(v)) < 0.8:
            tried += 1
            hits += made.maps[0][int((v + 1) / 2 * GRID), int((u + 1) / 2 * GRID)] > 127
    assert tried >= 5
    assert hits >= 0.8 * tried


def test_corners_are_marked_on_or_beside_the_parcel(samples: list[Sample]) -> None:
    for made in samples:
        rows, columns = np.nonzero(made.maps[5] > 200)
        for row, column in zip(rows, columns, strict=True):
            near = made.maps[0][max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
            assert near.max() > 0
