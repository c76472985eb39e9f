"""Secrets at rest: sealed to their place, opened by keys of ours only, and by earlier ones too."""

from pathlib import Path

import pytest

from sixfaces.adapters.key_files import box_keys_at
from sixfaces.domain.errors import WebhookError
from sixfaces.vault.secret_box import SecretBox, keys_of, new_key_line

ONE, TWO = keys_of(f"{new_key_line()}\n{new_key_line()}\n")


def box(*keys: bytes) -> SecretBox:
    """A box with these keys."""
    return SecretBox(lambda: keys)


def test_a_secret_comes_back_at_its_place_and_nowhere_else() -> None:
    sealed = box(ONE).seal("whsec_x", place="a")
    assert box(ONE).open(sealed, place="a") == "whsec_x"
    assert "whsec" not in sealed
    assert sealed != box(ONE).seal("whsec_x", place="a")
    for other, place, text in (
        (box(ONE), "b", sealed),
        (box(TWO), "a", sealed),
        (box(ONE), "a", sealed[:-4] + "AAAA"),
        (box(ONE), "a", sealed.replace("v1.", "v2.")),
        (box(ONE), "a", "whsec_x"),
        (box(ONE), "a", ""),
    ):
        with pytest.raises(WebhookError, match=r"webhook\.key"):
            other.open(text, place=place)


def test_after_a_new_key_the_earlier_one_still_opens() -> None:
    sealed = box(ONE).seal("x", place="a")
    both = box(TWO, ONE)
    assert both.open(sealed, place="a") == "x"
    with pytest.raises(WebhookError):
        box(ONE).open(both.seal("x", place="a"), place="a")


def test_the_key_is_made_once_where_that_is_wanted_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "webhooks.key"
    with pytest.raises(WebhookError, match=r"webhook\.key"):
        box_keys_at(path, make=False)
    assert not path.exists()
    keys = box_keys_at(path, make=True)
    assert box_keys_at(path, make=True) == box_keys_at(path, make=False) == keys
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "short\n", "A" * 44 + "\n", "é"])
def test_a_file_that_holds_no_key_is_told_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "webhooks.key"
    path.write_text(text, "utf-8")
    with pytest.raises(WebhookError, match=r"webhook\.key"):
        box_keys_at(path, make=True)
    assert path.read_text("utf-8") == text
