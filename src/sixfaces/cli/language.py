"""Which language people are answered in."""

import os
from enum import StrEnum
from typing import Literal


class Lang(StrEnum):
    """The languages of the product."""

    ZH = "zh"
    EN = "en"


def chosen(lang: Lang | None) -> Literal["zh", "en"]:
    """As asked for, else SIXFACES_LANG, else by the locale: Chinese for Chinese ones, English for all others."""
    if lang is not None:
        return "zh" if lang is Lang.ZH else "en"
    for name in ("SIXFACES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
