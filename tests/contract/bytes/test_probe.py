"""The probe names what a store does not keep, and only that."""

import hashlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest

from sixfaces import bootstrap
from sixfaces.adapters import s3_client, store_probe
from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.s3_client import S3Access, access_of, connect, telling_s3
from sixfaces.adapters.s3_probing import BODY, Probing
from sixfaces.adapters.store_probe import CHECKS, probe
from sixfaces.config import Settings
from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError
from tests.contract.bytes.conftest import LOCKED, over, seen

RCLONES_GAPS = {
    "wrong_sha256",
    "wrong_part",
    "write_once",
    "ranges",
    "presigned_body",
    "versioning",
    "object_lock",
    "hold_destroys",
    "retention_destroys",
    "tagging_destroys",
}


def test_every_lie_of_the_store_with_gaps_is_named(rclone_server: S3Access) -> None:
    assert set(seen(rclone_server).gaps) == RCLONES_GAPS


def test_ceph_looks_before_it_writes_and_keeps_all_else_where_lock_is_on(ceph_server: S3Access) -> None:
    assert set(seen(replace(ceph_server, bucket=LOCKED)).gaps) == {"write_once"}


def test_a_bucket_without_versions_and_lock_is_known_as_that(ceph_server: S3Access) -> None:
    gaps = set(seen(ceph_server).gaps)
    assert {"versioning", "object_lock"} <= gaps <= {"versioning", "object_lock", "write_once"}


