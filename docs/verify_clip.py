#!/usr/bin/env python3
"""Checks that a clip holds the very packets of a sealed take, with nothing but Python's standard library. It shares no
line with the product that cut the clip: written from docs/clips.md, RFC 6962 and ISO/IEC 14496-12, -15 for a stranger.

    python3 verify_clip.py CLIP.mp4 CLAIM.json [--root HEX] [--json]

--root is the take's root as the custody log has it; without it the clip is only held against the claim beside it.
Exit codes: 0 everything holds, 4 something does not, 2 wrong usage, 3 nothing is proven: the clip was made anew, and is
the file that its claim names; that it shows the take is its maker's word.
"""

import bisect
import hashlib
import itertools
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

KNOWN = {
    (): b"ftyp free mdat moov skip uuid",
    (b"moov",): b"mvhd trak udta free",
    (b"moov", b"trak"): b"tkhd edts mdia free",
    (b"moov", b"trak", b"edts"): b"elst",
    (b"moov", b"trak", b"mdia"): b"mdhd hdlr minf",
    (b"moov", b"trak", b"mdia", b"minf"): b"vmhd hdlr dinf stbl",
    (b"moov", b"trak", b"mdia", b"minf", b"dinf"): b"dref",
    (b"moov", b"trak", b"mdia", b"minf", b"stbl"): b"stsd stts stss ctts stsc stsz stco co64 sdtp sgpd sbgp stps cslg",
}
"""All boxes that may stand in a clip: none cuts, covers, moves or shapes a picture behind this program's back."""

IN_ENTRY = b"avcC hvcC av1C vpcC pasp colr btrt fiel mdcv clli dvcC dvvC"
"""And in the description of its pictures: how they are decoded and coloured; no cropping, nothing around a viewer."""

ONE = 1 << 16
UPRIGHT = (ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30)
LEAST_SIDE = 16
LONGEST_WAIT = 1
"""Seconds for which a clip may stand still before its first picture and behind the last of a range."""

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


class Head(NamedTuple):
    """What the head of a clip, a track or its media says: ticks a second, how many ticks, and what stands behind."""

    scale: int
    length: int
    rest: bytes


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
        need(kind in KNOWN[()].split(), "clip.form", kind.decode("latin-1"))  # no media that the index does not tell
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


def check_boxes(data: bytes, path: tuple[bytes, ...]) -> None:
    """Raises Wrong for any box that is not among those known, down from here."""
    for kind, start, end in boxes(data):
        need(kind in KNOWN[path].split(), "clip.form", b"/".join([*path, kind]).decode("latin-1"))
        if (*path, kind) in KNOWN:
            check_boxes(data[start:end], (*path, kind))


def head_of(box: bytes) -> Head:
    """Of `mvhd` or `mdhd`. A length of ones only is not told: then it ends nothing, and is -1 here."""
    need(box[:1] in {b"\0", b"\1"}, "clip.form", "version")
    at, form, ones = (20, ">IQ", 2**64 - 1) if box[:1] == b"\1" else (12, ">II", 2**32 - 1)
    scale, length = struct.unpack_from(form, box, at)
    need(scale > 0, "clip.form", "scale")
    return Head(scale, -1 if length == ones else length, box[at + struct.calcsize(form) :])


def length_of_track(tkhd: bytes) -> int:
    """In the movie's ticks; -1 where it is not told."""
    at, form, ones = (28, ">Q", 2**64 - 1) if tkhd[:1] == b"\1" else (20, ">I", 2**32 - 1)
    (length,) = struct.unpack_from(form, tkhd, at)
    return -1 if length == ones else length


