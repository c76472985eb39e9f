"""Persons whom an admin lets in no more, whatever their identity provider says, and those who are let in again."""

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.identity import Person
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing


def block_person(transaction: Transaction, id: str, *, by: Principal) -> Person:
    """From now on their tokens are worth nothing for this tenant. Raises `request.missing`: who never asked has no
    row, and nothing that could be taken."""
    return _set(transaction, id, by, blocked=True)


def unblock_person(transaction: Transaction, id: str, *, by: Principal) -> Person:
    """Their tokens open again what they opened. Raises `request.missing`."""
    return _set(transaction, id, by, blocked=False)


def _set(transaction: Transaction, id: str, by: Principal, *, blocked: bool) -> Person:
    known = transaction.people.person(id) if is_id(id) else None
    if known is None:
        raise missing()
    if (known.blocked_at is not None) is blocked:
        return known
    person = transaction.people.block(id, blocked=blocked)
    if person is None:
        raise missing()
    body = {"person": person.id, "what": "blocked" if blocked else "unblocked"}
    transaction.custody.append(Deed(tenant=person.tenant, act=Act.AMEND, subject=person.id, actor=by.actor, body=body))
    return person
