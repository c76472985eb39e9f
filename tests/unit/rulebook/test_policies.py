"""The shipped policies, how they are found, and what their digests cover."""

import time
from datetime import date
from pathlib import Path

import pytest

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Requirement, RuleCode
from sixfaces.rulebook.__main__ import main
from sixfaces.rulebook.check import check
from sixfaces.rulebook.loader import DATA, load_policy, load_policy_file, policy_digest, policy_names

REQUIRED = [
    "waybill",
    "same_parcel",
    "six_faces",
    "sealed_at_start",
    "waybill_shown",
    "opening_shown",
    "item_shown",
    "one_take",
    "always_in_view",
    "decodes",
    "resolution",
    "sharpness",
    "exposure",
    "integrity",
    "not_reused",
    "first_opening",
    "recorded_after_signing",
]
IF_KNOWN = [
    "item",
    "order_reference",
    "quantity",
    "weight",
    "submitted_in_window",
    "opened_promptly",
    "clock",
    "challenge",
    "provenance",
]


def test_every_shipped_rulebook_is_fit_to_judge_by() -> None:
    checked = list(check())
    assert [result for result in checked if isinstance(result, RulebookError)] == []
    assert len(checked) == len(list(DATA.rglob("*.toml"))) >= 20


def test_the_names_of_the_policies() -> None:
    assert policy_names() == ("amazon_safet", "default", "pinduoduo", "shopee", "temu", "tmall")


def test_the_default_policy_uses_each_rule_as_the_design_says() -> None:
    uses = {code.value.partition(".")[2]: rule.use for code, rule in load_policy("default").rules.items()}
    assert {name for name, use in uses.items() if use is Requirement.REQUIRED} == set(REQUIRED)
    assert {name for name, use in uses.items() if use is Requirement.REQUIRED_IF_KNOWN} == set(IF_KNOWN)


def test_the_default_policy_admits_small_station_footage_and_keeps_the_published_face() -> None:
    limits = load_policy("default").thresholds
    picture, face = limits.picture, limits.face
    assert (picture.long_side_px, picture.short_side_px) == (640, 360)
    assert picture.fps <= 8
    assert (face.view_deg, face.dwell_s, face.uncovered, face.in_frame) == (60, 0.3, 0.5, 0.5)


@pytest.mark.parametrize("name", policy_names())
def test_every_threshold_and_rule_gives_its_reason(name: str) -> None:
    policy = load_policy(name)
    thresholds = {f"{group}.{field}" for group, values in policy.thresholds.model_dump().items() for field in values}
    assert set(policy.reasons) == thresholds
    for reason in (*policy.reasons.values(), *(rule.reason for rule in policy.rules.values())):
        assert len(reason) > 30
        assert reason.endswith(".")
    assert all(rule.cites for rule in policy.rules.values())
    assert set(policy.rules) == set(RuleCode)


@pytest.mark.parametrize("name", policy_names())
def test_templates_and_only_they_name_what_is_unconfirmed(name: str) -> None:
    policy = load_policy(name)
    assert policy.template == (name not in ("default", "tmall"))
    assert bool(policy.unconfirmed) == policy.template


def test_tmall_asks_for_inspection_and_for_evidence_in_time() -> None:
    rules = load_policy("tmall").rules
    for code in (RuleCode.INSPECTION_SHOWN, RuleCode.SUBMITTED_IN_WINDOW, RuleCode.FIRST_OPENING, RuleCode.SIX_FACES):
        assert rules[code].use is Requirement.REQUIRED
    assert "D23" in rules[RuleCode.SUBMITTED_IN_WINDOW].cites


def test_the_digest_covers_the_resolved_policy_and_nothing_else(tmp_path: Path) -> None:
    shipped = load_policy("tmall")
    assert shipped.digest == policy_digest(shipped)
    own = (DATA / "tmall-2026.1.toml").read_text("utf-8")
    path = tmp_path / "copy.toml"
    path.write_text("# a remark\n" + own, "utf-8")
    assert load_policy_file(path).digest == shipped.digest
    path.write_text(own.replace("value = 3\n", "value = 4\n"), "utf-8")
    assert load_policy_file(path).digest != shipped.digest
    assert len({load_policy(name).digest for name in policy_names()}) == len(policy_names())


