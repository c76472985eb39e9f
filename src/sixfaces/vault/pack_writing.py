"""Writes an exhibit pack as a stream, in the one form of ZIP that bundles have (format: docs/packs.md).

A pack is signed by the custody key of the installation that made it and then holds what the log says of its originals
and its report, so that each can be led back to a signed checkpoint; or by any other key, or by none: then it says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from sixfaces.domain.custody import Checkpoint, Entry, InclusionProof
from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.domain.pack import Pack
from sixfaces.vault import bundle_form as form
from sixfaces.vault.bundle_writing import Digests, Source
from sixfaces.vault.canonical import canonical_json
from sixfaces.vault.custody_keys import CustodyKey, keys_text
from sixfaces.vault.faults import custody_error
from sixfaces.vault.notes import VerifierKey
from sixfaces.vault.zip_form import ZipWriting

VERSION = "sixfaces.pack/1"
PACK, RESULTS, FILES, PROOFS = "pack.json", "results.json", "files/", "proofs/"
PROGRAMS = ("verify_bundle.py", "verify_clip.py")
NOBODY = "-"
"""In place of the origin of a pack that nobody has signed, and of the id of a case that is in no installation."""

README_TEXT = """\
证据包 · EXHIBIT PACK

files/            可直接提交给渠道的文件                what is to be handed in
pack.json         每个文件展示什么、出自哪个原件、       what each file shows, of which original, at which moment,
                  做过什么处理；哪些内容未放入           what was done to it; and what was left out
originals/        封存的原件（如有），文件名即 SHA-256   the sealed originals, if enclosed, named by their SHA-256
proofs/           剪辑片段属于原录像的证明（如有）       that a clip belongs to the sealed footage, if there is one
entries.jsonl     存证日志中的条目（如有）               what the custody log says of the originals, if there is one
results.json      核验结果各文件的摘要                   digests of the files of the report
keys.txt          签名公钥：请从别处核对                 the public keys: compare them with ones from elsewhere
manifest.txt      以上文件的摘要清单                     digests of all of these, signed if it ends with a signature

核验 · To check:  python3 verify_bundle.py THIS.zip --key KEYS.txt
                  (包内的 verify_*.py 仅为方便；请从可信来源另取一份
                   the copies in here are for convenience: take yours from where you trust it)
只核对摘要 · digests only:  sha256sum -c manifest.txt
"""


class LogProof(NamedTuple):
    """What the custody log says of the pack's case and its originals, and its public keys."""

    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    proofs: tuple[InclusionProof, ...]
    keys: tuple[VerifierKey, ...]
    chain: bytes | None = None


class PackContents(NamedTuple):
    """Everything in a pack but its digests. `case`: the id of a case of an installation. `files` and `proofs` by their
    names in those folders; `results`: names of the report's files to their digests."""

    pack: Pack
    files: Mapping[str, bytes]
    results: Mapping[str, str]
    proofs: Mapping[str, bytes] = {}
    case: str = NOBODY
    log: LogProof | None = None


def packed_exhibits(
    contents: PackContents, originals: Iterable[Source] = (), *, key: CustodyKey | None
) -> Iterator[bytes]:
    """The pack in pieces; without a `key` it is not signed. Raises PackError `pack.no_verifier`, and CustodyError
    `custody.original_changed` for an original whose bytes are not what they must be: what was written until then is no
    pack."""
    archive, digests = ZipWriting(), Digests()
    for name, data in _members(contents, key):
        yield from archive.member(name, digests.passing(name, [data]), size=len(data))
    for source in originals:
        with source.pieces() as pieces:
            try:
                yield from archive.member(source.name, digests.passing(source.name, pieces), size=source.size)
            except ValueError as exc:
                raise custody_error("original_changed", source.name) from exc
        if source.sha256 not in {None, digests.files[source.name]}:
            raise custody_error("original_changed", source.name)
    blocks = digests.blocks.encode()
    yield from archive.member(form.BLOCKS, digests.passing(form.BLOCKS, [blocks]), size=len(blocks))
    manifest = _manifest(contents.case, digests.files, key)
    yield from archive.member(form.MANIFEST, [manifest], size=len(manifest))
    yield from archive.ending()


def pack_json(pack: Pack) -> bytes:
    """The pack's description in its one spelling: RFC 8785, yes and no as 1 and 0."""
    return canonical_json(_plain(pack.model_dump(mode="json", exclude_none=True)))


def _plain(value: Any) -> Any:  # noqa: ANN401 any JSON value
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, bool) else value


def _members(contents: PackContents, key: CustodyKey | None) -> Iterator[tuple[str, bytes]]:
    yield form.README, README_TEXT.encode()
    yield PACK, pack_json(contents.pack)
    if (log := contents.log) is not None:
        yield form.KEYS, keys_text(log.keys).encode()
        yield form.CHECKPOINT, log.checkpoint.note.encode()
        if log.checkpoint.stamp is not None:
            yield form.STAMP, log.checkpoint.stamp
            if log.chain is not None:
                yield form.TSA, log.chain
        yield form.ENTRIES, form.entry_lines(log.entries)
        yield form.PROOFS, form.proof_lines(log.proofs)
    elif key is not None:
        yield form.KEYS, keys_text([key.verifier]).encode()
    yield RESULTS, canonical_json(dict(contents.results))
    yield from ((f"{FILES}{name}", data) for name, data in contents.files.items())
    yield from ((f"{PROOFS}{name}", data) for name, data in contents.proofs.items())
    yield from ((name, _program(name)) for name in PROGRAMS)


def _manifest(case: str, files: Mapping[str, str], key: CustodyKey | None) -> bytes:
    lines = "".join(f"{digest}  {name}\n" for name, digest in files.items())
    text = f"{VERSION}\n{NOBODY if key is None else key.name}\ncase {case}\n{lines}"
    return (text if key is None else key.signed(text)).encode()


def _program(name: str) -> bytes:
    """An independent verifier, as it was shipped: inside the installed package, or in the documents of a checkout.
    Raises PackError `pack.no_verifier` where it is in neither: readers are told that it lies in the pack."""
    for place in (resources.files("sixfaces.vault") / name, Path(__file__).parents[3] / "docs" / name):
        if place.is_file():
            return place.read_bytes()
    raise PackError(
        "pack.no_verifier",
        Say(zh=f"本程序的安装缺少 {name}。", en=f"{name} is not in this installation of the program."),
        Say(zh="请重新安装 sixfaces。", en="Install sixfaces anew."),
    )
