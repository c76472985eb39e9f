"""One file that cannot be read is told from a store that is away: it is not tried again for ever."""

import errno
import hashlib
from pathlib import Path

import pytest

from sixfaces.adapters import blobs_folder
from sixfaces.adapters.bytes import Bytes
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError
from sixfaces.pipeline.work.reasons import AWAY

SHA256 = hashlib.sha256(b"film").hexdigest()
KEY = original_key("main", SHA256)


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EIO, "store.unreadable"), (errno.EACCES, "store.unreadable"), (errno.ENFILE, "store.unavailable")],
)
def test_a_file_that_the_disk_does_not_give_is_not_a_store_that_is_away(
    folder: Bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def failing(path: Path) -> str:
        raise OSError(number, "as the disk says")

    (tmp_path / "film").write_bytes(b"film")
    folder.blobs.seal(KEY, tmp_path / "film", sha256=SHA256)
    monkeypatch.setattr(blobs_folder, "digest_of", failing)
    with pytest.raises(StoreError) as caught, folder.blobs.fetched(KEY, sha256=SHA256):
        pass
    assert caught.value.code == code
    assert (code in AWAY) == (code == "store.unavailable")
