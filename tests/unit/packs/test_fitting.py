"""Pictures in the sizes that are asked for, made in a jail."""

import cv2
import numpy as np
import pytest

from sixfaces.domain.errors import PackError
from sixfaces.observe.fitting.fitter import fit
from sixfaces.observe.fitting.messages import Fitting, Size
from tests.rig.pack_folders import picture

SIZES = (Size(longest=400, quality=80), Size(longest=100, quality=60))


def _decoded(data: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return np.asarray(found, np.uint8)


def test_each_picture_comes_back_in_each_size_and_none_is_enlarged() -> None:
    small, large = picture(1, width=60, height=40), picture(2)
    found = [[_decoded(one).shape[:2] for one in sizes] for sizes in fit([small, large], Fitting(sizes=SIZES))]
    assert found == [[(40, 60), (40, 60)], [(225, 400), (56, 100)]]


def test_grey_pictures_have_no_colour_left() -> None:
    ((one, _),) = fit([picture(3)], Fitting(sizes=SIZES, grey=True))
    assert _decoded(one).ndim == 2


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert fit([picture(4)], Fitting(sizes=SIZES)) == fit([picture(4)], Fitting(sizes=SIZES))


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(PackError, match=r"pack\.picture"):
        fit([b"\xff\xd8\xff no picture"], Fitting(sizes=SIZES))


def test_nothing_to_do_starts_no_process() -> None:
    assert fit([], Fitting(sizes=SIZES)) == []
