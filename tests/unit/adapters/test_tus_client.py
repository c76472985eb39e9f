"""Whose refusal counts: a recording is never given up for what a line or somebody on the way has answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from sixfaces.adapters.tus_client import Later, TusClient
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import UploadError


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """A server that answers 400 and this to whatever comes."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(400)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Invalid HTTP request received.", Later),
        (b"<html>Sign in to this network</html>", Later),
        (b'{"code": "request.invalid", "detail": "no", "fix": "so"}', UploadError),
    ],
)
def test_only_an_answer_with_a_reason_of_the_server_is_a_refusal(body: bytes, expected: type[Exception]) -> None:
    with answering(body) as url:
        client = TusClient(url, "key")
        with pytest.raises(expected):
            client.open_case(CaseFile(case_id="C-1"), is_claim=False)
        client.close()
