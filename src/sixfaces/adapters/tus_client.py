"""Hands a file in to a sixfaces server by tus, a piece at a time, each with its checksum; whatever happened before, it
goes on from where the server says.

A client of our own, on the HTTP library that the product has anyway: the usual one for Python has no time limits, so
that a dead network holds it for ever, closes no file, knows no SHA-256, and cannot tell a refusal from a bad line.
"""

import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import httpx

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import UploadError
from sixfaces.domain.model import Say

PIECE = 8 << 20
"""Bytes of one request: what a cut line can cost at most."""

_TUS = {"Tus-Resumable": "1.0.0"}
_GONE = frozenset({404, 410})
_NOT_OURS = frozenset({403, *_GONE})
"""Of an upload: it has ended, or was begun with a key that this one has taken the place of. It is begun anew."""
_GO_ON = frozenset({"upload.offset_differs", "upload.taken_over", "upload.checksum_differs"})
_PASSING = frozenset({401, 403, 408, 425, 429})
"""Answers that say nothing of the file: the key may be renewed or get the right, the server be less busy."""
_OF_ONE = frozenset({408, 500})
"""Of these answers others may not know: the next file may fare better."""
_SOON_S, _LONGEST_S = 5.0, 600.0
_SHOWN = 1000
_MOST_CASES = 20

OnProgress = Callable[[int], None]


class Later(Exception):
    """To be tried again after `seconds`. `is_of_all`: the network or the server is away, whatever the file."""

    def __init__(self, why: str, *, seconds: float = _SOON_S, is_of_all: bool = False) -> None:
        super().__init__(why)
        self.seconds = min(seconds, _LONGEST_S)
        self.is_of_all = is_of_all


class Known(NamedTuple):
    """A case on the server: our id of it, its number, whether it is open."""

    id: str
    number: str
    state: str


