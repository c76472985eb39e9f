"""The one form of archive that bundles have."""

import io
import struct
import zipfile

import pytest

from sixfaces.domain.errors import CustodyError
from sixfaces.vault import zip_form
from sixfaces.vault.zip_form import ZipWriting, bytes_of, members_of

FILES = {"readme.txt": b"hello", "empty": b"", "originals/film.mp4": bytes(range(256)) * 5}


def made(files: dict[str, bytes]) -> bytes:
    archive, out = ZipWriting(), b""
    for name, data in files.items():
        out += b"".join(archive.member(name, [data[:9], data[9:]], size=len(data)))
    return out + b"".join(archive.ending())


@pytest.fixture(params=[0xFFFF_FFFF, 100], ids=["32 bits", "64 bits"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """As it is, and with fields of 64 bits from a hundred bytes on."""
    monkeypatch.setattr(zip_form, "LIMIT_32", request.param)
    return made(FILES)


def test_every_unzip_program_reads_it(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as other:
        assert other.testzip() is None
        assert {name: other.read(name) for name in other.namelist()} == FILES


def test_what_was_put_in_comes_out(archive: bytes) -> None:
    file = io.BytesIO(archive)
    assert {member.name: b"".join(bytes_of(file, member)) for member in members_of(file)} == FILES


def test_each_bit_between_the_files_matters(archive: bytes) -> None:
    inside = {at for member in members_of(io.BytesIO(archive)) for at in range(member.start, member.end)}
    for at in sorted(set(range(len(archive))) - inside):
        changed = bytearray(archive)
        changed[at] ^= 1 << at % 8
        with pytest.raises(CustodyError) as caught:
            members_of(io.BytesIO(changed))
        assert caught.value.code == "custody.bundle_form"


@pytest.mark.parametrize("cut", [1, 22, 50, 300, 1500])
def test_a_truncated_archive_is_none(archive: bytes, cut: int) -> None:
    with pytest.raises(CustodyError):
        members_of(io.BytesIO(archive[:-cut]))


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", ".hidden", "a/../b", "A", "a\\b", "ü", "x" * 101, "", "-r"])
def test_names_that_lead_elsewhere_are_neither_written_nor_read(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        list(ZipWriting().member(name, [], size=0))
    foreign = io.BytesIO()
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr(name or " ", b"x")
    with pytest.raises(CustodyError):
        members_of(foreign)


def test_a_name_is_given_once() -> None:
    archive = ZipWriting()
    list(archive.member("one", [], size=0))
    with pytest.raises(ValueError, match="name"):
        list(archive.member("one", [], size=0))


def test_a_file_of_another_size_than_was_said_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 bytes instead of 3"):
        list(ZipWriting().member("one", [b"12"], size=3))


def test_bombs_are_refused_before_anything_is_unfolded() -> None:
    deflated = io.BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    counted = made({})[:-22] + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFE, 0xFFFE, 0, 0, 0)
    for bomb in (deflated.getvalue(), counted):
        with pytest.raises(CustodyError) as caught:
            members_of(io.BytesIO(bomb))
        assert caught.value.code == "custody.bundle_form"
