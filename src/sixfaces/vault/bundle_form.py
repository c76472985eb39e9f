"""What lies in a custody bundle and how it is written (format: docs/custody.md). Texts are UTF-8 with line feeds."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import ValidationError

from sixfaces.domain.custody import ConsistencyProof, Entry, InclusionProof
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.canonical import PREFIX, canonical_json, entry_bytes
from sixfaces.vault.faults import custody_error
from sixfaces.vault.merkle import leaf_hash

VERSION = "sixfaces.bundle/1"
README, KEYS, CHECKPOINT, STAMP, TSA = "readme.txt", "keys.txt", "checkpoint.txt", "checkpoint.tsr", "tsa.pem"
ENTRIES, PROOFS, CONSISTENCY = "entries.jsonl", "proofs.jsonl", "consistency.jsonl"
BLOCKS, MANIFEST = "blocks.txt", "manifest.txt"
REPORT, REPORT_JSON = "report/", "report/report.json"
NEEDED = frozenset({README, KEYS, CHECKPOINT, ENTRIES, PROOFS, CONSISTENCY, BLOCKS, MANIFEST})
POSSIBLE = NEEDED | {STAMP, TSA}
ORIGINAL = re.compile(r"originals/(?P<sha256>[0-9a-f]{64})(\.[a-z0-9]{1,8})?")
LARGEST_TEXT = 256 * 2**20
BLOCK = 2**20

_FILE = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<name>[a-z0-9._/-]{1,800})")
_BLOCK = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<start>0|[1-9][0-9]{0,17}) (?P<name>[a-z0-9._/-]{1,800})")
_SUBJECT = re.compile(r"(case|exhibit) [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

README_TEXT = """\
存证包 · CUSTODY BUNDLE

originals/        封存的原件，文件名即其 SHA-256      the sealed originals, named by their SHA-256
entries.jsonl     存证日志中关于它们的条目            what the custody log says of them
proofs.jsonl      每个条目在日志中的包含证明          that each entry stands in the log
checkpoint.txt    日志检查点（Ed25519 签名）          the log's signed state
checkpoint.tsr    检查点的 RFC 3161 时间戳（如有）    a timestamp of it, if there is one
keys.txt          日志的公钥：请从别处核对            the log's public keys: compare them
report/           机器核验报告                        the report
manifest.txt      以上文件的摘要清单（签名）          digests of all of these, signed

核验 · To check:  sixfaces audit verify THIS.zip --key KEYS.txt
只核对摘要 · digests only:  sha256sum -c manifest.txt
"""


def is_known(name: str) -> bool:
    """Whether a bundle may hold a file of this name."""
    return name in POSSIBLE or name.startswith(REPORT) or ORIGINAL.fullmatch(name) is not None


class Manifest(NamedTuple):
    """The digests of all other files, of one log's evidence about `subject` (`case <id>` or `exhibit <id>`)."""

    origin: str
    subject: str
    digests: dict[str, str]

    def text(self) -> str:
        """As it is signed."""
        files = "".join(f"{digest}  {name}\n" for name, digest in self.digests.items())
        return f"{VERSION}\n{self.origin}\n{self.subject}\n{files}"

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Raises CustodyError `custody.bundle_version` or `custody.bundle_form`."""
        version, *rest = text.split("\n")
        if version != VERSION:
            raise custody_error("bundle_version", version[:80])
        matches = [_FILE.fullmatch(line) for line in rest[2:-1]]
        digests = {match["name"]: match["sha256"] for match in matches if match}
        if len(rest) < 3 or rest[-1] or len(digests) != len(matches) or not _SUBJECT.fullmatch(rest[1]):
            raise custody_error("bundle_form", MANIFEST)
        return cls(rest[0], rest[1], digests)


def entry_lines(entries: Iterable[Entry]) -> bytes:
    """Each entry's canonical bytes without their prefix, one a line."""
    return b"".join(entry_bytes(entry)[len(PREFIX) :] + b"\n" for entry in entries)


def entry_of(line: bytes) -> Entry:
    """The entry of a line, with the leaf that follows from it. Raises CustodyError `custody.entry_form` for every
    spelling but the one."""
    try:
        fields = json.loads(line)
        entry = (
            Entry.model_validate({**fields, "leaf": leaf_hash(PREFIX + line).hex()}) if "leaf" not in fields else None
        )
        if entry is None or entry_bytes(entry) != PREFIX + line:
            raise ValueError
    except (ValueError, TypeError, RecursionError, ValidationError, CustodyError):
        raise custody_error("entry_form", "") from None
    return entry


def proof_lines(proofs: Iterable[InclusionProof]) -> bytes:
    """One a line; the size is the checkpoint's."""
    return b"".join(canonical_json({"path": list(p.path), "seq": p.seq}) + b"\n" for p in proofs)


def inclusion_of(line: bytes, *, size: int) -> InclusionProof:
    """Raises CustodyError `custody.proof_form`."""
    try:
        proof = InclusionProof.model_validate({**json.loads(line), "size": size})
        if proof_lines([proof]) != line + b"\n":
            raise ValueError
    except (ValueError, TypeError, RecursionError, ValidationError, CustodyError):
        raise custody_error("proof_form", "") from None
    return proof


def consistency_lines(proofs: Iterable[ConsistencyProof]) -> bytes:
    """One a line."""
    return b"".join(canonical_json({"new": p.new, "old": p.old, "path": list(p.path)}) + b"\n" for p in proofs)


def consistency_of(line: bytes) -> ConsistencyProof:
    """Raises CustodyError `custody.proof_form`."""
    try:
        proof = ConsistencyProof.model_validate(json.loads(line))
        if consistency_lines([proof]) != line + b"\n":
            raise ValueError
    except (ValueError, TypeError, RecursionError, ValidationError, CustodyError):
        raise custody_error("proof_form", "") from None
    return proof


def block_lines(name: str, digests: Iterable[str]) -> str:
    """Where a file is longer than one block of 1 MiB: the digest of each, so that damage can be placed."""
    return "".join(f"{digest} {index * BLOCK} {name}\n" for index, digest in enumerate(digests))


def blocks_of(data: bytes) -> dict[str, dict[int, str]]:
    """Digests of blocks by file and place. Raises CustodyError `custody.bundle_form`."""
    blocks: dict[str, dict[int, str]] = {}
    for line in lines_of(data, BLOCKS):
        match = _BLOCK.fullmatch(line.decode("latin-1"))
        if match is None:
            raise custody_error("bundle_form", BLOCKS)
        blocks.setdefault(match["name"], {})[int(match["start"])] = match["sha256"]
    return blocks


def lines_of(data: bytes, name: str) -> Iterator[bytes]:
    """Lines, each of which ends with a line feed. Raises CustodyError `custody.bundle_form`."""
    *lines, last = data.split(b"\n")
    if last:
        raise custody_error("bundle_form", f"{name} [{len(data) - len(last)}:{len(data)}]")
    yield from lines
