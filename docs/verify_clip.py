#!/usr/bin/env python3
"""Checks that a clip holds the very packets of a sealed take, with nothing but Python's standard library. It shares no
line with the product that cut the clip: written from docs/clips.md, RFC 6962 and ISO/IEC 14496-12, -15 for a stranger.

    python3 verify_clip.py CLIP.mp4 CLAIM.json [--root HEX] [--json]

--root is the take's root as the custody log has it; without it the clip is only held against the claim beside it.
Exit codes: 0 everything holds, 4 something does not, 2 wrong usage. Of a re-encoded clip no byte can be proven: of it
only the claim's own proof is checked, and that is said.
"""

import bisect
import hashlib
import json
import math
import re
import struct
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

LARGEST_INDEX = 64 << 20
LARGEST_PACKET = 256 << 20
MOST_PACKETS = 1_000_000
CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"vp09": "vp9", b"av01": "av1"}
RECORDS = {"h264": b"avcC", "hevc": b"hvcC", "av1": b"av1C", "vp9": None}
"""The box of a sample entry that holds the codec's configuration record; VP9 frames need none."""

FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"}
TIME = re.compile(r"(-?(?:0|[1-9][0-9]{0,18}))/([1-9][0-9]{0,18})")
HASH = re.compile(r"[0-9a-f]{64}")


class Wrong(Exception):
    """Something that does not hold, and leaves nothing further to check: its code and place."""


class Packet(NamedTuple):
    """One sample: when it is shown, in ticks, where its bytes lie, and whether a group begins with it."""

    time: int
    offset: int
    size: int
    is_key: bool


class Track(NamedTuple):
    """The one picture track of a clip."""

    codec: str
    parameters: str
    turned: str
    scale: int
    packets: list[Packet]


def need(condition: object, code: str, place: str) -> None:
    if not condition:
        raise Wrong(code, place)


# ---------------------------------------------------------------- boxes, ISO/IEC 14496-12


def boxes(data: bytes, start: int = 0, end: int | None = None) -> list[tuple[bytes, int, int]]:
    """Kind, and where the payload begins and ends, of each box."""
    found, end = [], len(data) if end is None else end
    while start < end:
        need(start + 8 <= end, "clip.form", "boxes")
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            need(start + 16 <= end, "clip.form", "boxes")
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        need(size >= head and start + size <= end, "clip.form", kind.decode("latin-1"))
        found.append((kind, start + head, start + size))
        start += size
    return found


def payloads(data: bytes, path: list[bytes]) -> list[bytes]:
    """The payloads of all boxes at this path."""
    parts = [data]
    for kind in path:
        parts = [part[a:b] for part in parts for found, a, b in boxes(part) if found == kind]
    return parts


def only(data: bytes, *path: bytes) -> bytes:
    found = payloads(data, list(path))
    need(len(found) == 1, "clip.form", "/".join(kind.decode() for kind in path))
    return found[0]


def index_of(file: BinaryIO) -> bytes:
    """The payload of the one `moov` box; media is not read."""
    size, at, found = file.seek(0, 2), 0, []
    while at < size:
        file.seek(at)
        head = file.read(16)
        need(len(head) >= 8, "clip.form", f"[{at}:{size}]")
        length, kind, begin = struct.unpack(">I", head[:4])[0], head[4:8], 8
        if length == 1 and len(head) == 16:
            length, begin = struct.unpack(">Q", head[8:])[0], 16
        need(begin <= length <= size - at, "clip.form", f"[{at}:{size}]")
        need(kind != b"moof", "clip.form", "moof")  # media that the index does not tell
        if kind == b"moov":
            need(length <= LARGEST_INDEX, "clip.form", "moov")
            file.seek(at + begin)
            found.append(file.read(length - begin))
        at += length
    need(len(found) == 1, "clip.form", "moov")
    return found[0]


def rows(table: bytes, form: str, *, skip: int = 4) -> list[tuple[int, ...]]:
    """The rows of a table that says how many it has."""
    need(len(table) >= skip + 4, "clip.form", "table")
    count, width = struct.unpack_from(">I", table, skip)[0], struct.calcsize(form)
    need(count <= MOST_PACKETS and len(table) == skip + 4 + count * width, "clip.form", "table")
    return list(struct.iter_unpack(form, table[skip + 4 :]))


