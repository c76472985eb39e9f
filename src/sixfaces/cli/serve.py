"""`sixfaces serve`: one process that is the whole installation, or its API where others do the rest."""

import json
import socket
import sys
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.api.app import create_app
from sixfaces.api.server import Server, listening_socket
from sixfaces.cli.telling import telling
from sixfaces.config import Settings
from sixfaces.domain.model import Say
from sixfaces.pipeline.keys import first_key
from sixfaces.pipeline.service import Service
from sixfaces.report.page import Language
from sixfaces.workers.duties import duties_of
from sixfaces.workers.embedded import embedded_workers

KEY = Say(
    zh="管理员密钥（只显示这一次，请妥善保存）：",
    en="The admin key, shown this once; keep it safe: ",
)
READY = Say(zh="已就绪：{url}，接口说明见 {url}/docs", en="Ready at {url}, docs at {url}/docs")


class Opened(NamedTuple):
    """An installation that is about to listen, and its admin key if this start made it."""

    service: Service
    socket: socket.socket
    admin_key: str | None

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(*, host: str | None, port: int | None, as_json: bool, language: Language) -> None:
    """Serve until told to stop. What is missing is made: tables, keys, and once an admin key."""
    with telling(language):
        settings = _with(bootstrap.started(), host=host, port=port)
        opened = _open(settings)
        app, duties = create_app(opened.service, settings), duties_of(settings)
    if opened.admin_key is not None and not as_json:
        typer.echo(_in(KEY, language) + opened.admin_key)

    def on_ready() -> None:
        told = {"url": opened.url, "admin_key": opened.admin_key}
        typer.echo(json.dumps(told) if as_json else _in(READY, language).format(url=opened.url))
        sys.stdout.flush()

    server = Server(app, settings, on_ready=on_ready)
    with embedded_workers(opened.service, settings.workers, duties=duties):
        server.run(sockets=[opened.socket])


def _open(settings: Settings) -> Opened:
    """Listening comes before making anything: a second server on the same address must not get as far."""
    bound = listening_socket(settings)
    bootstrap.prepare(settings)
    service = bootstrap.open_service(settings)
    return Opened(service, bound, first_key(service))


def _with(settings: Settings, *, host: str | None, port: int | None) -> Settings:
    update = {"host": host, "port": port}
    return settings.model_copy(update={name: value for name, value in update.items() if value is not None})


def _in(text: Say, language: Language) -> str:
    return text.zh if language == "zh" else text.en
