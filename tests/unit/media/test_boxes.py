import struct
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.build import built
from sixfaces.media.boxes import MAX_BOXES, MAX_DEPTH, walk, walk_bytes


def _box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def test_boxes_come_in_file_order_with_their_places() -> None:
    data = _box(b"ftyp", b"isom") + _box(b"moov", _box(b"mvhd", b"12") + _box(b"trak")) + _box(b"mdat", b"xyz")
    boxes, trailing = walk_bytes(data)
    assert [(box.path, box.offset, box.size) for box in boxes] == [
        ("ftyp", 0, 12),
        ("moov", 12, 26),
        ("moov/mvhd", 20, 10),
        ("moov/trak", 30, 8),
        ("mdat", 38, 11),
    ]
    assert boxes[2].payload == b"12"
    assert boxes[4].payload == b""
    assert trailing == 0


def test_a_thousand_boxes_inside_each_other_end_at_the_depth_limit() -> None:
    data = b""
    for _ in range(1000):
        data = _box(b"moov", data)
    boxes, _ = walk_bytes(data)
    assert len(boxes) == MAX_DEPTH + 1


def test_a_million_tiny_boxes_end_at_the_count_limit() -> None:
    boxes, _ = walk_bytes(_box(b"free") * 20_000)
    assert len(boxes) == MAX_BOXES


def test_a_box_that_claims_more_than_the_file_has_is_cut() -> None:
    boxes, trailing = walk_bytes(struct.pack(">I", 1_000_000) + b"mdat" + b"abc")
    assert (boxes[0].size, boxes[0].cut, trailing) == (11, True, 0)


def test_sizes_of_zero_and_sixty_four_bits_are_understood() -> None:
    long = struct.pack(">I", 1) + b"free" + struct.pack(">Q", 20) + b"long"
    boxes, trailing = walk_bytes(long + struct.pack(">I", 0) + b"mdat" + b"to the end")
    assert [(box.path, box.size) for box in boxes] == [("free", 20), ("mdat", 18)]
    assert boxes[0].payload == b"long"
    assert trailing == 0


def test_bytes_that_are_no_box_are_trailing() -> None:
    assert walk_bytes(_box(b"ftyp", b"isom") + b"\x00\x00\x00\x05oops!")[1] == 9


def test_tags_of_both_kinds_are_kept(tmp_path: Path) -> None:
    item = _box(b"\xa9too", _box(b"data", bytes(8) + b"Encoder 9"))
    numbered = _box(struct.pack(">I", 1), _box(b"data", bytes(8) + b"2026-01-02"))
    keys = _box(b"keys", bytes(4) + struct.pack(">I", 1) + _box(b"mdta", b"com.example.date"))
    iso = _box(b"udta", _box(b"meta", bytes(4) + _box(b"hdlr", bytes(8) + b"mdir") + _box(b"ilst", item)))
    quicktime = _box(b"meta", _box(b"hdlr", bytes(8) + b"mdta") + keys + _box(b"ilst", numbered))
    found = {box.path: box.payload for box in walk_bytes(_box(b"moov", iso + quicktime))[0]}
    assert found["moov/udta/meta/ilst/\xa9too/data"].endswith(b"Encoder 9")
    assert found["moov/meta/ilst/#1/data"].endswith(b"2026-01-02")
    assert b"com.example.date" in found["moov/meta/keys"]


def test_a_real_file_is_walked_whole() -> None:
    boxes, trailing = walk(built("h264.mp4"))
    top = [box for box in boxes if "/" not in box.path]
    assert sum(box.size for box in top) == built("h264.mp4").stat().st_size
    assert trailing == 0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_walked_within_their_length(data: bytes) -> None:
    boxes, trailing = walk_bytes(data)
    assert 0 <= trailing <= len(data)
    for box in boxes:
        assert box.offset >= 0
        assert box.offset + box.size <= len(data)
