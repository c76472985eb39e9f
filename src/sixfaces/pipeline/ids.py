"""New ids: UUIDs of version 7, which sort by the time they were made and cannot be guessed."""

from uuid_utils import uuid7


def new_id() -> str:
    """One id, 36 characters."""
    return str(uuid7())
