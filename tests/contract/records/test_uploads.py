"""Uploads: bytes are added where the last ones end, by whoever holds the upload, and by nobody else."""

from datetime import timedelta

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, WHY, digest, filed, segment, uploading
from tests.contract.records.racing import race


@pytest.fixture
def upload(records: SqlRecords) -> Upload:
    """One of 100 bytes."""
    with records.begin("main") as tx:
        return uploading(tx, filed(tx))


def test_an_upload_comes_back_as_it_was_made(records: SqlRecords, upload: Upload) -> None:
    with records.begin("main", reading=True) as tx:
        assert tx.uploads.get(upload.id) == upload
        assert tx.uploads.get(new_id()) is None


def test_bytes_that_go_on_at_one_place_are_one_segment(records: SqlRecords, upload: Upload) -> None:
    with records.begin("main") as tx:
        for start, length, place in ((0, 10, "1"), (10, 5, "1"), (15, 5, "2"), (20, 1, "1"), (21, 0, "1")):
            moved = tx.uploads.received(segment(upload, start, length, place), token=0)
            assert moved is not None
            assert moved.offset == start + length
        joined = [(0, 15, "1"), (15, 5, "2"), (20, 1, "1")]
        assert tx.uploads.segments(upload.id) == [segment(upload, *one) for one in joined]
        assert tx.uploads.open_bytes() == upload.length, "what is announced"


@pytest.mark.parametrize(
    ("start", "length", "token"), [(5, 5, 0), (0, 5, 1), (0, 101, 0)], ids=["hole", "token", "too long"]
)
def test_bytes_that_do_not_fit_change_nothing(
    records: SqlRecords, upload: Upload, start: int, length: int, token: int
) -> None:
    with records.begin("main") as tx:
        assert tx.uploads.received(segment(upload, start, length), token=token) is None
    with records.begin("main") as tx:
        assert tx.uploads.get(upload.id) == upload
        assert tx.uploads.segments(upload.id) == []


def test_who_lost_the_upload_commits_no_more(records: SqlRecords, upload: Upload) -> None:
    with records.begin("main") as tx:
        taken = tx.uploads.take_over(upload.id)
        assert taken == upload.model_copy(update={"token": 1})
    with records.begin("main") as tx:
        assert tx.uploads.received(segment(upload, 0, 5, "old"), token=0) is None
        assert tx.uploads.received(segment(upload, 0, 7, "new"), token=1) is not None
        assert [one.place for one in tx.uploads.segments(upload.id)] == ["new"]


def test_of_two_writers_at_one_offset_one_wins(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        upload = uploading(tx, filed(tx), length=None)

    def write(number: int) -> int:
        won = 0
        for turn in range(10):
            with records.begin("main") as tx:
                moved = tx.uploads.received(segment(upload, turn * 3, 3, f"{number}"), token=0)
                won += moved is not None
        return won

    wins = race(2, write)
    with records.begin("main", reading=True) as tx:
        after = tx.uploads.get(upload.id)
        pieces = tx.uploads.segments(upload.id)
    assert after is not None
    assert after.offset == sum(wins) * 3 == sum(one.length for one in pieces)
    ends = [0, *(one.start + one.length for one in pieces)]
    assert [one.start for one in pieces] == ends[:-1]


def test_an_ended_upload_takes_no_bytes(records: SqlRecords, upload: Upload) -> None:
    with records.begin("main") as tx:
        tx.uploads.change(upload.model_copy(update={"state": UploadState.TERMINATED}))
        assert tx.uploads.received(segment(upload, 0, 5), token=0) is None


def test_what_an_upload_came_to_is_kept(records: SqlRecords, upload: Upload) -> None:
    new = {
        "length": 7,
        "state": UploadState.REFUSED,
        "exhibit_id": new_id(),
        "refusal": WHY,
        "expires_at": upload.expires_at + timedelta(days=1),
        "received_sha256": digest("x"),
        "direct": "store-1",
    }
    changed = upload.model_copy(update=new)
    with records.begin("main") as tx:
        tx.uploads.change(changed.model_copy(update={"offset": 99, "token": 9}))
    with records.begin("main", reading=True) as tx:
        assert tx.uploads.get(upload.id) == changed
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.uploads.change(upload.model_copy(update={"id": new_id()}))


def test_the_sweep_finds_what_has_expired_and_what_left_bytes_behind(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        uploads = {state: uploading(tx, case) for state in UploadState}
        for state, one in uploads.items():
            assert tx.uploads.received(segment(one, 0, 5), token=0)
            tx.uploads.change(one.model_copy(update={"state": state}))
        uploading(tx, case)
        tx.uploads.change(uploading(tx, case).model_copy(update={"state": UploadState.SEALED}))

    def swept(minutes: int) -> set[UploadState]:
        with records.begin(None) as tx:
            return {one.state for one in tx.uploads.to_sweep(tx.now + minutes * MINUTE, limit=99)}

    ended = {UploadState.SEALED, UploadState.TERMINATED, UploadState.EXPIRED}
    assert swept(0) == ended
    assert swept(61) == ended | {UploadState.RECEIVING, UploadState.REFUSED}
    with records.begin(None) as tx:
        assert tx.uploads.open_bytes() == 400
        assert len(tx.uploads.to_sweep(tx.now, limit=2)) == 2
        tx.uploads.forget_segments(uploads[UploadState.SEALED].id)
        assert tx.uploads.segments(uploads[UploadState.SEALED].id) == []
    assert swept(0) == ended - {UploadState.SEALED}
