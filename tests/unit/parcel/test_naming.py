"""The faces' names at the first rest."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sixfaces.observe.parcel.naming import named
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import exp

TAKES = Path(__file__).parents[3] / "fixtures" / "media"


def resting(tilt: float, yaw: float) -> NDArray[np.float64]:
    """A box upright before a camera that looks down by `tilt` degrees, turned by `yaw` about its upright axis."""
    level = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    made: NDArray[np.float64] = exp(np.array([np.radians(tilt), 0, 0])) @ level @ exp(np.array([0, 0, np.radians(yaw)]))
    return made


@pytest.mark.parametrize("name", ["genuine", "bottom_missing"])
def test_names_of_a_recorded_truth_are_found_from_any_twin(name: str) -> None:
    frame = json.loads((TAKES / f"{name}.truth.json").read_text())["frames"][0]
    rotation, place = np.array(frame["R_cam"]), np.array(frame["t_cam"])
    for turn in GROUP:
        assert np.allclose(rotation @ turn @ named(rotation @ turn, place).turn, rotation)


@pytest.mark.parametrize("tilt", [12, 30, 60, 90])
@pytest.mark.parametrize("yaw", [-30, 0, 25])
def test_top_and_front_are_found_for_any_camera_that_looks_down(tilt: float, yaw: float) -> None:
    rotation = resting(tilt, yaw)
    found = named(rotation @ GROUP[13], np.array([0.2, 0.1, 3.0]))
    assert np.allclose(rotation @ GROUP[13] @ found.turn, rotation, atol=1e-9)
    assert found.front_sure > 0.5


def test_which_side_is_the_front_is_doubtful_at_a_corner_view() -> None:
    assert named(resting(35, 44), np.array([0, 0, 3.0])).front_sure < 0.6
    assert named(resting(35, 10), np.array([0, 0, 3.0])).front_sure > 0.9


def test_a_level_view_of_one_face_leaves_the_top_in_doubt() -> None:
    assert named(resting(7, 0), np.array([0, 0, 3.0])).top_sure < 0.8
    assert named(resting(35, 0), np.array([0, 0, 3.0])).top_sure > 0.95
