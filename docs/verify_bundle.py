#!/usr/bin/env python3
"""Checks a custody bundle or an exhibit pack with nothing but Python's standard library. It shares no line with the
product that made it: written from docs/custody.md, docs/packs.md, RFC 6962, RFC 8032, RFC 8785 and RFC 9162, for a
stranger to read and to run.

    python3 verify_bundle.py BUNDLE.zip [--key KEYS.txt] [--witness NOTE.txt] [--json]

Without --key it is held against its own keys, which shows only that it is whole. Of a timestamp it checks that
it is over this checkpoint, and leaves the authority's signature to `openssl ts -verify` (docs/custody.md says how).
Exit codes: 0 everything holds, 4 something does not, 2 wrong usage.
"""

import base64
import hashlib
import importlib.util
import io
import json
import re
import struct
import sys
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

Point = tuple[int, int, int, int]
Keys = dict[tuple[str, bytes], tuple[bytes, datetime | None]]
Log = tuple[str, int, bytes]

MIB = 1 << 20
LARGEST_TEXT = 256 * MIB
TEXTS = ["readme.txt", "keys.txt", "checkpoint.txt", "entries.jsonl", "proofs.jsonl", "consistency.jsonl", "blocks.txt",
         "manifest.txt"]  # fmt: skip
