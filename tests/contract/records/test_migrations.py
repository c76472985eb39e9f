"""Migrations: up, down and up again, on data, by several at once, and never on what a later version has made."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import structlog
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.pool import NullPool
from structlog.testing import capture_logs

from sixfaces.adapters.records import migrating
from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.migrating import at, migrate, opened, require
from sixfaces.adapters.records.reached import NEWEST, is_newest
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import cases
from sixfaces.adapters.records.walls import OF_TENANTS, metadata
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.originals import StoredOriginal
from sixfaces.domain.watching_records import Between
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.webhooks.announcing import announce
from tests.contract.records.making import filed, job, sealed, segment, uploading, verdict
from tests.contract.records.making_claims import paying
from tests.rig.webhook_receiver import subscribed
from tests.servers.postgres import Postgres

HEAD = "0021"


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    """The database that the test migrates."""
    opened = engine_of(empty)
    yield opened
    opened.dispose()


def fill(url: str) -> None:
    """Rows that hang on each other."""
    records = SqlRecords(url)
    with records.begin("main") as tx:
        case = filed(tx)
        exhibit = sealed(tx, case)
        tx.exhibits.waybills_read(exhibit.id, ["SF1"])
        tx.uploads.received(segment(uploading(tx, case), 0, 5), token=0)
        tx.verdicts.add(verdict(case, tx.now))
        tx.events.tell(case.id, "told", {})
        tx.jobs.add(job(tx))
        subscribed(tx, "https://shop.example/hook")
        announce(tx, WebhookKind.EXHIBIT_SEALED, tenant="main", subject=exhibit.id, data={})
    records.close()


def test_the_tables_go_up_down_and_up_again_with_data_in_them(empty: str, engine: Engine) -> None:
    for _ in range(2):
        migrate(empty)
        fill(empty)
        with engine.connect() as connection:
            assert at(connection) == HEAD
        migrate(empty, to="base")
        with engine.connect() as connection:
            assert at(connection) is None
            assert set(inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrate(empty, to="base")


def test_data_stay_when_there_is_nothing_to_do(empty: str) -> None:
    migrate(empty)
    fill(empty)
    migrate(empty)
    records = SqlRecords(empty)
    with records.begin("main", reading=True) as tx:
        case = tx.cases.by_case_id("C-1")
        assert case is not None
        assert tx.custody.size() == 1
        assert len(tx.exhibits.of_case(case.id)) == 1
    records.close()


def test_traces_and_timing_come_and_go_around_the_rows_that_are_there(empty: str, engine: Engine) -> None:
    migrate(empty)
    fill(empty)
    for _ in range(2):
        migrate(empty, to="0001")
        migrate(empty, to="0002")
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT set_config('sixfaces.tenant', '*', true)"))
            assert connection.execute(text("SELECT trace FROM jobs")).scalars().all() == [None]


def test_what_was_paid_before_is_of_the_platform_of_its_case(empty: str) -> None:
    migrate(empty)
    records = SqlRecords(empty)
    with records.begin("main") as tx:
        case, other = filed(tx, "C-1"), filed(tx, "C-2")
        tx.cases.change(case.id, file=case.file.model_copy(update={"platform": "tmall"}))
        whole, part = paying(case.id, new_id(), 0, 1), paying(other.id, new_id(), 0)
        assert tx.payments.pay([one.model_copy(update={"platform": "tmall"}) for one in whole]) == ()
        assert tx.payments.pay([one.model_copy(update={"part": Decimal(2)}) for one in part]) == ()
    records.close()
    migrate(empty, to="0016")
    migrate(empty)
    records = SqlRecords(empty)
    with records.begin("main") as tx:
        assert [one.unit.piece for one in tx.payments.of_order("T1", "tmall")] == [0, 1]
        assert tx.payments.of_order("T1", "shopify") == []
        again = [one.model_copy(update={"platform": "tmall"}) for one in paying(other.id, new_id(), 0, 1)]
        assert len(tx.payments.pay(again)) == 2
    records.close()


def test_cases_of_before_get_a_salt(empty: str, engine: Engine) -> None:
    migrate(empty)
    fill(empty)
    migrate(empty, to="0013")
    migrate(empty)
    records = SqlRecords(empty)
    with records.begin("main", reading=True) as tx:
        case = tx.cases.by_case_id("C-1")
        assert case is not None
        assert len(tx.cases.salt(case.id) or b"") == 32
    records.close()


def test_cases_of_before_were_opened_when_they_say_so(empty: str, engine: Engine) -> None:
    migrate(empty)
    fill(empty)
    said = datetime(2026, 5, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    records = SqlRecords(empty)
    with records.begin("main") as tx:
        old = filed(tx, "C-2", opened_at=said.isoformat())
    migrate(empty, to="0018")
    migrate(empty)
    with records.begin("main", reading=True) as tx:
        assert [one.id for one in tx.watching.cases_opened(Between(said, said + timedelta(seconds=1)))] == [old.id]
        case = tx.cases.by_case_id("C-1")
        assert case is not None
        (found,) = tx.watching.cases_opened(Between(case.created_at, case.created_at + timedelta(seconds=1), limit=1))
        assert found.id == case.id
    records.close()


def test_originals_of_before_were_read_when_they_were_sealed(empty: str, engine: Engine) -> None:
    migrate(empty)
    fill(empty)
    migrate(empty, to="0002")
    migrate(empty)
    records = SqlRecords(empty)
    with records.begin("main", reading=True) as tx:
        case = tx.cases.by_case_id("C-1")
        assert case is not None
        (exhibit,) = tx.exhibits.of_case(case.id)
        found = tx.originals.get("main", exhibit.exhibit.sha256)
        assert found == StoredOriginal(
            tenant="main", sha256=exhibit.exhibit.sha256, bytes=exhibit.exhibit.bytes, checked_at=exhibit.sealed_at
        )
    records.close()


def test_the_migrations_make_what_the_code_expects(empty: str) -> None:
    migrate(empty)
    plain = create_engine(empty.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with plain.connect() as connection:
        seen = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(seen, metadata) == []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_every_table_of_tenants_is_walled_also_against_its_owner(empty: str, engine: Engine) -> None:
    migrate(empty)
    walls = text(
        "SELECT relname FROM pg_class JOIN pg_policies ON tablename = relname "
        "WHERE relrowsecurity AND relforcerowsecurity"
    )
    with engine.connect() as connection:
        assert set(connection.execute(walls).scalars()) == {table.name for table in OF_TENANTS}
        assert connection.execute(select(cases.c.id)).all() == []


def test_what_a_later_version_made_is_refused_with_a_way_out(empty: str, engine: Engine) -> None:
    migrate(empty)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refuse in (migrate, require):
        with pytest.raises(RecordsError, match=r"records\.newer.*9999.*[Uu]pgrade"):
            refuse(empty)


def test_who_does_not_migrate_asks_whether_it_was_done(empty: str) -> None:
    with pytest.raises(RecordsError, match=r"records\.behind"):
        require(empty)
    migrate(empty)
    require(empty)


def test_servers_that_start_at_once_migrate_once(empty: str, engine: Engine) -> None:
    program = f"from sixfaces.adapters.records.migrating import migrate; migrate({empty!r})"
    started = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in started] == [(b"", 0)] * 3
    with engine.connect() as connection:
        assert at(connection) == HEAD


@pytest.fixture
def every_level() -> Iterator[None]:
    """Logs of all levels: tests of commands, which set a level, may have run before."""
    kept = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**kept)


@pytest.mark.usefixtures("every_level")
def test_a_role_that_no_wall_holds_is_warned_of(empty: str, kind: str, request: pytest.FixtureRequest) -> None:
    with capture_logs() as told:
        migrate(empty)
    assert told == []
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("server")
        with capture_logs() as told:
            migrate(server.superuser(empty))
        assert [one["log_level"] for one in told] == ["warning"]


def test_a_database_with_the_newest_tables_is_known_without_the_tools_that_migrate(empty: str) -> None:
    assert not is_newest(empty), "it is empty"
    migrate(empty)
    assert is_newest(empty)
    with opened(empty) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_newest(empty), "a later version has been at it"


def test_the_newest_revision_is_the_last_of_the_steps() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]
