"""Two verifiers that share no code agree about every bundle, good or forged, and none that is forged gets by."""

import io
import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from sixfaces.domain.custody import Act
from sixfaces.pipeline.custody import Subject, entries_about
from sixfaces.vault import bundle_form as form
from sixfaces.vault.bundle import Trust, check_bundle
from sixfaces.vault.canonical import canonical_json
from sixfaces.vault.checkpoint import read_checkpoint, signed_checkpoint
from sixfaces.vault.custody_keys import CustodyKey, keys_from_text
from tests.contract.custody.conftest import FILMS, Stranger
from tests.rig.chronicle import LONG_AGO, Chronicle, chronicle
from tests.rig.forging import Files, files_of, flipped, joined, lines, signed, spans, with_lines, without

COUNT = 200
SEED = int(os.environ.get("SIXFACES_SEED", random.SystemRandom().randrange(2**32)))


class Tried(NamedTuple):
    """A bundle, what it is, and whether it holds; `witness` is the note of the checkpoint that was seen before."""

    what: str
    bundle: bytes
    holds: bool = False
    witness: str | None = None


class Forger:
    """Makes bundles from those of one installation. Insiders hold its key, outsiders one of the same name."""

    def __init__(self, log: Chronicle, other: Chronicle, seed: int) -> None:
        self.log, self.other, self.rng = log, other, random.Random(seed)
        self.key = log.notary.key
        self.false_key = other.notary.key
        self.bundles = [log.bundle(number) for number in range(len(log.cases))]
        with log.service.records.begin(None, reading=True) as tx:
            first, newest = tx.custody.checkpoint(1), tx.custody.checkpoint()
        assert first is not None
        assert newest is not None
        self.first, self.newest = first, newest

    def all(self, count: int) -> Iterator[Tried]:
        yield from self.good()
        yield from self.in_every_file()
        makers: tuple[Callable[[], Tried], ...] = (
            self.one_bit, self.truncated, self.entry_removed, self.entries_swapped, self.entry_edited,
            self.path_changed, self.resigned_by_another_key, self.rebuilt_by_another_key, self.wrong_origin,
            self.replayed, self.forked, self.original_removed, self.original_added, self.report_changed,
            self.other_subject, self.file_added, self.file_renamed, self.proof_missing, self.unproven, self.version,
            self.two_signatures, self.bytes_behind, self.report_cut, self.report_of_another_case,
            self.report_without_one_digest,
        )  # fmt: skip
        for index in range(count):
            yield makers[index % len(makers)]()

    def good(self) -> Iterator[Tried]:
        for index, bundle in enumerate(self.bundles):
            yield Tried(f"good {index}", bundle, holds=True)
        since = self.log.bundle(1, since=self.first.size)
        yield Tried("good, with a witness", since, holds=True, witness=self.first.note)
        yield Tried("put together again", joined(files_of(self.bundles[0])), holds=True)
        yield Tried("signed again", signed(files_of(self.bundles[1]), self.key), holds=True)

    def in_every_file(self) -> Iterator[Tried]:
        for name, (start, end) in spans(self.bundles[0]).items():
            if end > start:
                bit = self.rng.randrange(8 * start, 8 * end)
                yield Tried(f"bit {bit} in {name}", flipped(self.bundles[0], bit))

    def files(self) -> Files:
        return files_of(self.rng.choice(self.bundles))

    def one_bit(self) -> Tried:
        bundle = self.rng.choice(self.bundles[1:])
        bit = self.rng.randrange(8 * len(bundle))
        return Tried(f"bit {bit}", flipped(bundle, bit))

    def truncated(self) -> Tried:
        bundle = self.rng.choice(self.bundles)
        return Tried("truncated", bundle[: -self.rng.randrange(1, min(5000, len(bundle)))])

    def bytes_behind(self) -> Tried:
        return Tried("bytes behind", self.rng.choice(self.bundles) + self.rng.randbytes(self.rng.randrange(1, 99)))

    def entry_removed(self) -> Tried:
        files = self.files()
        entries, proofs = lines(files, form.ENTRIES), lines(files, form.PROOFS)
        seals = [index for index, line in enumerate(entries) if b'"act":"seal"' in line or b'"act":"judge"' in line]
        at = self.rng.choice(seals)
        del entries[at], proofs[at]
        return Tried("entry removed by an insider", signed(with_lines(files, entries, proofs), self.key))

    def entries_swapped(self) -> Tried:
        files = self.files()
        entries, proofs = lines(files, form.ENTRIES), lines(files, form.PROOFS)
        a, b = self.rng.sample(range(len(entries)), 2)
        entries[a], entries[b] = entries[b], entries[a]
        if self.rng.random() < 0.5:
            proofs[a], proofs[b] = proofs[b], proofs[a]
        return Tried("entries swapped by an insider", signed(with_lines(files, entries, proofs), self.key))

    def entry_edited(self) -> Tried:
        files = self.files()
        entries = lines(files, form.ENTRIES)
        at = self.rng.randrange(len(entries))
        entry = json.loads(entries[at])
        entry["actor"] += "x"
        entries[at] = self.rng.choice([canonical_json(entry), json.dumps(entry).encode(), b"{}", b"[" * 5000, b"nul"])
        return Tried(
            "entry edited by an insider", signed(with_lines(files, entries, lines(files, form.PROOFS)), self.key)
        )

    def path_changed(self) -> Tried:
        files = self.files()
        proofs = lines(files, form.PROOFS)
        at = self.rng.randrange(len(proofs))
        proof = json.loads(proofs[at])
        step = self.rng.randrange(len(proof["path"]))
        proof["path"][step] = self.rng.randbytes(32).hex()
        proofs[at] = canonical_json(proof)
        return Tried(
            "path changed by an insider", signed(with_lines(files, lines(files, form.ENTRIES), proofs), self.key)
        )

    def proof_missing(self) -> Tried:
        files = self.files()
        proofs = lines(files, form.PROOFS)[:-1]
        return Tried("proof missing", signed(with_lines(files, lines(files, form.ENTRIES), proofs), self.key))

    def resigned_by_another_key(self) -> Tried:
        return Tried("manifest by another key", signed(self.files(), self.false_key))

    def rebuilt_by_another_key(self) -> Tried:
        return Tried("the whole log by another key", self.other.bundle(self.rng.randrange(2)))

    def wrong_origin(self) -> Tried:
        files, key = self.files(), CustodyKey("another.example/log", self.key.private)
        checkpoint = read_checkpoint(files[form.CHECKPOINT].decode(), self.log.notary.keys)
        again = signed_checkpoint(checkpoint.size, bytes.fromhex(checkpoint.root), at=checkpoint.at, key=key)
        both = self.rng.random() < 0.5
        files[form.CHECKPOINT] = again.note.encode()
        return Tried("another origin", signed(files, key if both else self.key))

    def replayed(self) -> Tried:
        return Tried("an old checkpoint again", self.bundles[0], witness=self.newest.note)

    def forked(self) -> Tried:
        forked = signed_checkpoint(self.first.size, self.rng.randbytes(32), at=self.first.at, key=self.key)
        return Tried("forked", self.log.bundle(1, since=self.first.size), witness=forked.note)

    def unproven(self) -> Tried:
        size = self.rng.randrange(1, self.first.size)
        seen = signed_checkpoint(size, self.rng.randbytes(32), at=self.first.at, key=self.key)
        return Tried("nothing to compare by", self.bundles[0], witness=seen.note)

    def original_removed(self) -> Tried:
        files = self.files()
        name = self.rng.choice([name for name in files if name.startswith("originals/")])
        return Tried("original removed by an insider", signed(without(files, name), self.key))

    def original_added(self) -> Tried:
        files = self.files()
        name = f"originals/{self.rng.randbytes(32).hex()}.mp4"
        return Tried("original added by an insider", signed({name: b"new", **files}, self.key))

    def report_changed(self) -> Tried:
        files = self.files()
        name = self.rng.choice([form.REPORT_JSON, "report/report.html"])
        return Tried("report changed by an insider", signed({**files, name: b"{}"}, self.key))

    def report_cut(self) -> Tried:
        files = without(self.files(), "report/report.html")
        return Tried("part of the report left out by an insider", signed(files, self.key))

    def report_of_another_case(self) -> Tried:
        """An entry that stands in the log, with its proof, and the report that it names."""
        log = self.log
        own, strange = Subject("main", "case", log.cases[0].id), files_of(self.bundles[1])
        with log.service.records.begin("main", reading=True) as tx:
            size = self.newest.size
            judged = [one for one in entries_about(tx, log.subject(1)) if one.act is Act.JUDGE]
            entries = sorted([*entries_about(tx, own), *judged], key=lambda entry: entry.seq)
            entries = [entry for entry in entries if entry.seq < size]
            proofs = [tx.custody.inclusion(entry.seq, size) for entry in entries]
        files = files_of(self.bundles[0]) | {form.CHECKPOINT: self.newest.note.encode()}
        files |= {name: data for name, data in strange.items() if name.startswith(form.REPORT)}
        told = (form.entry_lines(entries).split(b"\n")[:-1], form.proof_lines(proofs).split(b"\n")[:-1])
        return Tried("report of another case, by an insider", signed(with_lines(files, *told), self.key))

    def report_without_one_digest(self) -> Tried:
        """As installations wrote it that knew no digest over all files: only report.json is held."""
        return Tried("nothing of an entry", signed(self.files() | {"report/extra.txt": b"x"}, self.key))

    def other_subject(self) -> Tried:
        files = self.files()
        head, subject, rest = files[form.MANIFEST].partition(b"case ")[0], b"case " + self._id(), b""
        rest = files[form.MANIFEST].split(b"\n", 3)[3]
        files[form.MANIFEST] = head + subject + b"\n" + rest
        return Tried("of another case, by an insider", signed(files, self.key))

    def _id(self) -> bytes:
        return self.other.cases[0].id.encode()

    def file_added(self) -> Tried:
        files = self.files()
        name = self.rng.choice(["run.exe", "report/extra.txt"])
        added = {name: b"x", **files}
        return Tried("file added", joined(added) if name.startswith("report") else signed(added, self.key))

    def file_renamed(self) -> Tried:
        files = self.files()
        name = self.rng.choice([name for name in files if name != form.MANIFEST])
        return Tried("file renamed", joined({(f"{one}x" if one == name else one): data for one, data in files.items()}))

    def version(self) -> Tried:
        files = self.files()
        text = files[form.MANIFEST].decode().replace("bundle/1", "bundle/2").split("\n\n")[0] + "\n"
        return Tried("of a later version", joined({**files, form.MANIFEST: self.key.signed(text).encode()}))

    def two_signatures(self) -> Tried:
        files = self.files()
        line = files[form.MANIFEST].split(b"\n")[-2]
        return Tried("signed twice", joined({**files, form.MANIFEST: files[form.MANIFEST] + line + b"\n"}))


