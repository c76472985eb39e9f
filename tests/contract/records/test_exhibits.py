"""Exhibits: in the order of sealing, by their bytes, and which takes of a waybill came before."""

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id
from sixfaces.report.serial import json_bytes
from tests.contract.records.making import WHY, digest, filed, record, sealed


def test_exhibits_of_a_case_stand_in_the_order_of_sealing(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case, other = filed(tx, "C-1"), filed(tx, "C-2")
        three = [sealed(tx, case, word) for word in ("b", "a", "c")]
        sealed(tx, other, "d")
    with records.begin("main", reading=True) as tx:
        assert tx.exhibits.of_case(case.id) == three
        assert tx.exhibits.get(three[0].id) == three[0]
        assert tx.exhibits.get(new_id()) is None


def test_several_are_found_at_once_and_none_of_another_tenant(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        one, two = (sealed(tx, filed(tx, number), number) for number in ("C-1", "C-2"))
        foreign = sealed(tx, filed(tx, "C-1", tenant="other"), "x")
    with records.begin("main", reading=True) as tx:
        assert tx.exhibits.several([two.id, foreign.id, new_id(), one.id, *(new_id() for _ in range(2000))]) == [
            one,
            two,
        ]
        assert tx.exhibits.several([]) == []


def test_the_same_bytes_in_two_cases_are_two_exhibits(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        both = [sealed(tx, filed(tx, number), "same") for number in ("C-1", "C-2")]
        assert tx.exhibits.with_bytes(digest("same")) == both


def test_an_exhibit_remembers_by_whom_it_was_measured_and_why_no_more(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = sealed(tx, filed(tx))
        tx.exhibits.observed(one.id, by="v1")
        tx.exhibits.quarantine(one.id, WHY)
    with records.begin("main") as tx:
        assert tx.exhibits.get(one.id) == one.model_copy(update={"observed_by": "v1", "quarantine": WHY})
        tx.exhibits.quarantine(one.id, None)
        again = tx.exhibits.get(one.id)
        assert again is not None
        assert again.quarantine is None
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.exhibits.observed(new_id(), by="v1")


def _takes(tx: Transaction, waybill: str, before: FiledExhibit) -> list[tuple[str, str]]:
    return [(take.case_id, take.exhibit) for take in tx.exhibits.earlier_takes(waybill, before=before)]


def test_earlier_takes_are_those_that_claim_or_show_the_waybill(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        claims = sealed(tx, filed(tx, "C-1", waybill="sf 1234-5678"), "claims")
        shows = sealed(tx, filed(tx, "C-2"), "shows")
        tx.exhibits.waybills_read(shows.id, ["SF12345678", "SF1234 5678", "6901234567892", "", "x" * 3000])
        sealed(tx, filed(tx, "C-3", waybill="YT1"), "another parcel")
        sealed(tx, filed(tx, "C-4", waybill="SF12345678"), "no take", role=Role.PACKING_VIDEO)
        own = sealed(tx, filed(tx, "C-5", waybill="SF12345678"), "own")
        sealed(tx, filed(tx, "C-6", waybill="SF12345678"), "later")
        expected = [("C-1", claims.exhibit.sha256), ("C-2", shows.exhibit.sha256)]
        assert _takes(tx, "SF12345678", own) == expected
        assert _takes(tx, "6901234567892", own) == expected[1:]
        assert _takes(tx, "SF12345678", claims) == _takes(tx, " - ", own) == []
        first = tx.exhibits.earlier_takes("SF12345678", before=own)[0]
        assert first.waybill == "SF12345678"


def test_waybills_may_be_read_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = sealed(tx, filed(tx, "C-1"))
        own = sealed(tx, filed(tx, "C-2"), "own")
        for _ in range(2):
            tx.exhibits.waybills_read(one.id, ["SF1", "SF2"])
        assert _takes(tx, "SF2", own) == [("C-1", one.exhibit.sha256)]
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.exhibits.waybills_read(new_id(), ["SF1"])


def test_bytes_have_one_record_by_a_version_of_the_observers(records: SqlRecords) -> None:
    first = record()
    with records.begin("main") as tx:
        assert tx.observations.keep(first, by="v1", results="derived/1")
        assert not tx.observations.keep(first, by="v1", results="derived/2")
        assert tx.observations.keep(first, by="v2", results="derived/3")
    with records.begin("main", reading=True) as tx:
        assert tx.observations.get(first.exhibit.sha256, by="v1") == (first, "derived/1")
        assert tx.observations.get(first.exhibit.sha256, by="v3") is None


def test_how_long_measuring_took_is_kept_beside_the_record_and_is_no_part_of_it(records: SqlRecords) -> None:
    slow, quick = record().model_copy(update={"decode_s": 6.25}), record().model_copy(update={"decode_s": 0.5})
    assert json_bytes(slow) == json_bytes(quick)
    with records.begin("main") as tx:
        assert tx.observations.keep(slow, by="v1", results="derived/1")
        kept = tx.observations.get(slow.exhibit.sha256, by="v1")
    assert kept is not None
    assert kept[0].decode_s == 6.25
