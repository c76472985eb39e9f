"""Checks an installation's own log and originals against what was signed, reading every entry once.

1. entries       each has its number and is what its leaf hash says; together they lead to the roots that were signed
2. checkpoints   each is signed by a trusted key, and of the log as it stands
3. witness       the log is an extension of the one that a witness saw
4. originals     each that was sealed is where it was put, is what it was, and its exhibit's record says so

Entries behind the newest checkpoint are held against nothing yet: `Audit.unsigned` counts them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.custody import Checkpoint, Entry
from sixfaces.domain.errors import CustodyError
from sixfaces.domain.records import Custody, Records
from sixfaces.pipeline.auditing_originals import UNREADABLE, Originals
from sixfaces.vault.canonical import entry_bytes
from sixfaces.vault.checkpoint import verified_checkpoint
from sixfaces.vault.faults import Fault, FaultError
from sixfaces.vault.merkle import Growing, leaf_hash, proves_inclusion
from sixfaces.vault.notes import VerifierKey

T = TypeVar("T")

AT_ONCE = 1000
MOST_FAULTS = 1000
"""A log that is wrong everywhere need not be told entry by entry."""
MOST_LOCATED = 5000
"""Entries between two checkpoints that are tried one by one where the later root does not come out."""


class Known(NamedTuple):
    """What the log is held against: trusted keys, and the checkpoint that a witness remembers. `skip_bytes` leaves the
    originals' bytes unread: then only their presence and size are checked."""

    keys: tuple[VerifierKey, ...]
    witness: Checkpoint | None = None
    skip_bytes: bool = False


class Audit(NamedTuple):
    """What was found. The log holds if there are no faults."""

    faults: tuple[Fault, ...]
    entries: int
    checkpoints: int
    originals: int
    unsigned: int
    newest: Checkpoint | None


def verify_installation(records: Records, blobs: Blobs, known: Known) -> Audit:
    """Check everything. Memory does not grow with the log, but for 32 bytes an original. Raises RecordsError and
    StoreError where database or store cannot be read at all; whatever is wrong in them is a fault."""
    return _Auditing(records, blobs, known).run()


