"""The name of a case's folder: readable where it can be, and never the name of another case's folder."""

import hashlib
import re
import unicodedata

LONGEST = 120
"""Bytes of UTF-8. File systems allow 255, and encrypted ones little more than half of that."""

_DIGITS = 8
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names of devices on Windows, where results may be looked at or shared."""


def folder_name(case_id: str) -> str:
    """The case's id, where it can be a file name anywhere; else what can be kept of it, `-` and its digest's start.

    Letters, marks and digits of every script are kept, and `-`, `_` and `.` inside; what was changed or cut says so
    by the digest, because two cases that differ only there must not share a folder.
    """
    kept = "".join(char if _plain(char) else "_" for char in unicodedata.normalize("NFC", case_id)).strip(".")
    if kept == case_id and len(kept.encode()) <= LONGEST and not _RESERVED.fullmatch(kept):
        return kept
    digest = hashlib.sha256(case_id.encode()).hexdigest()[:_DIGITS]
    room = LONGEST - _DIGITS - 1
    return f"{kept.encode()[:room].decode(errors='ignore') or 'case'}-{digest}"


def _plain(char: str) -> bool:
    return char in "-_." or unicodedata.category(char)[0] in "LMN"
