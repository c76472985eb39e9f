"""A timestamp authority for tests: `openssl ts` behind a small HTTP server on a free loopback port."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

_CONFIG = """\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = conf
[conf]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Tsa(NamedTuple):
    """A running authority; `broken` makes it answer with an error until cleared."""

    url: str
    chain: bytes
    broken: threading.Event


def made(folder: Path, name: str = "Test TSA") -> bytes:
    """Keys and certificates of an authority in the folder; returns its root as PEM."""
    config = folder / "openssl.cnf"
    config.write_text(_CONFIG.format(name=name, folder=folder), "utf-8")
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", config)
    _openssl("req", "-x509", *ec, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "30",
             "-extensions", "ca")  # fmt: skip
    config.write_text(_CONFIG.format(name=f"{name} signer", folder=folder), "utf-8")
    _openssl("req", "-new", *ec, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    _openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
             "-CAcreateserial", "-days", "30", "-extfile", config, "-extensions", "stamping", "-out",
             folder / "tsa.pem")  # fmt: skip
    (folder / "serial").write_text("01\n")
    return (folder / "ca.pem").read_bytes()


def reply(folder: Path, query: bytes) -> bytes:
    """The authority's answer to one query."""
    asked, told = folder / "query.tsq", folder / "reply.tsr"
    asked.write_bytes(query)
    _openssl("ts", "-reply", "-config", folder / "openssl.cnf", "-queryfile", asked, "-signer", folder / "tsa.pem",
             "-inkey", folder / "tsa.key", "-out", told)  # fmt: skip
    return told.read_bytes()


@contextmanager
def running(folder: Path) -> Iterator[Tsa]:
    """An authority that answers over HTTP. Skips without openssl on a laptop; fails without it where CI is set."""
    if shutil.which("openssl") is None:
        if "CI" in os.environ:
            pytest.fail("openssl is missing")
        pytest.skip("openssl is missing")
    chain, broken, one_at_a_time = made(folder), threading.Event(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if broken.is_set() or self.headers["Content-Type"] != "application/timestamp-query":
                self.send_error(503)
                return
            with one_at_a_time:
                answer = reply(folder, query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Tsa(f"http://127.0.0.1:{server.server_address[1]}/", chain, broken)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