class _Auditing:
    """One pass. `_log` is built from the leaf hashes as they are stored, each of which is held against its entry: one
    changed entry is one fault, and the roots behind it still mean something."""

    def __init__(self, records: Records, blobs: Blobs, known: Known) -> None:
        self._records, self._known = records, known
        self._originals = Originals(records, blobs, skip_bytes=known.skip_bytes)
        self._faults: list[Fault] = []
        self._log = Growing()
        self._next = self._signed = self._checkpoints = 0
        self._is_whole = True
        self._recent: list[tuple[int, str]] = []
        """Leaves behind the last good checkpoint."""
        self._unreadable: set[int] = set()

    def run(self) -> Audit:
        try:
            with self._records.begin(None, reading=True) as tx:
                newest, size = tx.custody.checkpoint(), tx.custody.size()  # the size last: it may only grow
            last = newest.size if newest is not None else 0
        except UNREADABLE:
            newest, size = None, self._ask(lambda log: log.size(), "size") or 0
            last = size
        ahead = self._following(0, last)
        for batch in self._batches(size):
            for entry in batch:
                self._enter(entry)
                self._meet_witness(ahead)
                if ahead is not None and entry.seq + 1 >= ahead.size:
                    self._meet(ahead)
                    ahead = self._following(entry.seq + 1, last)
            self._faults.extend(self._originals.check(batch))
        self._end(size, ahead)
        self._hold_newest(newest)
        return Audit(
            faults=tuple(self._faults[:MOST_FAULTS]),
            entries=self._next,
            checkpoints=self._checkpoints,
            originals=self._originals.count,
            unsigned=self._next - self._signed,
            newest=newest,
        )

    def _batches(self, size: int) -> Iterator[Sequence[Entry]]:
        """Entries below `size` in order; those that cannot be read are told and left out."""
        first = 0
        while first < size and len(self._faults) < MOST_FAULTS:
            try:
                with self._records.begin(None, reading=True) as tx:
                    batch = tx.custody.entries(first=first, limit=min(AT_ONCE, size - first))
                end = batch[-1].seq + 1 if batch else size
            except UNREADABLE:
                end = min(first + AT_ONCE, size)
                batch = [entry for seq in range(first, end) if (entry := self._one(seq)) is not None]
            yield [entry for entry in batch if entry.seq < size]
            first = end

    def _one(self, seq: int) -> Entry | None:
        try:
            with self._records.begin(None, reading=True) as tx:
                found = tx.custody.entries(first=seq, limit=1)
        except UNREADABLE:
            self._unreadable.add(seq)
            self._fault("entry_changed", f"entry {seq}")
            return None
        return found[0] if found and found[0].seq == seq else None

    def _enter(self, entry: Entry) -> None:
        """1."""
        if entry.seq != self._next:
            self._gap(entry.seq)
        leaf = bytes.fromhex(entry.leaf)
        try:
            is_same = leaf_hash(entry_bytes(entry)) == leaf
        except CustodyError:
            is_same = False
        if not is_same:
            self._fault("entry_changed", f"entry {entry.seq}")
        self._log.append(leaf)
        self._next = entry.seq + 1
        if len(self._recent) <= MOST_LOCATED:
            self._recent.append((entry.seq, entry.leaf))

    def _gap(self, until: int) -> None:
        self._is_whole = False
        absent = [seq for seq in range(self._next, until) if seq not in self._unreadable]
        if absent:
            self._fault("entry_missing", _span(absent[0], absent[-1] + 1))

    def _following(self, size: int, last: int) -> Checkpoint | None:
        """2. The next checkpoint that is signed as it stands, up to the one that was the newest at the beginning."""
        while size < last and len(self._faults) < MOST_FAULTS:
            found = self._readable(size + 1, last)
            if found is None or found.size > last:
                return None
            self._checkpoints += 1
            try:
                return verified_checkpoint(found, self._known.keys)
            except FaultError as exc:
                self._faults.append(Fault.of(exc, f"checkpoint {found.size}"))
                size = found.size
        return None

    def _readable(self, size: int, last: int) -> Checkpoint | None:
        """The first checkpoint from a size on that can be read; the ones before it are told."""
        is_hidden = False
        for at in range(size, last + 1):
            try:
                with self._records.begin(None, reading=True) as tx:
                    found = tx.custody.checkpoint(at)
            except UNREADABLE:
                is_hidden = True
                continue
            if is_hidden:
                self._fault("checkpoint_changed", f"checkpoint {at - 1}")
            return found
        if is_hidden:
            self._fault("checkpoint_changed", f"checkpoint {last}")
        return None

    def _meet(self, checkpoint: Checkpoint) -> None:
        """1. and 2. Of a log with gaps no root can be told."""
        if not self._is_whole or self._log.size != checkpoint.size:
            return
        root = self._log.root().hex()
        if root != checkpoint.root:
            self._is_whole = False
            self._locate(checkpoint)
            return
        if self._ask(lambda log: log.root(checkpoint.size), "tree") != root:
            self._fault("tree", f"checkpoint {checkpoint.size}")
        self._signed = checkpoint.size
        self._recent.clear()

    def _locate(self, checkpoint: Checkpoint) -> None:
        """Name the entries that the stored tree does not lead to the signed root, if others still are led there."""
        self._fault("root", f"checkpoint {checkpoint.size}, {_span(self._signed, checkpoint.size)}")
        wrong = [seq for seq, leaf in self._recent[:MOST_LOCATED] if not self._stands(seq, leaf, checkpoint)]
        if len(wrong) < len(self._recent):
            for seq in wrong:
                self._fault("entry_changed", f"entry {seq}")

    def _stands(self, seq: int, leaf: str, checkpoint: Checkpoint) -> bool:
        proof = self._ask(lambda log: log.inclusion(seq, checkpoint.size), "tree")
        return proof is not None and proves_inclusion(proof, leaf=leaf, root=checkpoint.root)

    def _meet_witness(self, ahead: Checkpoint | None) -> None:
        """3. Where whoever holds the key has signed another history, no earlier checkpoint of theirs means anything."""
        witness = self._known.witness
        if witness is None or self._log.size != witness.size or not self._is_whole:
            return
        root = self._log.root().hex()
        if root != witness.root:
            is_signed = ahead is not None and (ahead.size, ahead.root) == (witness.size, root)
            first = 0 if is_signed else self._signed
            self._fault("forked", f"witness {witness.size}, {_span(first, witness.size)}")

    def _end(self, size: int, ahead: Checkpoint | None) -> None:
        """What ought to follow and does not."""
        if self._next < size:
            self._gap(size)
        witness = self._known.witness
        for name, signed in (("checkpoint", ahead), ("witness", witness)):
            if signed is not None and max(size, self._next) < signed.size:
                self._fault("rolled_back", f"{name} {signed.size}, {_span(max(size, self._next), signed.size)}")

    def _hold_newest(self, newest: Checkpoint | None) -> None:
        """3. What was signed and shown to the witness is not there any more."""
        witness, signed = self._known.witness, newest.size if newest is not None else 0
        if witness is not None and signed < witness.size <= self._next:
            self._fault("rolled_back", f"witness {witness.size}, checkpoint {signed}")

    def _ask(self, question: Callable[[Custody], T], place: str) -> T | None:
        """What the log answers, None and a fault where it cannot."""
        try:
            with self._records.begin(None, reading=True) as tx:
                return question(tx.custody)
        except CustodyError as exc:
            self._faults.append(Fault(exc.code, place, exc.text))
        except UNREADABLE:
            self._fault("tree", place)
        return None

    def _fault(self, code: str, place: str) -> None:
        self._faults.append(Fault.at(code, place))


def _span(start: int, end: int) -> str:
    return f"entry {start}" if end - start == 1 else f"entries {start}–{end - 1}"
