"""What every spool does: nobody's bytes mix, what was flushed is there, what was not is gone."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.domain.blobs import SpoolWriter, original_key
from sixfaces.domain.errors import StoreError
from sixfaces.domain.upload import Segment
from sixfaces.pipeline.ids import new_id

ONCE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def flushed(writer: SpoolWriter, *pieces: bytes) -> Segment:
    for piece in pieces:
        writer.write(piece)
    segment = writer.flush()
    assert segment is not None
    return segment


def whole(store: Bytes, upload: str, segments: Iterable[Segment]) -> bytes:
    with store.spool.assembled(upload, segments) as path:
        return path.read_bytes()


def test_flushed_bytes_are_a_segment(store: Bytes) -> None:
    upload = new_id()
    writer = store.spool.writer(upload, token=1, start=0)
    segment = flushed(writer, b"one", b"two")
    writer.close()
    assert (segment.upload_id, segment.start, segment.length) == (upload, 0, 6)
    assert whole(store, upload, [segment]) == b"onetwo"


def test_a_flush_of_nothing_is_nothing(store: Bytes) -> None:
    writer = store.spool.writer(new_id(), token=1, start=0)
    assert writer.flush() is None
    flushed(writer, b"some")
    assert writer.flush() is None
    writer.close()
    writer.close()


def test_an_upload_of_no_bytes_is_an_empty_file(store: Bytes) -> None:
    assert whole(store, new_id(), []) == b""


def test_what_was_not_flushed_is_dropped(store: Bytes) -> None:
    upload = new_id()
    writer = store.spool.writer(upload, token=1, start=0)
    segment = flushed(writer, b"kept")
    writer.write(b"dropped")
    writer.close()
    assert whole(store, upload, [segment]) == b"kept"


def test_a_writer_that_was_overtaken_adds_nothing(store: Bytes) -> None:
    upload = new_id()
    stale = store.spool.writer(upload, token=1, start=0)
    first = flushed(stale, b"first")
    fresh = store.spool.writer(upload, token=2, start=5)
    second = flushed(fresh, b"second")
    flushed(stale, b"STALE!")
    assert whole(store, upload, [second, first]) == b"firstsecond"


def test_two_writers_of_one_token_do_not_mix(store: Bytes) -> None:
    upload = new_id()
    writers = [store.spool.writer(upload, token=1, start=0) for _ in range(2)]
    segments = [flushed(writer, data) for writer, data in zip(writers, (b"aaa", b"bbb"), strict=True)]
    assert [whole(store, upload, [s]) for s in segments] == [b"aaa", b"bbb"]


def test_sealed_bytes_stay_though_a_paused_writer_goes_on(store: Bytes) -> None:
    upload, data = new_id(), b"evidence" * 1000
    digest = hashlib.sha256(data).hexdigest()
    key = original_key("main", digest)
    paused = store.spool.writer(upload, token=1, start=0)
    segment = flushed(paused, data)
    with store.spool.assembled(upload, [segment]) as path:
        store.blobs.seal(key, path, sha256=digest)
        paused.write(b"more")
        paused.flush()
    with store.blobs.fetched(key, sha256=digest) as stored:
        assert stored.read_bytes() == data


def test_segments_that_do_not_join_are_refused(store: Bytes) -> None:
    upload = new_id()
    segment = flushed(store.spool.writer(upload, token=1, start=3), b"some")
    with pytest.raises(ValueError, match="do not join"), store.spool.assembled(upload, [segment]):
        pass
    with pytest.raises(ValueError, match="do not join"), store.spool.assembled(new_id(), [segment]):
        pass


@pytest.mark.parametrize("place", ["../../etc/passwd", "x", "", "a/1-0-0123456789abcdef/../b"])
def test_a_place_outside_the_spool_is_refused(store: Bytes, place: str) -> None:
    upload = new_id()
    segment = Segment(upload_id=upload, start=0, length=3, place=place)
    with pytest.raises(ValueError, match="not a place"), store.spool.read(segment):
        pass


def test_a_segment_is_read_alone(store: Bytes) -> None:
    writer = store.spool.writer(new_id(), token=1, start=10)
    flushed(writer, b"before")
    segment = flushed(writer, b"between")
    flushed(writer, b"behind")
    with store.spool.read(segment) as file:
        assert file.read(3) == b"bet"
        assert file.read() == b"ween"


def test_a_forgotten_upload_is_gone_and_others_stay(store: Bytes) -> None:
    upload = new_id()
    writer = store.spool.writer(upload, token=1, start=0)
    segment = flushed(writer, b"some")
    other = flushed(store.spool.writer(new_id(), token=1, start=0), b"others")
    store.spool.forget(upload)
    store.spool.forget(upload)
    with pytest.raises(StoreError, match=r"store\.missing"), store.spool.assembled(upload, [segment]):
        pass
    assert whole(store, other.upload_id, [other]) == b"others"


def test_room_is_bytes_or_unknown(store: Bytes) -> None:
    room = store.spool.room()
    if isinstance(store.spool, FolderSpool):
        free = shutil.disk_usage(store.spool.root).free
        assert room == pytest.approx(free, rel=0.2, abs=1 << 28), "others write to the same disk meanwhile"
    else:
        assert room is None, "a bucket does not tell"


Writes = list[tuple[list[bytes], bool, bytes]]
WRITES: st.SearchStrategy[Writes] = st.lists(
    st.tuples(st.lists(st.binary(max_size=50), min_size=1, max_size=3), st.booleans(), st.binary(max_size=9)),
    max_size=6,
)


@settings(ONCE, max_examples=60)
@given(writes=WRITES)
def test_any_flushes_by_any_writers_join_to_what_was_committed(folder: Bytes, writes: Writes) -> None:
    _check_flushes(folder, writes)


@settings(ONCE, max_examples=4)
@given(writes=WRITES)
def test_some_flushes_join_on_every_kind_of_spool(store: Bytes, writes: Writes) -> None:
    _check_flushes(store, writes)


def _check_flushes(store: Bytes, writes: Writes) -> None:
    upload, segments, expected = new_id(), [], b""
    writer: SpoolWriter | None = None
    for token, (pieces, is_new, lost) in enumerate(writes):
        if writer is None or is_new:
            if writer is not None:
                writer.write(lost)
                writer.close()
            writer = store.spool.writer(upload, token=token, start=len(expected))
        for piece in pieces:
            writer.write(piece)
        segment = writer.flush()
        assert (segment.length if segment else 0) == len(b"".join(pieces))
        segments += [segment] if segment else []
        expected += b"".join(pieces)
    assert whole(store, upload, segments) == expected
    assert whole(store, upload, segments) == expected, "assembling changes nothing"


def test_the_spool_is_not_listed_among_blobs(store: Bytes, tmp_path: Path) -> None:
    flushed(store.spool.writer(new_id(), token=1, start=0), b"some")
    assert list(store.blobs.list("")) == []
