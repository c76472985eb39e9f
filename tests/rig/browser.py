"""A web page on a server of its own, opened in a real browser (Debian: chromium). The page does everything itself and
tells its server what became of it."""

import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

HTML = b"""<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script>
for (const kind of ["error", "unhandledrejection"])
  addEventListener(kind, (event) => fetch("/told", {
    method: "POST", body: JSON.stringify({ broken: String(event.reason?.stack ?? event.message) }) }));
</script>
<script type="module" src="/page.js"></script>"""
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
)


class Page:
    """A page's own server: its script, its order, its files, and what it told."""

    def __init__(self, script: str) -> None:
        self.order: Mapping[str, Any] = {}
        self.files: Mapping[str, bytes] = {}
        self._script = script.encode()
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def seen(self) -> dict[str, Any]:
        """What the page told after it was opened in a browser of its own."""
        with _chromium(self.origin):
            told = self._told.get(timeout=30)
        assert "broken" not in told, told["broken"]
        return told

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Type and bytes of what lies there."""
        if path == "/order":
            return "application/json", json.dumps(self.order).encode()
        if path.startswith("/files/"):
            return "video/mp4", self.files[unquote(path.removeprefix("/files/"))]
        return {"/": ("text/html", HTML), "/page.js": ("text/javascript", self._script)}.get(path)

    def hear(self, body: bytes) -> None:
        """What the page tells."""
        self._told.put(json.loads(body))

    @contextmanager
    def serving(self) -> Iterator["Page"]:
        """Until the end of the block."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(10)


def _handler(page: Page) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = page.answer(self.path)
            self.send_response(200 if found else 404)
            kind, body = found or ("text/plain", b"")
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            page.hear(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests tell what they have to tell."""

    return Handler


@contextmanager
def _chromium(url: str) -> Iterator[None]:
    program = shutil.which("chromium")
    if program is None:
        reason = "no browser (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    own = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox does not start for root
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, *own, f"--user-data-dir={profile}", url]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
            try:
                yield
            finally:
                os.killpg(process.pid, signal.SIGKILL)
