"""How large a JPEG says it is (ITU-T T.81, B.2.2), read without decoding it."""

FRAMES = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive: what is decoded everywhere."""
_ALONE = {0x01, *range(0xD0, 0xD8)}
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA


def longest_of_jpeg(data: bytes) -> int:
    """Pixels of the longer side; 0 where these bytes are no JPEG of a usual kind."""
    if data[:2] != bytes((0xFF, _START)):
        return 0
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in FRAMES:
            height, width = (int.from_bytes(data[at : at + 2], "big") for at in (place + 5, place + 7))
            return max(height, width) if height and width else 0
        if marker in {_END, _SCAN}:
            break
        if marker in _ALONE or marker == 0xFF:
            place += 1 if marker == 0xFF else 2
            continue
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return 0
