"""All that a running installation stands on, chosen by `bootstrap`: what use cases take as their one argument."""

from dataclasses import dataclass, field

from sixfaces.domain.blobs import Blobs, DirectUploads, Spool
from sixfaces.domain.ports import Comparer, Hints, Observatory
from sixfaces.domain.records import Records
from sixfaces.intake.running_digests import RunningDigests
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.pipeline.challenges import Keyring


@dataclass(frozen=True, slots=True)
class Measuring:
    """Who measures and compares, and the version of both: `observers` names all observers with their versions."""

    observatory: Observatory
    comparer: Comparer
    keyring: Keyring
    observers: str


@dataclass(frozen=True, slots=True)
class Service:
    """One installation. `code_version` is that of the rules' code; `policy` judges where a case names none;
    `digests` are of the uploads that this process is receiving."""

    records: Records
    blobs: Blobs
    spool: Spool
    hints: Hints
    measuring: Measuring
    code_version: str
    policy: str | None = None
    direct: DirectUploads | None = None
    uploads: UploadLimits = field(default_factory=UploadLimits)
    digests: RunningDigests = field(default_factory=RunningDigests)