def repeated(pairs: list[tuple[int, ...]], count: int) -> list[int]:
    """Runs of values written out; exactly `count`."""
    need(sum(many for many, _ in pairs) == count, "clip.form", "runs")
    return [value for many, value in pairs for _ in range(many)]


def track_of(moov: bytes) -> Track:
    """The clip's one track. Everything that players follow is read; what else could lead them astray is refused."""
    traks = payloads(moov, [b"trak"])
    need(len(traks) == 1 and not payloads(moov, [b"mvex"]), "clip.form", "trak")
    trak = traks[0]
    need(only(trak, b"mdia", b"hdlr")[8:12] == b"vide", "clip.form", "hdlr")
    head = only(trak, b"mdia", b"mdhd")
    scale = struct.unpack_from(">I", head, 20 if head[:1] == b"\1" else 12)[0]
    need(scale > 0, "clip.form", "mdhd")
    inside = only(trak, b"mdia", b"minf", b"dinf", b"dref")  # media of this very file, and of no other
    need(inside == b"\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1", "clip.form", "dref")
    table = only(trak, b"mdia", b"minf", b"stbl")
    codec, parameters = described(only(table, b"stsd"))
    packets = packets_of(table)
    shown(moov, trak, scale=scale, packets=packets)
    return Track(codec, parameters, turned(only(trak, b"tkhd")), scale, packets)


def described(stsd: bytes) -> tuple[str, str]:
    """Codec and digest of its configuration record."""
    need(len(stsd) > 8 and stsd[4:8] == b"\0\0\0\1", "clip.form", "stsd")
    entries = boxes(stsd, 8)
    need(len(entries) == 1 and entries[0][0] in CODECS, "clip.form", "stsd")
    kind, start, end = entries[0]
    codec = CODECS[kind]
    record = RECORDS[codec]
    if record is None:
        return codec, hashlib.sha256().hexdigest()
    told = bytearray(only(stsd[start + 78 : end], record))
    if codec == "hevc" and len(told) >= 23:  # whether parameter sets may stand elsewhere too does not count
        at = 23
        for _ in range(told[22]):
            need(at + 3 <= len(told), "clip.form", "hvcC")
            told[at] &= 0x7F
            units, at = int.from_bytes(told[at + 1 : at + 3], "big"), at + 3
            for _ in range(units):
                at += 2 + int.from_bytes(told[at : at + 2], "big")
    return codec, hashlib.sha256(told).hexdigest()


def packets_of(table: bytes) -> list[Packet]:
    """All samples in decoding order."""
    sizes_box = only(table, b"stsz")
    need(len(sizes_box) >= 12, "clip.form", "stsz")
    same, count = struct.unpack_from(">2I", sizes_box, 4)
    need(0 < count <= MOST_PACKETS, "clip.form", "stsz")
    sizes = [same] * count if same else [size for (size,) in rows(sizes_box, ">I", skip=8)]
    need(max(sizes) <= LARGEST_PACKET, "clip.form", "stsz")
    steps = repeated(rows(only(table, b"stts"), ">2I"), count)
    late = payloads(table, [b"ctts"])
    delays = repeated(rows(late[0], ">Ii"), count) if late else [0] * count
    keys = payloads(table, [b"stss"])
    is_key = {number for (number,) in rows(keys[0], ">I")} if keys else set(range(1, count + 1))
    found, at = [], 0
    for number, (offset, size) in enumerate(zip(offsets(table, sizes), sizes, strict=True)):
        found.append(Packet(at + delays[number], offset, size, number + 1 in is_key))
        at += steps[number]
    return found


def offsets(table: bytes, sizes: list[int]) -> list[int]:
    """Where each sample lies: chunks have so many samples each, one behind the other."""
    narrow, wide = payloads(table, [b"stco"]), payloads(table, [b"co64"])
    need(len(narrow) + len(wide) == 1, "clip.form", "stco")
    chunks = [at for (at,) in (rows(narrow[0], ">I") if narrow else rows(wide[0], ">Q"))]
    runs = rows(only(table, b"stsc"), ">3I")
    found, number = [], 0
    for row, (first, many, _) in enumerate(runs):
        behind = runs[row + 1][0] if row + 1 < len(runs) else len(chunks) + 1
        need(1 <= first < behind <= len(chunks) + 1 and (row or first == 1), "clip.form", "stsc")
        for chunk in range(first - 1, behind - 1):
            at = chunks[chunk]
            need(number + many <= len(sizes), "clip.form", "stsc")
            for _ in range(many):
                found.append(at)
                at, number = at + sizes[number], number + 1
    need(number == len(sizes), "clip.form", "stsc")
    return found


