"""Fingerprints: copies are near, other pictures far, mirrors found without touching a pixel."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from fixtures.build import MEDIA
from sixfaces.domain.facts import FingerprintFact
from sixfaces.domain.fingerprint import GOOD_QUALITY, Symmetry, closest, distance, variants
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray, MediumFrame, Photo
from sixfaces.observe.fingerprints import LONGEST_S, Fingerprints, fingerprint


def picture(name: str) -> Gray:
    found = cv2.imread(str(MEDIA / name), cv2.IMREAD_GRAYSCALE)
    assert found is not None
    return found.astype(np.uint8, copy=False)


ORIGINAL = picture("ukbench00120.jpg")


def jpeg(quality: int) -> Gray:
    _, data = cv2.imencode(".jpg", ORIGINAL, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


TURNS: dict[Symmetry, Callable[[Gray], Gray]] = {
    Symmetry.SAME: lambda g: g,
    Symmetry.TURNED_90: lambda g: np.rot90(g, -1),
    Symmetry.TURNED_180: lambda g: np.rot90(g, 2),
    Symmetry.TURNED_270: lambda g: np.rot90(g, 1),
    Symmetry.MIRRORED: lambda g: g[:, ::-1],
    Symmetry.FLIPPED: lambda g: g[::-1],
    Symmetry.TRANSPOSED: lambda g: g.T,
    Symmetry.TRANSVERSED: lambda g: np.rot90(g, 2).T,
}


@pytest.mark.parametrize(
    ("copy", "most"),
    [
        (jpeg(40), 4),
        (jpeg(10), 12),
        (cv2.resize(ORIGINAL, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 4),
        (picture("ukbench00120_resize.jpg"), 4),
        (np.clip(ORIGINAL.astype(np.int16) + 30, 0, 255).astype(np.uint8), 10),
        (cv2.GaussianBlur(ORIGINAL, (0, 0), 2), 8),
        (ORIGINAL[12:-12, 16:-16], 48),
    ],
    ids=["jpeg 40", "jpeg 10", "half size", "squeezed", "brighter", "blurred", "5 % cropped"],
)
def test_copies_are_near(copy: Gray, most: int) -> None:
    assert distance(fingerprint(ORIGINAL)[0], fingerprint(copy)[0]) <= most


def test_other_pictures_are_far_whichever_way_they_are_turned() -> None:
    names = ("ukbench00120.jpg", "ukbench01380.jpg", "adobe-20220124-A.jpg", "adobe-20220124-C.jpg")
    hashes = [fingerprint(picture(name))[0] for name in names]
    apart = [closest(one, other)[0] for index, one in enumerate(hashes) for other in hashes[:index]]
    assert min(apart) > 90


def test_a_picture_edited_in_its_colours_is_still_found() -> None:
    edited = fingerprint(picture("adobe-20220124-CA.jpg"))[0]
    assert distance(edited, fingerprint(picture("adobe-20220124-A.jpg"))[0]) <= 16


@pytest.mark.parametrize("symmetry", list(Symmetry))
def test_the_variant_of_a_hash_is_the_hash_of_the_variant(symmetry: Symmetry) -> None:
    turned = np.ascontiguousarray(TURNS[symmetry](ORIGINAL))
    assert distance(variants(fingerprint(ORIGINAL)[0])[symmetry], fingerprint(turned)[0]) <= 2


def test_a_mirrored_copy_is_recognised_as_mirrored() -> None:
    mirrored = fingerprint(picture("ukbench00120_hflip.jpg"))[0]
    bits, symmetry = closest(mirrored, fingerprint(ORIGINAL)[0])
    assert bits <= 4
    assert symmetry is Symmetry.MIRRORED


def test_variants_form_a_group() -> None:
    every = set(variants(fingerprint(ORIGINAL)[0]).values())
    assert len(every) == 8
    for turned in every:
        assert set(variants(turned).values()) == every


@pytest.mark.parametrize("wrong", ["", "0" * 63, "G" * 64, "A" * 64])
def test_what_is_no_fingerprint_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case"):
        distance(wrong, "0" * 64)


def test_flat_pictures_have_low_quality_and_rich_ones_high() -> None:
    flat = np.full((360, 640), 128, np.uint8)
    assert fingerprint(flat)[1] == 0.0
    assert fingerprint(picture("adobe-20220124-C.jpg"))[1] < GOOD_QUALITY
    assert fingerprint(ORIGINAL)[1] > GOOD_QUALITY


def frame(index: int, gray: Gray, fps: float = 10.0) -> MediumFrame:
    time = MediaTime(ticks=round(index * 1000 / fps), den=1000)
    return MediumFrame(index, time, np.dstack([gray] * 3), gray)


def told(frames: list[MediumFrame]) -> FingerprintFact:
    observer = Fingerprints(lambda _name, _data: None)
    for each in frames:
        observer.medium(each)
    [measured] = observer.finish()
    assert isinstance(measured.fact, FingerprintFact)
    assert measured.span is not None
    return measured.fact


def test_a_still_scene_is_kept_rarely_and_a_change_at_once() -> None:
    other = picture("ukbench01380.jpg")
    fact = told([frame(i, ORIGINAL if i < 150 else other) for i in range(300)])
    assert fact.at_s == (0.0, LONGEST_S, 15.0, 25.0)


def test_a_photo_has_one_and_nothing_has_none() -> None:
    observer = Fingerprints(lambda _name, _data: None)
    assert list(observer.finish()) == []
    observer.photo(Photo(np.dstack([ORIGINAL] * 3), ORIGINAL, "jpeg", {}, (), (), 0))
    [measured] = observer.finish()
    assert isinstance(measured.fact, FingerprintFact)
    assert len(measured.fact.hashes) == 1
