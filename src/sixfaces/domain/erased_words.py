"""What is left of the course of a claim when its case is erased: what happened, when, and what came of it, without a
word that somebody wrote.

Kinds, instants, outcomes, grades, amounts, digests and ids stay. Entries in the custody log keep the digest of what was
written; whoever has kept the words can still show that they were these.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sixfaces.domain.chronicle import (
    Assessed,
    CameBack,
    EvidenceAsked,
    Excused,
    Intercepted,
    Lost,
    Paused,
    Promised,
    PromiseEnded,
    Rated,
    ReferralAnswered,
    Refused,
    SellerAssessed,
    Shipped,
    Signed,
    Struck,
)
from sixfaces.domain.decision import Decision
from sixfaces.domain.inspection import FoundDefect, QcVerdict, StepAnswer, Witness
from sixfaces.domain.model import Model, Say

M = TypeVar("M", bound=Model)

GONE = "[erased]"
"""Stands where somebody had written something."""
GONE_SAY = Say(zh="［已删除］", en=GONE)

WRITTEN: Mapping[type[Model], tuple[str, ...]] = {
    Assessed: ("text",),
    EvidenceAsked: ("what",),
    Excused: ("text",),
    Paused: ("why",),
    Promised: ("promise", "text"),
    PromiseEnded: ("promise",),
    Rated: ("text",),
    ReferralAnswered: ("text",),
    SellerAssessed: ("text",),
    Struck: ("why",),
    StepAnswer: ("text",),
    Witness: ("note",),
    FoundDefect: ("note",),
    QcVerdict: ("reason",),
    Decision: ("note",),
}
"""Fields in which people write, of everything that a claim's course is made of. Texts in both languages go wherever
they stand: they tell what was seen and claimed."""

WAYBILLS: Mapping[type[Model], tuple[str, ...]] = dict.fromkeys(
    (Shipped, Signed, Refused, Intercepted, CameBack, Lost), ("waybill",)
)
"""Fields that point at a person for whoever can ask the carrier."""


def wordless(model: M, *, forget_waybill: bool = False) -> M:
    """The same without what anybody wrote; `forget_waybill`: without the numbers of parcels as well."""
    gone = WRITTEN.get(type(model), ()) + (WAYBILLS.get(type(model), ()) if forget_waybill else ())
    said = {name: getattr(model, name) for name in type(model).model_fields}
    left = {name: GONE if name in gone else _left(value, forget_waybill=forget_waybill) for name, value in said.items()}
    return model.model_copy(update={name: value for name, value in left.items() if said[name] is not None})


def _left(value: Any, *, forget_waybill: bool) -> Any:  # noqa: ANN401 any value that a model may hold
    if isinstance(value, Say):
        return GONE_SAY
    if isinstance(value, Model):
        return wordless(value, forget_waybill=forget_waybill)
    return tuple(_left(one, forget_waybill=forget_waybill) for one in value) if isinstance(value, tuple) else value