def track_of(moov: bytes) -> Track:
    """The clip's one track. Everything that players follow is read; what else could lead them astray is refused."""
    check_boxes(moov, (b"moov",))
    traks = payloads(moov, [b"trak"])
    need(len(traks) == 1, "clip.form", "trak")
    trak, movie = traks[0], head_of(only(moov, b"mvhd"))
    need(only(trak, b"mdia", b"hdlr")[8:12] == b"vide", "clip.form", "hdlr")
    media = head_of(only(trak, b"mdia", b"mdhd"))
    inside = only(trak, b"mdia", b"minf", b"dinf", b"dref")  # media of this very file, and of no other
    need(inside == b"\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1", "clip.form", "dref")
    table = only(trak, b"mdia", b"minf", b"stbl")
    codec, parameters, size = described(only(table, b"stsd"))
    packets = packets_of(table)
    need(movie.rest[:4] == struct.pack(">I", ONE), "clip.shown", "mvhd rate")
    need(struct.unpack_from(">9i", movie.rest, 16) == UPRIGHT, "clip.shown", "mvhd matrix")
    edited(trak, packets, movie=movie, media=media)
    return Track(codec, parameters, turned(only(trak, b"tkhd"), size), media.scale, packets)


def described(stsd: bytes) -> tuple[str, str, tuple[int, int]]:
    """Codec, digest of its configuration record, and width and height."""
    need(len(stsd) > 8 and stsd[4:8] == b"\0\0\0\1", "clip.form", "stsd")
    entries = boxes(stsd, 8)
    need(len(entries) == 1 and entries[0][0] in CODECS, "clip.form", "stsd")
    kind, start, end = entries[0]
    codec, size = CODECS[kind], struct.unpack_from(">2H", stsd, start + 24)
    record = RECORDS[codec]
    need(stsd[start + 6 : start + 8] == b"\0\1" and min(size) >= LEAST_SIDE, "clip.form", "stsd")
    for inside, _, _ in boxes(stsd, start + 78, end):
        need(inside in IN_ENTRY.split(), "clip.form", f"stsd/{inside.decode('latin-1')}")
    if record is None:
        return codec, hashlib.sha256().hexdigest(), size
    told = bytearray(only(stsd[start + 78 : end], record))
    if codec == "hevc" and len(told) >= 23:  # whether parameter sets may stand elsewhere too does not count
        at = 23
        for _ in range(told[22]):
            need(at + 3 <= len(told), "clip.form", "hvcC")
            told[at] &= 0x7F
            units, at = int.from_bytes(told[at + 1 : at + 3], "big"), at + 3
            for _ in range(units):
                at += 2 + int.from_bytes(told[at : at + 2], "big")
    return codec, hashlib.sha256(told).hexdigest(), size


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
    for row, (first, many, description) in enumerate(runs):
        behind = runs[row + 1][0] if row + 1 < len(runs) else len(chunks) + 1
        need(1 <= first < behind <= len(chunks) + 1 and (row or first == 1), "clip.form", "stsc")
        need(description == 1, "clip.form", "stsc")
        for chunk in range(first - 1, behind - 1):
            at = chunks[chunk]
            need(number + many <= len(sizes), "clip.form", "stsc")
            for _ in range(many):
                found.append(at)
                at, number = at + sizes[number], number + 1
    need(number == len(sizes), "clip.form", "stsc")
    return found


def turned(tkhd: bytes, size: tuple[int, int]) -> str:
    """Degrees clockwise, `m` behind them where pictures are mirrored first: one of the eight ways in which a picture
    lies in its own place, at its own size, on a track that is on."""
    need(len(tkhd) in {84, 96} and tkhd[3] & 1, "clip.shown", "tkhd")
    *matrix, wide, high = struct.unpack_from(">9i2I", tkhd, len(tkhd) - 44)
    a, b, u, c, d, v, x, y, w = matrix
    need((u, v, w) == (0, 0, 1 << 30) and sorted(map(abs, (a, b))) == [0, ONE], "clip.shown", "tkhd matrix")
    need((abs(c), abs(d)) == (abs(b), abs(a)) and a * c + b * d == 0, "clip.shown", "tkhd matrix")
    sides = (a * wide + c * high) // ONE, (b * wide + d * high) // ONE
    need((x, y) in {(0, 0), (max(0, -sides[0]), max(0, -sides[1]))}, "clip.shown", "tkhd matrix")
    need(high == size[1] * ONE and size[0] * ONE <= 8 * wide <= 64 * size[0] * ONE, "clip.shown", "tkhd size")
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return f"{round(math.degrees(math.atan2(b, a))) % 360}{'m' if mirrored else ''}"


