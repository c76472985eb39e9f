"""The custody log: one order over all tenants, proofs that strangers can check, nothing taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.tables import log_head
from sixfaces.domain.custody import Checkpoint
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.canonical import entry_bytes
from sixfaces.vault.merkle import EMPTY_ROOT, leaf_hash, proves_consistency, proves_inclusion, root_of
from tests.contract.records.making import deed, digest
from tests.contract.records.racing import race

SIZE = 37


def test_every_entry_carries_the_hash_of_its_own_bytes(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        assert tx.custody.size() == 0
        assert tx.custody.root(0) == EMPTY_ROOT.hex()
        assert tx.custody.append() == []
        told = tx.custody.append(deed(a="值", b=[1, {"c": "d"}]), deed())
    with records.begin("main", reading=True) as tx:
        assert tx.custody.entries(first=0, limit=9) == told
        assert [one.seq for one in told] == [0, 1]
        assert [one.leaf for one in told] == [leaf_hash(entry_bytes(one)).hex() for one in told]


def test_all_proofs_of_a_small_log_hold(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        for start in range(0, SIZE, 5):
            tx.custody.append(*(deed(n=n) for n in range(start, min(start + 5, SIZE))))
    with records.begin("main", reading=True) as tx:
        leaves = [one.leaf for one in tx.custody.entries(first=0, limit=99)]
        roots = [tx.custody.root(size) for size in range(SIZE + 1)]
        assert roots == [root_of(bytes.fromhex(leaf) for leaf in leaves[:size]).hex() for size in range(SIZE + 1)]
        for size in (1, 2, 7, 8, 9, 31, 32, 33, SIZE):
            for seq in range(size):
                assert proves_inclusion(tx.custody.inclusion(seq, size), leaf=leaves[seq], root=roots[size])
            for old in range(size + 1):
                proof = tx.custody.consistency(old, size)
                assert proves_consistency(proof, old_root=roots[old], new_root=roots[size])


def test_parallel_appends_stand_in_one_order_without_holes(records: SqlRecords) -> None:
    def append(number: int) -> None:
        for _ in range(5):
            with records.begin(f"t{number}") as tx:
                tx.custody.append(deed(f"t{number}"), deed(f"t{number}"))

    race(6, append)
    with records.begin(None, reading=True) as tx:
        entries = tx.custody.entries(first=0, limit=99)
        assert [one.seq for one in entries] == list(range(60)) == list(range(tx.custody.size()))
        assert [one.at for one in entries] == sorted(one.at for one in entries)
        assert tx.custody.root(60) == root_of(bytes.fromhex(one.leaf) for one in entries).hex()


def test_what_was_undone_left_no_mark_in_the_log(records: SqlRecords) -> None:
    def fail() -> None:
        with records.begin("main") as tx:
            tx.custody.append(deed(n=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with records.begin("main") as tx:
        (one,) = tx.custody.append(deed(n=2))
        assert (one.seq, tx.custody.size()) == (0, 1)


def test_entries_are_found_by_their_subject_and_from_a_number_on(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        told = tx.custody.append(*(deed(subject=subject) for subject in "abcab"))
        assert tx.custody.about("a") == [told[0], told[3]]
        assert tx.custody.about("z") == []
        assert tx.custody.entries(first=3, limit=1) == [told[3]]


def test_entries_on_several_subjects_come_in_pages(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        told = tx.custody.append(*(deed(subject=subject) for subject in "abcab"))
        assert tx.custody.about("a", "b") == [told[0], told[1], told[3], told[4]]
        assert tx.custody.about("b", "a", limit=3) == [told[0], told[1], told[3]]
        assert tx.custody.about("b", "a", after=told[3].seq, limit=3) == [told[4]]
        assert tx.custody.about("a", after=told[3].seq) == []
        assert tx.custody.about() == []


def test_places_beyond_the_log_are_refused(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        tx.custody.append(deed(), deed())
        for ask in (
            lambda: tx.custody.root(3),
            lambda: tx.custody.root(-1),
            lambda: tx.custody.inclusion(2, 2),
            lambda: tx.custody.inclusion(0, 3),
            lambda: tx.custody.consistency(2, 1),
            lambda: tx.custody.consistency(1, 3),
        ):
            with pytest.raises(CustodyError, match=r"custody\.out_of_range"):
                ask()


def test_a_body_without_a_canonical_form_is_refused(records: SqlRecords) -> None:
    with pytest.raises(CustodyError, match=r"custody\.body"), records.begin("main") as tx:
        tx.custody.append(deed(share=0.5))


@pytest.mark.parametrize(
    "statement", ["UPDATE log_entries SET actor = 'x'", "DELETE FROM log_entries", "DELETE FROM log_nodes"]
)
def test_the_database_itself_refuses_to_change_what_was_entered(records: SqlRecords, url: str, statement: str) -> None:
    with records.begin("main") as tx:
        (one,) = tx.custody.append(deed())
    engine = engine_of(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('sixfaces.tenant', '*', true)"))
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
        connection.rollback()
    engine.dispose()
    with records.begin("main", reading=True) as tx:
        assert tx.custody.entries(first=0, limit=9) == [one]


def test_a_checkpoint_is_found_for_any_size_it_covers(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        assert tx.custody.checkpoint() is None
        signed = [
            Checkpoint(origin="o", size=size, root=digest(str(size)), at=tx.now, note="o\n…\n") for size in (3, 8, 20)
        ]
        for one in signed:
            tx.custody.keep(one)
        assert tx.custody.checkpoint() == signed[2]
        found = [tx.custody.checkpoint(size) for size in (0, 3, 4, 8, 20, 21)]
        assert found == [signed[0], signed[0], signed[1], signed[1], signed[2], None]


def test_the_next_stamped_checkpoint_is_found_if_it_is_near(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        for size in range(1, 9):
            stamp = b"\x30" if size in (2, 6) else None
            tx.custody.keep(Checkpoint(origin="o", size=size, root=digest("r"), at=tx.now, note="n", stamp=stamp))
        found = [tx.custody.stamped(size, within=3) for size in range(1, 8)]
        assert [one and one.size for one in found] == [2, 2, None, 6, 6, 6, None]


def test_a_log_keeps_its_last_instant_when_the_clock_goes_back(records: SqlRecords, url: str) -> None:
    with records.begin("main") as tx:
        tx.custody.append(deed())
    engine = engine_of(url)
    ahead = datetime.now(UTC).replace(microsecond=7) + timedelta(hours=1)
    with engine.begin() as connection:
        connection.execute(update(log_head).values(at=ahead))
    engine.dispose()
    with records.begin("main") as tx:
        (one,) = tx.custody.append(deed(n=2))
        assert (one.seq, one.at) == (1, ahead)


def test_a_refused_deed_takes_no_place_even_if_the_transaction_goes_on(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        with pytest.raises(CustodyError, match=r"custody\.body"):
            tx.custody.append(deed(), deed(share=0.5))
        (one,) = tx.custody.append(deed())
        assert (one.seq, tx.custody.size()) == (0, 1)


def test_a_stamped_checkpoint_is_not_replaced_any_more(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        bare = Checkpoint(origin="o", size=3, root=digest("3"), at=tx.now, note="bare")
        stamped = bare.model_copy(update={"stamp": b"\x30\x00\xff", "note": "stamped"})
        for one, kept in ((bare, bare), (stamped, stamped), (bare, stamped)):
            tx.custody.keep(one)
            assert tx.custody.checkpoint() == kept
