"""`sixfaces station`: watches a folder, hands finished recordings in, and keeps at it through any outage.

Each finished file, in turn:
1. its digest stands in the journal
2. its case, by its sidecar, its name or the waybill in the footage; where nothing is sure it is left lying
3. the upload's address stands in the journal before the first byte is sent
4. what the server does not have yet is sent; a line that is cut costs the piece under way
5. only what the server sealed with our digest goes to `sealed/`, or is deleted where that was asked for, after the
   bytes on this disk were hashed once more; what the server will never take goes to `refused/`
"""

import errno
import itertools
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from sixfaces.adapters.tus_client import Later, TusClient
from sixfaces.cli.station_cases import CaseFrom, UnclearError, case_of
from sixfaces.cli.station_folder import StationFolder, is_written
from sixfaces.cli.station_journal import Entry, Journal
from sixfaces.cli.station_numbers import Number, numbers_in_footage
from sixfaces.cli.station_telling import Telling, What
from sixfaces.cli.telling import telling
from sixfaces.domain.errors import SixfacesError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.intake.upload_rules import read_role
from sixfaces.report.page import Language

_SLOWEST_S = 300.0
_LONGEST_WAIT_S = 1800.0
_FIRST_WAIT_S = 15.0
_TIDY_S = 3600.0
_ROUNDS = 3
"""How often an upload that the server knows no more is begun anew before others have their turn."""


class Watch(NamedTuple):
    """What is watched, and how. `once`: leave when every finished recording has been dealt with. `delete`: local copies
    go once they are sealed. `as_json`: say everything as JSON lines."""

    folder: Path
    server: str
    key: str
    role: str = Role.UNBOXING_VIDEO
    case_from: CaseFrom = CaseFrom.AUTO
    poll_s: float = 2.0
    settle_s: float = 5.0
    once: bool = False
    delete: bool = False
    as_json: bool = False


def watch_folder(watch: Watch, language: Language) -> int:
    """Watch until interrupted. With `once`, 0 if nothing was left to do, else 1."""
    with telling(language):
        read_role(watch.role)
        folder = StationFolder(watch.folder, settle_s=watch.settle_s)
        journal = Journal(watch.folder)
    client = TusClient(watch.server, watch.key, language=language)
    try:
        with Telling(language, root=watch.folder, as_json=watch.as_json) as says:
            return _Station(watch, folder, journal, client=client, says=says).watch()
    finally:
        client.close()
        journal.close()


class _Wait(NamedTuple):
    until: float
    seconds: float


