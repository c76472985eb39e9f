"""Texts for people in data: each is there in both languages, and neither stands in for the other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sixfaces.domain.model import Model, Say
from sixfaces.rulebook.source import wrong

_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-z]")


def check_says(one: Model, path: Path) -> None:
    """Raises RulebookError for the first text that lacks a language, or says it in the other one."""
    for field, say in _says(one, ""):
        if not _HAN.search(say.zh):
            raise wrong(path, f"{field}.zh", given=say.zh, zh="须有中文文字", en="must be there, in Chinese")
        if not _LETTER.search(say.en) or _HAN.search(say.en):
            raise wrong(path, f"{field}.en", given=say.en, zh="须有英文文字", en="must be there, in English")


def _says(value: Any, field: str) -> Iterator[tuple[str, Say]]:  # noqa: ANN401 any part of a model
    if isinstance(value, Say):
        yield field, value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _says(getattr(value, name), f"{field}.{name}" if field else name)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _says(inner, f"{field}.{name}")
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _says(inner, f"{field}.{_called(inner, number)}")


def _called(inner: object, number: int) -> str:
    """What people call an entry by, rather than its number."""
    names = (getattr(inner, name, None) for name in ("id", "code", "value", "grade"))
    return next((name for name in names if isinstance(name, str)), str(number))
