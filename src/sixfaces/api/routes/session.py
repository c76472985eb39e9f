"""A browser signs in: a key or token, shown once, becomes a cookie that no script reads."""

import time
from datetime import UTC, datetime

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import JSON, GuardedRoute
from sixfaces.api.refusals import malformed
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.api.session_seal import Kept, SessionSeal
from sixfaces.api.sessions import LARGEST, cookie_text, session_of
from sixfaces.domain.model import Model, Say, Text
from sixfaces.domain.people import ApiRole, StationId, TenantId

router = APIRouter(route_class=GuardedRoute, prefix="/session", tags=["session"])


class SessionView(Model):
    """Who asks, and what they may see; `expires_at` of a browser that has signed in."""

    tenant: TenantId
    actor: Text
    role: ApiRole
    station: StationId | None
    sees_personal: bool
    may_unmask: bool
    """Whether they are shown it of one case, for a reason that they state."""
    is_person: bool
    expires_at: AwareDatetime | None


@router.post("", summary="Sign a browser in", response_model=SessionView, **open_to(ANYONE))
def sign_in(asking: Asking) -> Response:
    """The bearer of this request is sealed into a cookie, `HttpOnly` and `SameSite=Strict`. What it opens is what the
    bearer opens, for `SIXFACES_SESSION_S` seconds, and no longer than the bearer is good: revoked keys end it. Who is
    signed in already is not so for longer by this."""
    request = asking.request
    now = int(time.time())
    bearer = request.headers["authorization"].partition(" ")[2]
    kept = session_of(request) or Kept(bearer, now + asking.settings.session_s)
    seal: SessionSeal = request.app.state.session_seal
    cookie = cookie_text(request.scope, seal.sealed(kept), seconds=kept.expires - now)
    if len(cookie) > LARGEST:
        raise malformed(Say(zh="令牌太长，浏览器无法保存会话", en="the token is too long for a browser to keep"))
    headers = {"set-cookie": cookie}
    return Response(asking.told(_view(asking, kept)), headers=headers, media_type=JSON)


@router.get("", summary="Who am I?", **open_to(ANYONE))
def get_session(asking: Asking) -> SessionView:
    """Who asks, by whichever of both."""
    return _view(asking, session_of(asking.request))


@router.delete("", status_code=204, summary="Sign a browser out", **open_to(ANYONE))
def sign_out(asking: Asking) -> Response:
    """The browser forgets its cookie. A cookie that was taken from it before is good until it is over, or until its key
    is revoked."""
    return Response(status_code=204, headers={"set-cookie": cookie_text(asking.request.scope, "", seconds=0)})


def _view(asked: Asked, kept: Kept | None) -> SessionView:
    who = asked.principal
    return SessionView(
        tenant=who.tenant,
        actor=who.actor,
        role=who.role,
        station=who.station,
        sees_personal=who.sees_personal,
        may_unmask=who.may_unmask,
        is_person=who.is_person,
        expires_at=datetime.fromtimestamp(kept.expires, UTC) if kept else None,
    )
