"""What every store of bytes does, whatever it stands on."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sixfaces.adapters.bytes import Bytes
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError

SOME = b"footage" * 40_000
OTHER = b"forgery" * 40_000


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Makes a file with these bytes."""

    def made(data: bytes) -> Path:
        path = tmp_path / f"in-{sha(data)[:8]}"
        path.write_bytes(data)
        return path

    return made


@pytest.mark.parametrize("data", [b"", b"x", SOME], ids=["empty", "one byte", "some"])
def test_sealed_bytes_come_back_as_they_were(store: Bytes, file: Callable[[bytes], Path], data: bytes) -> None:
    key = original_key("main", sha(data))
    store.blobs.seal(key, file(data), sha256=sha(data))
    with store.blobs.fetched(key, sha256=sha(data)) as path:
        assert path.read_bytes() == data
    assert store.blobs.size(key) == len(data)


def test_the_same_bytes_may_be_sealed_again(store: Bytes, file: Callable[[bytes], Path]) -> None:
    key = original_key("main", sha(SOME))
    for _ in range(2):
        store.blobs.seal(key, file(SOME), sha256=sha(SOME))
    assert list(store.blobs.list("originals/")) == [key]


def test_other_bytes_never_replace_sealed_ones(store: Bytes, file: Callable[[bytes], Path]) -> None:
    store.blobs.seal("originals/main/one", file(SOME), sha256=sha(SOME))
    with pytest.raises(StoreError, match=r"store\.exists"):
        store.blobs.seal("originals/main/one", file(OTHER), sha256=sha(OTHER))
    with store.blobs.fetched("originals/main/one", sha256=sha(SOME)) as path:
        assert path.read_bytes() == SOME


def test_bytes_that_are_not_what_was_declared_are_not_stored(store: Bytes, file: Callable[[bytes], Path]) -> None:
    key = original_key("main", sha(SOME))
    with pytest.raises(StoreError, match=rf"store\.corrupt.*{key}"):
        store.blobs.seal(key, file(OTHER), sha256=sha(SOME))
    assert store.blobs.size(key) is None
    assert list(store.blobs.list("")) == []


def test_eight_sealers_of_one_key_all_find_it_sealed(store: Bytes, file: Callable[[bytes], Path]) -> None:
    key, path = original_key("main", sha(SOME)), file(SOME)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.blobs.seal(key, path, sha256=sha(SOME)), range(8)))
    with store.blobs.fetched(key, sha256=sha(SOME)) as stored:
        assert stored.read_bytes() == SOME


def test_of_eight_sealers_with_other_bytes_each_exactly_one_wins(folder: Bytes, tmp_path: Path) -> None:
    """In a bucket two may be let in at once: there it is the digest in the key that keeps them apart."""

    def seal(number: int) -> bool:
        path = tmp_path / f"racer-{number}"
        path.write_bytes(SOME + bytes([number]))
        try:
            folder.blobs.seal("originals/main/raced", path, sha256=sha(SOME + bytes([number])))
        except StoreError as error:
            return error.code != "store.exists"
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(seal, range(8)))
    assert sum(won) == 1
    with folder.blobs.fetched("originals/main/raced", sha256=sha(SOME + bytes([won.index(True)]))):
        pass


def test_nothing_under_a_key_is_said_to_be_missing(store: Bytes) -> None:
    key = original_key("main", sha(SOME))
    assert store.blobs.size(key) is None
    assert store.blobs.get("derived/none") is None
    with pytest.raises(StoreError, match=r"store\.missing"), store.blobs.fetched(key, sha256=sha(SOME)):
        pass
    with pytest.raises(StoreError, match=r"store\.missing"), store.blobs.open(key):
        pass


@pytest.mark.parametrize(("start", "length"), [(0, None), (0, 5), (7, 100), (279_990, 50), (279_999, None), (5, 0)])
def test_any_stretch_can_be_read(store: Bytes, file: Callable[[bytes], Path], start: int, length: int | None) -> None:
    key = original_key("main", sha(SOME))
    store.blobs.seal(key, file(SOME), sha256=sha(SOME))
    with store.blobs.open(key, start=start, length=length) as pieces:
        read = b"".join(pieces)
    assert read == SOME[start:][:length]


def test_pieces_are_at_most_a_mebibyte(store: Bytes, file: Callable[[bytes], Path]) -> None:
    data = SOME * 8
    key = original_key("main", sha(data))
    store.blobs.seal(key, file(data), sha256=sha(data))
    with store.blobs.open(key) as pieces:
        sizes = [len(piece) for piece in pieces]
    assert max(sizes) <= 1 << 20
    assert sum(sizes) == len(data)


def test_derived_bytes_are_replaced_and_removed(store: Bytes) -> None:
    store.blobs.put("derived/main/report.json", SOME)
    store.blobs.put("derived/main/report.json", b"{}")
    assert store.blobs.get("derived/main/report.json") == b"{}"
    store.blobs.remove("derived/main/report.json")
    store.blobs.remove("derived/main/report.json")
    assert store.blobs.get("derived/main/report.json") is None


def test_an_original_is_neither_put_nor_removed(store: Bytes) -> None:
    key = original_key("main", sha(SOME))
    with pytest.raises(ValueError, match="original"):
        store.blobs.put(key, SOME)
    with pytest.raises(ValueError, match="original"):
        store.blobs.remove(key)


def test_keys_are_listed_in_order_by_any_beginning(store: Bytes) -> None:
    keys = ["derived/a/b", "derived/a-b", "derived/a.b", "derived/a/b/c" + "d", "derived/ab", "other/a"]
    keys = [k for k in keys if not k.startswith("derived/a/b/")]
    for key in keys:
        store.blobs.put(key, b"1")
    assert list(store.blobs.list("")) == sorted(keys)
    assert list(store.blobs.list("derived/a")) == sorted(k for k in keys if k.startswith("derived/a"))
    assert list(store.blobs.list("derived/a/")) == ["derived/a/b"]
    assert list(store.blobs.list("derived/none/")) == []


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/../b", ".spool/a", "A", "a\\b", "a\0", "ä", "a" * 901]
)
def test_a_key_that_leaves_the_store_or_hides_is_refused(store: Bytes, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.blobs.put(key, b"1")
    with pytest.raises(ValueError, match="not a key"):
        store.blobs.get(key)
