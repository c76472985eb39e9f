"""The server: uvicorn with our limits, told to stop in a way that ends open streams first."""

import asyncio
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from sixfaces.api.connection import connections
from sixfaces.config import Settings
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say

KEEP_ALIVE_S = 10
GRACE_S = 10
BACKLOG = 1024
SWITCH_S = 0.0005
"""How long a thread may keep the interpreter while others wait for it. By Python's own 5 ms the threads that hash and
write an upload stood still behind the loop that receives it: with this it comes in half as fast again."""


class Server(uvicorn.Server):
    """Ends at the first SIGTERM or Ctrl-C when answers have gone out, at the second one at once."""

    def __init__(self, app: FastAPI, settings: Settings, *, on_ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(_config(app, settings))
        self._app = app
        self._on_ready = on_ready
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so; what is to be done then may block."""
        self._loop = asyncio.get_running_loop()
        sys.setswitchinterval(SWITCH_S)
        await super().startup(sockets)
        await asyncio.to_thread(self._on_ready)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal has come. It is not raised again afterwards: to stop when told to is no failure."""
        self.force_exit = self.should_exit
        self.stop()

    def stop(self) -> None:
        """End soon; from any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.state.streams.stopping.set)


def listening_socket(settings: Settings) -> socket.socket:
    """A socket that listens, so that nobody else can from here on. Raises SettingsError `settings.address` where the
    address is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
        bound.listen(BACKLOG)
    except OSError as exc:
        bound.close()
        where, why = f"{settings.host}:{settings.port}", exc.strerror or str(exc)
        raise SettingsError(
            "settings.address",
            Say(zh=f"无法在 {where} 上监听：{why}。", en=f"Cannot listen on {where}: {why}."),
            Say(zh="请更改 SIXFACES_HOST 或 SIXFACES_PORT。", en="Change SIXFACES_HOST or SIXFACES_PORT."),
        ) from exc
    return bound


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=connections(settings),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
    )
