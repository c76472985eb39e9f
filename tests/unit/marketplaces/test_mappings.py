"""The linter of mappings: what a mapping cannot mean is found when it is written."""

from pathlib import Path

import pytest

from sixfaces.adapters.marketplaces.__main__ import main
from sixfaces.adapters.marketplaces.shelf import DATA, check, known, load
from sixfaces.domain.errors import RulebookError

PLAIN = """
name = "shop"
version = "2026.1"
title = { zh = "店", en = "Shop" }
source = "A test."
zone = "Asia/Shanghai"
[[sheets]]
name = "returns"
case = { from = ["id"] }
[sheets.fields]
"order.order_id" = { from = ["order"] }
"claim.kind" = { from = ["kind"], values = { "Refund" = "refund_only" } }
[sheets.words]
"state" = ["paid", "open"]
[[sheets.happenings]]
code = "paid"
kind = "refund.paid"
at = { from = ["paid at"] }
when = [{ column = "state", is = ["paid"] }]
fields = { "money.amount" = { from = ["sum"] }, "money.currency" = { value = "CNY" } }
"""


def written(folder: Path, text: str = PLAIN, name: str = "shop-2026.1.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"order.order_id"', '"order.oder_id"', "sheets.returns.fields.order.oder_id"),
        ('"refund_only"', '"refund_maybe"', "sheets.returns.fields.claim.kind"),
        ("Asia/Shanghai", "Asia/Nowhere", "zone"),
        ('"refund.paid"', '"refund.dreamt"', "sheets.returns.happenings.paid.kind"),
        ('"refund.paid"', '"decided"', "sheets.returns.happenings.paid.kind"),
        ('"money.amount" = { from = ["sum"] }, "money.currency" = { value = "CNY" }', "", "happenings.paid.fields"),
        ('"money.amount"', '"money.amuont"', "happenings.paid.fields.money.amuont"),
        ('is = ["paid"]', 'is = ["settled"]', "happenings.paid.when.state"),
        ('at = { from = ["paid at"] }', 'at = { value = "now" }', "happenings.paid.at"),
        ('case = { from = ["id"] }', 'of = "orders"', "order.order_id"),
        ('case = { from = ["id"] }', "", "sheets.returns.case"),
        ('source = "A test."', 'source = "A test."\nencodings = ["klingon"]', "encodings"),
        ('{ from = ["order"] }', "{ }", "order.order_id"),
        ('source = "A test."', 'source = "A test."\ncolour = 1', "colour"),
        ('code = "paid"', 'code = "paid"\nsame_as = "payed"', "happenings.paid.same_as"),
        ('code = "paid"', 'code = "paid"\nsame_as = "paid"', "happenings.paid.same_as"),
        ('{ from = ["order"] }', '{ from = ["order"], of_line = true }', "fields.order.order_id"),
        ('{ from = ["order"] }', '{ from = ["order"], requried = true }', "requried"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_by_its_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert old in PLAIN
    (found,) = check([written(tmp_path, PLAIN.replace(old, new))])
    assert isinstance(found, RulebookError)
    assert field in found.text.en
    assert "shop-2026.1.toml" in found.text.zh


def test_a_mapping_of_ones_own_goes_before_those_that_come_along(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path, PLAIN.replace('"shop"', '"tmall"').replace("2026.1", "2026.9"), "tmall-2026.9.toml")
    assert load("shop", tmp_path).version == "2026.1"
    assert load("tmall", tmp_path).version == "2026.9"
    assert load("tmall@2026.1", tmp_path).title.en == "Tmall"
    assert "shop" in known(tmp_path)
    with pytest.raises(RulebookError, match=r"rulebook\.unknown"):
        load("../tmall", tmp_path)


def test_all_that_come_along_are_fit_and_say_where_their_names_are_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(list(DATA.glob("*.toml"))) == 6
    assert all("template" in line for line in lines)


def test_the_command_tells_what_is_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path, "name = 1"))]) == 1
    assert "shop-2026.1.toml" in capsys.readouterr().err
