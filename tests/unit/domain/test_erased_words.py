"""What is left of a claim's course: of every text field it is said whether somebody writes there, so that none that
comes later is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from sixfaces.domain.chronicle import EvidenceAsked, Leg, Occurrence, Party, Paused, PromiseEnded, Shipped
from sixfaces.domain.decision import Decision, Reason
from sixfaces.domain.erased_words import GONE, GONE_SAY, WAYBILLS, WRITTEN, wordless
from sixfaces.domain.inspection import QcVerdict, StepAnswer
from sixfaces.domain.model import Model, Say

PLAIN = {
    "id", "tenant", "case_id", "actor", "by", "inspection", "second_of", "supersedes", "entry", "verdict", "decision",
    "exhibit", "proof", "code", "state", "outcome", "remedy", "currency", "step", "values", "place", "size", "scheme",
    "grade", "row", "table", "table_version", "table_digest", "cites",
}  # fmt: skip
"""Ids, digests and words of lists: nobody writes there."""
SEPARATELY = {(Occurrence, "reference")}
"""A column of its own, emptied with the row."""


def models(of: object) -> Iterator[type[Model]]:
    """Models that a type is made of, with all in them."""
    if isinstance(of, type) and issubclass(of, Model):
        yield of
        for field in of.model_fields.values():
            yield from models(field.annotation)
    for part in get_args(of):
        yield from models(part)


def is_text(of: object) -> bool:
    """Whether any text may stand there."""
    if get_origin(of) in (UnionType, Union, tuple, Annotated):
        return any(is_text(part) for part in get_args(of))
    return of is str


def test_every_text_in_a_course_is_an_id_or_goes() -> None:
    every = {one for root in (Occurrence, StepAnswer, QcVerdict, Decision) for one in models(root)} - {Say}
    unsaid = {
        (model, name)
        for model in every
        for name, field in model.model_fields.items()
        if is_text(field.annotation) and name not in PLAIN and get_origin(field.annotation) is not Literal
    }
    goes = {(model, name) for gone in (WRITTEN, WAYBILLS) for model, names in gone.items() for name in names}
    assert unsaid == goes | SEPARATELY


def test_what_was_written_goes_and_all_else_stays() -> None:
    asked = EvidenceAsked(of=Party.BUYER, until=datetime(2026, 1, 1, tzinfo=UTC), what="a photo of Mrs Wang")
    assert wordless(asked) == asked.model_copy(update={"what": GONE})
    assert wordless(PromiseEnded(promise="call Mrs Wang", kept=True)) == PromiseEnded(promise=GONE, kept=True)
    said = Reason(text=Say(zh="王女士", en="Mrs Wang"), cites=("D17",))
    assert wordless(said) == Reason(text=GONE_SAY, cites=("D17",))


def test_numbers_of_parcels_go_where_that_is_asked_for() -> None:
    shipped = Shipped(leg=Leg.RETURN, waybill="SF1")
    assert wordless(shipped) == shipped
    assert wordless(shipped, forget_waybill=True).waybill == GONE
    assert wordless(Shipped(leg=Leg.RETURN), forget_waybill=True).waybill is None


def test_what_is_left_can_be_read_again_and_is_left_as_it_is() -> None:
    paused = Paused(waits_for=Party.BUYER, why="Mrs Wang is in hospital")
    left = wordless(paused)
    assert Paused.model_validate_json(left.model_dump_json()) == left == wordless(left)
