"""What is let go of in a bucket with versions leaves no version behind: else every upload would be kept twice."""

from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.s3_client import S3Access, connect
from sixfaces.pipeline.ids import new_id


def versions(access: S3Access, prefix: str) -> int:
    """How many versions and markers of deletion there are."""
    told = connect(access).list_object_versions(Bucket=access.bucket, Prefix=access.prefix + prefix)
    return len(told.get("Versions", ())) + len(told.get("DeleteMarkers", ()))


def test_spooled_and_incoming_bytes_leave_no_version(locked_access: S3Access) -> None:
    store = open_blobs(locked_access.name, access=locked_access)
    upload = new_id()
    writer = store.spool.writer(upload, token=1, start=0)
    writer.write(b"film")
    assert writer.flush() is not None
    writer.close()
    store.blobs.put(f"incoming/main/{upload}", b"one")
    store.blobs.put(f"incoming/main/{upload}", b"two")
    assert (versions(locked_access, ".spool/"), versions(locked_access, "incoming/")) == (1, 2)
    store.spool.forget(upload)
    store.blobs.remove(f"incoming/main/{upload}")
    assert (versions(locked_access, ".spool/"), versions(locked_access, "incoming/")) == (0, 0)
