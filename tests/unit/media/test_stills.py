from pathlib import Path

import numpy as np
import pytest

from fixtures.build import built
from fixtures.makers.video import CORNERS
from sixfaces.domain.errors import MediaError
from sixfaces.media.frames import Bgr
from sixfaces.media.limits import DECODED_PHOTO_PIXELS
from sixfaces.media.stills import read_photo

UPRIGHT = ["red", "green", "blue", "yellow"]


def _corner_names(bgr: Bgr) -> list[str]:
    rows, columns = bgr.shape[0] // 16, bgr.shape[1] // 16
    spots = ((rows, columns), (rows, -columns), (-rows, -columns), (-rows, columns))
    seen = [np.array(bgr[spot][::-1], dtype=float) for spot in spots]
    return [min(CORNERS, key=lambda name: float(np.abs(rgb - CORNERS[name]).sum())) for rgb in seen]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_come_out_upright(orientation: int) -> None:
    photo = read_photo(built(f"orientation_{orientation}.jpg"), format="jpeg")
    assert _corner_names(photo.bgr) == UPRIGHT
    assert (photo.width, photo.height) == (320, 240)
    assert photo.gray.shape == (240, 320)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("plain.png", "png"),
        ("plain.webp", "webp"),
        ("plain.avif", "avif"),
        ("plain.heic", "heic"),
        ("turned.heic", "heic"),
    ],
)
def test_every_format_is_read_upright_with_its_exif(name: str, format_: str) -> None:
    photo = read_photo(built(name), format=format_)
    assert _corner_names(photo.bgr) == UPRIGHT
    assert photo.bgr.shape == (240, 320, 3)
    assert photo.exif["DateTimeOriginal"] == "2026:03:04 05:06:07"
    assert photo.notes == ()
    assert photo.trailing_bytes == 0


def test_exif_is_kept_as_text_and_the_place_only_as_a_flag() -> None:
    photo = read_photo(built("orientation_6.jpg"), format="jpeg")
    assert photo.exif == {
        "Make": "Maker",
        "Model": "Model 7",
        "Orientation": "6",
        "Software": "Firmware 1.2",
        "DateTime": "2026:03:04 05:06:08",
        "DateTimeOriginal": "2026:03:04 05:06:07",
        "OffsetTimeOriginal": "+08:00",
        "SubSecTimeOriginal": "123",
        "GPS": "present",
        "GPSDateStamp": "2026:03:03",
        "GPSTimeStamp": "21:06:07",
    }
    assert [len(table) for table in photo.quant_tables] == [64, 64]


def test_a_broken_exif_directory_does_not_cost_the_picture() -> None:
    photo = read_photo(built("broken_exif.jpg"), format="jpeg")
    assert _corner_names(photo.bgr) == UPRIGHT
    assert "DateTimeOriginal" not in photo.exif


@pytest.mark.parametrize(("name", "format_"), [("truncated.jpg", "jpeg"), ("truncated.png", "png")])
def test_a_truncated_photo_keeps_its_upper_part_and_says_so(name: str, format_: str) -> None:
    photo = read_photo(built(name), format=format_)
    assert "truncated" in photo.notes
    assert photo.bgr.shape == (240, 320, 3)
    upper = photo.bgr[10:40, 10:40].reshape(-1, 3).mean(axis=0)
    assert upper[2] > 1.5 * upper[0]


def test_a_motion_photo_is_named_and_its_tail_counted() -> None:
    photo = read_photo(built("motion_photo.jpg"), format="jpeg")
    assert photo.embedded == ("motion_photo",)
    assert photo.trailing_bytes == 512
    assert photo.notes == ()


def test_a_large_jpeg_is_decoded_smaller_and_its_true_size_kept() -> None:
    photo = read_photo(built("big.jpg"), format="jpeg")
    assert (photo.width, photo.height) == (6000, 8000)
    assert photo.bgr.shape[0] * photo.bgr.shape[1] <= DECODED_PHOTO_PIXELS
    assert photo.bgr.shape == (4000, 3000, 3)
    assert photo.notes == ("reduced",)


def test_sixteen_bits_become_eight_without_clipping() -> None:
    photo = read_photo(built("sixteen_bit.png"), format="png")
    assert photo.gray[120, 100] == pytest.approx(60 + 120 * 100 / 319, abs=3)


def test_what_is_transparent_is_white() -> None:
    assert read_photo(built("see_through.png"), format="png").gray.min() == 255


@pytest.mark.parametrize(("name", "format_"), [("huge_header.png", "png"), ("bomb.webp", "webp")])
def test_headers_that_claim_too_much_are_refused_before_decoding(name: str, format_: str) -> None:
    with pytest.raises(MediaError) as caught:
        read_photo(built(name), format=format_)
    assert caught.value.code == "media.limits"


@pytest.mark.parametrize("format_", ["jpeg", "png", "webp", "avif", "heic"])
def test_garbage_is_an_error_with_a_code_in_every_format(format_: str, tmp_path: Path) -> None:
    for content in (b"", b"\x00", built("garbage.jpg").read_bytes(), built("plain.heic").read_bytes()[:300]):
        path = tmp_path / "photo"
        path.write_bytes(content)
        with pytest.raises(MediaError) as caught:
            read_photo(path, format=format_)
        assert caught.value.code == "media.undecodable"
        assert caught.value.text.zh


def test_another_format_is_refused() -> None:
    with pytest.raises(MediaError, match=r"media\.format"):
        read_photo(built("plain.png"), format="svg")


def test_only_the_named_decoder_sees_the_bytes() -> None:
    with pytest.raises(MediaError, match=r"media\.undecodable"):
        read_photo(built("plain.png"), format="jpeg")


def test_flipped_bits_never_end_in_another_error(tmp_path: Path) -> None:
    chance = np.random.default_rng(11)
    outcomes: set[str] = set()
    for name, format_ in (("orientation_6.jpg", "jpeg"), ("plain.png", "png"), ("plain.webp", "webp")):
        whole = np.frombuffer(built(name).read_bytes(), dtype=np.uint8)
        for _ in range(40):
            damaged = whole.copy()
            places = chance.integers(4, len(whole), 6)
            damaged[places] = chance.integers(0, 256, 6)
            path = tmp_path / "photo"
            path.write_bytes(damaged.tobytes())
            try:
                outcomes.add(read_photo(path, format=format_).format)
            except MediaError as error:
                outcomes.add(error.code)
    assert outcomes <= {"jpeg", "png", "webp", "media.undecodable", "media.limits"}
