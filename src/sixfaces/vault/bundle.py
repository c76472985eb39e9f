"""Checks a custody bundle without any server: its form, digests, signatures, proofs and stamp. What does not hold is
named by file and byte range, or by entry; nothing in a bundle is believed, unpacked or written anywhere.

1. Every byte between the files is what it must be (zip_form).
2. The manifest is signed by a key of this log.
3. Each file is the one that the manifest names, and there is no other.
4. The checkpoint is signed, and of the same log.
5. Each entry is in its one spelling and stands in the log.
6. Each entry is about the subject. Each original was sealed, and each that was sealed is here, unless a later entry
   says that it was erased; the files of the report are, all together, those of a verdict on this case.
7. The stamp is over this checkpoint, and of an authority that whoever checks has named.
8. The log is an extension of what a witness saw.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, NamedTuple

from sixfaces.domain.custody import Act, Checkpoint, Entry
from sixfaces.vault import bundle_form as form
from sixfaces.vault.canonical import canonical_json
from sixfaces.vault.checkpoint import read_checkpoint
from sixfaces.vault.custody_keys import keys_from_text
from sixfaces.vault.faults import Fault, FaultError, custody_error
from sixfaces.vault.merkle import proves_inclusion
from sixfaces.vault.notes import VerifierKey, opened, verified
from sixfaces.vault.stamps import can_judge, judges_of, stamped_at
from sixfaces.vault.witness import compared
from sixfaces.vault.zip_form import Member, bytes_of, members_of


class Trust(NamedTuple):
    """What whoever checks knows from elsewhere. Without `keys` the bundle's own keys are used, which proves only that
    it is whole; `chain` is the PEM of timestamp authorities that are trusted: the one in a bundle proves nothing."""

    keys: tuple[VerifierKey, ...] = ()
    witness: Checkpoint | None = None
    chain: bytes | None = None


class Checked(NamedTuple):
    """What a check found. It holds if there are no faults. `stamped` is None where there is no stamp, where nothing is
    installed that could judge it (`stamp_unjudged`), and where the stamp holds by an authority that only the bundle
    names (`own_authority`, subjects and digests of its certificates): anybody can make one."""

    faults: tuple[Fault, ...]
    subject: str = ""
    keys: tuple[VerifierKey, ...] = ()
    is_trusted: bool = False
    checkpoint: Checkpoint | None = None
    entries: tuple[Entry, ...] = ()
    originals: tuple[str, ...] = ()
    stamped: datetime | None = None
    stamp_unjudged: bool = False
    own_authority: tuple[str, ...] = ()


def check_bundle(file: BinaryIO, trust: Trust) -> Checked:
    """Check the bundle that a seekable file holds. Never raises for what the file contains."""
    faults: list[Fault] = []
    try:
        members = {member.name: member for member in members_of(file)}
        return _Checking(file, members, trust, faults=faults).run()
    except FaultError as exc:
        return Checked((*faults, exc.fault))


class _Checking:
    """One check of one bundle. Its steps add to `faults`, and raise where nothing further can be told."""

    def __init__(self, file: BinaryIO, members: dict[str, Member], trust: Trust, *, faults: list[Fault]) -> None:
        self._file, self._members, self._trust, self._faults = file, members, trust, faults

    def run(self) -> Checked:
        if "pack.json" in self._members:
            raise custody_error("pack", "pack.json")
        missing = sorted(form.NEEDED - self._members.keys())
        if missing:
            raise custody_error("file_missing", missing[0])
        with _seen_in(form.KEYS):
            keys = self._trust.keys or keys_from_text(self._bytes(form.KEYS))
        manifest = self._manifest(keys)
        self._digests(manifest)
        checkpoint = self._checkpoint(keys, manifest)
        entries = tuple(self._entries(checkpoint))
        self._subjects(entries, manifest)
        originals = self._originals(entries, manifest)
        self._report(entries, manifest)
        stamped, own_authority = self._stamped(checkpoint)
        self._witnessed(checkpoint)
        return Checked(
            faults=tuple(self._faults),
            subject=manifest.subject,
            keys=keys,
            is_trusted=bool(self._trust.keys),
            checkpoint=checkpoint,
            entries=entries,
            originals=originals,
            stamped=stamped,
            stamp_unjudged=form.STAMP in self._members and not can_judge(),
            own_authority=own_authority,
        )

    def _manifest(self, keys: tuple[VerifierKey, ...]) -> form.Manifest:
        """2. Without it nothing else means anything."""
        note = self._note(form.MANIFEST)
        if note.startswith("sixfaces.bundle/") and not note.startswith(f"{form.VERSION}\n"):
            raise custody_error("bundle_version", note.partition("\n")[0])
        with _seen_in(form.MANIFEST):
            text, key = verified(note, keys)
            manifest = form.Manifest.parse(text)
            if len(opened(note).signatures) != 1:
                raise custody_error("bundle_form", "")
            if manifest.origin != key.name:
                raise custody_error("origin", manifest.origin)
        return manifest

    def _digests(self, manifest: form.Manifest) -> None:
        """3. Both ways: nothing is missing, nothing is there beside."""
        for name in sorted(manifest.digests.keys() - self._members.keys()):
            self._fault("file_missing", name)
        blocks = self._blocks(manifest)
        for name, member in self._members.items():
            if name == form.MANIFEST:
                self._digest(member, None, {})
            elif name not in manifest.digests or not form.is_known(name):
                self._fault("file_unknown", _ranged(member))
            else:
                self._digest(member, manifest.digests[name], blocks.get(name, {}))

    def _blocks(self, manifest: form.Manifest) -> dict[str, dict[int, str]]:
        """Digests of blocks, if they are those of the manifest: else they place nothing."""
        data = self._bytes(form.BLOCKS)
        if hashlib.sha256(data).hexdigest() == manifest.digests.get(form.BLOCKS):
            with self._noting(form.BLOCKS):
                return form.blocks_of(data)
        return {}

    def _digest(self, member: Member, digest: str | None, blocks: dict[int, str]) -> None:
        """The manifest's own bytes are under its signature: of them only the archive's checksum is left to hold."""
        whole, crc, wrong = hashlib.sha256(), 0, list[tuple[int, int]]()
        for start, piece in enumerate(bytes_of(self._file, member)):
            whole.update(piece)
            crc = zlib.crc32(piece, crc)
            at = start * form.BLOCK
            if blocks and hashlib.sha256(piece).hexdigest() != blocks.get(at):
                wrong.append((at, at + len(piece)))
        if digest not in {None, whole.hexdigest()} or crc != member.crc or wrong:
            for start, end in wrong or [(0, member.size)]:
                self._fault("file_changed", f"{member.name} [{start}:{end}]")

    def _checkpoint(self, keys: tuple[VerifierKey, ...], manifest: form.Manifest) -> Checkpoint:
        """4. Entries can be held against nothing else."""
        with _seen_in(form.CHECKPOINT):
            checkpoint = read_checkpoint(self._note(form.CHECKPOINT), keys)
            if checkpoint.origin != manifest.origin:
                raise custody_error("origin", checkpoint.origin)
        stamp = self._bytes(form.STAMP) if form.STAMP in self._members else None
        return checkpoint.model_copy(update={"stamp": stamp})

    def _entries(self, checkpoint: Checkpoint) -> Iterator[Entry]:
        """5. In the order of the log, each with its proof."""
        lines, proofs = self._lines(form.ENTRIES), self._lines(form.PROOFS)
        if len(lines) != len(proofs):
            self._fault("proof_form", f"{form.PROOFS} [{len(proofs)} / {len(lines)}]")
        last = -1
        for number, (line, told) in enumerate(zip(lines, proofs, strict=False), 1):
            with self._noting(f"{form.ENTRIES} [{number}]"):
                entry = form.entry_of(line)
                proof = form.inclusion_of(told, size=checkpoint.size)
                if entry.seq <= last:
                    raise custody_error("entry_form", f"{entry.seq} after {last}")
                last = entry.seq
                if entry.seq != proof.seq or not proves_inclusion(proof, leaf=entry.leaf, root=checkpoint.root):
                    self._fault("proof", f"{form.ENTRIES} [{number}]: entry {entry.seq}")
                yield entry

    def _subjects(self, entries: tuple[Entry, ...], manifest: form.Manifest) -> None:
        """6. Of a case: itself, what was sealed in it, and what says that it was to be."""
        kind, _, id = manifest.subject.partition(" ")
        its = {entry.subject for entry in entries if entry.act is Act.SEAL and entry.body.get("case") == id}
        for entry in entries:
            if kind == "exhibit":
                is_its = entry.subject == id
            else:
                is_its = entry.body.get("case") == id
                is_its = is_its or (entry.act is not Act.SEAL and entry.subject in {id, *its})
            if not is_its:
                self._fault("subject", f"entry {entry.seq}")

    def _originals(self, entries: tuple[Entry, ...], manifest: form.Manifest) -> tuple[str, ...]:
        """6. Both ways. Returns their names."""
        here = {match["sha256"]: name for name in self._members if (match := form.ORIGINAL.fullmatch(name))}
        sealed = set[str]()
        erased = {(e.subject, str(e.body.get("sha256"))): e.seq for e in entries if e.act is Act.ERASE}
        for entry in entries:
            if entry.act is Act.SEAL:
                digest = str(entry.body.get("sha256"))
                sealed.add(digest)
                if digest not in here and erased.get((entry.subject, digest), -1) < entry.seq:
                    self._fault("original_missing", f"entry {entry.seq}: {digest}")
        for digest, name in here.items():
            if digest not in sealed:
                self._fault("original_unsealed", _ranged(self._members[name]))
            if manifest.digests.get(name) != digest:
                self._fault("original_changed", _ranged(self._members[name]))
        return tuple(here.values())

    def _report(self, entries: tuple[Entry, ...], manifest: form.Manifest) -> None:
        """6. Entries from before there was one digest over all files hold report.json alone."""
        files = {n.removeprefix(form.REPORT): one for n, one in manifest.digests.items() if n.startswith(form.REPORT)}
        whole, report = hashlib.sha256(canonical_json(files)).hexdigest(), files.get("report.json")
        verdicts = (one for one in entries if one.act is Act.JUDGE and f"case {one.subject}" == manifest.subject)
        is_held = any(
            body.get("report_sha256") == report
            and (body["results_sha256"] == whole if "results_sha256" in body else len(files) == 1)
            for body in (entry.body for entry in verdicts)
        )
        if files and not is_held:
            self._fault("report", form.REPORT_JSON)

    def _stamped(self, checkpoint: Checkpoint) -> tuple[datetime | None, tuple[str, ...]]:
        """7. When, by a trusted authority; or which authority, of the bundle's own making, says so."""
        own = self._bytes(form.TSA) if self._trust.chain is None and form.TSA in self._members else None
        chain = self._trust.chain or own
        if checkpoint.stamp is not None and chain is not None and can_judge():
            with self._noting(form.STAMP):
                at = stamped_at(checkpoint.stamp, checkpoint.note, chain=chain)
                return (at, ()) if own is None else (None, judges_of(own))
        return None, ()

    def _witnessed(self, checkpoint: Checkpoint) -> None:
        """8."""
        if (seen := self._trust.witness) is not None:
            with self._noting(form.CONSISTENCY):
                proofs = [form.consistency_of(line) for line in self._lines(form.CONSISTENCY)]
                ours = (one for one in proofs if (one.old, one.new) == (seen.size, checkpoint.size))
                compared(seen, checkpoint, next(ours, None))

    def _lines(self, name: str) -> list[bytes]:
        with self._noting(name):
            return list(form.lines_of(self._bytes(name), name))
        return []

    def _note(self, name: str) -> str:
        try:
            return self._bytes(name).decode("utf-8")
        except UnicodeDecodeError as exc:
            raise custody_error("checkpoint_form", f"{name} [{exc.start}:{exc.end}]") from None

    def _bytes(self, name: str) -> bytes:
        member = self._members[name]
        if member.size > form.LARGEST_TEXT:
            raise custody_error("bundle_form", _ranged(member))
        return b"".join(bytes_of(self._file, member))

    def _fault(self, code: str, place: str) -> None:
        self._faults.append(Fault.at(code, place))

    @contextmanager
    def _noting(self, place: str) -> Iterator[None]:
        try:
            yield
        except FaultError as exc:
            self._faults.append(Fault.of(exc, place))


@contextmanager
def _seen_in(place: str) -> Iterator[None]:
    try:
        yield
    except FaultError as exc:
        raise FaultError(Fault.of(exc, place)) from None


def _ranged(member: Member) -> str:
    return f"{member.name} [0:{member.size}]"
