"""The same over real servers: PostgreSQL and an S3 store, asked by SQL and by boto3 directly."""

import re
import runpy
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import boto3
import psycopg
import pytest
from botocore.config import Config

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.fsck.examine import Installation, examine, fsck
from sixfaces.adapters.s3_client import S3Access
from tests.contract.fsck.building import build
from tests.servers.postgres import Postgres, postgres
from tests.servers.rclone import BUCKET, KEY_ID, SECRET, rclone
from tests.unit.deploy.yaml_files import DEPLOY, documents

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UNBUCKETED = "made-by-script"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server, and its credentials in the environment."""
    with pytest.MonkeyPatch.context() as patch, rclone(tmp_path_factory.mktemp("s3") / "data") as address:
        patch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield address


@pytest.fixture(scope="module")
def place(server: Postgres, store: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    access = S3Access(BUCKET, prefix="here/", endpoint=store, key_id=KEY_ID, secret=SECRET)
    address = f"s3://{BUCKET}/here"
    opened = open_blobs(address, access=access)
    folder = tmp_path_factory.mktemp("distributed")
    made = build(folder, url=server.database(), store=opened, address=address)
    return made._replace(s3_endpoint=store)


@pytest.fixture
def client(store: str) -> "S3Client":
    return cast(
        "S3Client", boto3.client("s3", endpoint_url=store, config=Config(request_checksum_calculation="when_required"))
    )


def keys(client: "S3Client", prefix: str) -> list[str]:
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix=f"here/{prefix}")
    return [one["Key"] for one in listed.get("Contents", ())]


def codes(place: Installation) -> set[str]:
    return {one.code.removeprefix("fsck.") for one in fsck(place)}


def test_a_distributed_installation_is_sound(place: Installation) -> None:
    found = examine(place)
    assert found.faults == ()
    assert {one.code for one in found.notes} <= {"fsck.derived_orphaned"}, "what the probe of the store left"
    assert found.counted["exhibits"] == 6
    assert found.counted["checkpoints"] == 2


def test_the_address_may_name_a_driver(place: Installation) -> None:
    assert fsck(place._replace(database=place.database.replace("postgresql://", "postgresql+psycopg://"))) == ()


def test_bytes_changed_or_gone_in_the_store_are_found(place: Installation, client: "S3Client") -> None:
    first, second, *_ = keys(client, "originals/")
    (piece, *_) = keys(client, ".spool/")
    kept = {key: client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in (first, second, piece)}
    client.put_object(Bucket=BUCKET, Key=first, Body=kept[first][:-1] + b"\0")
    assert codes(place) == {"original_changed"}
    client.delete_object(Bucket=BUCKET, Key=second)
    assert codes(place) == {"original_changed", "original_missing"}
    for key, data in kept.items():
        client.put_object(Bucket=BUCKET, Key=key, Body=data)
    client.delete_object(Bucket=BUCKET, Key=piece)
    assert codes(place) == {"spool_missing"}
    client.put_object(Bucket=BUCKET, Key=piece, Body=kept[piece])
    assert codes(place) == set()


def test_edits_by_the_databases_owner_are_found(place: Installation, server: Postgres) -> None:
    with psycopg.connect(server.superuser(place.database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger refuses
        connection.execute("UPDATE log_entries SET actor = 'somebody' || actor WHERE seq = 1")
        assert codes(place) == {"entry_changed"}
        connection.execute("UPDATE log_entries SET actor = substr(actor, 9) WHERE seq = 1")
        connection.execute("UPDATE jobs SET state = 'done' WHERE state = 'ready'")
        assert codes(place) == {"case_forgotten", "observe_without_record"}
        connection.execute("UPDATE jobs SET state = 'ready' WHERE kind = 'observe' AND finished_at IS NULL")
        assert codes(place) == set()


def test_the_autoscalers_role_counts_jobs_of_all_tenants_and_sees_nothing_else(
    place: Installation, server: Postgres
) -> None:
    text = (DEPLOY / "kubernetes" / "keda" / "kustomization.yaml").read_text("utf-8")
    database = place.database.rpartition("/")[2]
    said = [
        line.strip("# ").partition(";")[0] for line in text.splitlines() if re.match(r"#   (CREATE|GRANT|ALTER)", line)
    ]
    with psycopg.connect(server.superuser(place.database), autocommit=True) as connection:
        for one in said:
            connection.execute(one.replace("DATABASE sixfaces", f"DATABASE {database}").encode())
    scaled = documents(DEPLOY / "kubernetes" / "keda" / "workers.yaml")[1]
    query = scaled["spec"]["triggers"][0]["metadata"]["query"].encode()
    with psycopg.connect(place.database.replace("sixfaces@", "sixfaces_watch@"), autocommit=True) as watching:
        assert watching.execute(query).fetchone() == (1,)
        for table in ("cases", "exhibits", "api_keys", "log_entries"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                watching.execute(f"SELECT count(*) FROM {table}".encode())


def test_the_script_of_the_compose_file_makes_the_bucket_once(store: str) -> None:
    make = runpy.run_path(str(DEPLOY / "make_bucket.py"))["make_bucket"]
    assert make(f"s3://{UNBUCKETED}/prefix", store).startswith(f"{UNBUCKETED} ")
    client = cast("S3Client", boto3.client("s3", endpoint_url=store))
    assert UNBUCKETED in [one["Name"] for one in client.list_buckets()["Buckets"]]
    assert make(f"s3://{UNBUCKETED}", store).startswith(f"{UNBUCKETED} ")
