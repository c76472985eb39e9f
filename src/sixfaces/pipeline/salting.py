"""Digests of people's words for the custody log.

A bare digest of a short text tells the text to whoever can list what it may be: the missing digits of a masked phone
number are ten thousand tries. So each case has 32 random bytes that nobody is shown, and goes into all digests of what
people stated in it. They are erased with the case, and with them the last way from a digest back to words.

Reports and records are entered by digests of their own: but for masked texts, who may not see these sees all of them,
and could try. So each holds random bytes of its own, which are shown to those alone who see the texts as well.
"""

import hashlib
import json
import secrets
from typing import TypeVar

from sixfaces.domain.model import Model
from sixfaces.domain.observation import Record
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report

M = TypeVar("M", Report, Record)

BYTES = 32
PLACED = frozenset({"entry"})
"""What a row learns only by being entered: its number in the log."""


def salted_sha256(transaction: Transaction, case_id: str, data: bytes) -> str:
    """SHA-256 of the case's salt and the data, in hexadecimal. What is entered of a case that has been erased can be
    held against nothing any more."""
    salt = transaction.cases.salt(case_id) or secrets.token_bytes(BYTES)
    return hashlib.sha256(salt + data).hexdigest()


def salted(one: M) -> M:
    """The report or record with random bytes of its own."""
    return one.model_copy(update={"salt": secrets.token_hex(BYTES)})


def canonical(one: Model, *, without: frozenset[str] = frozenset()) -> bytes:
    """The canonical JSON that digests of rows are made of."""
    tree = one.model_dump(mode="json", exclude=set(without))
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
