"""Makes the bucket that SIXFACES_BLOBS names, with versions and object lock where the store has them; if it is there,
leaves it as it is. Run once, in the product's image: `python -I deploy/make_bucket.py`.
"""

import os
import sys
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_THERE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})


def make_bucket(address: str, endpoint: str | None) -> str:
    """What became of it, in one line. Raises ClientError and BotoCoreError."""
    bucket = urlsplit(address).netloc
    client = boto3.client(
        "s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"} if endpoint else {})
    )
    for is_locked in (True, False):
        try:
            client.create_bucket(Bucket=bucket, **({"ObjectLockEnabledForBucket": True} if is_locked else {}))
        except ClientError as exc:
            if exc.response["Error"]["Code"] in _THERE:
                return f"{bucket} is there already"
            if not is_locked:
                raise
        else:
            return f"{bucket} was made {'with' if is_locked else 'without'} object lock"
    raise AssertionError("the last try returns or raises")


if __name__ == "__main__":
    try:
        said = make_bucket(os.environ["SIXFACES_BLOBS"], os.environ.get("SIXFACES_S3_ENDPOINT"))
    except (BotoCoreError, ClientError, KeyError) as exc:
        sys.exit(f"{type(exc).__name__}: {exc}")
    sys.stdout.write(f"{said}\n")
