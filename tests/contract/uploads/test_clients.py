"""tuspy, a client that nobody here wrote: what it hands in ends sealed byte for byte."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage import filestorage

from tests.contract.uploads.conftest import Api

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)  # tuspy closes neither its files nor its connections

DATA = os.urandom(3_000_001)


@pytest.fixture(autouse=True)
def _left_open() -> Iterator[None]:
    """What tuspy left open is closed here, and not while another test watches."""
    yield
    gc.collect()


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.mp4"
    path.write_bytes(DATA + os.urandom(8))
    return path


def tuspy(api: Api) -> TusClient:
    return TusClient(f"{api.url}/v1/uploads", headers=dict(api.admin.headers))


def metadata(api: Api) -> dict[str, str]:
    return {"case": api.new_case().file.case_id, "role": "buyer_video", "filename": "买家.mp4"}


@pytest.mark.parametrize("chunk", [500_000, 1_000_000_000])
@pytest.mark.parametrize("checksum", [False, True])
def test_tuspy_uploads_in_pieces_and_whole_with_and_without_checksums(
    api: Api, take: Path, chunk: int, checksum: bool
) -> None:
    uploader = tuspy(api).uploader(str(take), chunk_size=chunk, metadata=metadata(api), upload_checksum=checksum)
    uploader.upload()
    shown = api.client.get(str(uploader.url)).json()
    assert (shown["state"], shown["name"], shown["role"]) == ("sealed", "买家.mp4", "buyer_video")
    assert api.sealed(take.read_bytes()) == take.read_bytes()


def test_tuspy_resumes_in_another_life(api: Api, take: Path, tmp_path: Path) -> None:
    storage = filestorage.FileStorage(str(tmp_path / "urls.json"))  # type: ignore[no-untyped-call]  # tuspy has no types
    more = {"chunk_size": 400_000, "metadata": metadata(api), "store_url": True, "url_storage": storage}
    first = tuspy(api).uploader(str(take), **more)
    first.upload(stop_at=1_200_000)
    second = tuspy(api).uploader(str(take), **more)
    assert (second.url, second.offset) == (first.url, 1_200_000)
    second.upload()
    storage.close()  # type: ignore[no-untyped-call]  # tuspy has no types
    assert api.sealed(take.read_bytes()) == take.read_bytes()


def test_tuspy_uploads_an_empty_file(api: Api, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    uploader = tuspy(api).uploader(str(tmp_path / "empty.mp4"), metadata=metadata(api))
    uploader.upload()
    assert api.client.get(str(uploader.url)).json()["state"] == "sealed"


def test_tuspy_hears_of_refusals(api: Api, take: Path) -> None:
    wrong = {**metadata(api), "sha256": "0" * 64}
    with pytest.raises(TusUploadFailed) as refused:
        tuspy(api).uploader(str(take), chunk_size=10**9, metadata=wrong).upload()
    assert refused.value.status_code == 422
    with pytest.raises(TusCommunicationError) as unknown:
        tuspy(api).uploader(str(take), metadata={"case": "nobody knows it"}).upload()
    assert unknown.value.status_code == 404
