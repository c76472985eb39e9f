"""Which fields of a request are wrong, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from sixfaces.api.refusals import invalid
from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say
from sixfaces.intake.case_file import EN, EN_FAMILIES, ZH, ZH_FAMILIES

MOST_TOLD = 5
_LONGEST = 60


def told_invalid(errors: Sequence[Mapping[str, Any]]) -> RequestError:
    """The first few wrong fields, each with its place and what is wrong with it."""
    zh = [f"{_place(one['loc'])}：{_told(one, ZH, ZH_FAMILIES)}" for one in errors[:MOST_TOLD]]
    en = [f"{_place(one['loc'])}: {_told(one, EN, EN_FAMILIES)}" for one in errors[:MOST_TOLD]]
    if len(errors) > MOST_TOLD:
        zh.append(f"另有 {len(errors) - MOST_TOLD} 处")
        en.append(f"{len(errors) - MOST_TOLD} more")
    return invalid(Say(zh="；".join(zh)[:3000], en="; ".join(en)[:3000]))


def _place(loc: Sequence[int | str]) -> str:
    """Where in the request, such as `order.items[0].price` or `limit`. Keys are foreign text."""
    place = ""
    for part in loc[1:]:
        if part != "[key]":
            place += f"[{part}]" if isinstance(part, int) else f".{_safe(part)}"
    return place.removeprefix(".") or str(loc[0])


def _safe(key: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in key[:_LONGEST])


def _told(error: Mapping[str, Any], words: Mapping[str, str], families: Mapping[str, str]) -> str:
    kind = str(error["type"])
    family = next((text for prefix, text in families.items() if kind.startswith(prefix)), None)
    return words.get(kind) or family or str(error["msg"]).removeprefix("Value error, ")