@pytest.fixture(scope="module")
def forger(log: Chronicle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forger]:
    other = chronicle(tmp_path_factory.mktemp("other"), FILMS[1:])
    yield Forger(log, other, SEED)
    other.close()


def alike(codes: set[str]) -> set[str]:
    """An entry that says an impossible date or tenant is of no form to one verifier, and unproven to the other."""
    return {"custody.entry" if code in {"custody.entry_form", "custody.proof"} else code for code in codes}


def test_both_verifiers_agree_on_two_hundred_bundles_and_no_forged_one_holds(
    forger: Forger, stranger: Stranger
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    keys, tried = forger.log.notary.keys, 0
    told = forger.log.keys_file.read_bytes()
    for one in forger.all(COUNT):
        seen = read_checkpoint(one.witness, keys) if one.witness else None
        ours = {fault.code for fault in check_bundle(io.BytesIO(one.bundle), Trust(keys, seen)).faults}
        theirs = stranger(one.bundle, told, one.witness.encode() if one.witness else None)
        assert (not ours) is one.holds, f"{one.what}: {ours}"
        assert alike(ours) == alike(theirs), one.what
        tried += 1
    assert tried > COUNT


def test_without_trusted_keys_a_log_rebuilt_by_another_key_is_only_whole(forger: Forger, stranger: Stranger) -> None:
    bundle = forger.rebuilt_by_another_key().bundle
    checked = check_bundle(io.BytesIO(bundle), Trust())
    assert checked.faults == ()
    assert not checked.is_trusted
    assert stranger(bundle, None, None) == set()


def test_a_bundle_signed_after_its_key_was_retired_does_not_hold(log: Chronicle, stranger: Stranger) -> None:
    told = log.keys_file.read_text().replace(" -\n", f" {LONG_AGO.isoformat()}\n")
    keys = keys_from_text(told.encode())
    checked = check_bundle(io.BytesIO(log.bundle(1)), Trust(keys))
    assert {fault.code for fault in checked.faults} == {"custody.key_retired"}
    assert stranger(log.bundle(1), told.encode(), None) == {"custody.key_retired"}
