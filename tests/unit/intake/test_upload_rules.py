"""Headers of uploads are read strictly, names are made safe, limits hold for each role and tenant."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.errors import UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.intake.accept import IntakeLimits
from sixfaces.intake.running_digests import RunningDigests
from sixfaces.intake.upload_rules import (
    Checksum,
    UploadLimits,
    read_checksum,
    read_digest,
    read_metadata,
    read_role,
    read_sha256,
    safe_name,
)

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=","), min_size=1, max_size=20)
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_metadata_is_read_as_it_was_written(said: dict[str, str]) -> None:
    header = ",".join(f"{key} {b64(value.encode())}" for key, value in said.items())
    assert read_metadata(header) == said


@given(st.text(max_size=200))
def test_any_metadata_is_read_or_refused_with_its_code(header: str) -> None:
    code = None
    try:
        read_metadata(header)
    except UploadError as exc:
        code = exc.code
    assert code in (None, "upload.metadata")


def test_no_metadata_says_nothing_and_a_value_may_be_absent() -> None:
    assert read_metadata(None) == read_metadata("  ") == {}
    assert read_metadata("is_live, case YQ==") == {"is_live": "", "case": "a"}


@given(st.binary(max_size=100))
def test_checksums_of_both_kinds_are_read(data: bytes) -> None:
    for name in ("sha1", "sha256"):
        digest = hashlib.new(name, data).digest()
        assert read_checksum(f"{name} {b64(digest)}") == Checksum(name, digest)
    assert read_checksum(None) is None


@given(st.binary(max_size=100))
def test_digests_of_the_whole_are_read_from_each_header(data: bytes) -> None:
    digest = hashlib.sha256(data)
    for header in (
        {"content-digest": f"sha-256=:{b64(digest.digest())}:"},
        {"repr-digest": f"sha-512=:AAAA:,  sha-256=:{b64(digest.digest())}:"},
        {"digest": f"SHA-256={b64(digest.digest())},MD5=AAAA"},
    ):
        assert read_digest(header) == digest.hexdigest()
    assert read_digest({"digest": "md5=AAAA"}) is None
    assert read_sha256(digest.hexdigest().upper()) == digest.hexdigest()


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "g" * 64])
def test_a_digest_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UploadError, match=r"upload\.digest_header"):
        read_sha256(text)


@given(st.text(max_size=400))
def test_any_name_becomes_one_line_without_a_path(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe) <= 255
    assert safe.isprintable()
    assert not {"/", "\\"} & set(safe)
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\videos\\take.mp4", "take.mp4"),
        ("开箱 1.mp4", "开箱 1.mp4"),
        ("a\nb", "a�b"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (None, "unnamed"),
    ],
)
def test_names_keep_what_people_need(name: str | None, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_role_is_one_of_ours_and_an_unboxing_video_by_default() -> None:
    assert read_role(None) is read_role("") is Role.UNBOXING_VIDEO
    assert read_role("document") is Role.DOCUMENT
    with pytest.raises(UploadError, match=r"upload\.role"):
        read_role("film")


def test_limits_are_of_a_role_and_may_differ_for_a_tenant() -> None:
    limits = UploadLimits(files=IntakeLimits(100, 10), of_tenants={"big": IntakeLimits(1000, 20)})
    assert limits.most_bytes("main", Role.PACKING_VIDEO) == 100
    assert limits.most_bytes("main", Role.QC_PHOTO) == 10
    assert limits.most_bytes("big", Role.QC_PHOTO) == 20
    assert limits.largest() == 1000


def test_running_digests_answer_only_for_the_offset_they_stand_at() -> None:
    digests = RunningDigests(most=2)
    state = digests.at("a", 0)
    state.update(b"hello")
    digests.keep("a", 5, state)
    state.update(b"not kept")
    assert digests.at("a", 5).hexdigest() == hashlib.sha256(b"hello").hexdigest()
    assert digests.at("a", 4) is None
    assert digests.at("b", 5) is None
    digests.keep("b", 1, state)
    digests.keep("c", 1, state)
    assert digests.at("a", 5) is None
    digests.forget("c")
    assert digests.at("c", 1) is None
