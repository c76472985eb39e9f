"""New ids: UUIDs of version 7, which sort by the time they were made and cannot be guessed."""

import re

from uuid_utils import uuid7

_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def new_id() -> str:
    """One id, 36 characters."""
    return str(uuid7())


def is_id(text: str) -> bool:
    """Whether the text may be an id: anything else is the id of nothing, and no database need be asked."""
    return _FORM.fullmatch(text) is not None
