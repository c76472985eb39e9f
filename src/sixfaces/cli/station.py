"""`sixfaces station`: watches a folder, hands finished recordings in, and keeps at it through any outage.

Each finished file, in turn:
1. its case, by its sidecar or its name; one that says neither is left lying until something does
2. its digest and the upload's address stand in the journal before the first byte is sent
3. what the server does not have yet is sent; a line that is cut costs the piece under way
4. only what the server sealed with our digest goes to `sealed/`; what it will never take goes to `refused/`
"""

import time
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import typer
from pydantic import ValidationError

from sixfaces.adapters.tus_client import Later, TusClient
from sixfaces.cli.station_folder import Entry, StationFolder, claimed, named
from sixfaces.cli.telling import telling
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import SixfacesError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.intake.upload_rules import read_role
from sixfaces.report.page import Language
from sixfaces.report.visible import visible

_SLOWEST_S = 300.0
_PERCENT = 100


class CaseFrom(StrEnum):
    """What says which case a recording belongs to."""

    AUTO = "auto"
    NAME = "name"
    SIDECAR = "sidecar"


class Watch(NamedTuple):
    """What is watched, and how. `once`: leave when every finished recording has been dealt with."""

    folder: Path
    server: str
    key: str
    role: str = Role.UNBOXING_VIDEO
    case_from: CaseFrom = CaseFrom.AUTO
    poll_s: float = 2.0
    settle_s: float = 5.0
    once: bool = False


def watch_folder(watch: Watch, language: Language) -> int:
    """Watch until interrupted. With `once`, 0 if nothing was left to do, else 1."""
    with telling(language):
        read_role(watch.role)
    station = _Station(watch, language)
    try:
        return station.watch()
    finally:
        station.client.close()


class _Station:
    def __init__(self, watch: Watch, language: Language) -> None:
        self.client = TusClient(watch.server, watch.key, language=language)
        self._watch = watch
        self._language = language
        self._folder = StationFolder(watch.folder, settle_s=watch.settle_s)
        self._told: set[Path] = set()

    def watch(self) -> int:
        """Look, send, rest. After a failure the rest grows, up to minutes: an outage may last for days."""
        rest, deadline = self._watch.poll_s, time.monotonic() + self._watch.settle_s + self._watch.poll_s
        while True:
            is_behind = False
            for path in self._folder.finished():
                try:
                    is_behind |= not self._dealt_with(path)
                except Later as exc:
                    is_behind, rest = True, min(max(exc.seconds, rest * 2), _SLOWEST_S)
                    self._say(Say(zh=f"{path.name}：稍后重试（{exc}）", en=f"{path.name}: again later ({exc})"))
                    break
                except FileNotFoundError:
                    continue  # somebody has taken it away
                rest = self._watch.poll_s
            if self._watch.once and time.monotonic() > deadline:
                return int(is_behind)
            time.sleep(min(rest, self._watch.poll_s) if self._watch.once else rest)

    def _dealt_with(self, path: Path) -> bool:
        """False for a file of which nobody says yet which case it is of."""
        try:
            file, is_claim = self._case_of(path)
            if file is None:
                self._once(path, Say(zh="不知道属于哪个案件，暂不上传", en="of no known case: left lying"))
                return False
            self.client.open_case(file, is_claim=is_claim)
            self._hand_in(path, file.case_id)
        except UploadError as exc:
            self._refuse(path, exc)
        except ValidationError as exc:
            why = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors(include_url=False))
            self._refuse(path, _bad_sidecar(why[:1000]))
        return True

    def _case_of(self, path: Path) -> tuple[CaseFile | None, bool]:
        by_sidecar = claimed(path) if self._watch.case_from is not CaseFrom.NAME else None
        if by_sidecar is not None or self._watch.case_from is CaseFrom.SIDECAR:
            return by_sidecar, True
        return named(path), False

    def _hand_in(self, path: Path, case: str) -> None:
        entry = self._folder.entry(path)
        try:
            told = self._sent(path, entry, case)
        except UploadError as exc:
            if self._folder.entry(path).sha256 != entry.sha256:
                raise Later("it was written to while it was sent") from exc
            raise
        receipt = told.get("receipt")
        if receipt is None or receipt.get("sha256") != entry.sha256:
            raise Later("not sealed yet")
        self._folder.end(path, receipt, is_sealed=True)
        self._say(Say(zh=f"{path.name}：已封存 {entry.sha256}", en=f"{path.name}: sealed {entry.sha256}"))

    def _sent(self, path: Path, entry: Entry, case: str) -> dict[str, Any]:
        """Send what is missing; what the server says of the upload then."""
        while entry.url is None or not self.client.send(entry.url, path, on_progress=self._progress(path, entry.size)):
            url = self.client.create(case, path, role=self._watch.role, sha256=entry.sha256)
            entry = self._folder.remember(path, entry.model_copy(update={"url": url}))
        return self.client.became(entry.url)

    def _refuse(self, path: Path, exc: SixfacesError) -> None:
        said = {"code": exc.code, "text": self._in(exc.text), "fix": self._in(exc.fix)}
        self._folder.end(path, said, is_sealed=False)
        self._say(Say(zh=f"{path.name}：被拒收。{exc.text.zh}", en=f"{path.name}: refused. {exc.text.en}"))

    def _progress(self, path: Path, size: int) -> "_Progress":
        return _Progress(self, path, size)

    def _once(self, path: Path, text: Say) -> None:
        if path not in self._told:
            self._told.add(path)
            self._say(Say(zh=f"{path.name}：{text.zh}", en=f"{path.name}: {text.en}"))

    def _in(self, text: Say) -> str:
        return text.zh if self._language == "zh" else text.en

    def _say(self, text: Say) -> None:
        typer.echo(visible(self._in(text), longest=2000))


class _Progress:
    """Says now and then how much of a long file has been sent."""

    def __init__(self, station: _Station, path: Path, size: int) -> None:
        self._station, self._path, self._size = station, path, max(size, 1)
        self._said = 0

    def __call__(self, sent: int) -> None:
        share = sent * _PERCENT // self._size
        if share >= self._said + 10:
            self._said = share
            self._station._say(Say(zh=f"{self._path.name}：{share}%", en=f"{self._path.name}: {share}%"))


def _bad_sidecar(why: str) -> UploadError:
    return UploadError(
        "upload.case",
        Say(zh=f"随附的 .case.json 无法读取：{why}", en=f"The .case.json beside it cannot be read: {why}"),
        Say(zh="请更正后把文件放回监视的文件夹。", en="Correct it and put the files back into the watched folder."),
    )
