"""Names of fields that somebody may have meant: near in spelling, at the same place or elsewhere in the case file."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import get_args

from sixfaces.domain.case import CaseFile
from sixfaces.domain.model import Model

_MOST = 2
_LONGEST = 60
"""Comparing takes time that grows with the square of the length, and no field's name is half as long."""

Fields = dict[str, type[Model] | None]
"""The names of a model's fields, each with the model that its values are, if they are one."""


def near_names(place: Sequence[int | str]) -> list[str]:
    """At most two fields that may be meant by the unknown one at `place`, best first.

    Those beside it go by their bare name; one of the same name elsewhere goes by its whole path, and goes before those
    that are merely spelled alike.
    """
    unknown = str(place[-1]).lower()
    if len(unknown) > _LONGEST:
        return []
    beside = _fields(_model_at(place[:-1]))
    if unknown in beside:
        return [unknown]
    elsewhere = [path for path in _paths(CaseFile) if path.rpartition(".")[2] == unknown]
    return elsewhere[:_MOST] or get_close_matches(unknown, beside, n=_MOST)


def _model_at(place: Sequence[int | str]) -> type[Model]:
    model: type[Model] = CaseFile
    for part in place:
        model = _fields(model).get(str(part)) or model  # positions in lists name no field
    return model


def _paths(model: type[Model], before: str = "") -> Iterator[str]:
    for name, inner in _fields(model).items():
        yield f"{before}{name}"
        if inner is not None:
            yield from _paths(inner, f"{before}{name}.")


def _fields(model: type[Model]) -> Fields:
    fields: Fields = {}
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *get_args(field.annotation))
        fields[name] = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Model)), None)
    return fields
