"""What a case read cannot cost less than: a bare route with a constant, and its questions by the driver alone."""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from sixfaces.adapters.records.engine import engine_of
from sixfaces.domain.records import Records
from tests.rig.product import until_true
from tests.servers.ports import free_port

READS = 3000
ROUTE = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def constant() -> dict[str, str]:
    return {"answer": "x" * 1500}
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False)
"""


@contextmanager
def bare_route() -> Iterator[tuple[int, str]]:
    """The process that serves it, and its address."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", ROUTE, str(port)])
    try:
        until_true(lambda: _listens(port))
        yield server.pid, f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def sql_alone(records: Records, url: str, *, tenant: str, case_id: str) -> float:
    """Milliseconds (median) of a transaction that puts to the database what reading a case does."""
    with _asked() as asked:
        for _ in range(2):  # a connection is set up at its first use
            asked.clear()
            with records.begin(tenant, reading=True) as transaction:
                assert transaction.cases.get(case_id) is not None
                transaction.verdicts.current(case_id)
    engine = engine_of(url)
    with closing(engine.raw_connection()) as connection:
        driver: Any = connection.driver_connection
        taken = [_once(driver, asked) for _ in range(READS)]
    engine.dispose()
    return statistics.median(taken) * 1000


def _once(driver: Any, asked: list[tuple[str, Any]]) -> float:  # noqa: ANN401 as the driver
    started = time.perf_counter()
    cursor = driver.cursor()
    for sql, values in asked:
        cursor.execute(sql, values)
        if cursor.description is not None:
            cursor.fetchall()
    driver.commit()
    return time.perf_counter() - started


@contextmanager
def _asked() -> Iterator[list[tuple[str, Any]]]:
    """What is put to databases meanwhile."""
    asked = list[tuple[str, Any]]()

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:  # noqa: ANN401 of the driver
        asked.append((sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
