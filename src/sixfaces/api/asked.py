"""What every route is given: the installation, who asks, and in which language."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from sixfaces.api.gate import Gate
from sixfaces.api.language import language_of
from sixfaces.config import Settings
from sixfaces.domain.model import Model
from sixfaces.domain.people import Principal
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.unmasking import unmasked
from sixfaces.report.page import Language

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request's surroundings. `principal` is who asks; routes open to all have none and must not look at it."""

    service: Service
    settings: Settings
    principal: Principal
    language: Language
    request: Request

    @property
    def reader(self) -> Principal:
        """Who asks, without what a reason shows them of this case: what is another's stays masked."""
        reader: Principal = self.request.state.principal
        return reader

    def told(self, answer: BaseModel) -> bytes:
        """The answer as they may see it, in JSON: every answer of a route goes through here. Without personal data for
        who may not see them, but where the route says that it tells none (`rights.open_to`)."""
        who, given = self.principal, self.request.scope["route"].openapi_extra or {}
        if who is not None and not given.get("x-as-it-is") and isinstance(answer, Model):
            answer = shown(who, answer)
        return answer.model_dump_json(by_alias=True).encode()

    def may_go_on(self) -> bool:
        """Whether the key is still good, for answers that take long. Blocks."""
        gate: Gate = self.request.app.state.gate
        return gate.still_good(self.reader, self.request.headers["authorization"])


async def _asked(request: Request) -> Asked:
    state = request.app.state
    principal = getattr(request.state, "principal", None)
    # Players of video and pictures in a page can send no header.
    reason = request.headers.get("unmask") or request.query_params.get("unmask")
    if reason and principal is not None and request.method in READING:
        principal = await run_in_threadpool(unmasked, state.service, principal, reason, named=request.path_params)
    return Asked(state.service, state.settings, principal, language_of(request), request)  # type: ignore[arg-type]  # `state` is untyped


Asking = Annotated[Asked, Depends(_asked)]
"""The type of a route's parameter."""
