"""A station with a key of its own, its folder, and a server between that answers what a test tells it to."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from sixfaces.cli.station import Watch, watch_folder
from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.keys import KeyOrder, make_key
from sixfaces.pipeline.stations import add_station
from tests.contract.uploads.conftest import Api


@dataclass(frozen=True)
class Station:
    """A folder that is watched for one pass at a time."""

    api: Api
    folder: Path
    key: str

    def passes(self, *, server: str | None = None, **more: object) -> int:
        """Look once at everything: 0 if nothing is left."""
        watch = Watch(self.folder, server or self.api.url, self.key, poll_s=0.05, settle_s=0.05, once=True)
        return watch_folder(watch._replace(**more), "en")  # type: ignore[arg-type]  # whatever a test is about

    def put(self, name: str, data: bytes) -> Path:
        """A finished recording."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def files(self, kind: str) -> list[str]:
        """Names that lie in `sealed`, `refused` or `waiting`."""
        place = self.folder / kind
        return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())

    def journals(self) -> list[Path]:
        """The journal's entries."""
        return list((self.folder / ".sixfaces-station").glob("*.json"))


def station_key(api: Api) -> str:
    """Of a new station."""
    station = f"S-{new_id()[-12:].upper()}"
    with api.service.records.begin("main") as tx:
        add_station(tx, api.admin.principal, id=station, name="bench")
        return make_key(tx, "main", KeyOrder(role=ApiRole.STATION, name="bench", station=station))[1]


def file_of(api: Api, **claim: object) -> FiledCase:
    """A case as somebody else has stated it."""
    file = CaseFile.model_validate({"case_id": f"C-{new_id()}", **claim})
    with api.service.records.begin("main") as tx:
        return file_case(tx, api.admin.principal, file, expected=Expected()).case


def cases_of(api: Api, waybill: str) -> list[FiledCase]:
    """All cases with this waybill."""
    with api.service.records.begin("main", reading=True) as tx:
        return list(tx.cases.find(CaseQuery(waybill=waybill), Page()))


@dataclass(frozen=True)
class Scripted:
    """Answers that are given in the place of the server's, one for each next request of a method."""

    answers: deque[tuple[str, int, dict[str, str], bytes]]
    asked: list[str]

    def will_say(self, method: str, status: int, body: bytes = b"", **headers: str) -> None:
        """To the next request of this method. Underscores in the names of headers are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((method, status, named, body))


@contextmanager
def scripted(api: Api) -> Iterator[tuple[Scripted, str]]:
    """A server before the API, and its address."""
    script = Scripted(deque(), [])

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            script.asked.append(self.command)
            if script.answers and script.answers[0][0] == self.command:
                _, status, headers, told = script.answers.popleft()
            else:
                sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                there = httpx.request(self.command, api.url + self.path, content=body, headers=sent, timeout=30)
                status, told = there.status_code, there.content
                headers = {n: v for n, v in there.headers.items() if n not in ("content-length", "connection")}
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(told))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told)

        do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = _answer

    server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield script, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(10)
    server.server_close()