def edited(trak: bytes, packets: list[Packet], *, movie: Head, media: Head) -> None:
    """An edit list may skip pictures that lead the first key frame, and nothing else; no head ends the clip before its
    last picture, and none lets it wait for its first."""
    lists = payloads(trak, [b"edts", b"elst"])
    last, start = max(packet.time for packet in packets), 0
    lengths = [("mvhd", movie.length), ("tkhd", length_of_track(only(trak, b"tkhd")))]
    if lists:
        edits = rows(lists[0], ">Qqhh" if lists[0][:1] == b"\1" else ">Iihh")
        need(len(lists) == 1 and len(edits) == 1, "clip.shown", "elst")
        length, start, rate, part = edits[0]
        need((rate, part) == (1, 0) and 0 <= start <= packets[0].time, "clip.shown", "elst")
        lengths.append(("elst", length or -1))
    need(packets[0].time - start <= LONGEST_WAIT * media.scale, "clip.shown", "start")
    need(media.length < 0 or media.length > last - packets[0].time, "clip.shown", "mdhd")
    for name, length in lengths:
        need(length < 0 or length * media.scale > (last - start) * movie.scale, "clip.shown", name)


# ---------------------------------------------------------------- leaves and the tree, docs/clips.md and RFC 6962


def time_of(text: object) -> Fraction:
    match = TIME.fullmatch(text) if isinstance(text, str) else None
    need(match, "clip.claim", "start")
    return Fraction(int(match[1]), int(match[2]))


def starts_of(ranges: list[dict[str, Any]]) -> dict[int, Fraction]:
    """By the clip's own number of its first group: the time in the take at which each range starts."""
    starts, number = {}, 0
    for one in ranges:
        starts[number] = time_of(one["start"])
        number += one["groups"]
    return starts


def check_order(track: Track, claim: dict[str, Any]) -> None:
    """Each range of groups is shown where the one before ends, and the claim says what of the take that is. A range
    ends with its last picture, whose length nothing proves: so none stands still for long."""
    begins, starts, group, wait = [], starts_of(claim["ranges"]), -1, LONGEST_WAIT * track.scale
    for packet in track.packets:
        group += packet.is_key
        if packet.is_key and group in starts:
            begins.append([packet.time, packet.time, packet.time])
        first, early, late = begins[-1]
        begins[-1] = [first, min(early, packet.time), max(late, packet.time)]
    for number, (before, behind) in enumerate(itertools.pairwise(begins), 1):
        gap = behind[1] - before[2]
        need(behind[0] == behind[1] and 0 < gap <= wait, "clip.shown", f"range {number}")
    told = [(time_of(one["from"]), time_of(one["to"])) for one in claim["shown"]]
    need(len(told) == len(begins), "clip.shown", "shown")
    clocks = {at - start for (at, _), start in zip(told, starts.values(), strict=True)}
    need(len(clocks) == 1, "clip.shown", "shown")  # players count from the take's edit list, all ranges alike
    for (at, to), (first, _, late) in zip(told, begins, strict=True):
        behind = to - at - Fraction(late - first, track.scale)
        need(0 < behind <= LONGEST_WAIT, "clip.shown", "shown")


def leaves_of(file: BinaryIO, track: Track, ranges: list[dict[str, Any]]) -> list[bytes]:
    """The leaf of each of the clip's groups, at the times that they have in the take."""
    head = f"sixfaces.group/1\n{track.codec}\n{track.parameters}\n{track.turned}\n".encode()
    starts = starts_of(ranges)
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
        for one in claim["shown"]:
            need(time_of(one["from"]) <= time_of(one["to"]), "clip.claim", "shown")
    except (KeyError, TypeError, AttributeError):
        raise Wrong("clip.claim", "form") from None


