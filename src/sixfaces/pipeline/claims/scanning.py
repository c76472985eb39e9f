"""Which case a scanned code belongs to (D4)."""

import re
from collections.abc import Sequence

from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id

MOST = 20
_OWN = re.compile(r".*/s/([0-9a-f-]{36})(?:[?#].*)?", re.ASCII)
"""The address in the QR code of our return label: it ends in the case's id."""


def scanned(transaction: Transaction, code: str) -> Sequence[FiledCase]:
    """The cases that it may be, those that are open first, then the newest."""
    text = code.strip()
    own = _OWN.fullmatch(text)
    id = own.group(1) if own else text
    if is_id(id):
        case = transaction.cases.get(id)
        return [case] if case is not None else []
    found = transaction.cases.carrying(text[:200], limit=MOST) if text else []
    return sorted(found, key=lambda case: case.state is CaseState.CLOSED)


def address_of(case_id: str, base: str) -> str:
    """What the QR code of a return label says: anybody may scan it, and only who has the right is told more."""
    return f"{base.rstrip('/')}/s/{case_id}"
