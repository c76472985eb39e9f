"""The linter of SOPs and grades: the shipped ones pass, and a file that breaks one rule is refused for that rule."""

import re
from pathlib import Path

import pytest

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.masked import masked_tree
from sixfaces.domain.sop import QcOutcome, Sop
from sixfaces.rulebook.check import check, kind_of, kind_of_file
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import SOPS, states
from tests.unit.rulebook.test_page import PAGE

CATEGORIES = (
    "apparel", "books", "cosmetics", "electronics.general", "electronics.phone", "food.fresh", "food.packaged",
    "footwear", "general", "home", "luxury", "toys",
)  # fmt: skip

GOOD = """
name = "mine"
version = "2026.1"
title = { zh = "标准", en = "Standard" }
effective_from = 2026-01-01
scheme = "abcd@2026.1"

[words]
lid = { zh = "盖子", en = "lid" }
big = { zh = "大", en = "big" }

[[defects]]
code = "torn"
title = { zh = "撕裂", en = "Torn" }
kind = "appearance"
severity = "major"
quality = true
places = ["lid"]
sizes = ["big"]

[[defects]]
code = "light"
title = { zh = "偏轻", en = "Light" }
kind = "size"
severity = "minor"
quality = true

[[steps]]
id = "look"
title = { zh = "外观", en = "Look" }
look_at = { zh = "盖子", en = "The lid" }
how = { zh = "侧光", en = "In side light" }
form = "choice"
choices = [
  { value = "fine", label = { zh = "完好", en = "Fine" } },
  { value = "torn", label = { zh = "撕裂", en = "Torn" }, defects = ["torn"] },
]
witness = "if_defect"
machine = "consistency.item"
cites = ["D11"]

[[steps]]
id = "weigh"
title = { zh = "称重", en = "Weigh" }
look_at = { zh = "重量", en = "Its weight" }
how = { zh = "天平", en = "On the scale" }
form = "number"
unit = "g"
low = 0
high = 100
good = [40, 60]
out_of_good = "light"
only_if = [{ step = "look", values = ["fine"] }]

[[steps]]
id = "note"
title = { zh = "说明", en = "Note" }
look_at = { zh = "其他", en = "What else" }
how = { zh = "文字", en = "In words" }
form = "text"
only_if = [{ step = "weigh", values = ["out"] }]

[[outcomes]]
outcome = "defect_confirmed"
kinds = ["appearance"]
fit = false

[[outcomes]]
outcome = "no_quality_problem"
codes = ["light"]
fit = false

[[outcomes]]
outcome = "no_quality_problem"
fit = true
"""

