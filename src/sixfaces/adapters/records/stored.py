"""Rows are read by what they are, not by what would be taken in today: a limit that was lowered since makes no evidence
unreadable."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import SchemaValidator

_UPPER = frozenset({"max_length", "le", "lt", "max_digits"})
"""What bounds how much may be handed in. Types, forms and unknown keys are held as ever: those no limit explains."""


@cache
def stored(model: type[BaseModel]) -> SchemaValidator:
    """Makes the model of what a database holds. Raises pydantic.ValidationError where that is something else."""
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return SchemaValidator(_unbounded(model.__pydantic_core_schema__), _use_prebuilt=False)


def _unbounded(schema: Any) -> Any:  # noqa: ANN401 a tree of what pydantic is made of
    if isinstance(schema, dict):
        is_rule = isinstance(schema.get("type"), str)
        return {name: _unbounded(part) for name, part in schema.items() if not (is_rule and name in _UPPER)}
    if isinstance(schema, list):
        return [_unbounded(part) for part in schema]
    return schema