def test_a_policy_that_extends_inherits_what_it_does_not_state() -> None:
    default, tmall = load_policy("default"), load_policy("tmall")
    assert tmall.thresholds.face == default.thresholds.face
    assert tmall.reasons["face.view_deg"] == default.reasons["face.view_deg"]
    assert tmall.thresholds.goods.inspection_s != default.thresholds.goods.inspection_s


def test_what_extends_a_template_stays_one_until_it_says_otherwise(tmp_path: Path) -> None:
    head = 'name = "mine"\nversion = "2026.1"\nextends = "temu@2026.1"\neffective_from = 2026-01-01\n'
    head += 'title = { zh = "我的", en = "Mine" }\n'
    path = tmp_path / "mine-2026.1.toml"
    path.write_text(head, "utf-8")
    assert load_policy_file(path).template
    path.write_text(head + "template = false\nunconfirmed = []\n", "utf-8")
    assert not load_policy_file(path).template


def edition(folder: Path, version: str, dates: str) -> None:
    text = f'name = "mine"\nversion = "{version}"\nextends = "default@2026.1"\ntitle = {{ zh = "我的", en = "Mine" }}\n'
    (folder / f"mine-{version}.toml").write_text(text + dates, "utf-8")


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    edition(tmp_path, "2025.1", "effective_from = 2025-01-01\neffective_until = 2025-12-31\n")
    edition(tmp_path, "2026.9", "effective_from = 2026-01-01\n")
    edition(tmp_path, "2026.10", "effective_from = 2026-06-01\n")
    return tmp_path


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (None, "2026.10"),
        (date(2026, 6, 1), "2026.10"),
        (date(2026, 5, 31), "2026.9"),
        (date(2025, 12, 31), "2025.1"),
        (date(2025, 1, 1), "2025.1"),
    ],
)
def test_the_edition_in_force_on_the_day_is_loaded(editions: Path, on: date | None, version: str) -> None:
    assert load_policy("mine", on=on, folder=editions).version == version


def test_an_edition_can_be_asked_for_by_version_and_none_may_be_in_force(editions: Path) -> None:
    assert load_policy("mine@2025.1", folder=editions).version == "2025.1"
    with pytest.raises(RulebookError) as caught:
        load_policy("mine", on=date(2024, 12, 31), folder=editions)
    assert caught.value.code == "rulebook.not_in_force"
    assert "2024-12-31" in caught.value.text.zh


@pytest.mark.parametrize("name", ["nobody", "", "../default", "default@9", "default@2026.9", "x" * 500, "*", "def*"])
def test_an_unknown_name_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_policy(name)
    assert caught.value.code == "rulebook.unknown"
    assert "tmall" in caught.value.fix.zh
    assert "default" in caught.value.fix.en


def test_loading_is_quick() -> None:
    def once() -> float:
        start = time.process_time()
        load_policy("tmall")
        return time.process_time() - start

    assert min(once() for _ in range(10)) < 0.010


def test_the_command_checks_all_rulebooks_and_says_which_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    assert "tmall@2026.1 complete " in capsys.readouterr().out
    bad = tmp_path / "bad.toml"
    bad.write_text("colour = 3\n", "utf-8")
    assert main([str(bad)]) == 1
    said = capsys.readouterr().err
    assert "colour = 3" in said
    assert "不认识的字段" in said


def test_a_shipped_file_must_carry_the_name_of_its_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.rulebook.loader.DATA", tmp_path)
    (tmp_path / "default-2026.1.toml").write_bytes((DATA / "default-2026.1.toml").read_bytes())
    (tmp_path / "other-2026.1.toml").write_bytes((DATA / "default-2026.1.toml").read_bytes())
    assert isinstance(load_policy_file(tmp_path / "default-2026.1.toml"), Policy)
    with pytest.raises(RulebookError, match=r"default-2026\.1\.toml"):
        load_policy_file(tmp_path / "other-2026.1.toml")