BROKEN = {
    "two steps have one id": (('id = "weigh"', 'id = "look"'), "steps"),
    "two defects have one code": (('code = "light"', 'code = "torn"'), "defects"),
    "two choices have one value": (('value = "fine"', 'value = "torn"'), "steps.look.choices"),
    "a choice states a defect that there is not": (('defects = ["torn"]', 'defects = ["tron"]'), "steps.look"),
    "a number states a defect that there is not": (('out_of_good = "light"', 'out_of_good = "lite"'), "steps.weigh"),
    "an outcome names a defect that there is not": (('codes = ["light"]', 'codes = ["lite"]'), "outcomes.1.codes"),
    "a condition names a step that there is not": (('step = "weigh"', 'step = "wiegh"'), "steps.note.only_if.wiegh"),
    "a condition names an answer that there is not": (('values = ["out"]', 'values = ["ot"]'), "steps.note.only_if"),
    "a condition asks for a later step": (
        ('only_if = [{ step = "look", values = ["fine"] }]', 'only_if = [{ step = "note", values = ["x"] }]'),
        "steps.weigh.only_if.note",
    ),
    "a condition asks for its own step": (('step = "weigh"', 'step = "note"'), "steps.note.only_if.note"),
    "a step can never be reached": (
        ('values = ["out"] }]', 'values = ["out"] }, { step = "look", values = ["torn"] }]'),
        "steps.note.only_if = ['look']",
    ),
    "a choice has one value only": (
        ('  { value = "torn", label = { zh = "撕裂", en = "Torn" }, defects = ["torn"] },\n', ""),
        "steps.look.choices",
    ),
    "a choice has no label": ((', label = { zh = "完好", en = "Fine" }', ""), "steps.0.choices.0.label"),
    "a text has choices": (
        ('form = "text"', 'form = "text"\nchoices = [{ value = "a", label = { zh = "甲", en = "A" } }]'),
        "steps.note.choices",
    ),
    "a number has no unit": (('unit = "g"\n', ""), "steps.weigh"),
    "a number has no bounds": (("high = 100\n", ""), "steps.weigh"),
    "a number's bounds are turned around": (("low = 0\n", "low = 200\n"), "steps.weigh"),
    "what is good lies outside of the bounds": (("good = [40, 60]", "good = [40, 600]"), "steps.weigh.good"),
    "what is good states nothing": (('out_of_good = "light"\n', ""), "steps.weigh.good"),
    "a text has a unit": (('form = "text"', 'form = "text"\nunit = "g"'), "steps.note.unit"),
    "nobody may answer a step": (('form = "text"', 'form = "text"\nby = []'), "steps.note.by"),
    "a witness is asked for a defect that cannot be": (
        ('form = "text"', 'form = "text"\nwitness = "if_defect"'),
        "steps.note.witness",
    ),
    "the machine has no such rule": (('"consistency.item"', '"consistency.itme"'), "steps.look.machine"),
    "a rule is cited that has no number": (('cites = ["D11"]', 'cites = ["11"]'), "steps.look.cites"),
    "a defect is stated by no answer": ((', defects = ["torn"]', ""), "steps.look.witness"),
    "a place has no word": (('lid = { zh = "盖子", en = "lid" }\n', ""), "words"),
    "a word is of no place": (("[words]\n", '[words]\nbox = { zh = "盒", en = "box" }\n'), "words"),
    "the last outcome needs a defect": (("\nfit = true\n", '\nfit = true\ncodes = ["torn"]\n'), "outcomes.2"),
    "an outcome is hidden by those before it": (('codes = ["light"]', 'codes = ["torn"]'), "outcomes.1"),
    "an outcome before the last needs nothing": (('kinds = ["appearance"]\n', ""), "outcomes.0"),
    "there is no such scheme of grades": (('scheme = "abcd@', 'scheme = "abcx@'), "scheme"),
    "there is no such edition of grades": (('scheme = "abcd@2026.1"', 'scheme = "abcd@2025.1"'), "scheme"),
    "it names no edition of its grades": (('scheme = "abcd@2026.1"', 'scheme = "abcd"'), "scheme"),
    "Chinese is missing": (('zh = "侧光"', 'zh = ""'), "steps.look.how.zh"),
    "English stands for Chinese": (('zh = "侧光"', 'zh = "In side light"'), "steps.look.how.zh"),
    "Chinese stands for English": (('en = "In side light"', 'en = "侧光"'), "steps.look.how.en"),
    "English is missing": (('en = "Torn" }, defects', 'en = "" }, defects'), "steps.look.choices.torn.label.en"),
    "what perishes could be sold again": (
        ('scheme = "abcd@2026.1"', 'scheme = "abcd@2026.1"\nperishable = true'),
        "outcomes.2.fit",
    ),
    "a key is unknown": (('form = "text"', 'form = "text"\ntool = "loupe"'), "steps.2.tool"),
    "it ends before it begins": (("effective_from", "effective_until = 2025-01-01\neffective_from"), "ends before"),
}


def refused(path: Path, text: str) -> RulebookError:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    (result,) = check([path])
    assert isinstance(result, RulebookError), result
    assert path.name in result.text.zh
    assert path.name in result.text.en
    return result


def test_the_file_that_these_tests_break_is_good(tmp_path: Path) -> None:
    path = tmp_path / "mine-2026.1.toml"
    path.write_text(GOOD, "utf-8")
    (result,) = check([path])
    assert isinstance(result, Sop), result
    assert kind_of(result) == kind_of_file(path) == "sops"


@pytest.mark.parametrize("why", BROKEN)
def test_a_file_is_refused_where(why: str, tmp_path: Path) -> None:
    (old, new), where = BROKEN[why]
    assert GOOD.count(old) >= 1, why
    error = refused(tmp_path / "sops" / "mine-2026.1.toml", GOOD.replace(old, new, 1))
    assert where in error.text.en


def test_a_defect_that_no_answer_states_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace(', defects = ["torn"]', "").replace('witness = "if_defect"\n', "")
    assert "defects.torn" in refused(tmp_path / "mine-2026.1.toml", text).text.en


def test_there_is_a_standard_for_every_category() -> None:
    assert SOPS.names() == CATEGORIES


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_shipped_standard_asks_for_eight_to_sixteen_things_and_can_confirm_and_deny(name: str) -> None:
    sop = SOPS.load(name)
    assert 8 <= len(sop.steps) <= 16
    assert {QcOutcome.SWAPPED, QcOutcome.DEFECT_CONFIRMED, QcOutcome.NO_QUALITY_PROBLEM} <= {
        rule.outcome for rule in sop.outcomes
    }
    assert any(states(step) for step in sop.steps if step.machine == "consistency.item")
    cited = {cite for step in sop.steps for cite in step.cites} | {cite for rule in sop.outcomes for cite in rule.cites}
    assert all(step.cites for step in sop.steps)
    assert cited <= {f"D{number}" for number in range(1, 28)}


