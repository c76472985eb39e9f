"""The linter of channels: the shipped ones pass, and a file that breaks one rule is refused for that rule."""

from pathlib import Path

import pytest

from sixfaces.domain.channel import Channel
from sixfaces.domain.errors import RulebookError
from sixfaces.rulebook.channels import CHANNELS, channel_asked_for, figures
from sixfaces.rulebook.check import check, kind_of, kind_of_file

SHIPPED = ("amazon_safet", "amex", "court", "paypal", "pinduoduo", "shopee", "shopify", "temu", "tmall")

GOOD = """
name = "mine"
version = "2026.1"
title = { zh = "渠道", en = "Channel" }
effective_from = 2026-01-01
unconfirmed = ["pdf"]
bytes = 5_000_000
files = 4

[[sources]]
title = "Help"
url = "https://example.com/help"
read = 2026-06-01
says = "5 MB"

[pictures]
formats = ["jpeg"]
bytes = 1_000_000
count = 3

[pdf]
bytes = 2_000_000
"""


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine-2026.1.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RulebookError) as caught:
        CHANNELS.load_file(path)
    return caught.value.text.en


def test_all_channels_that_are_needed_are_shipped_and_sound() -> None:
    assert CHANNELS.names() == SHIPPED
    for name in SHIPPED:
        assert figures(CHANNELS.load(name))


def test_the_linter_knows_a_channel_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "anything.toml"
    path.write_text(GOOD, "utf-8")
    (found,) = check([path])
    assert isinstance(found, Channel)
    assert (kind_of_file(path), kind_of(found)) == ("channels", "channels")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('zh = "渠道"', 'zh = "Channel"', "title.zh"),
        ("count = 3", "count = 9", "pictures.count"),
        ("bytes = 2_000_000", "bytes = 9_000_000", "pdf.bytes"),
        ('["pdf"]', '["pdf.colour_depth"]', "unconfirmed"),
        ("https://", "http://", "sources.0.url"),
        ("read = 2026-06-01", "read = 1999-06-01", "sources.0.read"),
        ("count = 3", "count = 0", "pictures.count"),
        ('["jpeg"]', '["webp"]', "pictures.formats"),
        ("[pdf]", "[fax]", "fax"),
    ],
)
def test_a_channel_that_breaks_one_rule_is_refused_for_it(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert told in refused(tmp_path, GOOD.replace(old, new))


def test_a_channel_of_ones_own_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8")
    assert channel_asked_for(str(path)).name == "mine"
    assert channel_asked_for("paypal@2026.1").name == "paypal"
    with pytest.raises(RulebookError):
        channel_asked_for(str(tmp_path / "none.toml"))


def test_figures_without_a_source_must_be_named_as_unconfirmed(tmp_path: Path) -> None:
    start, end = GOOD.index("[[sources]]"), GOOD.index("[pictures]")
    assert "sources" in refused(tmp_path, GOOD[:start].replace("unconfirmed", "sources = []\nunconfirmed") + GOOD[end:])


def test_a_channel_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[pictures]")].replace('["pdf"]', "[]")
    assert "pictures" in refused(tmp_path, text)


def test_pictures_that_nobody_makes_are_refused(tmp_path: Path) -> None:
    assert "must have jpeg" in refused(tmp_path, GOOD.replace('["jpeg"]', '["png"]'))
