"""A pack of a folder that `sixfaces verify` has written. Each picture is held to the digest in its exhibit's record."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import ReportError
from sixfaces.domain.masked import masked_model
from sixfaces.domain.observation import Record
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.making import Made, make_pack
from sixfaces.pipeline.packing.material import Asked, Material, Picture
from sixfaces.report.packs.wording import Behind
from sixfaces.report.serial import read_report
from sixfaces.report.views import picture_path
from sixfaces.vault.bundle_writing import Source
from sixfaces.vault.custody_keys import CustodyKey
from sixfaces.vault.pack_writing import PackContents, packed_exhibits
from sixfaces.vault.zip_form import PIECE

LARGEST_RECORD = 64 * 2**20


class Results(NamedTuple):
    """What lies in the folder: report.json, the records, and the pictures that they tell the digests of."""

    folder: Path
    digests: dict[str, str]


class Enclosed(NamedTuple):
    """An original that is to lie in the pack: its digest, and where its bytes are."""

    sha256: str
    path: Path


class Beside(NamedTuple):
    """Sealed files that are at hand, for clips; and whether they are to lie in the pack themselves."""

    originals: Sequence[Path] = ()
    enclose: bool = False


NOTHING_BESIDE = Beside()


def pack_of_folder(
    material: Material, asked: Asked, *, beside: Beside = NOTHING_BESIDE, key: CustodyKey | None
) -> tuple[Made, Iterator[bytes]]:
    """The pack of a folder's material, and its bytes in pieces; signed where there is a key, and bound to no log.

    Raises what `make_pack` raises, PackError `pack.not_original` for a file that is none of the case, and
    `pack.masked_original` where originals, which hide nothing, are to lie in a pack that masks personal data.
    """
    if beside.enclose and beside.originals and asked.masked:
        raise refusals.original_in_masked()
    known = [_enclosed(material, path) for path in beside.originals]
    paths = {one.sha256: one.path for one in known}
    behind = Behind.NOBODY if key is None else Behind.KEY
    made = make_pack(material._replace(original=lambda held, sha256: paths.get(sha256), behind=behind), asked)
    enclosed = known if beside.enclose else []
    inside = {one.sha256 for one in enclosed}
    told = tuple(one.model_copy(update={"enclosed": one.sha256 in inside}) for one in made.pack.originals)
    made = made._replace(pack=made.pack.model_copy(update={"originals": told}))
    contents = PackContents(made.pack, made.files, material.results, proofs=made.proofs)
    return made, packed_exhibits(contents, [_source(one) for one in enclosed], key=key)


def _enclosed(material: Material, path: Path) -> Enclosed:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise refusals.not_the_original(path.name) from exc
    if digest not in {view.sha256 for view in material.report.exhibits}:
        raise refusals.not_the_original(path.name)
    return Enclosed(digest, path)


def _source(one: Enclosed) -> Source:
    return Source(f"originals/{one.sha256}", one.path.stat().st_size, partial(_pieces, one.path), sha256=one.sha256)


@contextmanager
def _pieces(path: Path) -> Iterator[Iterator[bytes]]:
    try:
        with path.open("rb") as file:
            yield iter(lambda: file.read(PIECE), b"")
    except OSError as exc:  # it was there when its digest was taken
        raise refusals.not_the_original(path.name) from exc


def is_results(folder: Path) -> bool:
    """Whether a folder holds a report."""
    return (folder / "report.json").is_file()


def material_in(folder: Path, case: CaseFile | None, *, masked: bool) -> Material:
    """The material of a verified case. Raises PackError `pack.no_case`, `pack.changed`,
    `pack.other_case`, ReportError."""
    try:
        data = (folder / "report.json").read_bytes()
    except OSError as exc:
        raise refusals.no_report(str(folder)) from exc
    report = read_report(data)
    if case is not None and case.case_id != report.case_id:
        raise refusals.other_case(report.case_id, case.case_id)
    digests = {"report.json": hashlib.sha256(data).hexdigest()}
    for view in report.exhibits:
        record = _record(folder, view.sha256)
        digests |= {picture_path(view.sha256, name): digest for name, digest in record.images.items()}
    results = Results(folder, digests)
    return Material(
        report=masked_model(report) if masked else report,
        case=masked_model(case) if masked and case is not None else case,
        results=digests,
        picture=partial(_picture, results),
    )


def _record(folder: Path, sha256: str) -> Record:
    name = f"records/{sha256}.json"
    try:
        with (folder / name).open("rb") as file:
            return Record.model_validate_json(file.read(LARGEST_RECORD))
    except (OSError, ValueError, ReportError) as exc:
        raise refusals.changed(name) from exc


def _picture(results: Results, name: str) -> Picture | None:
    digest = results.digests.get(name)
    if digest is None:
        return None
    try:
        data = (results.folder / name).read_bytes()
    except OSError as exc:
        raise refusals.changed(name) from exc
    if hashlib.sha256(data).hexdigest() != digest:
        raise refusals.changed(name)
    return Picture(data, digest)
