"""All that a running installation stands on, chosen by `bootstrap`: what use cases take as their one argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, overload

from sixfaces.domain.archive import NoParts, Parts
from sixfaces.domain.blobs import Blobs, DirectUploads, Spool
from sixfaces.domain.ports import Comparer, Hints, Observatory, OutboundComparer
from sixfaces.domain.records import Records
from sixfaces.domain.reuse import ReuseSearch
from sixfaces.domain.tracing import UNTRACED, Tracer
from sixfaces.intake.running_digests import RunningDigests
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.pipeline.challenges import Keyring
from sixfaces.pipeline.claims.rules import SHIPPED, ClaimRules
from sixfaces.pipeline.recent_readings import RecentReadings


class _AskedLate:
    """A text that may be given as the function that tells it, which is called when somebody asks."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._place = f"_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...

    def __get__(self, instance: object | None, owner: type) -> "str | _AskedLate":
        if instance is None:
            raise AttributeError("it has no default")
        given = instance.__dict__[self._place]
        return given if isinstance(given, str) else str(given())

    def __set__(self, instance: object, given: str | Callable[[], str]) -> None:
        instance.__dict__[self._place] = given


@dataclass(frozen=True)
class Measuring:
    """Who measures and compares, and the version of both: `observers` names all observers with their versions. A
    server that only answers requests need not load them to be ready."""

    observatory: Observatory
    comparer: Comparer
    keyring: Keyring
    observers: _AskedLate = _AskedLate()
    outbound: OutboundComparer | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One installation. `code_version` is that of the rules' code; `policy` judges by default, `rules` are of claims;
    `digests` are of the uploads that this process is receiving; `tracer` tells of all work; `readings` stand in the
    custody log; `parts` are the files of the archive; without `reuse` earlier pictures are not looked
    for."""

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
    tracer: Tracer = UNTRACED
    readings: RecentReadings = field(default_factory=RecentReadings)
    rules: ClaimRules = SHIPPED
    parts: Parts = field(default_factory=NoParts)
    reuse: ReuseSearch | None = None
