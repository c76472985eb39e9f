"""What every route is given: the installation, who asks, and in which language."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from sixfaces.api.gate import Gate
from sixfaces.api.language import language_of
from sixfaces.config import Settings
from sixfaces.domain.people import Principal
from sixfaces.pipeline.service import Service
from sixfaces.report.page import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """One request's surroundings. `principal` is who asks; routes open to all have none and must not look at it."""

    service: Service
    settings: Settings
    principal: Principal
    language: Language
    request: Request

    def may_go_on(self) -> bool:
        """Whether the key is still good, for answers that take long. Blocks."""
        gate: Gate = self.request.app.state.gate
        return gate.still_good(self.principal, self.request.headers["authorization"])


async def _asked(request: Request) -> Asked:
    state = request.app.state
    principal = getattr(request.state, "principal", None)
    return Asked(state.service, state.settings, principal, language_of(request), request)  # type: ignore[arg-type]  # `state` is untyped


Asking = Annotated[Asked, Depends(_asked)]
"""The type of a route's parameter."""
