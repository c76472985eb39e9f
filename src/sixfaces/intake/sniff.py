"""What the bytes are, by our own look at their first kilobytes, never by file name and never by a decoder's guess.

1. Forms that can point elsewhere or carry programs (playlists, SVG, PostScript, web pages, archives) are named and
   refused, so that no demuxer ever sees them.
2. Forms with a signature are recognised by it; ISO files by their brands and, where brands say nothing, their boxes.
3. Transport streams have no signature, only a byte that returns every 188 or 192: it must return five times.
4. Anything else is unknown.
"""

from collections.abc import Iterator

from sixfaces.media import formats
from sixfaces.media.formats import Format

HEAD_BYTES = 1 << 16
"""How much of a file's beginning is looked at."""

_MOST_BOXES = 64


_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", formats.JPEG),
    (b"\x89PNG\r\n\x1a\n", formats.PNG),
    (b"\x00\x00\x01\xba", formats.MPEGPS),
    (b"%PDF-", formats.PDF),
    (b"GIF87a", formats.GIF),
    (b"GIF89a", formats.GIF),
    (b"FLV\x01", formats.FLV),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", formats.ASF),
    (b"II*\x00", formats.TIFF),
    (b"MM\x00*", formats.TIFF),
    (b"%!PS", formats.POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", formats.POSTSCRIPT),
    (b"PK\x03\x04", formats.ZIP),
    (b"PK\x05\x06", formats.ZIP),
    (b"Rar!\x1a\x07", formats.RAR),
    (b"7z\xbc\xaf\x27\x1c", formats.SEVEN_ZIP),
    (b"\x1f\x8b", formats.GZIP),
    (b"\x7fELF", formats.PROGRAM),
    (b"MZ", formats.PROGRAM),
    (b"#!", formats.PROGRAM),
)

_TEXTS: tuple[tuple[bytes, Format], ...] = (
    (b"#extm3u", formats.M3U8),
    (b"ffconcat", formats.FFCONCAT),
    (b"[playlist]", formats.PLS),
    (b"<mpd", formats.MPD),
    (b"<smil", formats.SMIL),
    (b"<svg", formats.SVG),
    (b"<!doctype html", formats.HTML),
    (b"<html", formats.HTML),
    (b"<script", formats.HTML),
    (b"v=0\r\n", formats.SDP),
    (b"v=0\n", formats.SDP),
)
_TEXT_LOOKED_AT = 2048

_PHOTO_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"), formats.HEIC),
    **dict.fromkeys((b"avif", b"avis"), formats.AVIF),
}
_ISO_TYPES = frozenset(
    (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof", b"sidx", b"uuid")
)


def sniff(head: bytes) -> Format:
    """What a file that begins with `head` (HEAD_BYTES of it, or all) is. Never raises."""
    if not head:
        return formats.EMPTY
    for prefix, what in _SIGNATURES:
        if head.startswith(prefix):
            return what
    if head[:4] == b"RIFF":
        return _riff(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        return formats.WEBM if b"\x42\x82\x84webm" in head[:128] else formats.MATROSKA
    if head[4:8] in _ISO_TYPES:
        return _iso(head)
    return _transport_stream(head) or _text(head) or formats.UNKNOWN


def _riff(head: bytes) -> Format:
    if head[8:12] == b"WEBP":
        return formats.WEBP
    return formats.AVI if head[8:12] in (b"AVI ", b"AVIX") else formats.UNKNOWN


def _iso(head: bytes) -> Format:
    """ISO base media: by major brand, then by compatible brands; without any `ftyp` it is old QuickTime."""
    for kind, payload in _boxes(head):
        if kind != b"ftyp":
            continue
        brands = [payload[0:4], *(payload[i : i + 4] for i in range(8, len(payload) - 3, 4))]
        photo = next((_PHOTO_BRANDS[brand] for brand in brands if brand in _PHOTO_BRANDS), None)
        if brands[0] in _PHOTO_BRANDS:
            return _PHOTO_BRANDS[brands[0]]
        if brands[0] in (b"M4A ", b"M4B ", b"M4P "):
            return formats.M4A
        if brands[0] == b"qt  ":
            return formats.MOV
        if brands[0][:2] == b"3g":
            return formats.THREEGP
        return photo if photo and not {b"isom", b"mp41", b"mp42"} & set(brands) else formats.MP4
    return formats.MOV


def _boxes(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        size, kind = int.from_bytes(head[at : at + 4]), head[at + 4 : at + 8]
        if len(kind) < 4 or size < 8:
            return
        yield kind, head[at + 8 : min(at + size, at + 512)]
        at += size


def _transport_stream(head: bytes) -> Format | None:
    """Plain packets of 188 bytes, or 192 with four bytes of arrival time in front (.mts, .m2ts)."""
    for length, first in ((188, 0), (192, 4)):
        syncs = head[first : first + 5 * length : length]
        if len(syncs) == 5 and set(syncs) == {0x47}:
            return formats.MPEGTS
    return None


def _text(head: bytes) -> Format | None:
    """Forms that begin with words, after a byte order mark, white space, XML declarations and comments."""
    start = head[:_TEXT_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")[2:].lstrip()
    for prefix, what in _TEXTS:
        if start.startswith(prefix):
            return what
    if start.startswith(b"<"):
        inside = next((what for prefix, what in _TEXTS if prefix.startswith(b"<") and prefix in start), None)
        return inside or formats.XML
    return None
