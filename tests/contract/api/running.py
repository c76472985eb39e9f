"""The API over an installation, as `sixfaces serve` runs it, in a thread of the test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy

import httpx

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.api.app import create_app
from sixfaces.api.server import Server, listening_socket
from sixfaces.config import Settings
from tests.contract.api.people import Api
from tests.rig.installation import database, open_service


@contextmanager
def running(settings: Settings) -> Iterator[Api]:
    """The API over an installation, while the block lasts."""
    records = SqlRecords(settings.database_url or database(settings.data))
    service = replace(open_service(settings.data), records=records)
    sock, ready = listening_socket(settings), threading.Event()
    app = create_app(service, settings)
    server = Server(app, settings, on_ready=ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    address = sock.getsockname()
    thread.start()
    assert ready.wait(20)
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=30) as client:
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # who asks is said each time
        yield Api(service, settings, client, address, app.state.gate)
    server.stop()
    thread.join(20)
    assert not thread.is_alive()
    records.close()