def turned(tkhd: bytes) -> str:
    """Degrees clockwise, `m` behind them where pictures are mirrored first."""
    at = 52 if tkhd[:1] == b"\1" else 40
    need(len(tkhd) >= at + 36, "clip.form", "tkhd")
    a, b, _, c, d = struct.unpack_from(">5i", tkhd, at)
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return f"{round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360}{'m' if mirrored else ''}"


def shown(moov: bytes, trak: bytes, *, scale: int, packets: list[Packet]) -> None:
    """An edit list may skip pictures that lead the first key frame, and nothing else."""
    lists = payloads(trak, [b"edts", b"elst"])
    if not lists:
        return
    need(len(lists) == 1, "clip.shown", "elst")
    movie = only(moov, b"mvhd")
    movie_scale = struct.unpack_from(">I", movie, 20 if movie[:1] == b"\1" else 12)[0]
    edits = rows(lists[0], ">Qqhh" if lists[0][:1] == b"\1" else ">Iihh")
    need(len(edits) == 1 and movie_scale > 0, "clip.shown", "elst")
    length, start, rate, part = edits[0]
    last = max(packet.time for packet in packets)
    need((rate, part) == (1, 0) and 0 <= start <= packets[0].time, "clip.shown", "elst")
    need(length == 0 or (length + 1) * scale >= (last - start) * movie_scale, "clip.shown", "elst")


# ---------------------------------------------------------------- leaves and the tree, docs/clips.md and RFC 6962


def time_of(text: object) -> Fraction:
    match = TIME.fullmatch(text) if isinstance(text, str) else None
    need(match, "clip.claim", "start")
    return Fraction(int(match[1]), int(match[2]))


def leaves_of(file: BinaryIO, track: Track, ranges: list[dict[str, Any]]) -> list[bytes]:
    """The leaf of each of the clip's groups, at the times that they have in the take."""
    head = f"sixfaces.group/1\n{track.codec}\n{track.parameters}\n{track.turned}\n".encode()
    starts, number = {}, 0
    for one in ranges:
        starts[number] = time_of(one["start"])
        number += one["groups"]
    size = file.seek(0, 2)
    found, digest, shift = [], None, Fraction(0)
    for packet in track.packets:
        at = Fraction(packet.time, track.scale)
        if packet.is_key or digest is None:
            found.append(digest)
            shift = starts[len(found) - 1] - at if len(found) - 1 in starts else shift
            digest = hashlib.sha256(b"\0" + head)
        need(packet.offset + packet.size <= size, "clip.form", f"group {len(found) - 1}")
        file.seek(packet.offset)
        told = at + shift
        digest.update(struct.pack(">qQQ", told.numerator, told.denominator, packet.size))
        digest.update(file.read(packet.size))
    return [one.digest() for one in [*found[1:], digest] if one is not None]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def rebuilt(place: tuple[int, int], kept: list[tuple[int, bytes]], path: list[bytes]) -> bytes:
    """Hash of the subtree over groups low to high; takes what it needs from the front of `path`."""
    low, high = place
    first = bisect.bisect_left(kept, (low,))
    if first == len(kept) or kept[first][0] >= high:
        need(path, "clip.proof", "path")
        return path.pop(0)
    if high - low == 1:
        return kept[first][1]
    middle = low + (1 << ((high - low - 1).bit_length() - 1))
    left = rebuilt((low, middle), kept, path)
    return node(left, rebuilt((middle, high), kept, path))


def stands(claim: dict[str, Any], leaves: list[bytes]) -> bool:
    """Whether these leaves stand where the claim says, under its root."""
    kept = list(zip(numbers_of(claim), leaves, strict=True))
    path = [bytes.fromhex(text) for text in claim["path"]]
    try:
        found = rebuilt((0, claim["take"]["groups"]), kept, path)
    except Wrong:
        return False
    return not path and found.hex() == claim["take"]["root"]


# ---------------------------------------------------------------- the claim