class _Station:
    def __init__(
        self, watch: Watch, folder: StationFolder, journal: Journal, *, client: TusClient, says: Telling
    ) -> None:
        self._watch, self._folder, self._journal = watch, folder, journal
        self._client, self._says = client, says
        self._waits: dict[Path, _Wait] = {}
        self._told: dict[Path | None, str] = {}
        self._rest = watch.poll_s
        self._tidied = time.monotonic()

    def watch(self) -> int:
        """Look, send, rest. After a failure the rest grows, up to minutes: an outage may last for days."""
        deadline = time.monotonic() + self._watch.settle_s + self._watch.poll_s
        for rounds in itertools.count(1):
            is_behind = self._round() or self._folder.is_resting
            if self._watch.once and rounds > 1 and time.monotonic() > deadline:
                return int(is_behind)
            time.sleep(min(self._rest, self._watch.poll_s) if self._watch.once else self._rest)
        raise AssertionError("counting has no end")

    def _round(self) -> bool:
        """All that can be dealt with now; whether something is left."""
        is_behind = False
        self._rest = min(self._rest, _SLOWEST_S)
        for path in self._folder.finished():
            if (wait := self._waits.get(path)) is not None and time.monotonic() < wait.until:
                is_behind = True
                continue
            try:
                is_done = self._dealt_with(path)
            except Later as exc:
                is_behind = True
                if exc.is_of_all:
                    self._rest = min(max(exc.seconds, self._rest * 2), _SLOWEST_S)
                    self._once(None, What.LATER, _later(exc))
                    return True
                self._postpone(path, What.LATER, _later(exc))
                continue
            self._rest = self._watch.poll_s
            self._told.pop(None, None)
            is_behind |= not is_done
        if not is_behind:
            self._tidy()
        return is_behind

    def _dealt_with(self, path: Path) -> bool:
        """False for a file that is left lying for now. Raises Later."""
        try:
            if is_written(path):
                self._folder.touched(path)
                return False
            self._hand_in(path, self._journal.entry(path))
        except FileNotFoundError:  # somebody has taken it away
            return True
        except UnclearError as exc:
            self._leave(path, exc)
            return False
        except UploadError as exc:
            self._refuse(path, exc)
        except ValidationError as exc:
            why = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors(include_url=False))
            self._refuse(path, _bad_sidecar(why[:1000]))
        except OSError as exc:
            self._postpone(path, What.TROUBLE, _unreadable(exc))
            return False
        self._waits.pop(path, None)
        self._told.pop(path, None)
        return True

    def _hand_in(self, path: Path, entry: Entry) -> None:
        try:
            told = self._sent(path, entry)
        except UploadError as exc:
            if self._journal.entry(path).sha256 != entry.sha256:
                raise Later("it was written to while it was sent") from exc
            raise
        finally:
            self._says.progress_ends()
        receipt = told.get("receipt")
        if receipt is None or receipt.get("sha256") != entry.sha256:
            raise Later("not sealed yet")
        self._end(path, receipt)

    def _numbers_in(self, path: Path) -> tuple[Number, ...]:
        """Numbers in the footage; it is looked at once, and what was seen is remembered."""
        entry = self._journal.entry(path)
        if entry.numbers is None:
            self._says.say(
                What.SENDING, Say(zh="正在画面中寻找运单号", en="looking for a waybill in the footage"), path=path
            )
            entry = entry.model_copy(update={"numbers": numbers_in_footage(path, entry.bytes)})
            self._journal.remember(path, entry)
        return entry.numbers or ()

    def _sent(self, path: Path, entry: Entry) -> dict[str, Any]:
        """Send what is missing; what the server says of the upload then. Its case is asked for only where there is no
        upload yet: one that is closed meanwhile has what it has."""

        def on_progress(sent: int) -> None:
            self._says.progress(path, sent, entry.size)

        for _ in range(_ROUNDS):
            if entry.url is not None and self._client.send(entry.url, path, on_progress=on_progress):
                told = self._client.became(entry.url)
                if told is not None:
                    return told
            case = case_of(path, self._client, case_from=self._watch.case_from, look=self._numbers_in)
            url = self._client.create(case, path, role=self._watch.role, sha256=entry.sha256)
            entry = self._journal.remember(path, self._journal.entry(path).model_copy(update={"url": url}))
            if self._journal.is_full:
                self._once(None, What.TROUBLE, _full())
        raise Later("the server forgets the upload")

    def _end(self, path: Path, receipt: dict[str, Any]) -> None:
        digest, is_deleted = receipt["sha256"], False
        if self._watch.delete:
            is_deleted = self._folder.delete(path, receipt)
            if not is_deleted:
                self._refuse(path, _changed(digest))
                return
        else:
            self._folder.end(path, receipt, is_sealed=True)
        self._journal.forget(path)
        self._says.say(What.SEALED, Say(zh=f"已封存 {digest}", en=f"sealed {digest}"), path=path, receipt=receipt)
        if is_deleted:
            self._says.say(What.DELETED, Say(zh="本地副本已删除", en="the local copy is deleted"), path=path)

    def _leave(self, path: Path, why: UnclearError) -> None:
        numbers = [number.text for number in why.numbers]
        self._postpone(path, What.WAITING, why.text, told={"fix": self._says.words(why.fix), "numbers": numbers})

    def _refuse(self, path: Path, exc: SixfacesError) -> None:
        said = {"code": exc.code, "text": self._says.words(exc.text), "fix": self._says.words(exc.fix)}
        self._folder.end(path, said, is_sealed=False)
        self._journal.forget(path)
        text = Say(zh=f"被拒收。{exc.text.zh}", en=f"refused. {exc.text.en}")
        self._says.say(What.REFUSED, text, path=path, code=exc.code)

    def _postpone(self, path: Path, what: What, text: Say, *, told: Mapping[str, object] | None = None) -> None:
        """Others have their turn; it is tried again after a while that grows."""
        wait = self._waits.get(path)
        seconds = min(_FIRST_WAIT_S if wait is None else wait.seconds * 2, _LONGEST_WAIT_S)
        seconds = min(seconds, self._watch.poll_s) if self._watch.once else seconds
        self._waits[path] = _Wait(time.monotonic() + seconds, seconds)
        self._once(path, what, text)
        try:
            self._folder.waits(path, {"text": self._says.words(text), **(told or {})})
        except OSError as exc:
            self._once(None, What.TROUBLE, _unreadable(exc))

    def _once(self, path: Path | None, what: What, text: Say) -> None:
        """Say what has not been said before, of this file or of all."""
        if self._told.get(path) != text.en:
            self._told[path] = text.en
            self._says.say(what, text, path=path)

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > _TIDY_S:
            self._tidied = time.monotonic()
            self._journal.forget_lost()
            self._folder.tidy()


def _later(exc: Later) -> Say:
    return Say(zh=f"稍后重试（{exc}）", en=f"again later ({exc})")


def _full() -> Say:
    return Say(
        zh="磁盘已满，进度只记在内存中；上传照常进行",
        en="the disk is full: what has been done is remembered in memory only; uploads go on",
    )


def _unreadable(exc: OSError) -> Say:
    why = exc.strerror or type(exc).__name__
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return Say(zh=f"本机磁盘已满（{why}），稍后重试", en=f"this machine's disk is full ({why}): again later")
    return Say(zh=f"无法读取或移动（{why}），稍后重试", en=f"it cannot be read or moved ({why}): again later")


def _changed(digest: str) -> UploadError:
    return UploadError(
        "upload.local_differs",
        Say(
            zh=f"服务器已封存 {digest}，但本地文件的内容已与之不同，因此没有删除。",
            en=f"The server sealed {digest}, but the local file has other bytes now: it was not deleted.",
        ),
        Say(zh="请检查本机磁盘；证据已在服务器上。", en="Check this machine's disk; the evidence is on the server."),
    )


def _bad_sidecar(why: str) -> UploadError:
    return UploadError(
        "upload.case",
        Say(zh=f"随附的 .case.json 无法读取：{why}", en=f"The .case.json beside it cannot be read: {why}"),
        Say(zh="请更正后把文件放回监视的文件夹。", en="Correct it and put the files back into the watched folder."),
    )