NAME = r"[a-z0-9_][a-z0-9._-]{0,99}(?:/[a-z0-9_][a-z0-9._-]{0,99}){0,7}"
KNOWN = re.compile(r"checkpoint\.tsr|tsa\.pem|report/.+|originals/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
KINDS = {"statement": {"txt"}, "document": {"pdf"}, "page": {"jpg", "png"}, "clip": {"mp4"}}
PACK_TEXTS = ["readme.txt", "pack.json", "results.json", "blocks.txt", "manifest.txt"]
IN_PACK = re.compile(r"(readme|keys|checkpoint|blocks)\.txt|(pack|results)\.json|(entries|proofs)\.jsonl|tsa\.pem|"
                     r"checkpoint\.tsr|verify_(bundle|clip)\.py|(files|proofs)/[a-z0-9_.-]+|"
                     r"originals/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")  # fmt: skip
LOG_TEXTS = ["checkpoint.txt", "entries.jsonl", "proofs.jsonl"]
KEY_NAME = r"[!-*,-~]{1,100}"
CHECKPOINT = re.compile(rf"({KEY_NAME})\n(0|[1-9][0-9]{{0,17}})\n([A-Za-z0-9+/]{{43}}=)\n"
                        r"time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)\n")  # fmt: skip


class Wrong(Exception):
    """Something that does not hold, and leaves nothing further to check: its code and place."""


# ---------------------------------------------------------------- Ed25519, RFC 8032 section 5.1.7

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a: Point, b: Point) -> Point:
    """Sum of two points in extended coordinates (X, Y, Z, T)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes spell, None if none."""
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def spelled(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether S·B - k·A is the R of the signature."""
    a, s = point_of(public), int.from_bytes(signature[32:], "little")
    if a is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_a = (P - a[0], a[1], 1, P - a[3])
    return spelled(add(times(s, BASE), times(k, minus_a))) == signature[:32]


# ---------------------------------------------------------------- keys and signed notes, C2SP signed-note


def exact_base64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError
    return data


def keys_of(data: bytes) -> Keys:
    """Public keys by name and id: 32 bytes, and the instant until which each was in use."""
    try:
        keys = {}
        for line in data.decode("utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            text, _, until = (*line.split(), "-", "-")[:3]
            name, id, told = text.split("+", 2)
            raw = exact_base64(told)
            seal = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
            if not re.fullmatch(KEY_NAME, name) or len(raw) != 33 or raw[0] != 1 or seal.hex() != id:
                raise ValueError
            keys[name, seal] = raw[1:], None if until == "-" else datetime.fromisoformat(until)
    except ValueError:
        raise Wrong("custody.keys", "keys") from None
    if not keys:
        raise Wrong("custody.keys", "keys")
    return keys


def note_of(data: bytes, keys: Keys, place: str) -> tuple[str, int, str, datetime | None]:
    """A note's text, how many signatures it has, and name and end of the known key that signed it."""
    try:
        note = data.decode("utf-8")
        text, gap, below = note.rpartition("\n\n")
        *lines, rest = below.split("\n")
        if not gap or rest or not 1 <= len(lines) <= 16 or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", note):
            raise ValueError
        signatures = []
        for line in lines:
            name, told = re.fullmatch(rf"— ({KEY_NAME}) ([A-Za-z0-9+/=]+)", line).groups()
            raw = exact_base64(told)
            if len(raw) != 68:
                raise ValueError
            signatures.append((name, raw[:4], raw[4:]))
    except (ValueError, AttributeError):
        raise Wrong("custody.checkpoint_form", place) from None
    text += "\n"
    ours = [(name, id, signature) for name, id, signature in signatures if (name, id) in keys]
    if not ours:
        raise Wrong("custody.unknown_key", place)
    for name, id, signature in ours:
        if not ed25519_holds(keys[name, id][0], text.encode(), signature):
            raise Wrong("custody.signature", place)
    return text, len(signatures), ours[0][0], keys[ours[0][0], ours[0][1]][1]


def checkpoint_of(data: bytes, keys: Keys, place: str) -> Log:
    """Origin, size and root that a known key has signed while it was in use."""
    text, _, name, until = note_of(data, keys, place)
    match = CHECKPOINT.fullmatch(text)
    try:
        origin, size, root, at = match.groups()
        found = origin, int(size), exact_base64(root)
        signed_at = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except (ValueError, AttributeError):
        raise Wrong("custody.checkpoint_form", place) from None
    if origin != name:
        raise Wrong("custody.origin", place)
    if until is not None and signed_at > until:
        raise Wrong("custody.key_retired", place)
    return found


# ---------------------------------------------------------------- the hash tree, RFC 6962 and RFC 9162


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def stands(seq: int, size: int, *, found: bytes, path: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2."""
    fn, sn = seq, size - 1
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node(p, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node(found, p)
        fn, sn = fn >> 1, sn >> 1
    return 0 <= seq < size and sn == 0 and found == root


def begins_with(old: int, old_root: bytes, *, new: int, new_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if old == new or old == 0:
        return not path and old_root == (new_root if old == new else hashlib.sha256().digest())
    if old & (old - 1) == 0:
        path = [old_root, *path]
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# ---------------------------------------------------------------- the archive: one form, nothing between its files


def need(condition: object, place: str) -> None:
    if not condition:
        raise Wrong("custody.bundle_form", place)


def cut(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    data = file.read(count)
    need(len(data) == count, f"[{start}:{start + count}]")
    return data


def archive(file: BinaryIO) -> dict[str, tuple[int, int, int]]:
    """Name: (where its bytes start, how many, their CRC), of an archive in the one form of docs/custody.md."""
    length = file.seek(0, 2)
    need(length >= 22, "end")
    end = struct.unpack("<4s4H2LH", cut(file, length - 22, 22))
    need(end[0] == b"PK\5\6" and end[1] == end[2] == end[7] == 0 and end[3] == end[4], "end")
    count, size, at, behind = end[4], end[5], end[6], length - 22
    if count == 0xFFFF or at == 0xFFFFFFFF:
        need(length >= 98 and end[3:7] == (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), "end")
        wide = struct.unpack("<4sQ2H2L4Q", cut(file, length - 98, 56))
        behind, count, size, at = length - 98, wide[7], wide[8], wide[9]
        need(wide[:7] == (b"PK\6\6", 44, 0x032D, 45, 0, 0, count) and (count >= 0xFFFF or at >= 0xFFFFFFFF), "end")
        need(cut(file, length - 42, 20) == struct.pack("<4sLQL", b"PK\6\7", 0, at + size, 1), "end")
    need(at + size == behind and size <= 32 * MIB and count <= 60_000, "directory")
    directory, place, offset, found = cut(file, at, size), 0, 0, {}
    for _ in range(count):
        head = directory[place : place + 46]
        need(len(head) == 46, "directory")
        signature, made, needed, *fields = struct.unpack("<4s6H3L5H2L", head)
        crc, packed, size, name_length, extra_length, own = fields[4], *fields[5:9], fields[13]
        name = directory[place + 46 : place + 46 + name_length].decode("latin-1")
        extra = directory[place + 46 + name_length : place + 46 + name_length + extra_length]
        place += 46 + name_length + extra_length
        wide = [*struct.unpack(f"<{(len(extra) - 4) // 8}Q", extra[4:])] if len(extra) in {12, 20, 28} else []
        is_wide, told = size == 0xFFFFFFFF, list(wide)
        if is_wide:
            need(len(wide) >= 2 and wide[0] == wide[1] >= 0xFFFFFFFF, name)
            size, wide = wide[0], wide[2:]
        if own == 0xFFFFFFFF:
            need(len(wide) == 1 and wide[0] >= 0xFFFFFFFF, name)
            own, wide = wide[0], []
        need(not wide and extra == (struct.pack("<2H", 1, 8 * len(told)) if told else b"")
             + b"".join(struct.pack("<Q", one) for one in told), name)  # fmt: skip
        version = 45 if told else 20
        need(signature == b"PK\1\2" and made == 0x0300 | version and needed == version and packed == fields[6], name)
        need(fields[:4] == [8, 0, 0, 33] and fields[9:13] == [0, 0, 0, 0o100644 << 16], name)
        need(re.fullmatch(NAME, name) and name not in found and own == offset, name)
        spelled_name, limit = name.encode(), 0xFFFFFFFF if is_wide else 0
        header = struct.pack("<4s5H3L2H", b"PK\3\4", 45 if is_wide else 20, 8, 0, 0, 33, 0, limit, limit,
                             len(spelled_name), 20 if is_wide else 0) + spelled_name  # fmt: skip
        header += struct.pack("<2H2Q", 1, 16, 0, 0) if is_wide else b""
        need(cut(file, offset, len(header)) == header, name)
        tail = struct.pack("<4sL2Q" if is_wide else "<4sL2L", b"PK\7\x08", crc, size, size)
        start = offset + len(header)
        need(cut(file, start + size, len(tail)) == tail, name)
        found[name] = start, size, crc
        offset = start + size + len(tail)
    need(place == len(directory) and offset == at, "directory")
    return found


# ---------------------------------------------------------------- the bundle


def canonical(value: object, depth: int = 17) -> str:
    """RFC 8785 over strings, whole numbers, lists and maps."""
    if type(value) is str and "\x00" not in value:
        return json.dumps(value, ensure_ascii=False)
    if type(value) is int and abs(value) < 2**53:
        return str(value)
    if type(value) is list and depth:
        return "[" + ",".join(canonical(one, depth - 1) for one in value) + "]"
    if type(value) is dict and depth:
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key], depth - 1) for key in keys) + "}"
    raise ValueError


def parsed(line: bytes, fields: dict[str, type], *, code: str, place: str) -> dict[str, Any]:
    """The JSON object of a line, if it is in its one spelling and has just these fields."""
    try:
        value = json.loads(line)
        if set(value) != set(fields) or canonical(value).encode() != line:
            raise ValueError
        if any(type(value[name]) is not kind for name, kind in fields.items()):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise Wrong(code, place) from None
    return value


ENTRY = {"act": str, "actor": str, "at": str, "body": dict, "seq": int, "subject": str, "tenant": str}
ACTS = [
    "accept",
    "seal",
    "refuse",
    "observe",
    "judge",
    "grade",
    "decide",
    "sample",
    "record",
    "read",
    "amend",
    "damage",
    "hold",
    "erase",
]


def hex32(text: str) -> bytes:
    """A hash in its one spelling."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError
    return bytes.fromhex(text)


class Bundle:
    """One bundle or pack being checked: `faults` are pairs of code and place, `remarks` what holding does not say."""

    def __init__(self, file: BinaryIO, keys: bytes | None = None, witness: bytes | None = None) -> None:
        self.file, self.faults, self.remarks = file, [], []
        try:
            self.files = archive(file)
            if "pack.json" in self.files:
                try:
                    self.check_pack(keys, witness)
                except (LookupError, TypeError, AttributeError, ValueError, struct.error):  # of another kind
                    raise Wrong("custody.pack_form", "pack.json") from None
            else:
                self.check(keys, witness)
        except Wrong as wrong:
            self.faults.append(wrong.args)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError, RecursionError) as problem:
            self.faults.append(("custody.bundle_form", type(problem).__name__))

    def check(self, keys: bytes | None, witness: bytes | None) -> None:
        missing = sorted(set(TEXTS) - set(self.files))
        if missing:
            raise Wrong("custody.file_missing", missing[0])
        known = keys_of(self.text("keys.txt") if keys is None else keys)
        subject, digests, origin = self.manifest(known)
        self.check_files(digests)
        log = checkpoint_of(self.text("checkpoint.txt"), known, "checkpoint.txt")
        if log[0] != origin:
            raise Wrong("custody.origin", "checkpoint.txt")
        self.check_entries(log, subject, digests)
        self.check_log(log, known, witness)

    def check_log(self, log: Log, known: Keys, witness: bytes | None) -> None:
        if "checkpoint.tsr" in self.files and not self.is_stamp_of(self.text("checkpoint.txt")):
            self.faults.append(("custody.stamp", "checkpoint.tsr"))
        if witness is not None:
            self.check_witness(checkpoint_of(witness, known, "witness"), log)

    def text(self, name: str) -> bytes:
        start, size, _ = self.files[name]
        need(size <= LARGEST_TEXT, name)
        return cut(self.file, start, size)

    def lines(self, name: str) -> list[bytes]:
        *lines, rest = self.text(name).split(b"\n")
        if rest:
            self.faults.append(("custody.bundle_form", name))
            return []
        return lines

    def manifest(self, keys: Keys) -> tuple[str, dict[str, str], str]:
        data = self.text("manifest.txt")
        if data.startswith(b"sixfaces.bundle/") and not data.startswith(b"sixfaces.bundle/1\n"):
            raise Wrong("custody.bundle_version", "manifest.txt")
        text, signatures, name, _ = note_of(data, keys, "manifest.txt")
        need(text.count("\n") >= 3, "manifest.txt")
        version, origin, subject, *files = text.split("\n")
        found = [re.fullmatch(rf"([0-9a-f]{{64}})  ({NAME})", line) for line in files[:-1]]
        id = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        if version != "sixfaces.bundle/1":
            raise Wrong("custody.bundle_version", "manifest.txt")
        need(all(found) and re.fullmatch(rf"(case|exhibit) {id}", subject) and signatures == 1, "manifest.txt")
        digests = {match[2]: match[1] for match in found}
        need(len(digests) == len(found), "manifest.txt")
        if origin != name:
            raise Wrong("custody.origin", "manifest.txt")
        return subject, digests, origin

    def check_files(self, digests: dict[str, str], known: re.Pattern[str] = KNOWN) -> None:
        self.faults += [("custody.file_missing", name) for name in sorted(set(digests) - set(self.files))]
        blocks = self.blocks(digests)
        for name, (start, size, crc) in self.files.items():
            if name != "manifest.txt" and (name not in digests or not (name in TEXTS or known.fullmatch(name))):
                self.faults.append(("custody.file_unknown", name))
                continue
            whole, sum_, wrong = hashlib.sha256(), 0, []
            for at in range(start, start + size, MIB):
                piece = cut(self.file, at, min(MIB, start + size - at))
                whole.update(piece)
                sum_ = zlib.crc32(piece, sum_)
                told = blocks.get((name, at - start)) if name in blocks else None
                if name in blocks and hashlib.sha256(piece).hexdigest() != told:
                    wrong.append(f"{name} [{at - start}:{at - start + len(piece)}]")
            if sum_ != crc or digests.get(name, whole.hexdigest()) != whole.hexdigest() or wrong:
                self.faults += [("custody.file_changed", place) for place in wrong or [name]]

    def blocks(self, digests: dict[str, str]) -> dict[object, str]:
        """Digests of blocks of 1 MiB by (file, place), and all files that have any."""
        data, found = self.text("blocks.txt"), dict[object, str]()
        if digests.get("blocks.txt") == hashlib.sha256(data).hexdigest():
            for line in self.lines("blocks.txt"):
                match = re.fullmatch(rf"([0-9a-f]{{64}}) (0|[1-9][0-9]{{0,17}}) ({NAME})", line.decode("latin-1"))
                if match is None:
                    self.faults.append(("custody.bundle_form", "blocks.txt"))
                    return {}
                found |= {match[3]: "", (match[3], int(match[2])): match[1]}
        return found

    def check_entries(self, log: Log, subject: str, digests: dict[str, str]) -> None:
        sealed, known = {}, set[str]()
        kept = self.entries(log)
        for place, entry in kept:
            body = entry["body"]
            if entry["act"] == "seal":
                sealed[str(body.get("sha256")), entry["subject"]] = place
                known.add(str(body.get("sha256")))
            if entry["act"] == "erase":  # what was sealed before may be gone
                sealed.pop((str(body.get("sha256")), entry["subject"]), None)
        self.check_subjects(kept, subject)
        verdicts = [e["body"] for _, e in kept if e["act"] == "judge" and f"case {e['subject']}" == subject]
        self.check_report(verdicts, digests)
        here = {name[10:74]: name for name in self.files if name.startswith("originals/")}
        self.faults += [("custody.original_missing", place) for (one, _), place in sealed.items() if one not in here]
        for digest, name in here.items():
            if digest not in known:
                self.faults.append(("custody.original_unsealed", name))
            if digests.get(name) != digest:
                self.faults.append(("custody.original_changed", name))

    def entries(self, log: Log) -> list[tuple[str, dict[str, Any]]]:
        """The entries that have their form, each with its place; those that do not stand in the log are faults."""
        lines, proofs, last, kept = self.lines("entries.jsonl"), self.lines("proofs.jsonl"), -1, []
        if len(lines) != len(proofs):
            self.faults.append(("custody.proof_form", "proofs.jsonl"))
        for number, (line, told) in enumerate(zip(lines, proofs, strict=False), 1):
            place = f"entries.jsonl [{number}]"
            try:
                entry = parsed(line, ENTRY, code="custody.entry_form", place=place)
                proof = parsed(told, {"path": list, "seq": int}, code="custody.proof_form", place=place)
                if entry["act"] not in ACTS or entry["seq"] <= last:
                    raise Wrong("custody.entry_form", place)
                try:
                    path = [hex32(one) for one in proof["path"]]
                except (ValueError, TypeError):
                    raise Wrong("custody.proof_form", place) from None
            except Wrong as wrong:
                self.faults.append(wrong.args)
                continue
            last = entry["seq"]
            found = leaf(b"sixfaces.entry/1\n" + line)
            if last != proof["seq"] or not stands(last, log[1], found=found, path=path, root=log[2]):
                self.faults.append(("custody.proof", place))
            kept.append((place, entry))
        return kept

    def check_subjects(self, entries: list[tuple[str, dict[str, Any]]], subject: str) -> None:
        """Each entry is on the exhibit; or on the case, on what was sealed in it, or says that it belongs to it."""
        kind, _, id = subject.partition(" ")
        its = {e["subject"] for _, e in entries if e["act"] == "seal" and e["body"].get("case") == id} | {id}
        for place, entry in entries:
            in_case = entry["body"].get("case") == id or (entry["act"] != "seal" and entry["subject"] in its)
            if not (in_case if kind == "case" else entry["subject"] == id):
                self.faults.append(("custody.subject", place))

    def check_report(self, verdicts: list[dict[str, Any]], digests: dict[str, str]) -> None:
        """The files of the report are, together, those of one verdict: `results_sha256` is that of the canonical map
        from their names to their digests. Older entries tell the digest of report.json, and hold no other file."""
        files = {name[7:]: digest for name, digest in digests.items() if name.startswith("report/")}
        whole = hashlib.sha256(canonical(files).encode()).hexdigest()
        for body in verdicts:
            is_whole = body["results_sha256"] == whole if "results_sha256" in body else len(files) == 1
            if is_whole and body.get("report_sha256") == files.get("report.json"):
                return
        if files:
            self.faults.append(("custody.report", "report/report.json"))

    def check_witness(self, seen: Log, now: Log) -> None:
        if seen[0] != now[0]:
            self.faults.append(("custody.origin", "consistency.jsonl"))
        elif seen[1] > now[1]:
            self.faults.append(("custody.rolled_back", "consistency.jsonl"))
        else:
            form, place = {"new": int, "old": int, "path": list}, "consistency.jsonl"
            try:
                lines = self.lines(place) if place in self.files else []
                told = [parsed(line, form, code="custody.proof_form", place=place) for line in lines]
                paths = [one["path"] for one in told if (one["old"], one["new"]) == (seen[1], now[1])]
                path = [] if seen[1] == now[1] else [hex32(one) for one in paths[0]]
            except (Wrong, IndexError, ValueError, TypeError):
                self.faults.append(("custody.unwitnessed", place))
                return
            if not begins_with(seen[1], seen[2], new=now[1], new_root=now[2], path=path):
                self.faults.append(("custody.forked", place))

    # ------------------------------------------------------------ the exhibit pack

    def check_pack(self, keys: bytes | None, witness: bytes | None) -> None:
        """1. the manifest, signed or saying that nobody has  2. every file  3. what pack.json says of them
        4. that the log holds originals and outcome  5. clips, by the program beside this one."""
        missing = sorted(set(PACK_TEXTS) - set(self.files))
        if missing:
            raise Wrong("custody.file_missing", missing[0])
        known, signer, case, digests = self.pack_manifest(keys)
        self.check_files(digests, IN_PACK)
        pack, results = self.object("pack.json"), self.object("results.json")
        if pack.get("format") != "sixfaces.pack/1":
            raise Wrong("custody.bundle_version", "pack.json")
        for name, is_right in (
            ("pack.json", is_pack(pack)),
            ("results.json", has(results, dict.fromkeys(results, str))),
        ):
            if not is_right:
                raise Wrong("custody.pack_form", name)
        self.check_shown(pack, digests, results)
        self.check_enclosed(pack, digests)
        there = [name for name in LOG_TEXTS if name in self.files]
        if there and (len(there) < len(LOG_TEXTS) or signer is None):
            raise Wrong("custody.file_missing", [*sorted(set(LOG_TEXTS) - set(there)), "keys.txt"][0])
        self.check_age(signer, there)
        if there:
            log = checkpoint_of(self.text("checkpoint.txt"), known, "checkpoint.txt")
            if log[0] != signer[0]:
                raise Wrong("custody.origin", "checkpoint.txt")
            entries = self.entries(log)
            self.check_sealed(pack, entries, case)
            self.check_clips(pack, entries)
            self.check_log(log, known, witness)
            self.remarks.append("What was left out, masked, or done to pictures, and for whom, is its maker's word.")
        else:
            self.check_clips(pack, None)
            self.remarks.append("No custody log stands behind it: that its originals were sealed, and what came out, is"
                                " its maker's word.")  # fmt: skip
            if witness is not None:
                self.faults.append(("custody.unwitnessed", "witness"))

    def check_age(self, signer: tuple[str, datetime | None] | None, there: list[str]) -> None:
        """A retired key signs nothing new. The manifest has no time: it is no older than the checkpoint in it."""
        until = signer[1] if signer else None
        if until is None:
            return
        told = re.search(r"\ntime (\S+)\n", self.text("checkpoint.txt").decode("latin-1")) if there else None
        if told is None or datetime.fromisoformat(told[1].replace("Z", "+00:00")) > until:
            raise Wrong("custody.key_retired", "manifest.txt")
        self.remarks.append(f"Its key was retired on {until:%Y-%m-%d}: that it was signed before is its maker's word.")

    def pack_manifest(self, keys: bytes | None) -> tuple[Keys, tuple[str, datetime | None] | None, str, dict[str, str]]:
        """Keys, origin and end of the key that signed (None: nobody has), id of the case, and digests."""
        data, known, until = self.text("manifest.txt"), {}, None
        if not data.startswith(b"sixfaces.pack/1\n"):
            raise Wrong("custody.bundle_version", "manifest.txt")
        if data.startswith(b"sixfaces.pack/1\n-\n"):
            if keys is not None or "keys.txt" in self.files:
                raise Wrong("custody.unsigned", "manifest.txt")
            text, name = data.decode("latin-1"), "-"
            self.remarks.append("NOBODY HAS SIGNED IT: it is whole, and anybody may have made it.")
        else:
            if keys is None and "keys.txt" not in self.files:
                raise Wrong("custody.file_missing", "keys.txt")
            known = keys_of(self.text("keys.txt") if keys is None else keys)
            text, signatures, name, until = note_of(data, known, "manifest.txt")
            need(signatures == 1, "manifest.txt")
        need(text.count("\n") >= 3 and text.endswith("\n"), "manifest.txt")
        _, origin, subject, *files = text.split("\n")
        found = [re.fullmatch(rf"([0-9a-f]{{64}})  ({NAME})", line) for line in files[:-1]]
        case = re.fullmatch(r"case (-|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", subject)
        need(all(found) and case, "manifest.txt")
        digests = {match[2]: match[1] for match in found}
        need(len(digests) == len(found), "manifest.txt")
        if origin != name:
            raise Wrong("custody.origin", "manifest.txt")
        return known, None if name == "-" else (origin, until), case[1], digests

    def object(self, name: str) -> dict[str, Any]:
        """The JSON object that a file is, in its one spelling."""
        data = self.text(name)
        try:
            value = json.loads(data)
            if type(value) is not dict or canonical(value).encode() != data:
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            raise Wrong("custody.pack_form", name) from None
        return value

    def check_shown(self, pack: dict[str, Any], digests: dict[str, str], results: dict[str, str]) -> None:
        """pack.json names just the files that are there, each of its kind; each picture's original, and a picture of
        the report that is of that original; and where nothing was done to it, it is that picture."""
        told = {"files/" + one["name"]: (one["sha256"], one["bytes"]) for one in pack["files"]}
        there = {name: (digests.get(name), self.files[name][1]) for name in self.files if name.startswith("files/")}
        wrong = {name for name in {*told, *there} if told.get(name) != there.get(name)}
        wrong |= {"files/" + file["name"] for file in pack["files"]
                  if file["name"].rpartition(".")[2] not in KINDS.get(file["kind"], ())}  # fmt: skip
        self.faults += [("custody.pack_file", name) for name in sorted(wrong)]
        if len(told) != len(pack["files"]):
            self.faults.append(("custody.pack_file", "pack.json"))
        originals = {one["sha256"] for one in pack["originals"]}
        for file in pack["files"]:
            if not file["shows"] and file["kind"] != "statement":
                self.faults.append(("custody.pack_source", f"files/{file['name']}"))
            for one in file["shows"]:
                original, picture = one["original"], one["picture"]
                its = {digest for name, digest in results.items() if name.startswith(f"pictures/{original[:16]}/")}
                is_whole = one["file"] == (file["sha256"] if file["kind"] == "clip" else picture)
                is_right = original in originals and picture in {*its, original}
                if not is_right or (not is_whole and (file["kind"] == "clip" or not one["did"])):
                    self.faults.append(("custody.pack_source", f"files/{file['name']}"))
        if results.get("report.json") != pack["report_sha256"]:
            self.faults.append(("custody.report", "results.json"))

    def check_enclosed(self, pack: dict[str, Any], digests: dict[str, str]) -> None:
        """The originals that lie in it are those that pack.json says, bit for bit."""
        here = {name[10:74]: name for name in self.files if name.startswith("originals/")}
        told = {one["sha256"]: one for one in pack["originals"]}
        for digest, one in told.items():
            if bool(one.get("enclosed")) != (digest in here):
                self.faults.append(("custody.original_missing", f"originals/{digest}"))
        for digest, name in here.items():
            if digest not in told:
                self.faults.append(("custody.original_unsealed", name))
            elif digests.get(name) != digest or told[digest]["bytes"] != self.files[name][1]:
                self.faults.append(("custody.original_changed", name))

    def check_sealed(self, pack: dict[str, Any], entries: list[tuple[str, dict[str, Any]]], case: str) -> None:
        """Each original was sealed in this case, with this size; the report is that of a verdict on this case, by the
        digest over all of its files, and the outcome is that verdict's. What became of originals is remarked."""
        self.check_subjects(entries, f"case {case}")
        seals = {(str(e["body"].get("sha256")), str(e["body"].get("bytes"))) for _, e in entries if e["act"] == "seal"}
        for one in pack["originals"]:
            if (one["sha256"], str(one["bytes"])) not in seals:
                self.faults.append(("custody.original_unsealed", f"pack.json: {one['sha256']}"))
            told = [e for _, e in entries if e["body"].get("sha256") == one["sha256"]]
            ends = [e for e in told if e["act"] in {"seal", "erase"} or (e["act"] == "damage" and "found" in e["body"])]
            if ends and ends[-1]["act"] != "seal" and ends[-1]["body"].get("found") != "whole":
                what = "erased" if ends[-1]["act"] == "erase" else "found damaged"
                self.remarks.append(f"Of the original {one['sha256']} the log says: {what} on {ends[-1]['at'][:10]}.")
        whole = hashlib.sha256(self.text("results.json")).hexdigest()
        verdicts = [e["body"] for _, e in entries if e["act"] == "judge" and e["subject"] == case]
        its = [body for body in verdicts if body.get("results_sha256") == whole]
        if not its:
            self.faults.append(("custody.report", "results.json"))
        outcome = {"verdict": pack["verdict"], "policy": pack["policy"], "policy_digest": pack["policy_sha256"]}
        if its and not any(all(body.get(key) == told for key, told in outcome.items()) for body in its):
            self.faults.append(("custody.report", "pack.json"))

    def check_clips(self, pack: dict[str, Any], entries: list[tuple[str, dict[str, Any]]] | None) -> None:
        """Each clip has its claim, which the program beside this one holds against its packets and against the root of
        the take, where there is a log: it has one. No other claim lies in the pack."""
        clips = {f"proofs/{one['name'].rpartition('.')[0]}.claim.json": one
                 for one in pack["files"] if one["kind"] == "clip"}  # fmt: skip
        stray = [name for name in self.files if name.startswith("proofs/") and name not in clips]
        self.faults += [("custody.file_unknown", name) for name in stray]
        for claim, one in clips.items():
            if claim not in self.files or f"files/{one['name']}" not in self.files:
                raise Wrong("custody.file_missing", claim)
            told = self.object(claim)
            originals = {shown["original"] for shown in one["shows"]}
            takes = [e["body"]["take"] for _, e in entries or [] if e["act"] == "observe"
                     and e["body"].get("sha256") in originals and type(e["body"].get("take")) is dict]  # fmt: skip
            is_bound = all(take == told.get("take") for take in takes) and (takes or "take" not in told)
            if len(originals) != 1 or (entries is not None and not is_bound):
                self.faults.append(("custody.clip_root", claim))
            elif not is_so_told(one, told):
                self.faults.append(("custody.pack_source", f"files/{one['name']}"))
            else:
                self.check_clip(f"files/{one['name']}", told, takes[0] if takes else None)

    def check_clip(self, name: str, claim: dict[str, Any], take: dict[str, Any] | None) -> None:
        program = Path(__file__).with_name("verify_clip.py")
        if not program.is_file():
            self.remarks.append(f"{name} was not held against its claim: put verify_clip.py beside this.")
            return
        spec = importlib.util.spec_from_file_location("verify_clip", program)
        module = importlib.util.module_from_spec(spec)
        sys.modules["verify_clip"] = module
        spec.loader.exec_module(module)
        found = module.faults_of(io.BytesIO(self.text(name)), claim, str(take.get("root")) if take else None)
        self.faults += [(f"custody.{code.replace('.', '_')}", f"{name}: {place}") for code, place in found]
        if not found:
            self.remarks.append(f"{name}: {module.checked(claim)}")

    def is_stamp_of(self, note: bytes) -> bool:
        """Whether the token's message imprint is the note's SHA-256 (RFC 3161: TimeStampResp, token, TSTInfo)."""
        try:
            data = self.text("checkpoint.tsr")
            _, token = inside(data)
            content = inside(inside(inside(token)[1])[0])[2]
            octets = inside(inside(content)[1])[0]
            imprint = inside(octets[slice(*frame(octets))])[2]
            return frame(data)[1] == len(data) and inside(imprint)[1][2:] == hashlib.sha256(note).digest()
        except (IndexError, ValueError):
            return False


def has(value: object, kinds: dict[str, type]) -> bool:
    return type(value) is dict and all(type(value.get(name)) is kind for name, kind in kinds.items())


def is_pack(pack: dict[str, Any]) -> bool:
    """Whether what is checked of pack.json is there, each of its type."""
    texts = dict.fromkeys(("verdict", "policy", "policy_sha256", "report_sha256"), str)
    shown = {"original": str, "picture": str, "file": str, "did": list}
    return (
        has(pack, {**texts, "originals": list, "files": list})
        and all(has(one, {"sha256": str, "bytes": int}) for one in pack["originals"])
        and all(has(one, {"name": str, "kind": str, "sha256": str, "bytes": int, "shows": list})
                for one in pack["files"])
        and all(has(one, shown) for file in pack["files"] for one in file["shows"])
    )  # fmt: skip


def is_so_told(clip: dict[str, Any], claim: dict[str, Any]) -> bool:
    """Whether pack.json says of a clip what its claim says: whether it was copied, and from when on it shows the take;
    to the millisecond."""
    try:
        starts = [int(one["from"].split("/")[0]) * 1000 / int(one["from"].split("/")[1]) for one in claim["shown"]]
        told = [abs(one["at_ms"] - at) <= 1 for one, at in zip(clip["shows"], starts, strict=True)]
        is_copied = ["packets copied" in one["did"] for one in clip["shows"]]
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return False
    return all(told) and set(is_copied) == {claim.get("kind") == "copied"}


def frame(der: bytes, at: int = 0) -> tuple[int, int]:
    """Where the content of the DER element at `at` begins and ends."""
    length, start = der[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[at + 2 : start], "big")
    if start + length > len(der):
        raise ValueError
    return start, start + length


def inside(der: bytes) -> list[bytes]:
    """The elements inside of a DER element."""
    at, end = frame(der)
    found = []
    while at < end:
        found.append(der[at : frame(der, at)[1]])
        at += len(found[-1])
    return found


def main(arguments: list[str]) -> int:
    options = {"--key": None, "--witness": None}
    rest = [one for one in arguments if one != "--json"]
    try:
        while len(rest) > 2 or rest[0] in options:
            at = next(index for index, one in enumerate(rest) if one in options)
            name, path = rest[at : at + 2]
            options[name] = Path(path).read_bytes()
            del rest[at : at + 2]
        (bundle,) = rest
        with Path(bundle).open("rb") as file:
            found = Bundle(file, options["--key"], options["--witness"])
    except (OSError, ValueError, StopIteration, IndexError) as problem:
        sys.stderr.write(f"{__doc__}\n{problem}\n")
        return 2
    if "--json" in arguments:
        faults = [{"code": code, "place": place} for code, place in found.faults]
        told = {"holds": not faults, "trusted": options["--key"] is not None, "faults": faults}
        sys.stdout.write(json.dumps({**told, "remarks": found.remarks}))
    else:
        for code, place in found.faults:
            sys.stdout.write(f"{place}: {code}\n")
        sys.stdout.write("DOES NOT HOLD\n" if found.faults else "holds\n")
        sys.stdout.writelines(f"{remark}\n" for remark in found.remarks)
        if options["--key"] is None and "keys.txt" in getattr(found, "files", {}):
            sys.stdout.write("Held against its own keys only: name trusted ones by --key.\n")
    return 4 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
