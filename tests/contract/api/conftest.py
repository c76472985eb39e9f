"""One API for all tests in this process, as `sixfaces serve` runs it, with two tenants and everything a route shows."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from sixfaces.api.app import create_app
from sixfaces.api.server import Server, listening_socket
from sixfaces.config import Settings
from tests.contract.api.people import Api
from tests.rig.installation import open_service, prepared


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = prepared(tmp_path_factory.mktemp("api"))
    settings = Settings(
        data=folder, port=0, slowest_s=2, rate="1000000/minute", rate_unknown="1000000/minute", largest_body=100_000
    )
    with running(settings) as api:
        yield api


class running:
    """The API over an installation, while the block lasts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()

    def __enter__(self) -> Api:
        service = open_service(self._settings.data)
        sock = listening_socket(self._settings)
        host, port = sock.getsockname()
        self._server = Server(create_app(service, self._settings), self._settings, on_ready=self._ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [sock]})
        self._thread.start()
        assert self._ready.wait(10)
        self._client = httpx.Client(base_url=f"http://{host}:{port}", timeout=30)
        return Api(service, self._settings, self._client, (host, port))

    def __exit__(self, *error: object) -> None:
        self._client.close()
        self._server.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()