def check_form(claim: dict[str, Any]) -> None:
    """Raises Wrong for a claim that is not of the one form."""
    try:
        take, reached = claim["take"], -1
        need(claim["form"] == "sixfaces.clip/1" and take["form"] == "sixfaces.take/1", "clip.claim", "form")
        need(claim["kind"] in {"copied", "encoded"}, "clip.claim", "kind")
        need(type(take["groups"]) is int and 0 < take["groups"] <= MOST_PACKETS, "clip.claim", "groups")
        need(
            all(HASH.fullmatch(text) for text in [take["root"], take["parameters"], *claim["path"]]),
            "clip.claim",
            "hashes",
        )
        need(isinstance(claim["turned"], str) and isinstance(take["codec"], str), "clip.claim", "turned")
        for one in claim["ranges"]:
            need(type(one["first"]) is int and type(one["groups"]) is int, "clip.claim", "ranges")
            need(one["first"] > reached and one["groups"] > 0, "clip.claim", "ranges")
            reached = one["first"] + one["groups"]
            time_of(one["start"])
        need(0 < reached <= take["groups"], "clip.claim", "ranges")
        need(all(HASH.fullmatch(text) for text in claim["leaves"]), "clip.claim", "leaves")
        need(len(claim["leaves"]) == len(numbers_of(claim)), "clip.claim", "leaves")
    except (KeyError, TypeError, AttributeError):
        raise Wrong("clip.claim", "form") from None


def faults_of(file: BinaryIO, claim: dict[str, Any], root: str | None = None) -> list[tuple[str, str]]:
    """What does not hold of a clip and its claim, as codes and places; nothing where all holds."""
    try:
        need(isinstance(claim, dict), "clip.claim", "form")
        if claim.get("kind") == "encoded" and "take" not in claim:
            need(claim.get("form") == "sixfaces.clip/1", "clip.claim", "form")
            return [("clip.unbound", "take")] if root is not None else []
        check_form(claim)
        if root is not None and claim["take"]["root"] != root:
            return [("clip.root", claim["take"]["root"])]
        need(stands(claim, [bytes.fromhex(text) for text in claim["leaves"]]), "clip.proof", "leaves")
        return copied_faults(file, claim) if claim["kind"] == "copied" else []
    except Wrong as wrong:
        return [(wrong.args[0], wrong.args[1])]


def copied_faults(file: BinaryIO, claim: dict[str, Any]) -> list[tuple[str, str]]:
    track = track_of(index_of(file))
    take = claim["take"]
    for what, found, told in (
        ("codec", track.codec, take["codec"]),
        ("parameters", track.parameters, take["parameters"]),
        ("turned", track.turned, claim["turned"]),
    ):
        need(found == told, "clip.setup", f"{what}: {found}")
    need(track.packets[0].is_key, "clip.group", "group 0")
    leaves, numbers = leaves_of(file, track, claim["ranges"]), numbers_of(claim)
    need(len(leaves) == len(numbers), "clip.groups", f"{len(leaves)} / {len(numbers)}")
    each = zip(numbers, leaves, claim["leaves"], strict=True)
    return [("clip.group", f"group {number}") for number, leaf, told in each if leaf.hex() != told]


def numbers_of(claim: dict[str, Any]) -> list[int]:
    """Which of the take's groups the clip holds, or was made from."""
    return [one["first"] + number for one in claim["ranges"] for number in range(one["groups"])]


def checked(claim: dict[str, Any]) -> str:
    """In words: what was checked of such a clip, and what this program cannot say."""
    if claim["kind"] == "copied":
        return "Of the clip every packet was checked; sound is not part of it, and the shape of a pixel is not proven."
    return (
        "The clip was made anew: that it shows the take is its maker's word, in the signed manifest. To see for"
        " yourself, look at the original between the times that the claim tells."
    )


def main(arguments: list[str]) -> int:
    try:
        words = [one for one in arguments if one != "--json"]
        root = words.pop(words.index("--root") + 1) if "--root" in words else None
        clip, told = [one for one in words if one != "--root"]
        claim = json.loads(Path(told).read_bytes())
        with Path(clip).open("rb") as file:
            faults = faults_of(file, claim, root)
    except (OSError, ValueError, IndexError) as problem:
        sys.stderr.write(f"{__doc__}\n{problem}\n")
        return 2
    if "--json" in arguments:
        told = [{"code": code, "place": place} for code, place in faults]
        sys.stdout.write(json.dumps({"holds": not faults, "rooted": root is not None, "faults": told}))
    else:
        for code, place in faults:
            sys.stdout.write(f"{place}: {code}\n")
        sys.stdout.write("DOES NOT HOLD\n" if faults else f"holds\n{checked(claim)}\n")
        if root is None:
            sys.stdout.write("Held against its own claim only: name the root of the custody entry by --root.\n")
    return 4 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
