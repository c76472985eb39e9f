"""No word goes undefined: the glossary holds every public class of the domain and every value of its key enums."""

import ast
import re
from enum import StrEnum
from pathlib import Path

import pytest

from sixfaces.criteria.registry import RULES
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import BreakCause
from sixfaces.domain.parcel_facts import Face, Stage
from sixfaces.domain.rules import Criterion, Requirement, RuleCode

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sixfaces"
TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| term |")
]


def named() -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", TEXT))


def classes(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}
    return found


def test_every_public_class_of_the_domain_is_in_the_glossary() -> None:
    assert sorted(classes(SOURCE / "domain") - named()) == []


@pytest.mark.parametrize(
    "words",
    [Role, Face, Stage, BreakCause, RuleCode, Answer, Verdict, Criterion, Requirement],
    ids=lambda e: e.__name__,
)
def test_every_value_of_the_key_enums_is_a_term(words: type[StrEnum]) -> None:
    terms = {row[0].strip("`") for row in ROWS}
    assert [word.value for word in words if word.value not in terms] == []


def test_every_term_has_its_chinese_word_one_sentence_and_a_place_in_code() -> None:
    assert len(ROWS) > 100
    for row in ROWS:
        assert len(row) == 4, row
        term, chinese, meaning, place = row
        assert term
        assert re.search(r"[\u4e00-\u9fff]", chinese), row
        assert re.fullmatch(r"[A-Z].*\.", meaning), row
        assert place == "not yet" or re.search(r"`[^`]+`", place), row


def test_no_term_is_defined_twice() -> None:
    terms = [row[0] for row in ROWS]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []


def test_every_place_in_code_exists() -> None:
    known = classes(SOURCE)
    for row in ROWS:
        for place in re.findall(r"`([^`]+)`", row[3]):
            is_file = (SOURCE / place).is_file() or (ROOT / place).is_file()
            assert is_file if "/" in place else place in known, f"{row[0]}: {place}"


def test_every_rule_is_said_to_be_where_it_is() -> None:
    places = {row[0].strip("`"): row[3].strip("`") for row in ROWS}
    real = {
        rule.code.value: f"{rule.judge.__module__.removeprefix('sixfaces.').replace('.', '/')}.py" for rule in RULES
    }
    assert {code: places[code] for code in real} == real
