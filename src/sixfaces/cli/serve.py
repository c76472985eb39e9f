"""`sixfaces serve`: one process that is the whole installation, or its API where others do the rest."""

import json
import socket
import sys
from contextlib import closing
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.api.app import create_app
from sixfaces.api.server import Server, listening_socket
from sixfaces.cli.telling import telling, words_in
from sixfaces.config import Settings
from sixfaces.domain.model import Say
from sixfaces.pipeline.keys import first_key
from sixfaces.pipeline.service import Service
from sixfaces.report.page import Language
from sixfaces.workers.duties import duties_of
from sixfaces.workers.embedded import embedded_workers
from sixfaces.workers.sending import sending_without_workers

KEY = Say(
    zh="管理员密钥（只显示这一次，请妥善保存）：",
    en="The admin key, shown this once; keep it safe: ",
)
READY = Say(zh="已就绪：{url}，接口说明见 {url}/docs", en="Ready at {url}, docs at {url}/docs")


class Opened(NamedTuple):
    """An installation that is about to be served."""

    service: Service
    socket: socket.socket

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(*, host: str | None, port: int | None, as_json: bool, language: Language) -> None:
    """Serve until told to stop. What is missing is made: tables, keys, and once an admin key. That one comes last: a
    start that fails on the way must not have made a key that nobody was shown."""
    with telling(language):
        settings = _with(bootstrap.started(), host=host, port=port)
        opened = _open(settings)
        app, duties = create_app(opened.service, settings), duties_of(settings)

    def on_ready() -> None:
        key = first_key(opened.service)
        if as_json:
            typer.echo(json.dumps({"url": opened.url, "admin_key": key}))
        else:
            typer.echo(
                (words_in(KEY, language) + key + "\n" if key else "") + words_in(READY, language).format(url=opened.url)
            )
        sys.stdout.flush()

    server = Server(app, settings, on_ready=on_ready)
    with (
        telling(language),
        closing(bootstrap.tracer()),
        bootstrap.own_scratch(bootstrap.scratch_root(settings)),
        embedded_workers(opened.service, settings.workers, duties=duties),
        sending_without_workers(opened.service, settings),
    ):
        server.run(sockets=[opened.socket])


def _open(settings: Settings) -> Opened:
    """Listening comes before making anything: a second server on the same address must not get as far."""
    bound = listening_socket(settings)
    bootstrap.prepare(settings)
    return Opened(bootstrap.open_service(settings), bound)


def _with(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    update = {"host": host, "port": port}
    return settings.model_copy(update={name: value for name, value in update.items() if value is not None})
