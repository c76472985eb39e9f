"""What an exhibit shows beside pictures that only the case knows: kept apart from the record, which is of no case.

A comparison belongs to two digests and a version, so it may be kept and used again for another case with the same
reference; `docs/decisions/0010-comparisons-beside-records.md` says why.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.parcel_facts import FaceFact

OBSERVER = "item"
OUTBOUND = "outbound"
"""Who lays what came back beside what went out."""


class Reference(NamedTuple):
    """A reference picture of the order: the case's name for it, its digest and bytes, its form by our own sniffing."""

    name: str
    sha256: str
    format: str
    data: bytes


class ParcelSide(NamedTuple):
    """A parcel as one exhibit shows it: the exhibit's digest and name, its faces with their pictures, one for each
    face, and those pictures and the views of the item (JPEG) by the names that the record uses."""

    exhibit: str
    name: str
    faces: tuple[FaceFact, ...]
    pictures: Mapping[str, bytes]


class Comparison(Model):
    """One exhibit beside one reference picture. `views` maps the crops of the item to their digests.

    It holds for ever for its `reference`, `views` and `version`; `name` is what the case calls the reference. Beside a
    packing video `reference` is that exhibit, and `views` are the pictures of both, each under its exhibit's first
    digits.
    """

    observer: Text = OBSERVER
    name: Text
    reference: Sha256
    views: dict[Text, Sha256]
    version: Text
    measured: tuple[Measured, ...]
    images: dict[Text, Sha256]


class Comparisons(Model):
    """All that one exhibit was compared with for one case, and why some of it could not be."""

    format: Literal["sixfaces.comparisons/1"] = "sixfaces.comparisons/1"
    exhibit: Sha256
    compared: tuple[Comparison, ...] = ()
    holes: tuple[UnmeasuredFact, ...] = ()


def with_comparisons(record: Record, found: Comparisons | None) -> Record:
    """The record as the case's rules see it: its own observations, then those of the comparisons."""
    if found is None or not (found.compared or found.holes):
        return record
    versions: dict[str, set[str]] = {OBSERVER: set()} if found.holes else {}
    for one in found.compared:
        versions.setdefault(one.observer, set()).add(one.version)
    told = {name: ", ".join(sorted(of)) or "-" for name, of in sorted(versions.items())}
    measured = [(one.observer, one.version, m) for one in found.compared for m in one.measured]
    measured += [(OBSERVER, told[OBSERVER], Measured(fact=hole)) for hole in found.holes]
    first = 1 + max((int(o.id[1:]) for o in record.observations), default=0)
    images = {name: digest for one in found.compared for name, digest in one.images.items()}
    update = {
        "observations": record.observations + numbered(measured, first=first),
        "observers": {**record.observers, **told},
        "images": dict(sorted({**record.images, **images}.items())),
    }
    return record.model_copy(update=update)
