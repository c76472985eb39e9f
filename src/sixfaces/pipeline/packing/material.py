"""What a pack is made of, wherever the case lies."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.case import CaseFile
from sixfaces.domain.channel import Channel
from sixfaces.domain.report import Report
from sixfaces.media.content_credentials import Signing
from sixfaces.report.packs.wording import Behind
from sixfaces.report.page import Language


class Picture(NamedTuple):
    """A derived picture: its bytes, and its digest among those of the report's files. `masked`: they are its twin's."""

    data: bytes
    sha256: str
    masked: bool = False


def no_original(held: ExitStack, sha256: str) -> Path | None:
    """Where no original is at hand."""
    return None


class Material(NamedTuple):
    """A verified case. `report` and `case` are as they may be shown; `results` are the digests of all files of the
    report, by the names they have beside report.json; `picture` gives one of them by its name, `original` the file of
    a sealed original by its digest, for as long as the stack is held. `behind`: what the words may claim."""

    report: Report
    case: CaseFile | None
    results: Mapping[str, str]
    picture: Callable[[str], Picture | None]
    original: Callable[[ExitStack, str], Path | None] = no_original
    behind: Behind = Behind.NOBODY


class Asked(NamedTuple):
    """What is wanted: for which channel, in which language, whether personal data may be seen in it, and when it is
    made. `signing`: who signs content credentials of its pictures and clips, if anybody does. `enclose`: sealed
    originals lie in the pack of an installation's case."""

    channel: Channel
    language: Language
    made: datetime
    masked: bool = True
    signing: Signing | None = None
    enclose: bool = False