def faults_of(file: BinaryIO, claim: dict[str, Any], root: str | None = None) -> list[tuple[str, str]]:
    """What does not hold of a clip and its claim, as codes and places; nothing where all holds. Of a clip that was
    made anew that says only that it is the file which its claim names: `is_proven`."""
    try:
        need(isinstance(claim, dict) and claim.get("form") == "sixfaces.clip/1", "clip.claim", "form")
        need(claim.get("kind") in ("copied", "encoded"), "clip.claim", "kind")
        other = other_file(file, claim)
        if claim["kind"] == "encoded" and "take" not in claim:
            return other + ([("clip.unbound", "take")] if root is not None else [])
        check_form(claim)
        if root is not None and claim["take"]["root"] != root:
            return [("clip.root", claim["take"]["root"])]
        need(stands(claim, [bytes.fromhex(text) for text in claim["leaves"]]), "clip.proof", "leaves")
        return other if claim["kind"] == "encoded" else copied_faults(file, claim) or other
    except Wrong as wrong:
        return [(wrong.args[0], wrong.args[1])]
    except (struct.error, IndexError, OverflowError, RecursionError):
        return [("clip.form", "index")]  # an index that ends in the middle of what it says


def is_proven(claim: dict[str, Any], faults: list[tuple[str, str]]) -> bool:
    """Whether the clip itself is the take's: nothing of one that was made anew is."""
    return not faults and claim["kind"] == "copied"


def other_file(file: BinaryIO, claim: dict[str, Any]) -> list[tuple[str, str]]:
    """A fault where the claim is of other bytes than these."""
    whole, size = hashlib.sha256(), file.seek(0, 2)
    file.seek(0)
    while piece := file.read(1 << 20):
        whole.update(piece)
    told = claim.get("sha256"), claim.get("bytes")
    need(isinstance(told[0], str) and HASH.fullmatch(told[0]) and type(told[1]) is int, "clip.claim", "sha256")
    return [] if told == (whole.hexdigest(), size) else [("clip.file", "sha256")]


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
    wrong = [("clip.group", f"group {number}") for number, leaf, told in each if leaf.hex() != told]
    if not wrong:
        check_order(track, claim)
    return wrong


def numbers_of(claim: dict[str, Any]) -> list[int]:
    """Which of the take's groups the clip holds, or was made from."""
    return [one["first"] + number for one in claim["ranges"] for number in range(one["groups"])]


def checked(claim: dict[str, Any]) -> str:
    """In words: what was checked of such a clip, and what this program cannot say."""
    if claim["kind"] == "copied":
        return (
            "Of the clip every packet was checked; sound is not part of it, and neither the shape of a pixel nor the"
            " size in which players draw it is proven."
        )
    return (
        "The clip was made anew: that it shows the take is its maker's word, in the signed manifest. To see for"
        " yourself, look at the original between the times that the claim tells."
    )


def told_by(arguments: list[str]) -> tuple[str, dict[str, Any], str | None]:
    """Clip, claim and root. ValueError for wrong usage."""
    words = [one for one in arguments if one != "--json"]
    root = None
    if "--root" in words:
        root = words.pop(words.index("--root") + 1).lower()
        words.remove("--root")
        if not HASH.fullmatch(root):
            raise ValueError("--root takes 64 hexadecimal digits")
    clip, told = words
    return clip, json.loads(Path(told).read_bytes()), root


def main(arguments: list[str]) -> int:
    try:
        clip, claim, root = told_by(arguments)
        with Path(clip).open("rb") as file:
            faults = faults_of(file, claim, root)
    except (OSError, ValueError, IndexError, RecursionError) as problem:
        sys.stderr.write(f"{__doc__}\n{problem}\n")
        return 2
    proven = is_proven(claim, faults)
    unchecked = [] if faults else [checked(claim)]
    if not faults and root is None:
        unchecked.append("Held against its own claim only: name the root of the custody entry by --root.")
    elif not faults:
        unchecked.append(f"That the take has {claim['take']['groups']} groups is to be compared with that entry too.")
    if "--json" in arguments:
        told = [{"code": code, "place": place} for code, place in faults]
        found = {"holds": proven, "rooted": root is not None, "faults": told, "unchecked": unchecked}
        sys.stdout.write(json.dumps(found))
    else:
        sys.stdout.writelines(f"{place}: {code}\n" for code, place in faults)
        sys.stdout.write("DOES NOT HOLD\n" if faults else "holds\n" if proven else "NOTHING IS PROVEN\n")
        sys.stdout.writelines(f"{one}\n" for one in unchecked)
    return 4 if faults else 0 if proven else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