def test_a_server_that_says_yes_to_everything_has_every_gap_that_a_refusal_would_close(
    ceph_server: S3Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests are made good again on their way, as by a server that looks at no signature, digest or condition."""
    liar = Probing(ceph_server)
    checks = dict(CHECKS)
    meddling = Probing.meddling
    monkeypatch.setattr(Probing, "meddling", lambda self, change: meddling(self, lambda request: None))
    monkeypatch.setattr(Probing, "status", lambda *_, **__: 200)
    for code in ("wrong_sha256", "wrong_part", "bad_signature", "presigned_body", "expired_url", "tampered_url"):
        assert not checks[code](liar), code


def test_a_run_leaves_no_canaries_but_those_that_are_locked(ceph_server: S3Access, rclone_access: S3Access) -> None:
    probe(replace(ceph_server, bucket=LOCKED, prefix="canaries/"))
    probe(rclone_access)
    client = connect(ceph_server)
    left = client.list_object_versions(Bucket=LOCKED, Prefix="canaries/").get("Versions", [])
    assert {item["Key"].rsplit("/", 1)[-1] for item in left} <= {"held", "shortened", "retention"}
    plain = connect(rclone_access).list_objects_v2(Bucket=rclone_access.bucket, Prefix=rclone_access.prefix)
    assert "Contents" not in plain


def test_a_store_with_gaps_is_refused_where_none_are_allowed(rclone_access: S3Access, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"store\.unprotected.*object_lock"):
        open_blobs("s3://bucket", access=rclone_access, require_protected=True)
    with pytest.raises(StoreError, match=r"store\.unprotected.*object_lock"):
        open_blobs(str(tmp_path), require_protected=True)


def test_an_opened_bucket_offers_direct_uploads_only_where_addresses_are_bound_to_bytes(
    rclone_access: S3Access, ceph_access: S3Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_probe, "probe", lambda access: seen(replace(access, prefix="")))
    assert open_blobs("s3://bucket", access=rclone_access).direct is None
    assert open_blobs("s3://plain", access=ceph_access).direct is not None


def test_a_lock_that_nobody_uses_is_a_gap(locked_access: S3Access) -> None:
    used = open_blobs(locked_access.name, access=locked_access)
    unused = open_blobs(locked_access.name, access=replace(locked_access, keep=None))
    assert "object_lock" not in used.blobs.traits.gaps
    assert "object_lock" in unused.blobs.traits.gaps


def test_an_installation_locks_its_originals_for_as_long_as_is_set(
    locked_access: S3Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", locked_access.key_id or "")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", locked_access.secret or "")
    opened = bootstrap.open_bytes(Settings(blobs=locked_access.name, s3_endpoint=locked_access.endpoint, s3_keep_s=60))
    (tmp_path / "film").write_bytes(b"film")
    sha256 = hashlib.sha256(b"film").hexdigest()
    key = original_key("main", sha256)
    opened.blobs.seal(key, tmp_path / "film", sha256=sha256)
    there = connect(locked_access).head_object(Bucket=LOCKED, Key=locked_access.prefix + key)
    assert there["ObjectLockMode"] == "COMPLIANCE"
    assert 30 < (there["ObjectLockRetainUntilDate"] - s3_client.servers_time(there)).total_seconds() <= 60


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bucket": "not-there"}, "NoSuchBucket"),
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"endpoint": "http://127.0.0.1:1"}, "EndpointConnectionError"),
        ({"endpoint": "not an address"}, "endpoint"),
    ],
)
def test_a_store_that_cannot_be_used_is_no_store_with_gaps(
    ceph_server: S3Access, change: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "_ATTEMPTS", 1)
    with pytest.raises(StoreError, match=rf"store\.unavailable.*{code}") as caught:
        probe(replace(ceph_server, **change))  # type: ignore[arg-type]  # `change` are fields of S3Access
    assert "the-secret" not in str(caught.value)


def test_addresses_are_read_as_bucket_and_prefix() -> None:
    assert access_of("s3://evidence/main/store/").name == "s3://evidence/main/store/"
    assert access_of("s3://evidence").prefix == ""
    assert "hidden" not in repr(S3Access("b", secret="hidden"))
    for address in ("s3://", "http://a/b", "s3://b/p?x=1"):
        with pytest.raises(ValueError, match="not an S3 address"):
            access_of(address)


def test_a_flip_on_the_way_is_refused_and_stores_nothing(locked_access: S3Access, tmp_path: Path) -> None:
    store = over(locked_access)
    file = tmp_path / "file"
    file.write_bytes(BODY)
    digest = hashlib.sha256(BODY).hexdigest()
    key = original_key("main", digest)

    def flip(request: AWSPreparedRequest, **_: object) -> None:
        request.body = b"X" + BODY[1:]

    events = store.blobs._client.meta.events  # type: ignore[attr-defined]  # an S3Blobs
    events.register("before-send.s3.PutObject", flip)
    try:
        with pytest.raises(StoreError, match=r"store\.unavailable.*SHA256Mismatch"):
            store.blobs.seal(key, file, sha256=digest)
    finally:
        events.unregister("before-send.s3.PutObject", flip)
    assert store.blobs.size(key) is None


def test_one_flipped_byte_at_rest_is_told_by_its_key(ceph_access: S3Access, tmp_path: Path) -> None:
    store, client = over(ceph_access), connect(ceph_access)
    file = tmp_path / "file"
    file.write_bytes(BODY)
    digest = hashlib.sha256(BODY).hexdigest()
    key = original_key("main", digest)
    store.blobs.seal(key, file, sha256=digest)
    client.put_object(Bucket=ceph_access.bucket, Key=ceph_access.prefix + key, Body=b"X" + BODY[1:])
    with pytest.raises(StoreError, match=rf"store\.corrupt.*{key}"), store.blobs.fetched(key, sha256=digest):
        pass
    with pytest.raises(StoreError, match=rf"store\.corrupt.*{key}"):
        store.blobs.seal(key, file, sha256=digest)


@pytest.mark.parametrize("harm", ["overwritten", "deleted"])
def test_where_versions_are_kept_the_right_one_is_found(locked_access: S3Access, tmp_path: Path, harm: str) -> None:
    store, client = over(locked_access), connect(locked_access)
    file = tmp_path / "file"
    file.write_bytes(BODY)
    digest = hashlib.sha256(BODY).hexdigest()
    key = original_key("main", digest)
    store.blobs.seal(key, file, sha256=digest)
    if harm == "overwritten":
        client.put_object(Bucket=LOCKED, Key=locked_access.prefix + key, Body=b"other")
    else:
        client.delete_object(Bucket=LOCKED, Key=locked_access.prefix + key)
    with store.blobs.fetched(key, sha256=digest) as path:
        assert path.read_bytes() == BODY


def test_what_is_sealed_under_lock_cannot_be_deleted(locked_access: S3Access, tmp_path: Path) -> None:
    store, client = over(locked_access), connect(locked_access)
    file = tmp_path / "file"
    file.write_bytes(BODY)
    digest = hashlib.sha256(BODY).hexdigest()
    key = original_key("main", digest)
    store.blobs.seal(key, file, sha256=digest)
    name = locked_access.prefix + key
    version = client.head_object(Bucket=LOCKED, Key=name)["VersionId"]
    with pytest.raises(client.exceptions.ClientError, match="object lock"):
        client.delete_object(Bucket=LOCKED, Key=name, VersionId=version)


def test_a_file_of_several_parts_is_sealed_whole(locked_access: S3Access, tmp_path: Path) -> None:
    data = bytes(range(256)) * (33 << 12)
    file = tmp_path / "file"
    file.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    key = original_key("main", digest)
    store = over(locked_access)
    with pytest.raises(StoreError, match=r"store\.corrupt"):
        store.blobs.seal(original_key("main", "0" * 64), file, sha256="0" * 64)
    store.blobs.seal(key, file, sha256=digest)
    with store.blobs.fetched(key, sha256=digest) as path:
        assert path.stat().st_size == len(data)
    assert list(store.blobs.list("")) == [key]


def test_every_gap_is_explained() -> None:
    page = (Path(__file__).parents[3] / "docs" / "stores.md").read_text("utf-8")
    assert [code for code, _ in CHECKS if f"`{code}`" not in page] == []


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_client, "_READ_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        access = S3Access("b", endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}", key_id="k", secret="s")
        client = connect(access, attempts=2)
        with pytest.raises(StoreError, match=r"store\.unavailable.*ReadTimeout"), telling_s3(access.name):
            client.head_bucket(Bucket="b")
