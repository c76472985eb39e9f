"""Links under which a buyer or seller sees how a claim stands: made, listed, revoked."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import READERS, open_to
from sixfaces.domain.model import Model, Text
from sixfaces.domain.notice import Link, ToldParty, Tongue
from sixfaces.domain.people import Id
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.notices.links import DAYS, Bearer, links_of, make_link, revoke_link, revoke_links
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.visible import refuse_unsighted

router = APIRouter(route_class=GuardedRoute, prefix="/cases/{case_id}/links", tags=["notices"])


class NewLink(Model):
    """Whom the link is for, in which language its page opens, and for how many days it is good."""

    party: ToldParty
    language: Tongue = "zh"
    days: Annotated[int, Field(ge=1, le=730)] = DAYS


class LinkView(Model):
    """A link without its token, which is shown once."""

    id: Id
    case_id: Id
    party: ToldParty
    language: Tongue
    by: Text
    created_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None


class MadeLink(LinkView):
    """A new link. Whoever has `url` sees what its side may see."""

    url: Text


class LinkList(Model):
    """All links of a case, newest first."""

    items: tuple[LinkView, ...]


class Revoked(Model):
    """How many links led somewhere until now."""

    links: int


@router.post("", status_code=201, summary="Make a link", response_model=MadeLink,
             **open_to(READERS, 409, 410, 413, 415))  # fmt: skip
def create_link(asking: Asking, case_id: str, new: NewLink) -> Response:
    """For one side of the claim, who needs no key then. The address is shown here only, and not to who must not know
    how the claim stands."""
    bearer = Bearer(new.party, new.language, new.days)
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        _check(transaction, asking, case_id)  # an answer that was kept is one as well

    def work(transaction: Transaction) -> Told:
        _check(transaction, asking, case_id)
        link = make_link(transaction, case_id, asking.principal.actor, bearer=bearer)
        return Told(MadeLink(**vars(_view(link)), url=_url(asking, link)), 201, is_secret=True)

    return once(asking, work)


@router.get("", summary="Links of a case", **open_to(READERS))
def list_links(asking: Asking, case_id: str) -> LinkList:
    """Those that notices carry were made by `machine`."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return LinkList(items=tuple(_view(one) for one in links_of(transaction, case_id)))


@router.delete("", summary="Revoke all links of a case", response_model=Revoked, **open_to(READERS))
def delete_links(asking: Asking, case_id: str) -> Response:
    """None of them leads anywhere from now on. The next notice carries a new one."""
    return once(asking, lambda transaction: Told(Revoked(links=revoke_links(transaction, case_id))))


@router.delete("/{link_id}", status_code=204, summary="Revoke a link", **open_to(READERS))
def delete_link(asking: Asking, case_id: str, link_id: str) -> Response:
    """It leads nowhere from now on."""

    def work(transaction: Transaction) -> Told:
        revoke_link(transaction, case_id, link_id)
        return Told(status=204)

    return once(asking, work)


def _check(transaction: Transaction, asked: Asked, case_id: str) -> None:
    """Who has the link sees what was found and decided."""
    refuse_unsighted(transaction, asked.principal, case_of(transaction, case_id).id)


def _view(link: Link) -> LinkView:
    return LinkView(**{name: getattr(link, name) for name in LinkView.model_fields})


def _url(asked: Asked, link: Link) -> str:
    terms: LinkTerms = asked.request.app.state.links
    return terms.url(link, base=str(asked.request.base_url))
