"""Small real files, damaged at random by printed seeds: each ends as a record, and no observer of ours breaks.

More of them: `SIXFACES_MUTATIONS=500 pytest tests/e2e/hostile/test_mutations.py`.
"""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.build import built
from sixfaces.domain.facts import UnmeasuredFact
from tests.e2e.hostile.conftest import Observe
from tests.e2e.hostile.test_hostile_media import NEVER

SOURCES = (
    *(
        "hevc.mp4",
        "no_audio.mp4",
        "one_frame.mp4",
        "vfr.mp4",
        "turned_midway.ts",
        "no_pts.avi",
        "av1.mkv",
        "cover_art.mp4",
    ),
    *("photo_from_phone.jpg", "orientation_6.jpg", "signed.jpg", "plain.png", "plain.webp", "plain.heic", "plain.avif"),
)
SEEDS = range(int(os.environ.get("SIXFACES_MUTATIONS", "24")))
MOST_SECONDS = 30.0

_BOXES = (
    *(b"moov", b"mvhd", b"tkhd", b"elst", b"mdhd", b"hdlr", b"stsd", b"stts", b"ctts", b"stsc", b"stsz", b"stco"),
    *(b"avcC", b"hvcC", b"mdat", b"iloc", b"ipma", b"ispe", b"strh", b"strf", b"idx1", b"IHDR", b"VP8 ", b"Exif"),
)
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def _flipped(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(16, len(data)) :]


def _blanked(data: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(data) - 4), chance.choice((4, 16, 500))
    data[at : at + length] = bytes(len(data[at : at + length]))


def _repeated(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + chance.choice((8, 188, 1000))] * chance.choice((1, 20))


def _spliced(data: bytearray, chance: random.Random) -> None:
    other = built(chance.choice(SOURCES)).read_bytes()
    start = chance.randrange(len(other))
    at = chance.randrange(len(data))
    data[at : at + 200] = other[start : start + 200]


def _lied(data: bytearray, chance: random.Random) -> None:
    """An extreme number as the length of a box or chunk, or in the first fields of its payload."""
    places = [place for kind in _BOXES if (place := data.find(kind)) >= 4]
    place = chance.choice(places or [chance.randrange(4, len(data) - 4)])
    at = place - 4 if chance.random() < 0.3 else place + 4 + chance.randrange(60)
    data[at : at + 4] = chance.choice(_NUMBERS).to_bytes(4)


DAMAGE: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flipped, _cut, _blanked, _repeated, _spliced),
    *(_lied, _lied, _lied),
)


def mutated(seed: int) -> tuple[str, bytes]:
    """The name of a fixture, and its bytes after one to three kinds of damage."""
    chance = random.Random(seed)
    name = SOURCES[seed % len(SOURCES)]
    data = bytearray(built(name).read_bytes())
    for damage in chance.choices(DAMAGE, k=chance.choice((1, 1, 2, 3))):
        if len(data) > 16:
            damage(data, chance)
    return name, bytes(data)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_file_ends_as_a_record_and_breaks_no_observer(seed: int, observe: Observe, tmp_path: Path) -> None:
    name, data = mutated(seed)
    path = tmp_path / name
    path.write_bytes(data)
    started = time.monotonic()
    record = observe(path)
    assert time.monotonic() - started < MOST_SECONDS
    assert record.failure is None or record.failure.code not in NEVER, record.failure
    holes = [o.fact for o in record.observations if isinstance(o.fact, UnmeasuredFact)]
    assert not [hole for hole in holes if hole.code == "observer_failed"], (seed, holes)
