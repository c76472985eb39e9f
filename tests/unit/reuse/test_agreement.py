"""Two pictures agree where one is a copy of the other, whatever was done to it, and not otherwise."""

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from fixtures.reuse_pictures import COPIES, Picture, copied
from sixfaces.adapters.reuse.agreement import Agreement, agreement
from sixfaces.adapters.reuse.patches import Patches, patches_of
from sixfaces.adapters.reuse.search import ALIKE, EXACT, meets
from sixfaces.observe.regions import MOST_OF_PHOTO, regions, told

NAMES = ("ukbench00120.jpg", "adobe-20220124-A.jpg")


def picture(name: str) -> Picture:
    return np.asarray(cv2.imread(str(MEDIA / name)), np.uint8)


def patches(shown: Picture) -> Patches:
    return patches_of(told(regions(np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY), np.uint8)), "moments/01.jpg"))


def agreed(one: Picture, other: Picture) -> Agreement:
    found = agreement(patches(one), patches(other))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_agrees_with_its_original_as_a_copy_does(name: str, kind: str) -> None:
    original = picture(name)
    found = agreed(copied(original, kind, seed=3), original)
    assert meets(found, EXACT)
    assert found.mirrored == ("mirrored" in kind)


def test_other_pictures_do_not_agree() -> None:
    shown = [patches(picture(name)) for name in (*NAMES, "ukbench01380.jpg")]
    for one in range(len(shown)):
        for other in range(one):
            found = agreement(shown[one], shown[other])
            assert found is None or not meets(found, ALIKE)


def test_what_was_done_to_a_copy_is_told() -> None:
    original = picture(NAMES[0])
    wide = original.shape[1]
    half = np.ascontiguousarray(original[:, wide // 2 :])
    found = agreed(half, original)
    assert found.other_box[0] >= 0.48, "the right half"
    assert found.scale == pytest.approx(1.0, abs=0.05)
    turned = agreed(np.ascontiguousarray(np.rot90(original)), original)
    assert turned.turn_deg == pytest.approx(90, abs=2)
    assert not turned.mirrored
    mirrored = agreed(np.ascontiguousarray(half[:, ::-1]), original)
    assert mirrored.mirrored
    assert mirrored.box[0] + mirrored.box[2] <= 1.001


def test_mirrored_hashes_are_those_of_the_mirrored_picture() -> None:
    original = picture(NAMES[0])
    one, other = patches(original), patches(np.ascontiguousarray(original[:, ::-1]))
    assert agreed(original, np.ascontiguousarray(original[:, ::-1])).bits <= 8
    assert one.mirrored.mirrored.bits.tobytes() == one.bits.tobytes()
    assert len(other) == MOST_OF_PHOTO


@pytest.mark.parametrize("flat", [np.zeros((480, 640, 3), np.uint8), np.full((3, 900, 3), 200, np.uint8)])
def test_a_flat_picture_has_no_regions_and_agrees_with_nothing(flat: Picture) -> None:
    assert len(patches(flat)) == 0
    assert agreement(patches(flat), patches(picture(NAMES[0]))) is None


def test_the_same_picture_gives_the_same_fact_byte_for_byte() -> None:
    gray = np.asarray(cv2.cvtColor(picture(NAMES[1]), cv2.COLOR_BGR2GRAY), np.uint8)
    first, second = (told(regions(gray), "moments/01.jpg").model_dump_json() for _ in range(2))
    assert first == second
    assert len(first) < 14_000