@pytest.mark.parametrize("name", CATEGORIES)
def test_no_text_of_a_standard_looks_like_somebodys_data(name: str) -> None:
    plain = SOPS.load(name).model_dump(mode="json", include={"steps", "words", "title", "defects"})
    assert masked_tree(plain) == plain


def test_only_the_end_of_its_text_tells_one_digest_from_another(tmp_path: Path) -> None:
    path = tmp_path / "mine-2026.1.toml"
    path.write_text(GOOD, "utf-8")
    one = SOPS.load_file(path).digest
    path.write_text("# a comment changes nothing\n" + GOOD, "utf-8")
    assert SOPS.load_file(path).digest == one
    path.write_text(GOOD.replace("侧光", "顺光"), "utf-8")
    assert SOPS.load_file(path).digest != one


GRADES_TEXT = """
name = "own"
version = "2026.1"
title = { zh = "等级", en = "Grades" }

[[grades]]
grade = "GOOD"
title = { zh = "好", en = "Good" }
most = { cosmetic = 1 }
disposition = "restock"

[[grades]]
grade = "BAD"
title = { zh = "差", en = "Bad" }
disposition = "destroy"

[crosswalk]
other = { GOOD = "BEST", BAD = "WORST" }
"""
OTHER = (
    GRADES_TEXT.replace('"own"', '"other"')
    .replace('"GOOD"', '"BEST"')
    .replace('"BAD"', '"WORST"')
    .replace('other = { GOOD = "BEST", BAD = "WORST" }', 'own = { BEST = "GOOD", WORST = "BAD" }')
)
BROKEN_GRADES = {
    "two grades have one name": (('grade = "BAD"', 'grade = "GOOD"'), "grades"),
    "the last grade does not hold for everything": (
        ('disposition = "destroy"', 'disposition = "destroy"\nunused = true'),
        "grades.BAD",
    ),
    "a grade before the last holds for everything": (("most = { cosmetic = 1 }\n", ""), "grades.GOOD"),
    "the other scheme is not there": (("other = {", "another = {"), "crosswalk.another"),
    "a grade of its own is not translated": ((', BAD = "WORST"', ""), "crosswalk.other"),
    "the other scheme has no such grade": (('BAD = "WORST"', 'BAD = "WORSE"'), "crosswalk.other"),
    "Chinese is missing": (('zh = "差"', 'zh = ""'), "grades.BAD.title.zh"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "other-2026.1.toml").write_text(OTHER, "utf-8")
    return tmp_path


def test_two_schemes_that_lead_to_each_other_are_good(folder: Path) -> None:
    (folder / "own-2026.1.toml").write_text(GRADES_TEXT, "utf-8")
    assert [kind_of(one) for one in check(sorted(folder.glob("*.toml"))) if not isinstance(one, RulebookError)] == [
        "grades", "grades",
    ]  # fmt: skip


@pytest.mark.parametrize("why", BROKEN_GRADES)
def test_a_scheme_is_refused_where(why: str, folder: Path) -> None:
    (old, new), where = BROKEN_GRADES[why]
    assert where in refused(folder / "own-2026.1.toml", GRADES_TEXT.replace(old, new, 1)).text.en


def test_a_scheme_to_which_nothing_leads_back_is_refused(folder: Path) -> None:
    (folder / "other-2026.1.toml").write_text(OTHER.partition("[crosswalk]")[0], "utf-8")
    assert "does not lead back" in refused(folder / "own-2026.1.toml", GRADES_TEXT).text.en


@pytest.mark.parametrize("name", GRADES.names())
def test_a_crosswalk_there_and_back_stays_near(name: str) -> None:
    scheme = GRADES.load(name)
    best = scheme.grades[0].grade
    for other, grades in scheme.crosswalk.items():
        back = GRADES.load(other).crosswalk[name]
        assert back[grades[best]] == best
        assert back[grades[scheme.grades[-1].grade]] == scheme.grades[-1].grade


def test_the_page_names_every_standard() -> None:
    text = (PAGE.parent / "inspections.md").read_text("utf-8")
    assert [name for name in CATEGORIES if not re.search(rf"^\| `{name}` \|", text, re.MULTILINE)] == []
