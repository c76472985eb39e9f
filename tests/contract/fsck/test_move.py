"""`sixfaces move`: an installation on SQLite and a folder becomes one on PostgreSQL and S3, whole, or not at all.

What arrived is judged by fsck, which shares nothing with what moved it."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.fsck.examine import Installation, fsck
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.s3_client import S3Access
from sixfaces.cli.main import app
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import KeyOrder, make_key
from tests.contract.fsck.building import MP4
from tests.contract.fsck.erased import erased
from tests.servers.postgres import Postgres, postgres
from tests.servers.rclone import BUCKET, KEY_ID, SECRET, rclone


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    with rclone(tmp_path_factory.mktemp("s3") / "data") as address:
        yield S3Access(BUCKET, endpoint=address, key_id=KEY_ID, secret=SECRET)


@pytest.fixture
def target(server: Postgres) -> str:
    """An empty database."""
    return server.database()


@pytest.fixture
def settings(place: Installation, bucket: S3Access, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of the installation that is to be moved."""
    told = {
        "SIXFACES_DATABASE_URL": place.database,
        "SIXFACES_BLOBS": place.blobs,
        "SIXFACES_CUSTODY_KEYS": str(place.custody_keys.parent),
        "SIXFACES_DATA": str(place.custody_keys.parents[1]),
        "SIXFACES_S3_ENDPOINT": bucket.endpoint or "",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


def moving(target: str, *more: str) -> tuple[int, str]:
    """Run the command; its exit code, and all that it said."""
    done = CliRunner().invoke(app, ["move", "--to-database", target, "--lang", "en", *more])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def killed(at: str, *arguments: str, after: int = 0) -> None:
    """Run the command in a process of its own that dies of SIGKILL where it would call `at` for the n-th time."""
    module, _, name = at.rpartition(".")
    program = (
        f"import os, signal, {module} as m; from sixfaces.cli.main import app; real = m.{name}; left = [{after}]\n"
        "def dying(*a, **k):\n"
        "    left[0] -= 1\n"
        "    return os.kill(os.getpid(), signal.SIGKILL) if left[0] < 0 else real(*a, **k)\n"
        f"m.{name} = dying; app({['move', *arguments]!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=os.environ)
    assert done.returncode == -signal.SIGKILL, done.stderr


def sqlite_rows(place: Installation, asked: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(place.database.removeprefix("sqlite:///"))) as connection:
        return connection.execute(asked).fetchall()


def postgres_rows(server: Postgres, target: str, asked: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server.superuser(target)) as connection:
        return connection.execute(asked.encode()).fetchall()


def moved_place(place: Installation, target: str, bucket: S3Access, prefix: str) -> Installation:
    return place._replace(database=target, blobs=f"s3://{BUCKET}/{prefix}", s3_endpoint=bucket.endpoint)


def half_sent(place: Installation, target: str, bucket: S3Access) -> bytes:
    """What the new spool holds of the upload that was under way."""
    store = open_blobs(f"s3://{BUCKET}/all", access=replace(bucket, prefix="all/", region="us-east-1"))
    records = SqlRecords(target)
    with records.begin(None, reading=True) as tx:
        (id,) = {row[0] for row in sqlite_rows(place, "SELECT upload_id FROM segments")}
        segments = tx.uploads.segments(id)
    records.close()
    with store.spool.assembled(id, segments) as path:
        return path.read_bytes()


def test_everything_arrives_and_the_old_database_is_used_no_more(
    place: Installation, settings: dict[str, str], target: str, server: Postgres, bucket: S3Access
) -> None:
    assert fsck(place) == ()
    code, said = moving(target, "--to-blobs", f"s3://{BUCKET}/all")
    assert (code, f"SIXFACES_BLOBS=s3://{BUCKET}/all" in said) == (0, True), said
    assert fsck(moved_place(place, target, bucket, "all")) == ()
    assert half_sent(place, target, bucket) == MP4 + b"half of"
    with pytest.raises(RecordsError, match=r"records\.moved"):
        migrate(place.database)
    code, said = moving(target)
    assert (code, "records.moved" in said) == (2, True)


def test_what_was_erased_between_two_moves_is_in_the_new_store_no_more(
    place: Installation, settings: dict[str, str], target: str, bucket: S3Access
) -> None:
    to_blobs = ("--to-blobs", f"s3://{BUCKET}/again")
    killed("sixfaces.cli.move.move_rows", "--to-database", target, *to_blobs)
    gone = erased(place)
    blobs = open_blobs(to_blobs[1], access=replace(bucket, prefix="again/", region="us-east-1")).blobs
    assert blobs.size(original_key("main", gone.sha256)) is not None, "it had been copied"
    assert moving(target, *to_blobs)[0] == 0
    assert blobs.size(original_key("main", gone.sha256)) is None
    assert fsck(moved_place(place, target, bucket, "again")) == ()


def test_what_was_signed_arrives_byte_for_byte(
    place: Installation, settings: dict[str, str], target: str, server: Postgres
) -> None:
    assert moving(target)[0] == 0
    entries = "SELECT seq, tenant, act, subject, actor, body, leaf FROM log_entries ORDER BY seq"
    assert postgres_rows(server, target, entries) == sqlite_rows(place, entries)
    notes = "SELECT size, origin, root, note, stamp FROM checkpoints ORDER BY size"
    assert postgres_rows(server, target, notes) == sqlite_rows(place, notes)
    for table in sorted(name for (name,) in sqlite_rows(place, "SELECT name FROM sqlite_schema WHERE type = 'table'")):
        if not table.startswith(("sqlite_", "alembic_")):
            count = f"SELECT count(*) FROM {table}"
            assert postgres_rows(server, target, count) == sqlite_rows(place, count), table


def test_numbers_of_events_go_on_where_they_were(place: Installation, settings: dict[str, str], target: str) -> None:
    (last,) = sqlite_rows(place, "SELECT seq FROM sqlite_sequence WHERE name = 'events'")[0]
    (case,) = sqlite_rows(place, "SELECT id FROM cases ORDER BY id LIMIT 1")[0]
    assert moving(target)[0] == 0
    records = SqlRecords(target)
    with records.begin("main") as tx:
        tx.events.tell(case, "told", {})
    with records.begin("main", reading=True) as tx:
        assert tx.events.since(last, case_id=case)[0].id == last + 1
    records.close()


def test_nothing_is_moved_from_under_a_process_that_works(
    place: Installation, settings: dict[str, str], target: str, server: Postgres
) -> None:
    records = SqlRecords(place.database)
    with records.begin("main") as tx:
        make_key(tx, "main", KeyOrder(ApiRole.ADMIN, "somebody who works"))
    code, said = moving(target)
    assert (code, "records.in_use" in said) == (2, True)
    assert postgres_rows(server, target, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    with records.begin("main") as tx:
        make_key(tx, "main", KeyOrder(ApiRole.ADMIN, "who goes on working"))
    records.close()
    assert fsck(place) == ()


@pytest.mark.parametrize("holding", ["CREATE TABLE theirs (id int)", "ours"])
def test_a_target_that_holds_anything_else_is_refused_and_left_alone(
    place: Installation, settings: dict[str, str], target: str, server: Postgres, holding: str
) -> None:
    if holding == "ours":
        migrate(target)
        records = SqlRecords(target)
        with records.begin("other") as tx:
            make_key(tx, "other", KeyOrder(ApiRole.ADMIN, "of another installation"))
        records.close()
    else:
        with psycopg.connect(target) as connection:
            connection.execute(holding.encode())
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    before = postgres_rows(server, target, tables)
    code, said = moving(target)
    assert (code, "records.occupied" in said) == (2, True)
    assert postgres_rows(server, target, tables) == before
    assert fsck(place) == ()


@pytest.mark.parametrize(
    ("at", "after"),
    [
        ("sixfaces.adapters.records.moving._copy", 5),
        ("sixfaces.adapters.records.moving._compared", 7),
        ("sixfaces.cli.move._audited", 0),
    ],
)
def test_a_move_that_is_killed_is_simply_run_again(
    place: Installation, settings: dict[str, str], target: str, *, at: str, after: int
) -> None:
    killed(at, "--to-database", target, after=after)
    migrate(place.database)
    assert fsck(place) == (), "the old installation is as it was"
    code, said = moving(target)
    assert code == 0, said
    assert fsck(place._replace(database=target)) == ()


def test_a_move_that_is_killed_between_two_stores_is_simply_run_again(
    place: Installation, settings: dict[str, str], target: str, bucket: S3Access
) -> None:
    arguments = ("--to-blobs", f"s3://{BUCKET}/killed")
    killed("sixfaces.cli.move.move_rows", "--to-database", target, *arguments)
    assert fsck(place) == ()
    code, said = moving(target, *arguments)
    assert code == 0, said
    assert fsck(moved_place(place, target, bucket, "killed")) == ()


def test_an_original_that_is_damaged_stops_the_move_by_name(
    place: Installation, settings: dict[str, str], target: str, server: Postgres
) -> None:
    path = next(one for one in (Path(place.blobs) / "originals").rglob("*") if one.is_file())
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    code, said = moving(target, "--to-blobs", f"s3://{BUCKET}/damaged")
    assert (code, "store.corrupt" in said, path.name in said) == (2, True, True), said
    assert postgres_rows(server, target, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    assert moving(target)[0] == 4, "rows alone may go, and the audit says what is wrong"
    migrate(place.database)
