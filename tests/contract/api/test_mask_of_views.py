"""Every model that a route answers can be masked and written, whatever its texts are."""

import ast
import warnings
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from sixfaces.api import routes
from sixfaces.api.routes.custody import router as custody
from sixfaces.api.routes.standards import router as standards
from sixfaces.domain.masked import masked_model
from sixfaces.domain.model import Model

NASTY = ("a@b.cn", "07551234567", "to: 张三 13812345678", "路1号" * 1300, "13812345678" + " " * 3989, "张先生 Mr. Li")
API = Path(routes.__file__).parents[1]
WRITERS = {"asked.py", "guarded.py", "routes/standing.py"}
"""The one place where answers are written; where nobody is known who asks; where both sides are shown less still."""


def answers() -> Iterator[type[Model]]:
    for router in routes.ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.response_model is not None:
                yield route.response_model


def made(kind: Any, text: str, depth: int = 0) -> Any:  # noqa: ANN401 whatever a field is declared as
    """A value of the type whose texts are all `text`, checked against nothing."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return made(args[0], text, depth)
    if origin is Literal:
        return args[0]
    if origin in {tuple, list}:
        return origin([made(args[0], text, depth + 1)]) if depth < 8 else origin()
    if origin is dict:
        return {text: made(args[1], text, depth + 1), f"{text}!": made(args[1], text, depth + 1)}
    if origin is not None and NoneType in args and depth > 8:
        return None
    if args:
        return made(args[0], text, depth)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {name: made(field.annotation, text, depth + 1) for name, field in kind.model_fields.items()}
        return kind.model_construct(**fields)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return text if kind is str else None


def doubts(view: Model) -> int:
    """How many values are not of their field's type: numbers are left out of a view that is made of texts."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        view.model_dump_json()
    return sum(str(one.message).count("UnexpectedValue") for one in told)


@pytest.mark.parametrize("answer", sorted(set(answers()), key=str))
def test_no_text_makes_a_view_that_cannot_be_shown(answer: type[Model]) -> None:
    for text in NASTY:
        view = made(answer, text)
        shown = masked_model(view)
        assert type(shown) is type(view)
        assert doubts(shown) == doubts(view)
        assert doubts(masked_model(shown)) == doubts(view)


def test_answers_are_written_where_they_are_masked() -> None:
    found = set()
    for path in API.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute))
        if any(node.attr == "model_dump_json" for node in calls):
            found.add(path.relative_to(API).as_posix())
    assert found == WRITERS


def test_only_the_log_and_data_of_the_product_are_told_as_they_are() -> None:
    as_it_is = {
        route.path
        for router in routes.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and (route.openapi_extra or {}).get("x-as-it-is")
    }
    of_nobody = (*custody.routes, *standards.routes)
    told = {route.path for route in of_nobody if isinstance(route, APIRoute)} | {"/channels"}
    assert as_it_is <= told
    assert "/cases/{case_id}/custody" in as_it_is
