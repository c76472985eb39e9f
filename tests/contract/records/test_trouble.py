"""What a database cannot do now, or never, is told by codes; no text or number of a request ends in a bug."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from sixfaces.adapters.records.engine import Patience, engine_of
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.trouble import translated
from sixfaces.domain.errors import RecordsError, RequestError, SixfacesError
from sixfaces.domain.records import CaseQuery, KeptAnswer, Page, Transaction
from tests.contract.records.making import digest, filed, sealed
from tests.contract.records.racing import race

HASTE = Patience(lock_s=0.3, connect_s=2, connections=4)
HUGE = 10**20

ASKED: dict[str, Callable[[Transaction, str], object]] = {
    "cases.get": lambda tx, bad: tx.cases.get(bad),
    "cases.by_case_id": lambda tx, bad: tx.cases.by_case_id(bad),
    "cases.find": lambda tx, bad: tx.cases.find(CaseQuery(waybill=bad), Page()),
    "a page": lambda tx, bad: tx.cases.find(CaseQuery(), Page(before=bad)),
    "exhibits.with_bytes": lambda tx, bad: tx.exhibits.with_bytes(bad),
    "observations.get": lambda tx, bad: tx.observations.get(digest("x"), by=bad),
    "uploads.get": lambda tx, bad: tx.uploads.get(bad),
    "jobs.get": lambda tx, bad: tx.jobs.get(bad),
    "custody.about": lambda tx, bad: tx.custody.about(bad),
    "people.station": lambda tx, bad: tx.people.station(bad),
    "answers.begin": lambda tx, bad: tx.answers.begin(bad, digest("x")),
    "events.tell": lambda tx, bad: tx.events.tell(filed(tx).id, bad, {}),
    "a body": lambda tx, bad: tx.events.tell(filed(tx).id, "told", {"a": [{"b": bad}]}),
    "a key": lambda tx, bad: tx.events.tell(filed(tx).id, "told", {bad: 1}),
}


@pytest.mark.parametrize("bad", ["a\x00", "\ud800", "前\udfff"], ids=["NUL", "surrogate", "low surrogate"])
def test_text_that_no_column_can_hold_is_refused(records: SqlRecords, bad: str) -> None:
    told = {}
    for name, ask in ASKED.items():
        with pytest.raises(RequestError) as caught, records.begin("main") as tx:
            ask(tx, bad)
        told[name] = caught.value.code
    assert set(told.values()) == {"request.unstorable"}


def test_numbers_and_instants_beyond_the_columns_are_refused(records: SqlRecords) -> None:
    asked: tuple[Callable[[Transaction], object], ...] = (
        lambda tx: tx.custody.entries(first=HUGE, limit=1),
        lambda tx: tx.events.since(-HUGE, case_id="x"),
        lambda tx: tx.events.tell(filed(tx).id, "told", {"a": float("nan")}),
        lambda tx: tx.uploads.to_sweep(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), limit=1),
    )
    for ask in asked:
        with pytest.raises(RequestError, match=r"request\.unstorable"), records.begin("main") as tx:
            ask(tx)


def test_a_tree_of_any_depth_ends_in_no_bug(records: SqlRecords) -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(RequestError, match=r"request\.unstorable"), records.begin("main") as tx:
        tx.events.tell(filed(tx).id, "told", deep)


def test_any_limit_is_a_limit(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        filed(tx)
        assert len(tx.cases.find(CaseQuery(), Page(limit=HUGE))) == 1
        assert tx.cases.find(CaseQuery(), Page(limit=-1)) == []
        assert tx.custody.entries(first=0, limit=-HUGE) == []


def test_backslashes_before_a_u_are_just_text(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        tx.events.tell(case.id, "told", {"a": "\\u0000", "\\\\u0000": "\x01"})
        assert tx.events.since(0, case_id=case.id)[0].body == {"a": "\\u0000", "\\\\u0000": "\x01"}


def test_a_reading_transaction_writes_nothing(records: SqlRecords) -> None:
    with pytest.raises(SixfacesError), records.begin("main", reading=True) as tx:
        filed(tx)
    with records.begin("main") as tx:
        filed(tx)


def test_a_reading_transaction_sees_one_state(records: SqlRecords) -> None:
    with records.begin("main", reading=True) as reader:
        assert reader.cases.find(CaseQuery(), Page()) == []
        with records.begin("main") as tx:
            filed(tx)
        assert reader.cases.find(CaseQuery(), Page()) == []


def test_any_exception_undoes_all_of_a_transaction(records: SqlRecords) -> None:
    def fail() -> None:
        with records.begin("main") as tx:
            sealed(tx, filed(tx))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with records.begin("main", reading=True) as tx:
        assert (tx.cases.find(CaseQuery(), Page()), tx.custody.size()) == ([], 0)


def test_the_clock_is_aware_and_moves_by_microseconds(records: SqlRecords) -> None:
    seen = []
    for _ in range(20):
        with records.begin(None, reading=True) as tx:
            seen.append(tx.now)
    assert seen == sorted(set(seen))
    assert {one.tzinfo for one in seen} == {UTC}
    assert any(one.microsecond % 1000 for one in seen)
    assert abs(seen[0] - datetime.now(UTC)) < timedelta(seconds=30)


def test_a_second_row_of_one_id_is_a_conflict(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = sealed(tx, filed(tx))
    with pytest.raises(RecordsError, match=r"records\.conflict"), records.begin("main") as tx:
        tx.exhibits.add(one)


def test_a_lock_that_does_not_come_in_time_is_a_conflict(records: SqlRecords, url: str) -> None:
    hasty, other = SqlRecords(url, patience=HASTE), SqlRecords(url, patience=HASTE)
    with records.begin("main") as tx:
        case = filed(tx)
    with hasty.begin("main") as tx:
        assert tx.cases.get(case.id, lock=True)
        for waiting in (hasty, other):  # of the same process, and of another
            with pytest.raises(RecordsError, match=r"records\.conflict"), waiting.begin("main") as late:
                late.cases.get(case.id, lock=True)
    hasty.close()
    other.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        ids = [filed(tx, number).id for number in ("C-1", "C-2")]
    both_hold = Barrier(2)

    def crosswise(number: int) -> str:
        try:
            with records.begin("main") as tx:
                tx.cases.get(ids[number], lock=True)
                both_hold.wait(30)
                tx.cases.get(ids[1 - number], lock=True)
        except RecordsError as error:
            return error.code
        return "done"

    assert sorted(race(2, crosswise)) == ["done", "records.conflict"]


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("53100", "records.full"),
        ("40001", "records.conflict"),
        ("57014", "records.unavailable"),
        ("57P01", "records.unavailable"),
        ("53300", "records.unavailable"),
        ("25006", "records.unavailable"),
        ("22003", "request.unstorable"),
        ("54000", "request.unstorable"),
    ],
)
def test_the_servers_codes_become_ours(url: str, state: str, code: str) -> None:
    engine = engine_of(url)
    with pytest.raises(SixfacesError) as caught, translated(), engine.begin() as connection:
        connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
    engine.dispose()
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_database_without_room_is_told(url: str) -> None:
    engine = engine_of(url)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))  # no more pages than there are
        with pytest.raises(RecordsError, match=r"records\.full"), translated():
            connection.execute(text("CREATE TABLE more AS SELECT randomblob(100000) AS bytes"))
    engine.dispose()


@pytest.fixture
def damaged(tmp_path: Path) -> str:
    """A file that is no database."""
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"nonsense " * 1000)
    return f"sqlite:///{path}"


def test_a_database_that_cannot_be_reached_is_told(damaged: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nobody = "postgresql://nobody@127.0.0.1:1/none"
    for url in (damaged, nobody, f"sqlite:///{tmp_path}"):
        away = SqlRecords(url, patience=HASTE)
        assert not away.healthy()
        with pytest.raises(RecordsError, match=r"records\.unavailable"), away.begin("main"):
            pytest.fail(url)
        with pytest.raises(RecordsError, match=r"records\.unavailable"):
            migrate(url)
        away.close()
    with pytest.raises(RecordsError, match=r"records\.unavailable"):
        SqlRecords(f"sqlite:///{tmp_path}/file/records.sqlite")


@pytest.mark.parametrize("url", ["", "records.sqlite", "mysql://host/x", "sqlite://", "sqlite:///:memory:", "//"])
def test_an_address_of_no_database_we_know_is_refused(url: str) -> None:
    with pytest.raises(RecordsError, match=r"records\.url"):
        SqlRecords(url)


def test_a_database_that_answers_is_healthy(records: SqlRecords) -> None:
    assert records.healthy()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_syncs_every_commit_and_keeps_its_foreign_keys(url: str) -> None:
    engine = engine_of(url)
    with engine.connect() as connection:
        told = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert told == ["wal", 2, 1]
    assert sqlite3.sqlite_version_info >= (3, 35)


def test_what_an_answer_may_not_say_is_refused(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        tx.answers.begin("key", digest("x"))
    bad = KeptAnswer(request_sha256=digest("x"), status=200, headers={"a": "\x00"}, body=b"")
    with pytest.raises(RequestError, match=r"request\.unstorable"), records.begin("main") as tx:
        tx.answers.keep("key", bad, lasting=timedelta(days=1))
