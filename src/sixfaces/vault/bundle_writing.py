"""Writes a custody bundle as a stream: the same contents give the same bytes, whatever their size."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple

from sixfaces.domain.custody import Checkpoint, ConsistencyProof, Entry, InclusionProof
from sixfaces.vault import bundle_form as form
from sixfaces.vault.custody_keys import CustodyKey, keys_text
from sixfaces.vault.notes import VerifierKey
from sixfaces.vault.zip_form import ZipWriting


class Contents(NamedTuple):
    """What a bundle tells of its subject, `case <id>` or `exhibit <id>`. `chain`: PEM of the timestamp authority."""

    subject: str
    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    proofs: tuple[InclusionProof, ...]
    keys: tuple[VerifierKey, ...]
    consistency: tuple[ConsistencyProof, ...] = ()
    chain: bytes | None = None


class Source(NamedTuple):
    """A file to be put in: its name in the bundle, its size and its bytes when their turn has come."""

    name: str
    size: int
    pieces: Callable[[], AbstractContextManager[Iterable[bytes]]]
    sha256: str | None = None
    """What the bytes must be: others end the bundle without its manifest."""


class Digests:
    """Digests of files as their bytes pass by, whole and in blocks."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.blocks = ""

    def passing(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        whole, block, filled, blocks = hashlib.sha256(), hashlib.sha256(), 0, list[str]()
        for piece in pieces:
            whole.update(piece)
            rest = memoryview(piece)
            while rest:
                now = rest[: form.BLOCK - filled]
                block.update(now)
                filled, rest = filled + len(now), rest[len(now) :]
                if filled == form.BLOCK:
                    blocks.append(block.hexdigest())
                    block, filled = hashlib.sha256(), 0
            yield piece
        if blocks and filled:
            blocks.append(block.hexdigest())
        self.files[name] = whole.hexdigest()
        if len(blocks) > 1:
            self.blocks += form.block_lines(name, blocks)


def packed(
    contents: Contents,
    sources: Iterable[Source],
    *,
    key: CustodyKey,
    spoiled: Callable[[str], Exception],
) -> Iterator[bytes]:
    """The bundle in pieces. Raises what `spoiled` makes of a source's name where its bytes are not what they must be:
    what was written until then is no bundle."""
    archive, digests = ZipWriting(), Digests()
    for name, data in _texts(contents):
        yield from archive.member(name, digests.passing(name, [data]), size=len(data))
    for source in sources:
        with source.pieces() as pieces:
            try:
                yield from archive.member(source.name, digests.passing(source.name, pieces), size=source.size)
            except ValueError as exc:
                raise spoiled(source.name) from exc
        if source.sha256 not in {None, digests.files[source.name]}:
            raise spoiled(source.name)
    blocks = digests.blocks.encode()
    yield from archive.member(form.BLOCKS, digests.passing(form.BLOCKS, [blocks]), size=len(blocks))
    manifest = key.signed(form.Manifest(key.name, contents.subject, digests.files).text()).encode()
    yield from archive.member(form.MANIFEST, [manifest], size=len(manifest))
    yield from archive.ending()


def _texts(contents: Contents) -> Iterator[tuple[str, bytes]]:
    yield form.README, form.README_TEXT.encode()
    yield form.KEYS, keys_text(contents.keys).encode()
    yield form.CHECKPOINT, contents.checkpoint.note.encode()
    if contents.checkpoint.stamp is not None:
        yield form.STAMP, contents.checkpoint.stamp
        if contents.chain is not None:
            yield form.TSA, contents.chain
    yield form.ENTRIES, form.entry_lines(contents.entries)
    yield form.PROOFS, form.proof_lines(contents.proofs)
    yield form.CONSISTENCY, form.consistency_lines(contents.consistency)