class TusClient:
    """One server, one key; a line that is silent for `patience_s` counts as dead.

    Raises Later where it is to be tried again, UploadError where that would not help.
    """

    def __init__(self, server: str, key: str, *, language: str = "en", patience_s: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._http = httpx.Client(base_url=server.rstrip("/"), headers=headers, timeout=patience_s)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def open_case(self, file: CaseFile, *, is_claim: bool) -> None:
        """See to it that there is a case of this number. `is_claim`: the file states what is claimed, so a case that
        says otherwise is edited, if this key may; else any case of the number serves."""
        url = f"/v1/cases/by-number/{quote(file.case_id, safe='')}"
        body = file.model_dump(mode="json", exclude_unset=True)
        answer = self._asked("PUT", url, json=body, headers={} if is_claim else {"If-None-Match": "*"})
        if is_claim and answer.status_code == httpx.codes.PRECONDITION_REQUIRED:
            there = self._fine(self._asked("GET", url))
            answer = self._asked("PUT", url, json=body, headers={"If-Match": there.headers["etag"]})
            if answer.status_code == httpx.codes.FORBIDDEN:  # what stands there was stated by somebody who may
                return
        if answer.status_code != httpx.codes.PRECONDITION_FAILED:
            self._fine(answer)

    def cases_of(self, waybill: str) -> list[Known]:
        """The newest cases whose return parcel has this waybill, and the one whose number it is."""
        answer = self._fine(self._asked("GET", "/v1/cases", params={"waybill": waybill, "limit": _MOST_CASES}))
        found = [_known(case) for case in self._json(answer).get("items", [])]
        one = self._asked("GET", f"/v1/cases/by-number/{quote(waybill, safe='')}")
        return found if one.status_code == httpx.codes.NOT_FOUND else [*found, _known(self._json(self._fine(one)))]

    def create(self, case: str, path: Path, *, role: str, sha256: str) -> str:
        """The address of a new upload of this file, its bytes and digest declared."""
        name = os.fsencode(path.name).decode("utf-8", "replace")
        query = {"case": case, "role": role, "name": name, "sha256": sha256}
        headers = {**_TUS, "Upload-Length": str(path.stat().st_size)}
        answer = self._asked("POST", "/v1/uploads", params=query, headers=headers)
        if answer.status_code == httpx.codes.NOT_FOUND:  # it was there a moment ago
            raise Later("the case is gone")
        place = urlsplit(self._fine(answer).headers["location"])
        return place.path  # whatever host it names: our key is for this server

    def offset(self, url: str) -> int | None:
        """How many bytes the server has; None where it knows the upload no more."""
        answer = self._asked("HEAD", url, headers=_TUS)
        return None if answer.status_code in _NOT_OURS else int(self._fine(answer).headers["upload-offset"])

    def send(self, url: str, path: Path, *, on_progress: OnProgress = lambda sent: None) -> bool:
        """Send all that the server does not have yet. False where it knows the upload no more."""
        offset = self.offset(url)
        size = path.stat().st_size
        with path.open("rb") as file:
            while offset is not None and offset < size:
                on_progress(offset)
                file.seek(offset)
                offset = self._sent(url, file.read(PIECE), at=offset)
        return offset is not None

    def became(self, url: str) -> dict[str, Any] | None:
        """What the server says of the upload; None where it knows it no more. Raises UploadError for a refused one."""
        answer = self._asked("GET", url)
        told = None if answer.status_code in _NOT_OURS else self._json(self._fine(answer))
        if told is not None and told.get("refusal"):
            raise _refused(told["refusal"], "")
        return told

    def _sent(self, url: str, piece: bytes, *, at: int) -> int | None:
        checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode("ascii")
        headers = {
            **_TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at),
            "Upload-Checksum": f"sha256 {checksum}",
        }
        answer = self._asked("PATCH", url, content=piece, headers=headers)
        if answer.status_code in _NOT_OURS:
            return None
        code = str(self._json(answer).get("code"))
        if answer.status_code == httpx.codes.CONFLICT and not code.startswith("upload."):
            raise Later(f"HTTP {answer.status_code}: {code}")  # of the server's own affairs
        if code not in _GO_ON:
            return int(self._fine(answer).headers["upload-offset"])
        told = answer.headers.get("upload-offset", "")
        if answer.status_code == httpx.codes.CONFLICT and told == str(at):  # another writer: let it have its turn
            raise Later("taken over by another writer")
        return int(told) if told.isdigit() else self.offset(url)

    def _asked(self, method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401 as httpx has it
        try:
            return self._http.request(method, url, **more)
        except httpx.TransportError as exc:
            raise Later(str(exc) or type(exc).__name__, is_of_all=True) from exc

    def _fine(self, answer: httpx.Response) -> httpx.Response:
        """The answer, if it is a good one."""
        if answer.is_success:
            return answer
        told, status = self._json(answer), f"HTTP {answer.status_code}"
        if answer.is_server_error or answer.status_code in _PASSING:
            why = f"{status}: {told['detail']}"[:_SHOWN] if told.get("detail") else status
            seconds = _seconds(answer.headers.get("retry-after"))
            raise Later(why, seconds=seconds, is_of_all=answer.status_code not in _OF_ONE)
        if answer.is_redirect:
            raise Later(f"{status}: the server has moved to {answer.headers.get('location')}"[:_SHOWN], is_of_all=True)
        if not told.get("code"):  # not an answer to what we asked: the line maimed it, or somebody stands in between
            raise Later(f"{status}, and no reason", is_of_all=True)
        raise _refused({**told, "text": told.get("detail")}, status)

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        try:
            told = answer.json() if answer.content else {}
        except ValueError:
            told = {}
        return told if isinstance(told, dict) else {}


def _refused(told: dict[str, Any], status: str) -> UploadError:
    """In the language that was asked for, twice."""
    code, text, fix = (str(told.get(name) or "")[:_SHOWN] for name in ("code", "text", "fix"))
    text = text or status
    return UploadError(
        code if code.startswith("upload.") else "upload.refused", Say(zh=text, en=text), Say(zh=fix, en=fix)
    )


def _known(told: dict[str, Any]) -> Known:
    return Known(told["id"], told["file"]["case_id"], told["state"])


def _seconds(told: str | None) -> float:
    """Retry-After in seconds, as our servers and most others say it."""
    return float(told) if told is not None and told.isdigit() else _SOON_S
