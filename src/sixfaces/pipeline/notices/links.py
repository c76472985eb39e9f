"""Links under which one side of a claim sees how it stands: made, looked up, revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import Link, ToldParty, Tongue
from sixfaces.domain.records import Transaction
from sixfaces.domain.standing import Standing
from sixfaces.pipeline import refusals
from sixfaces.pipeline.claims.matters import judged_report, look
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.notices.refusals import too_many_links
from sixfaces.pipeline.notices.standing import standing_of
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.service import Service
from sixfaces.vault.link_tokens import LinkSigner

DAYS = 90
MOST_LINKS = 100
"""Of one case that are good at a time: a program that makes one for each look would fill the table."""
MACHINE = "machine"
_FRESH = timedelta(days=30)
"""A notice takes a link that is good for so long at least."""


class Bearer(NamedTuple):
    """Whom a link is for, in which language it opens, and for how many days."""

    party: ToldParty
    language: Tongue = "zh"
    days: int = DAYS


def make_link(transaction: Transaction, case_id: str, by: str, *, bearer: Bearer) -> Link:
    """A new link to a case. Raises `request.missing`, `request.erased`, ClaimError `claim.too_many_links`."""
    case = case_of(transaction, case_id)
    if case.erased_at is not None:
        raise refusals.erased(case.id, case.erased_at)
    good = [one for one in transaction.links.of_case(case.id) if is_good(one, transaction.now)]
    if len(good) >= MOST_LINKS:
        raise too_many_links(MOST_LINKS)
    return _made(transaction, case, by, bearer=bearer)


def link_for_notice(transaction: Transaction, case: FiledCase, *, bearer: Bearer) -> Link:
    """The link that notices to this side carry: the last one, while it is good for long enough."""
    for one in transaction.links.of_case(case.id):
        its = (one.by, one.party, one.language) == (MACHINE, bearer.party, bearer.language)
        if its and is_good(one, transaction.now + _FRESH):
            return one
    return _made(transaction, case, MACHINE, bearer=bearer)


def links_of(transaction: Transaction, case_id: str) -> Sequence[Link]:
    """All links of a case, newest first. Raises `request.missing`."""
    return transaction.links.of_case(case_of(transaction, case_id).id)


def revoke_link(transaction: Transaction, case_id: str, link_id: str) -> None:
    """One link leads nowhere from now on; doing it twice is doing it once. Raises `request.missing`."""
    case = case_of(transaction, case_id)
    link = transaction.links.get(link_id) if is_id(link_id) else None
    if link is None or link.case_id != case.id:
        raise refusals.missing()
    transaction.links.revoke(case.id, link.id)


def revoke_links(transaction: Transaction, case_id: str) -> int:
    """No link of the case leads anywhere from now on; how many did. Raises `request.missing`."""
    return transaction.links.revoke(case_of(transaction, case_id).id)


def is_good(link: Link, at: datetime) -> bool:
    """Whether it leads somewhere at this instant."""
    return link.revoked_at is None and at < link.expires_at


def standing_by(service: Service, signer: LinkSigner, *, case_id: str, token: str) -> tuple[Standing, Link] | None:
    """What who holds the token may see; None for every token that is not good for this case, whatever is wrong with
    it, and for every case that is not there. Raises RecordsError, StoreError."""
    claim = signer.read(token)
    if claim is None or claim.case_id != case_id:
        return None
    with service.records.begin(None, reading=True) as transaction:
        link = transaction.links.get(claim.link_id)
        is_same = link is not None and (link.case_id, link.party) == (claim.case_id, claim.party)
        if link is None or not is_same or not is_good(link, transaction.now):
            return None
    judged = judged_report(service, link.tenant, link.case_id)
    with service.records.begin(link.tenant, reading=True) as transaction:
        case = transaction.cases.get(link.case_id)
        if case is None or case.erased_at is not None:
            return None
        return standing_of(transaction, look(transaction, case, judged, rules=service.rules), link.party), link


def _made(transaction: Transaction, case: FiledCase, by: str, *, bearer: Bearer) -> Link:
    now = transaction.now
    link = Link(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        party=bearer.party,
        language=bearer.language,
        by=by,
        created_at=now,
        expires_at=(now + timedelta(days=bearer.days)).replace(microsecond=0),
    )
    transaction.links.add(link)
    return link
