"""An installation of two thousand cases: what is asked for often is found by indexes, in few questions, however many
cases there are."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from sixfaces.adapters.fsck.examine import Installation, examine
from sixfaces.adapters.records.migrating import migrate
from sixfaces.config import Settings
from sixfaces.domain.job import JobKind
from sixfaces.domain.people import ApiRole
from sixfaces.vault.custody_keys import PUBLIC
from tests.contract.api.conftest import FAST
from tests.contract.api.people import Api
from tests.contract.api.running import running
from tests.rig.archive import Filed, fill
from tests.rig.installation import prepared
from tests.servers.postgres import postgres

CASES = 2000
LARGE = (
    *("cases", "exhibits", "verdicts", "events", "observations", "waybills_read", "originals", "jobs"),
    *("log_entries", "log_nodes"),
)
FEW = "ix_jobs_not_done"
"""An index that may be read whole."""
_SEARCHED = re.compile(rf"(?P<how>SCAN|SEARCH) (?P<table>{'|'.join(LARGE)})\b(?:.*\((?P<terms>[^()]*)\))?")


class Large(NamedTuple):
    """A running API over all these cases, a reviewer's key, and where the installation is."""

    api: Api
    key: str
    filed: list[Filed]
    place: Installation

    def get(self, path: str) -> Any:  # noqa: ANN401 any JSON
        answer = self.api.ask("GET", path, key=self.key)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Asked(NamedTuple):
    """A question to the database, and what its plan reads that it need not read."""

    sql: str
    wasteful: list[str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """Filled once for all tests here."""
    folder = prepared(tmp_path_factory.mktemp("large"))
    if request.param == "sqlite":
        with _filled(Settings(data=folder, **FAST), f"sqlite:///{folder / 'records.sqlite'}") as made:
            yield made
        return
    with postgres() as server:
        url = server.database()
        migrate(url)
        with _filled(Settings(data=folder, database_url=url, **FAST), url) as made:
            yield made


@contextmanager
def _filled(settings: Settings, url: str) -> Iterator[Large]:
    blobs = settings.data / "blobs"
    filed = fill(url, blobs, CASES)
    place = Installation(url, str(blobs), settings.data / "keys" / PUBLIC)
    with running(settings) as api:
        yield Large(api, api.key(ApiRole.REVIEWER), filed, place)


@contextmanager
def _asked() -> Iterator[list[Asked]]:
    """Questions of all engines meanwhile."""
    asked: list[Asked] = []

    def note(connection: Connection, _cursor: object, sql: str, values: Any, *_: object) -> None:  # noqa: ANN401 of the driver
        if sql.startswith(("SELECT", "WITH")) and any(f" {table}" in sql for table in LARGE):
            asked.append(Asked(sql, list(_wasteful(connection, sql, values))))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _wasteful(connection: Connection, sql: str, values: Any) -> Iterator[str]:  # noqa: ANN401 as the driver takes them
    driver: Any = connection.connection.dbapi_connection
    with_cursor = driver.cursor()
    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in with_cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        yield from _of_sqlite(plan)
        return
    with_cursor.execute("SET LOCAL enable_seqscan = off")  # small tables are read whole by right
    with_cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
    told = with_cursor.fetchone()[0]
    tree = told if isinstance(told, list) else json.loads(told)
    yield from _of_postgres(tree[0]["Plan"], is_limited=False)


def _of_sqlite(plan: list[str]) -> Iterator[str]:
    """Whole tables; and all rows of a tenant, brought into order before the first is known."""
    is_sorted = any("USE TEMP B-TREE FOR ORDER BY" in step for step in plan)
    for step in plan:
        found = _SEARCHED.match(step)
        if (
            found is not None
            and FEW not in step
            and (found["how"] == "SCAN" or (found["terms"] == "tenant=?" and is_sorted))
        ):
            yield step


def _of_postgres(node: dict[str, Any], *, is_limited: bool) -> Iterator[str]:
    """Whole tables; and indexes read from end to end, unless only until enough rows were found."""
    kind, is_large = node["Node Type"], node.get("Relation Name") in LARGE
    is_large = is_large and node.get("Index Name") != FEW
    is_whole = kind == "Seq Scan" or ("Index" in kind and "Index Cond" not in node and not is_limited)
    if is_large and is_whole:
        yield f"{kind} on {node['Relation Name']}"
    is_limited = kind == "Limit" or (is_limited and kind not in {"Sort", "Hash", "Aggregate"})
    for below in node.get("Plans", ()):
        yield from _of_postgres(below, is_limited=is_limited)


def _paths(one: Filed) -> dict[str, str]:
    case, exhibit = f"/v1/cases/{one.id}", one.exhibits[0]
    lists = {name: f"/v1/cases?{name}={value}" for name, value in one.asked_by.items()}
    return {
        "case": case,
        "by number": f"/v1/cases/by-number/C-{one.number}",
        "exhibits": f"{case}/exhibits",
        "exhibit": f"/v1/exhibits/{exhibit}",
        "verdicts": f"{case}/verdicts",
        "report": f"{case}/report",
        "observations": f"/v1/exhibits/{exhibit}/observations",
        "custody": f"{case}/custody",
        "nothing": "/v1/cases?order=none",
        "state": "/v1/cases?state=verified",
        "verdict": "/v1/cases?verdict=rejected",
        "all": "/v1/cases",
        "jobs": "/v1/jobs?state=dead",
        **lists,
    }


MOST = {"exhibit": 1, "observations": 5, "jobs": 1, "nothing": 1, "verdicts": 3, "report": 8, "custody": 9}
"""Questions of large tables for one request; two for all others. Who reads a report or what was measured is entered in
the log, the first time, and that it was not yet has to be found out; who asks first for custody has it signed."""


def test_an_archive_made_for_measuring_is_sound(large: Large) -> None:
    found = examine(large.place)
    assert found.faults == ()
    assert found.counted["cases"] == CASES


@pytest.mark.parametrize("what", sorted(_paths(Filed("", 0, ("",)))))
def test_what_is_asked_for_often_is_found_by_indexes_and_in_few_questions(large: Large, what: str) -> None:
    path = _paths(large.filed[CASES // 2])[what]
    with _asked() as asked:
        large.get(path)
    assert [one for one in asked if one.wasteful] == []
    assert 1 <= len(asked) <= MOST.get(what, 2), [one.sql for one in asked]


def test_a_longer_page_asks_no_more(large: Large) -> None:
    counts = []
    for limit in (2, 200):
        with _asked() as asked:
            assert len(large.get(f"/v1/cases?limit={limit}&state=verified")["items"]) == limit
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_last_page_is_found_as_the_first(large: Large) -> None:
    cursor: str | None = ""
    seen = 0
    while cursor is not None:
        with _asked() as asked:
            page = large.get(f"/v1/cases?limit=200{cursor}")
        assert [one for one in asked if one.wasteful] == []
        seen += len(page["items"])
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert seen == CASES


def test_the_queue_is_counted_without_its_ended_jobs(large: Large) -> None:
    with _asked() as asked, large.api.service.records.begin(None, reading=True) as tx:
        assert list(tx.jobs.count()) == []
        assert tx.jobs.unserved(JobKind.JUDGE, [large.filed[0].id]) == [large.filed[0].id]
    assert [one for one in asked if one.wasteful] == []
    assert len(asked) == 2


def test_the_search_finds_plans_that_waste(large: Large) -> None:
    with _asked() as asked, large.api.service.records.begin("main", reading=True) as tx:
        connection: Connection = tx.custody._scope.connection  # type: ignore[attr-defined]  # to ask what nobody asks
        connection.exec_driver_sql("SELECT id FROM cases WHERE revision = 7 ORDER BY updated_at").all()
    assert [len(one.wasteful) for one in asked] == [1]
