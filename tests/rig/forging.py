"""Takes custody bundles apart and puts them together again, as a forger would: with the right key, another, or none."""

import hashlib
import io
import zipfile
from collections.abc import Iterable

from sixfaces.vault.bundle_form import BLOCKS, ENTRIES, MANIFEST, PROOFS
from sixfaces.vault.custody_keys import CustodyKey
from sixfaces.vault.zip_form import ZipWriting, members_of

Files = dict[str, bytes]


def files_of(bundle: bytes) -> Files:
    """The files by name, in order."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def joined(files: Files) -> bytes:
    """A well-formed archive of the files as they are."""
    archive = ZipWriting()
    members = (archive.member(name, [data], size=len(data)) for name, data in files.items())
    return b"".join([*(piece for member in members for piece in member), *archive.ending()])


def signed(files: Files, key: CustodyKey) -> bytes:
    """A well-formed archive whose manifest names the files as they are, signed by the key."""
    head = files[MANIFEST].decode().split("\n")[:3]
    rest = {name: data for name, data in files.items() if name != MANIFEST}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in rest.items()]
    return joined({**rest, MANIFEST: key.signed("\n".join([head[0], key.name, head[2], *lines, ""])).encode()})


def with_lines(files: Files, entries: Iterable[bytes], proofs: Iterable[bytes]) -> Files:
    """Other entries and proofs, one a line."""
    told = {ENTRIES: entries, PROOFS: proofs}
    return {**files, **{name: b"".join(line + b"\n" for line in lines) for name, lines in told.items()}}


def lines(files: Files, name: str) -> list[bytes]:
    """The lines of one file."""
    return files[name].split(b"\n")[:-1]


def without(files: Files, name: str) -> Files:
    """All but one file, and what is told of its blocks."""
    kept = [line for line in lines(files, BLOCKS) if not line.endswith(name.encode())]
    return {
        one: data if one != BLOCKS else b"".join(line + b"\n" for line in kept)
        for one, data in files.items()
        if one != name
    }


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def spans(bundle: bytes) -> dict[str, tuple[int, int]]:
    """Where in the archive each file's bytes are."""
    return {member.name: (member.start, member.end) for member in members_of(io.BytesIO(bundle))}
