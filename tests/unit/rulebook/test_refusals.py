"""A bad rulebook is refused, and the refusal names file, field, value, bound and why, in both languages."""

import re
from pathlib import Path

import pytest

from sixfaces.domain.errors import RulebookError
from sixfaces.rulebook.loader import load_policy_file
from sixfaces.rulebook.source import MOST_BYTES

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

HEAD = """
name = "mine"
version = "2026.1"
extends = "default@2026.1"
title = { zh = "我的规则", en = "My rules" }
effective_from = 2026-01-01
"""
FACE = '[thresholds.face.view_deg]\nvalue = {}\nunit = "deg"\nreason = "because"\n'
RULE = '[rules."validity.decodes"]\nuse = "required"\nreason = "because"\n'


def refused(folder: Path, text: str | bytes, name: str = "mine-2026.1.toml") -> RulebookError:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RulebookError) as caught:
        load_policy_file(path)
    error = caught.value
    assert name in error.text.zh
    assert name in error.text.en
    assert _CHINESE.search(error.text.zh)
    assert error.fix.en
    assert error.fix.zh
    assert len(error.text.en) < 1500
    return error


def test_the_file_these_tests_break_is_good(tmp_path: Path) -> None:
    path = tmp_path / "mine-2026.1.toml"
    path.write_text(HEAD + FACE.format(50) + RULE, "utf-8")
    assert load_policy_file(path).thresholds.face.view_deg == 50


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("95", "face.view_deg = 95: must be at most 80 deg (Widest viewing angle"),
        ("9.5", "face.view_deg = 9.5: must be at least 10 deg"),
        ("nan", "must be"),
        ("inf", "must be"),
        ("true", "face.view_deg.value = True: must be a number"),
        ('"60"', "face.view_deg.value = '60': must be a number"),
        ("1" + "0" * 400, "face.view_deg"),
    ],
)
def test_a_value_out_of_bounds_names_field_value_bound_and_meaning(tmp_path: Path, value: str, words: str) -> None:
    assert words in refused(tmp_path, HEAD + FACE.format(value)).text.en


def test_the_bound_stands_in_the_chinese_text_too(tmp_path: Path) -> None:
    error = refused(tmp_path, HEAD + FACE.format(95))
    assert error.code == "rulebook.field"
    assert "thresholds.face.view_deg = 95：须不大于 80 deg" in error.text.zh


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FACE.format(60).replace("deg\"\nr", "rad\"\nr"), "view_deg.unit = 'rad': the unit must be deg"),
        (FACE.format(60).replace('unit = "deg"\n', ""), "missing: ['unit']"),
        (FACE.format(60).replace('reason = "because"\n', ""), "missing: ['reason']"),
        (FACE.format(60) + "note = 1\n", "unknown: ['note']"),
        (FACE.format(60).replace("because", "  "), "view_deg.reason = '  ': a reason must be given"),
        (FACE.format(60).replace("view_deg", "view_rad"), "thresholds.face.view_rad"),
        (FACE.format(60).replace("face", "faces"), "no such group"),
        ("[thresholds]\nface = 3\n", "thresholds.face = 3: must be a table"),
        ("thresholds = 3\n", "thresholds = 3: must be a table"),
        ("[thresholds.face]\nview_deg = 60\n", "thresholds.face.view_deg = 60: must be a table"),
        ("rules = []\n", "rules = []: must be a table"),
        ('[rules]\n"validity.decodes" = "required"\n', "must be a table"),
        (RULE.replace("decodes", "decode"), "rules.validity.decode"),
        (RULE.replace("[rules.\"validity.decodes\"]", "[rules.validity.decodes]"), "rules.validity"),
        (RULE.replace('"required"', '"mandatory"'), "use = 'mandatory'"),
        (RULE.replace('use = "required"\n', ""), "rules.validity.decodes.use: is missing"),
        (RULE.replace('reason = "because"\n', ""), "rules.validity.decodes.reason"),
        (RULE + 'cites = ["D28"]\n', "D28"),
        (RULE + 'cites = "D6"\n', "cites"),
        (RULE + "weight = 3\n", "rules.validity.decodes.weight = 3: unknown key"),
        ("[thresholds.reading.code_reads]\nvalue = 2.5\nunit = \"1\"\nreason = \"x\"\n", "whole number"),
        ("colour = 3\n", "colour = 3: unknown key"),
        ("template = true\n", "must name its unconfirmed values"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_what_it_should_be(tmp_path: Path, text: str, words: str) -> None:
    top, tables = (text, "") if not text.startswith("[") else ("", text)
    error = refused(tmp_path, HEAD + top + tables)
    assert error.code == "rulebook.field"
    assert words in error.text.en


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-01-01", '"soon"', "effective_from"),
        ("effective_from = 2026-01-01", "", "effective_from: is missing"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_until = 2025-12-31", "effective_until"),
        ('"mine"', '"Mine"', "name = 'Mine'"),
        ('"2026.1"\n', '"v1"\n', "version = 'v1'"),
        ('title = { zh = "我的规则", en = "My rules" }', 'title = { zh = "我的规则" }', "title.en: is missing"),
        ('"default@2026.1"', "3", "extends = 3"),
        ('"default@2026.1"', '"default"', "write name@version"),
        ('"default@2026.1"', '"nobody@2026.1"', "no such policy"),
        ('"default@2026.1"', '"../default@2026.1"', "no such policy"),
        ('extends = "default@2026.1"', "", "thresholds"),
    ],
)
def test_wrong_heads_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in refused(tmp_path, HEAD.replace(old, new, 1)).text.en


def test_a_rule_stated_twice_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, HEAD + RULE + RULE)
    assert error.code == "rulebook.not_toml"
    assert "validity.decodes" in error.text.en


def test_rules_and_thresholds_that_nobody_states_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    error = refused(tmp_path, HEAD.replace('extends = "default@2026.1"', ""))
    assert "thresholds.face: is missing" in error.text.en
    assert "and 3 more" in error.text.en


def test_extends_that_goes_round_in_a_circle_is_refused(tmp_path: Path) -> None:
    other = HEAD.replace('"mine"', '"other"').replace("default@", "mine@")
    (tmp_path / "other-2026.1.toml").write_text(other, "utf-8")
    error = refused(tmp_path, HEAD.replace("default@", "other@"))
    assert error.code == "rulebook.cycle"
    assert "mine-2026.1.toml → other-2026.1.toml → mine-2026.1.toml" in error.text.en


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD.encode("gb18030"), "rulebook.not_utf8"),
        (b"\xff\xfe", "rulebook.not_utf8"),
        (b"#" * (MOST_BYTES + 1), "rulebook.too_large"),
        (b"name = ", "rulebook.not_toml"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "rulebook.not_toml"),
        (b"a = " + b"9" * 10000, "rulebook.not_toml"),
        (b"a = 1\x00", "rulebook.not_toml"),
    ],
)
def test_bytes_that_are_no_rulebook_are_refused(tmp_path: Path, data: bytes, code: str) -> None:
    assert refused(tmp_path, data).code == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(RulebookError) as caught:
            load_policy_file(path)
        assert caught.value.code == "rulebook.unreadable"
