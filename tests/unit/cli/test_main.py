"""The command line's contract, with a fake instrument."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sixfaces import __version__, bootstrap
from sixfaces.cli.main import app
from sixfaces.report.serial import read_report
from tests.unit.pipeline.fakes import FakeObservatory

MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"


@pytest.fixture(autouse=True)
def _fake_instrument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bootstrap, "observatory", FakeObservatory)
    for name in ("SIXFACES_LANG", "SIXFACES_POLICY", "SIXFACES_OUT", "SIXFACES_CHALLENGE_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mp4").write_bytes(MP4)
    (tmp_path / "broken.mp4").write_bytes(MP4 + b"broken")
    (tmp_path / "case.json").write_text(json.dumps({"case_id": "C-1", "platform": "tmall"}))


def sixfaces(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_json_is_the_report_and_nothing_else_on_stdout(tmp_path: Path) -> None:
    ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--json", "--out", "out")
    assert ran.exit_code == 0
    assert ran.stderr == ""
    assert ran.stdout_bytes == (tmp_path / "out" / "report.json").read_bytes()
    assert read_report(ran.stdout_bytes).rulebook.policy == "tmall"


def test_people_get_verdict_reasons_a_way_out_and_where_the_page_lies(tmp_path: Path) -> None:
    ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--lang", "en")
    assert ran.exit_code == 0
    first, *_, last = ran.stdout.splitlines()
    assert first == "? A person must review this · C-1"
    assert last == "Report: sixfaces-out/C-1/report.html"
    assert "→" in ran.stdout
    assert (tmp_path / "sixfaces-out" / "C-1" / "report.html").is_file()
    assert len(ran.stdout.splitlines()) <= 16


def test_the_answer_is_chinese_where_asked_for() -> None:
    ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--lang", "zh")
    assert ran.stdout.startswith("? 需要人工复核 · C-1")


@pytest.mark.parametrize(
    ("media", "flag", "code"),
    [("a.mp4", False, 0), ("a.mp4", True, 11), ("broken.mp4", False, 3), ("broken.mp4", True, 3)],
)
def test_exit_codes_tell_what_happened(tmp_path: Path, media: str, flag: bool, code: int) -> None:
    ran = sixfaces("verify", media, "--case", "case.json", "--out", "out", *(["--exit-code"] if flag else []))
    assert ran.exit_code == code
    assert (tmp_path / "out" / "report.json").is_file()


def test_a_file_that_does_not_decode_beside_one_that_does_rejects() -> None:
    ran = sixfaces("verify", "a.mp4", "broken.mp4", "--case", "case.json", "--exit-code", "--json")
    report = json.loads(ran.stdout)
    assert [view["verdict"] for view in report["exhibits"]] == ["needs_review", "rejected"]
    assert ran.exit_code == 11


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "a.mp4"], "--case"),
        (["verify", "--case", "case.json"], "MEDIA"),
        (["verify", "a.mp4", "--case", "nowhere.json"], "[case_file.unreadable]"),
        (["verify", "a.mp4", "--case", "."], "[case_file.unreadable]"),
        (["verify", "nowhere.mp4", "--case", "case.json"], "[intake.missing]"),
        (["verify", ".", "--case", "case.json"], "[intake.not_a_file]"),
        (["verify", "a.mp4", "--case", "case.json", "--role", "selfie"], "unboxing_video"),
        (["verify", "a.mp4", "--case", "case.json", "--policy", "nowhere"], "[rulebook.unknown]"),
        (["verify", "a.mp4", "--case", "case.json", "--policy", "../nowhere/passwd"], "[rulebook.unreadable]"),
        (["verify", "a.mp4", "--case", "case.json", "--policy", "tmall@2020.1"], "tmall@2026.1"),
        (["verify", "a.mp4", "--case", "case.json", "--policy", "nowhere"], "./mine.toml"),
        (["verify", "a.mp4", "--case", "case.json", "--policy", "./case.json"], "[rulebook.not_toml]"),
        (["rulebook", "check", "nowhere.toml"], "nowhere.toml"),
        (["verify", "a.mp4", "--case", "case.json", "--lang", "xx"], "--lang"),
        (["rulebook", "show", "nowhere"], "[rulebook.unknown]"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_is_2_says_why_and_leaves_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    ran = sixfaces(*arguments)
    assert ran.exit_code == 2
    assert words in ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "sixfaces-out").exists()


def test_a_wrong_field_of_the_case_file_is_named_in_both_languages() -> None:
    Path("case.json").write_text('{"case_id": "C", "return_parcel": {"waybil": "SF1"}}')
    for lang, words in (("en", "return_parcel.waybil: unknown field"), ("zh", "return_parcel.waybil：未知字段")):
        ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--lang", lang)
        assert ran.exit_code == 2
        assert words in ran.stderr


def test_a_place_that_cannot_be_written_to_is_1_and_says_so() -> None:
    Path("taken").write_text("a file stands here")
    ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--out", "taken/out")
    assert ran.exit_code == 1
    assert "[output.unwritable]" in ran.stderr
    assert "--out" in ran.stderr


@pytest.mark.parametrize(
    ("option", "words"), [("--case", "[case_file.unreadable]"), ("--out", "[output.unwritable]"), (None, "[intake.")]
)
def test_a_path_too_long_for_the_system_is_told_in_short(option: str | None, words: str) -> None:
    options = {"--case": "case.json", "--out": "out"} | ({option: "x/" * 3000} if option else {})
    ran = sixfaces("verify", "a.mp4" if option else "x" * 4001, *(word for pair in options.items() for word in pair))
    assert ran.exit_code == (1 if option == "--out" else 2)
    assert words in ran.stderr
    assert len(ran.stderr) < 2000


def test_a_wrong_variable_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIXFACES_LOG_LEVEL", "chatty")
    ran = sixfaces("verify", "a.mp4", "--case", "case.json")
    assert ran.exit_code == 2
    assert "SIXFACES_LOG_LEVEL" in ran.stderr
    assert "[settings.invalid]" in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_where_standard_output_is_full_the_results_are_kept_and_that_is_said(form: tuple[str, ...]) -> None:
    Path("a.mp4").write_bytes(b"")  # nothing that a child would have to look at
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", "from sixfaces.cli.main import run; run()", "verify", "a.mp4", *form]
        command += ["--case", "case.json", "--out", "kept", "--lang", "en"]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "The results are kept in kept. [output.unwritable]" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert Path("kept/report.json").exists()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_standard_stream_stops_nothing(closed: str) -> None:
    Path("a.mp4").write_bytes(b"")
    code = "from sixfaces.cli.main import run; run()"
    line = f"{shlex.quote(sys.executable)} -c '{code}' verify a.mp4 --case case.json --out kept {closed}"
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert ran.returncode == 3, "an empty file was looked at, and found empty"
    assert ran.stderr == ""
    assert Path("kept/report.json").exists()


def test_names_with_controls_do_not_reach_the_terminal() -> None:
    name = "evil\x1b]0;title\x07\u202egpj.mp4"
    Path(name).write_bytes(MP4)
    Path("case.json").write_text(json.dumps({"case_id": "C\u202e1", "platform": "p\u202ex"}))
    ran = sixfaces("verify", name, "--case", "case.json", "--lang", "en")
    assert ran.exit_code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.stdout + ran.stderr)


def test_the_rulebook_can_be_listed_shown_and_checked() -> None:
    listed = sixfaces("rulebook", "list", "--lang", "en").stdout
    assert "tmall" in listed
    assert "default" in listed
    assert json.loads(sixfaces("rulebook", "show", "tmall").stdout)["name"] == "tmall"
    checked = sixfaces("rulebook", "check")
    assert checked.exit_code == 0
    kinds = {line.split()[3] for line in checked.stdout.splitlines()}
    assert kinds == {"policy", "decisions", "service_times", "sops", "grades", "channels"}


def test_an_unfit_rulebook_is_named_with_its_field(tmp_path: Path) -> None:
    (tmp_path / "bad-2026.1.toml").write_text('name = "bad"\nversion = "2026.1"\ncolour = 1\n')
    ran = sixfaces("rulebook", "check", str(tmp_path), "--lang", "en")
    assert ran.exit_code == 2
    assert "bad-2026.1.toml" in ran.stderr


MINE = """
name = "mine"
version = "2026.7"
extends = "tmall@2026.1"
title = { zh = "我的规则", en = "My rules" }
effective_from = 2026-01-01
"""


def test_a_policy_of_ones_own_is_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(MINE, "utf-8")
    for asked in ("ours.toml", "./ours.toml", str(tmp_path / "ours.toml")):
        ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--json", "--policy", asked)
        judged_by = read_report(ran.stdout_bytes).rulebook
        assert (judged_by.policy, judged_by.version) == ("mine", "2026.7")
    assert json.loads(sixfaces("rulebook", "show", "./ours.toml").stdout)["name"] == "mine"
    checked = sixfaces("rulebook", "check", "ours.toml")
    assert checked.exit_code == 0
    assert checked.stdout.startswith("✓ mine 2026.7 ")


def test_a_policy_can_be_held_to_one_version() -> None:
    ran = sixfaces("verify", "a.mp4", "--case", "case.json", "--json", "--policy", "tmall@2026.1")
    assert read_report(ran.stdout_bytes).rulebook.version == "2026.1"


def test_demo_verifies_the_footage_given_with_the_case_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.case.json").write_text('{"case_id": "D-1"}')
    ran = sixfaces("demo", "--media", "a.mp4", "--lang", "en", "--out", "out")
    assert ran.exit_code == 0
    assert ran.stdout.splitlines()[-1] == "Report: out/report.html"


def test_demo_has_a_folder_of_its_own_by_its_case(tmp_path: Path) -> None:
    (tmp_path / "a.case.json").write_text('{"case_id": "DEMO-genuine"}')
    ran = sixfaces("demo", "--media", "a.mp4", "--lang", "en")
    assert ran.stdout.splitlines()[-1] == "Report: sixfaces-out/DEMO-genuine/report.html"
    assert (tmp_path / "sixfaces-out" / "DEMO-genuine" / "report.html").is_file()


def test_the_version_is_told() -> None:
    assert sixfaces("--version").stdout == f"sixfaces {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    heavy = ["av", "cv2", "numpy", "PIL", "pydantic", "rich", "jinja2", "structlog", "cryptography"]
    probe = (
        "import sys; from typer.testing import CliRunner; from sixfaces.cli.main import app;"
        "known = set(sys.modules); CliRunner().invoke(app, ['--help']);"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_an_item_model_that_is_no_file_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIXFACES_ITEM_MODEL", str(tmp_path / "gone.onnx"))
    media, case = tmp_path / "a.mp4", tmp_path / "case.json"
    media.write_bytes(MP4)
    case.write_text('{"case_id": "C-1"}', "utf-8")
    ran = CliRunner().invoke(app, ["verify", str(media), "--case", str(case), "--out", str(tmp_path / "out")])
    assert ran.exit_code == 2
    assert "[settings.item_model]" in ran.stderr
    assert not (tmp_path / "out").exists()
