"""Hands a marketplace's export to a sixfaces server, and reads the report."""

from pathlib import Path
from typing import NamedTuple

import httpx
from pydantic import ValidationError

from sixfaces.domain.errors import ImportFileError
from sixfaces.domain.importing import ImportReport
from sixfaces.domain.model import Say

_SHOWN = 1000
_CONNECT_S = 30.0


class Sent(NamedTuple):
    """What a file is imported as."""

    platform: str
    zone: str | None = None
    currency: str | None = None
    dry_run: bool = False


def import_file(server: str, key: str, *, path: Path, sent: Sent, language: str = "en") -> ImportReport:
    """The report; a large file takes its time, and is waited for. Raises ImportFileError with the server's words, or
    `import.server` where there is none; OSError where the file cannot be read."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
    query = {name: str(value).lower() if isinstance(value, bool) else value for name, value in sent._asdict().items()}
    asked = {name: value for name, value in query.items() if value is not None}
    timeout = httpx.Timeout(_CONNECT_S, read=None)
    try:
        with (
            path.open("rb") as file,
            httpx.Client(base_url=server.rstrip("/"), headers=headers, timeout=timeout) as web,
        ):
            answer = web.post("/v1/imports", params=asked, content=file)
    except httpx.HTTPError as exc:
        raise _away(str(exc) or type(exc).__name__) from exc
    if not answer.is_success:
        raise _refused(answer)
    try:
        return ImportReport.model_validate_json(answer.content)
    except ValidationError as exc:
        raise _away(f"HTTP {answer.status_code}") from exc


def _refused(answer: httpx.Response) -> ImportFileError:
    """In the language that was asked for, twice."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    text, fix = (str(told.get(name) or "")[:_SHOWN] for name in ("detail", "fix"))
    code = str(told.get("code") or "")
    text = text or f"HTTP {answer.status_code}"
    return ImportFileError(
        code if code.startswith("import.") else "import.server", Say(zh=text, en=text), Say(zh=fix, en=fix)
    )


def _away(why: str) -> ImportFileError:
    why = why[:_SHOWN]
    return ImportFileError(
        "import.server",
        Say(zh=f"服务器没有应答（{why}）。", en=f"The server does not answer ({why})."),
        Say(
            zh="请检查 --server；再次导入同一文件不会重复。", en="Check --server; the same file again changes nothing."
        ),
    )
