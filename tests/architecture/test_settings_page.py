"""Every setting stands on its page with its default, and the page names no other."""

import re
from pathlib import Path

from sixfaces.config import Settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `SIXFACES_(\w+)` \| `?([^|`]*)`? \|", PAGE, re.MULTILINE))


def default(name: str) -> str:
    """As the page writes it; empty where there is nothing to write."""
    field = Settings.model_fields[name]
    value = field.get_default(call_default_factory=True, validated_data={})
    return "" if value in (None, {}, "") else str(value)


def test_the_page_has_every_setting_with_its_default() -> None:
    assert {name.lower(): told for name, told in ROWS.items()} == {
        name: default(name) for name in Settings.model_fields
    }


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.title, name
        assert field.description, name
        assert field.description in PAGE, name
