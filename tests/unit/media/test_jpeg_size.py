"""How large a JPEG says it is, before anything decodes it."""

import cv2
import numpy as np
import pytest

from sixfaces.media.jpeg_size import longest_of_jpeg

PICTURE = np.zeros((40, 70, 3), np.uint8)


def encoded(form: str, *flags: int) -> bytes:
    done, data = cv2.imencode(form, PICTURE, list(flags))
    assert done
    return bytes(data.tobytes())


@pytest.mark.parametrize("flags", [(), (cv2.IMWRITE_JPEG_PROGRESSIVE, 1), (cv2.IMWRITE_JPEG_RST_INTERVAL, 1)])
def test_the_longer_side_is_told_of_each_usual_kind(flags: tuple[int, ...]) -> None:
    assert longest_of_jpeg(encoded(".jpg", *flags)) == 70


def test_a_comment_that_looks_like_a_frame_is_passed_over() -> None:
    data = encoded(".jpg")
    comment = b"\xff\xfe\x00\x0c\xff\xc0\x00\x11\x08\x00\x01\x00\x01\x03"
    assert longest_of_jpeg(data[:2] + comment + data[2:]) == 70


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff", encoded(".png"), encoded(".jpg")[:30]])
def test_what_is_no_whole_jpeg_has_no_size(data: bytes) -> None:
    assert longest_of_jpeg(data) == 0


def test_a_header_that_claims_a_huge_picture_is_believed() -> None:
    data = encoded(".jpg")
    at = data.index(b"\xff\xc0")
    assert longest_of_jpeg(data[: at + 7] + b"\xff\xff" + data[at + 9 :]) == 65535
