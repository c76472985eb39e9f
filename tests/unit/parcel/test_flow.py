"""Points followed on the parcel."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Gray
from sixfaces.observe.parcel.flow import Box, surface, turned
from sixfaces.observe.parcel.look import GRID
from sixfaces.observe.parcel.turns import angle, exp
from tests.unit.parcel.painted_box import EDGES, lettered, look, medium, painted, pose
from tests.unit.parcel.painted_box import turned as shown

Real = NDArray[np.float64]

SIZE = (640, 360)


def filmed(rotation: Real) -> Gray:
    """The lettered box, grey."""
    return medium(painted(pose(rotation), lettered())).gray


def box(rotation: Real) -> Box:
    """The painted box as a tracker believes it stands."""
    return Box(rotation, pose(rotation).place, EDGES)


def off(found: Real, wanted: Real) -> float:
    """Degrees between two rotations."""
    return float(np.degrees(angle(found @ wanted.T)))


def moved(degrees: float) -> tuple[Real, Real]:
    """A corner view and the same turned on about a slanted axis."""
    first = exp(np.array([0.45, 0.0, 0.0])) @ shown(Face.FRONT, 25)
    return first, exp(np.radians(degrees) * np.array([0.2, 0.95, 0.24])) @ first


@pytest.mark.parametrize("degrees", [0, 4, 9])
def test_a_turn_is_measured_on_the_true_box(degrees: float) -> None:
    first, second = moved(degrees)
    found = turned((filmed(first), filmed(second)), look(pose(first)), box=box(first))
    assert found is not None
    assert off(found.rotation, second @ first.T) < 2
    assert found.share > 0.6


def test_a_turn_is_still_told_on_a_box_that_stands_ten_degrees_wrong() -> None:
    first, second = moved(8)
    wrong = exp(np.radians(10) * np.array([0.6, 0.0, 0.8])) @ first
    found = turned((filmed(first), filmed(second)), look(pose(first)), box=box(wrong))
    assert found is not None
    assert off(found.rotation, second @ first.T) < max(4.0, 2 * float(np.degrees(found.sigma)))


def test_nothing_is_told_of_a_covered_or_a_bare_parcel() -> None:
    first, second = moved(5)
    covered = look(pose(first), hand=np.ones((GRID, GRID), np.float32))
    assert turned((filmed(first), filmed(second)), covered, box=box(first)) is None
    blank = np.full((360, 640), 90, np.uint8)
    assert turned((blank, blank), look(pose(first)), box=box(first)) is None


def test_rays_meet_the_surface_where_it_was_projected_from() -> None:
    first, _ = moved(0)
    seen = pose(first)
    middles = np.array([seen.corners.mean(axis=0), [5.0, 5.0]])
    points, hit = surface(middles, box(first), SIZE)
    assert hit.tolist() == [True, False]
    assert float(np.abs(points[0] / (EDGES / 2)).max()) == pytest.approx(1.0)
