"""New ids: UUIDs of version 7, which sort by the time they were made and cannot be guessed."""

import re
from datetime import datetime

from uuid_utils import uuid7

_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def new_id() -> str:
    """One id, 36 characters."""
    return str(uuid7())


def first_id_at(at: datetime) -> str:
    """Ids that were made at this instant or later are no less than this."""
    digits = f"{int(at.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def is_id(text: str) -> bool:
    """Whether the text may be an id: anything else is the id of nothing, and no database need be asked."""
    return _FORM.fullmatch(text) is not None
