"""Hands a file in to a sixfaces server by tus, a piece at a time, each with its checksum; whatever happened before, it
goes on from where the server says.

A client of our own, on the HTTP library that the product has anyway: the usual one for Python has no time limits, so
that a dead network holds it for ever, closes no file, knows no SHA-256, and cannot tell a refusal from a bad line.
"""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import UploadError
from sixfaces.domain.model import Say

PIECE = 8 << 20
"""Bytes of one request: what a cut line can cost at most."""

_TUS = {"Tus-Resumable": "1.0.0"}
_GONE = frozenset({404, 410})
_GO_ON = frozenset({409, 460})
_PASSING = frozenset({401, 408, 425, 429})
"""Answers that say nothing of the file: the key may be renewed, the server less busy."""
_SOON_S, _LONGEST_S = 5.0, 600.0
_SHOWN = 1000

OnProgress = Callable[[int], None]


class Later(Exception):
    """The network or the server is away: to be tried again after `seconds`."""

    def __init__(self, why: str, *, seconds: float = _SOON_S) -> None:
        super().__init__(why)
        self.seconds = min(seconds, _LONGEST_S)


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

    def create(self, case: str, path: Path, *, role: str, sha256: str) -> str:
        """The address of a new upload of this file, its bytes and digest declared."""
        query = {"case": case, "role": role, "name": path.name, "sha256": sha256}
        headers = {**_TUS, "Upload-Length": str(path.stat().st_size)}
        answer = self._fine(self._asked("POST", "/v1/uploads", params=query, headers=headers))
        return answer.headers["location"]

    def offset(self, url: str) -> int | None:
        """How many bytes the server has; None where it knows the upload no more."""
        answer = self._asked("HEAD", url, headers=_TUS)
        return None if answer.status_code in _GONE else int(self._fine(answer).headers["upload-offset"])

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

    def became(self, url: str) -> dict[str, Any]:
        """What the server says of the upload."""
        return self._json(self._fine(self._asked("GET", url)))

    def _sent(self, url: str, piece: bytes, *, at: int) -> int | None:
        checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode("ascii")
        headers = {
            **_TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at),
            "Upload-Checksum": f"sha256 {checksum}",
        }
        answer = self._asked("PATCH", url, content=piece, headers=headers)
        if answer.status_code in _GONE:
            return None
        if answer.status_code not in _GO_ON:
            return int(self._fine(answer).headers["upload-offset"])
        told = answer.headers.get("upload-offset", "")
        if answer.status_code == httpx.codes.CONFLICT and told == str(at):  # another writer: let it have its turn
            raise Later("taken over by another writer")
        return int(told) if told.isdigit() else self.offset(url)

    def _asked(self, method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401 as httpx has it
        try:
            return self._http.request(method, url, **more)
        except httpx.TransportError as exc:
            raise Later(str(exc) or type(exc).__name__) from exc

    def _fine(self, answer: httpx.Response) -> httpx.Response:
        """The answer, if it is a good one."""
        if answer.is_success:
            return answer
        if answer.is_server_error or answer.status_code in _PASSING:
            raise Later(f"HTTP {answer.status_code}", seconds=_seconds(answer.headers.get("retry-after")))
        told = self._json(answer)
        code = str(told.get("code") or "")
        if not code:  # not an answer to what we asked: the line maimed the request, or somebody stands in between
            raise Later(f"HTTP {answer.status_code}, and no reason")
        text = str(told.get("detail") or f"HTTP {answer.status_code}")[:_SHOWN]
        fix = str(told.get("fix") or "")[:_SHOWN]
        raise UploadError(  # in the language that was asked for, twice
            code if code.startswith("upload.") else "upload.refused", Say(zh=text, en=text), Say(zh=fix, en=fix)
        )

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        try:
            told = answer.json() if answer.content else {}
        except ValueError:
            told = {}
        return told if isinstance(told, dict) else {}


def _seconds(told: str | None) -> float:
    """Retry-After in seconds, as our servers and most others say it."""
    return float(told) if told is not None and told.isdigit() else _SOON_S
