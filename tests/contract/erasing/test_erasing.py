"""Erasing: bytes and texts go, proofs stay, and what is needed elsewhere is left alone."""

import pytest

from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act
from sixfaces.domain.erasing import ErasureState
from sixfaces.domain.errors import RequestError
from sixfaces.domain.filing import CaseState
from tests.contract.fsck.building import MP4, hand_in
from tests.rig.keeping import STATEMENT, Keeping


def is_stored(made: Keeping, sha256: str) -> bool:
    return made.service.blobs.size(original_key("main", sha256)) is not None


def test_an_erased_case_leaves_proofs_and_no_content(either: Keeping, film: bytes, other: bytes, waybill: str) -> None:
    before = either.sound().counted.get("tombstones", 0)
    case, kept = either.case(film, other, waybill=waybill), either.case(film + b" of another case")
    erased = either.erase(case)
    assert erased.state is ErasureState.DONE
    assert all(one.erased is not None and not is_stored(either, one.exhibit.sha256) for one in either.exhibits(case))
    assert all(is_stored(either, one.exhibit.sha256) for one in either.exhibits(kept))
    for one in either.exhibits(case):
        assert (one.exhibit.name, one.quarantine) == ("", None)
        assert one.erased is not None
        assert (one.erased.reason, one.erased.by) == (erased.reason, "key:admin")
        assert list(either.service.blobs.list(f"derived/main/{one.exhibit.sha256}/")) == []
    assert list(either.service.blobs.list(f"derived/main/cases/{case}/")) == []
    file = either.filed(case).file
    assert (file.claim.statement, file.order.order_id) == (None, None)
    assert file.return_parcel.waybill == waybill
    assert either.sound(case, kept).counted["tombstones"] == before + 2


def test_nothing_of_it_is_left_in_any_file(small: Keeping, film: bytes) -> None:
    case = small.case(film)
    assert not small.holds_nothing_of(film)
    small.erase(case)
    assert small.holds_nothing_of(film)
    with small.service.records.begin("main", reading=True) as tx:
        (upload,) = tx.erasures.uploads_of(case, exhibit_id=None)
        held = tx.uploads.get(upload)
        assert held is not None
        assert (held.name, held.metadata) == ("", None)
        events = tx.events.since(0, case_id=case)
        assert [one.kind for one in events] == ["case.erased"]
    assert STATEMENT not in small.filed(case).model_dump_json()


def test_the_log_says_when_it_began_and_when_it_was_done(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    (exhibit,) = either.exhibits(case)
    either.erase(case)
    with either.service.records.begin("main", reading=True) as tx:
        told = [one for one in tx.custody.about(exhibit.id) if one.act is Act.ERASE]
        of_case = [one for one in tx.custody.about(case) if one.act is Act.ERASE]
    assert [(one.body["done"], one.actor.partition(":")[0]) for one in told] == [("begun", "key"), ("ended", "worker")]
    assert told[0].body["sha256"] == exhibit.exhibit.sha256
    assert told[0].body["bytes"] == "removed"
    assert [one.body["exhibits"] for one in of_case] == [1, 1]


def test_bytes_stay_while_another_case_needs_them_and_go_with_the_last(either: Keeping, film: bytes) -> None:
    first, second = either.case(film), either.case(film)
    (exhibit,) = either.exhibits(first)
    either.erase(first)
    assert is_stored(either, exhibit.exhibit.sha256)
    either.sound(first, second)
    with either.service.records.begin("main", reading=True) as tx:
        begun = next(one for one in tx.custody.about(exhibit.id) if one.act is Act.ERASE)
    assert begun.body["bytes"] == "needed"
    either.erase(second)
    assert not is_stored(either, exhibit.exhibit.sha256)
    either.sound(first, second)


def test_one_exhibit_goes_with_the_reports_that_tell_of_it_and_the_case_can_go_on(
    either: Keeping, film: bytes, other: bytes
) -> None:
    case = either.case(film, other)
    first, second = either.exhibits(case)
    either.erase(case, exhibit=first.id)
    assert not is_stored(either, first.exhibit.sha256)
    assert is_stored(either, second.exhibit.sha256)
    assert either.filed(case).file.claim.statement == STATEMENT
    with either.service.records.begin("main", reading=True) as tx:
        verdicts = tx.verdicts.of_case(case)
    assert verdicts
    assert all(one.erased_at is not None for one in verdicts)
    either.sound(case)
    either.reopen(case)
    either.work()
    with either.service.records.begin("main", reading=True) as tx:
        current = tx.verdicts.current(case)
    assert current is not None
    assert current.erased_at is None
    assert either.service.blobs.size(f"{current.results}/report.json") is not None
    either.sound(case)


def test_the_same_bytes_may_come_again_and_are_sealed_again(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    either.erase(case)
    again = either.case(film)
    (exhibit,) = either.exhibits(again)
    assert exhibit.erased is None
    assert is_stored(either, exhibit.exhibit.sha256)
    either.sound(case, again)


def test_the_same_bytes_may_come_again_into_the_same_case(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    either.erase(case, exhibit=either.exhibits(case)[0].id)
    either.reopen(case)
    assert either.filed(case).state is CaseState.OPEN
    hand_in(either.service, either.who, MP4 + film, case=case)
    either.work()
    old, new = either.exhibits(case)
    assert old.erased is not None
    assert new.erased is None
    either.sound(case)


def test_an_erased_take_is_still_known_as_the_first_opening_and_as_used_before(
    either: Keeping, film: bytes, other: bytes, waybill: str
) -> None:
    case = either.case(film, waybill=waybill)
    either.erase(case)
    later = either.case(film, other, waybill=waybill)
    with either.service.records.begin("main", reading=True) as tx:
        _, second = tx.exhibits.of_case(later)
        takes = tx.exhibits.earlier_takes(waybill, before=second)
        uses = tx.exhibits.with_bytes(either.exhibits(case)[0].exhibit.sha256)
    assert {one.exhibit for one in takes} == {either.exhibits(case)[0].exhibit.sha256}
    assert len(uses) == 2


def test_its_waybill_goes_too_where_that_was_asked_for(
    either: Keeping, film: bytes, other: bytes, waybill: str
) -> None:
    case = either.case(film, waybill=waybill)
    with either.service.records.begin("main") as tx:
        tx.exhibits.waybills_read(either.exhibits(case)[0].id, [waybill])
    either.erase(case, forget_waybill=True)
    later = either.case(other, waybill=waybill)
    with either.service.records.begin("main", reading=True) as tx:
        assert tx.exhibits.earlier_takes(waybill, before=tx.exhibits.of_case(later)[0]) == []
    either.sound(case)


def test_an_erased_case_is_erased_once_and_takes_nothing_more(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    first, second = either.ask(case), either.ask(case)
    assert first == second
    either.work()
    for refused in (
        lambda: either.ask(case),
        lambda: either.ask(case, exhibit=either.exhibits(case)[0].id),
        lambda: either.reopen(case),
        lambda: either.hold(case),
    ):
        with pytest.raises(RequestError) as caught:
            refused()
        assert caught.value.code == "request.erased"


def test_a_file_that_is_half_here_goes_with_its_case(small: Keeping, film: bytes) -> None:
    case = small.case(film, closed=False)
    hand_in(small.service, small.who, MP4 + film + b" of which the first half of", case=case, length=1000)
    small.close(case)
    small.erase(case)
    assert small.holds_nothing_of(film + b" of which the first half of")
    small.sound(case)
