"""Originals that were stored and became no exhibit go a day later, and never from under a sealing of the same bytes."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.blobs import Blobs, FileMark, original_key
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import CaseState
from sixfaces.domain.model import Say
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.pipeline.sealing import seal_upload
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.straying import remove_strays
from tests.contract.uploads.test_sealing import received
from tests.rig.installation import Person, new_person, open_service
from tests.rig.tables import with_tables
from tests.servers.postgres import Postgres, postgres

NOW = timedelta()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Service, Person]]:
    """An installation over each database, and who hands in."""
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").database(tables=True)
    with_tables(url)
    records = SqlRecords(url)
    service = replace(open_service(tmp_path), records=records)
    yield service, new_person(service)
    records.close()


@pytest.fixture
def data() -> bytes:
    """Bytes that nobody has handed in before."""
    return os.urandom(1000)


class Slow:
    """A store in which something happens while it is asked for something."""

    def __init__(self, real: Blobs, **meanwhile: Any) -> None:  # noqa: ANN401 what to call
        self._real, self._meanwhile = real, meanwhile

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 as the store has it
        return getattr(self._real, name)

    def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
        self._real.seal(key, path, sha256=sha256, mark=mark)
        self._meanwhile.get("seal", lambda: None)()

    def erase(self, key: str) -> None:
        self._meanwhile.get("erase", lambda: None)()
        self._real.erase(key)


def slow(service: Service, **meanwhile: Any) -> Service:  # noqa: ANN401 what to call
    return replace(service, blobs=cast(Blobs, Slow(service.blobs, **meanwhile)))


def is_stored(service: Service, data: bytes) -> bool:
    return service.blobs.size(original_key("main", hashlib.sha256(data).hexdigest())) is not None


def refused(service: Service, sender: Person, data: bytes) -> Upload:
    """One that was complete when its case was closed."""
    upload = received(service, sender, data=data).upload
    with service.records.begin("main") as tx:
        tx.cases.change(upload.case_id, state=CaseState.CLOSED)
    ended = seal_upload(service, upload.id)
    assert ended.state is UploadState.REFUSED
    assert is_stored(service, data)
    return ended


def test_what_became_no_exhibit_goes_a_day_later(either: tuple[Service, Person], data: bytes) -> None:
    service, sender = either
    refused(service, sender, data)
    assert (remove_strays(service), is_stored(service, data)) == (0, True)
    assert (remove_strays(service, older=NOW), is_stored(service, data)) == (1, False)
    assert remove_strays(service, older=NOW) == 0
    again = seal_upload(service, received(service, sender, data=data).upload.id)
    assert (again.state, is_stored(service, data)) == (UploadState.SEALED, True)
    refused(service, sender, data + b"2")
    assert remove_strays(service, older=NOW) == 1, "and as often as it happens"


def test_an_upload_that_was_ended_while_it_was_being_stored_leaves_nothing(
    either: tuple[Service, Person], data: bytes
) -> None:
    service, sender = either
    upload = received(service, sender, data=data).upload

    def ended() -> None:
        with service.records.begin("main") as tx:
            tx.uploads.change(upload.model_copy(update={"state": UploadState.TERMINATED}))

    assert seal_upload(slow(service, seal=ended), upload.id).state is UploadState.TERMINATED
    assert is_stored(service, data)
    assert (remove_strays(service, older=NOW), is_stored(service, data)) == (1, False)


def test_what_became_an_exhibit_of_another_case_stays(either: tuple[Service, Person], data: bytes) -> None:
    service, sender = either
    refused(service, sender, data)
    assert seal_upload(service, received(service, sender, data=data).upload.id).state is UploadState.SEALED
    assert (remove_strays(service, older=NOW), is_stored(service, data)) == (0, True)


def test_a_sealing_of_the_same_bytes_that_is_going_on_stores_them_again(
    either: tuple[Service, Person], data: bytes
) -> None:
    """They are removed after they were found in the store, and before they are filed."""
    service, sender = either
    refused(service, sender, data)
    upload = received(service, sender, data=data).upload
    with pytest.raises(StoreError, match=r"store\.erasing"):
        seal_upload(slow(service, seal=lambda: remove_strays(service, older=NOW)), upload.id)
    assert not is_stored(service, data)
    assert seal_upload(service, upload.id).state is UploadState.SEALED
    assert is_stored(service, data)


def test_a_removal_that_died_is_ended_by_whoever_comes_next(either: tuple[Service, Person], data: bytes) -> None:
    service, sender = either
    refused(service, sender, data)

    def dies() -> None:
        raise StoreError("store.unavailable", Say(zh="无", en="gone"), Say(zh="等", en="wait"))

    with pytest.raises(StoreError, match=r"store\.unavailable"):
        remove_strays(slow(service, erase=dies), older=NOW)
    upload = received(service, sender, data=data).upload
    with pytest.raises(StoreError, match=r"store\.erasing"):
        seal_upload(service, upload.id)
    assert remove_strays(service, older=NOW) == 1
    assert seal_upload(service, upload.id).state is UploadState.SEALED
    assert is_stored(service, data)
