"""From the symmetric tensor to a rotation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.observe.parcel.decode import climb, nearest, trust
from sixfaces.observe.parcel.symmetric import GROUP, tensor
from sixfaces.observe.parcel.turns import angle, exp
from tests.unit.parcel.handled_box import random_rotation


def off(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Degrees between two rotations, twins being equal."""
    return float(np.degrees(angle(np.swapaxes(other @ GROUP, -1, -2) @ one)).min())


def test_any_orientation_is_found_without_a_start() -> None:
    rng = np.random.default_rng(3)
    assert max(off(r, nearest(tensor(r))) for r in (random_rotation(rng) for _ in range(60))) < 0.01


def test_climbing_from_nearby_keeps_the_names_of_the_axes() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        rotation = random_rotation(rng)
        start = exp(rng.normal(size=3) * 0.2) @ rotation
        assert np.allclose(climb(tensor(rotation), start), rotation, atol=1e-3)


def test_many_starts_climb_at_once() -> None:
    rng = np.random.default_rng(5)
    given = tensor(random_rotation(rng)) + rng.normal(size=15) * 0.05
    starts = np.array([random_rotation(rng) for _ in range(20)])
    for one, start in zip(climb(given, starts), starts, strict=True):
        assert np.allclose(one, climb(given, start), atol=2e-3)


def test_no_random_start_ends_higher_than_the_few_that_are_tried() -> None:
    rng = np.random.default_rng(6)
    for _ in range(40):
        given = 0.5 * tensor(random_rotation(rng)) + rng.normal(size=15) * 0.15
        tried = climb(given, np.array([random_rotation(rng) for _ in range(40)]))
        assert float(tensor(nearest(given)) @ given) > float((tensor(tried) @ given).max()) - 1e-6


def test_trust_falls_with_length_and_with_confusion() -> None:
    rng = np.random.default_rng(7)
    rotation = random_rotation(rng)
    assert trust(tensor(rotation), rotation) == pytest.approx(1.0)
    assert trust(0.4 * tensor(rotation), rotation) == pytest.approx(0.4)
    mixed = (tensor(rotation) + tensor(exp(np.array([0.6, 0.3, 0])) @ rotation)) / 2
    assert trust(mixed, nearest(mixed)) < 0.8
    assert trust(np.zeros(15), rotation) == 0.0
