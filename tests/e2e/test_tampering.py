"""The genuine take as a cheat, a bad camera or an honest messenger would hand it in.

Tampered evidence must never pass the rule that is there to stop it; honest evidence must not be rejected.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.build import MEDIA, built
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding, RuleCode
from sixfaces.report.serial import read_report

CASE = MEDIA / "genuine.case.json"


def report_on(name: str, folder: Path, case: Path = CASE) -> Report:
    media = MEDIA / name if (MEDIA / name).exists() else built(name)
    command = [
        sys.executable,
        "-c",
        "from sixfaces.cli.main import run; run()",
        "verify",
        media,
        "--case",
        case,
        "--json",
    ]
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return read_report(done.stdout)


def finding(report: Report, code: RuleCode) -> Finding:
    (found,) = [f for f in report.criteria[code.criterion].findings if f.code is code]
    return found


@pytest.mark.parametrize(
    ("name", "moment_s"),
    [
        ("tampered_removed_1s.mp4", 5.0),
        ("tampered_removed_half_second.mp4", 7.0),
        ("tampered_spliced_with_another_take.mp4", 6.0),
        ("tampered_frozen_2s.mp4", 6.0),
        ("tampered_black_for_1s.mp4", 9.0),
    ],
)
def test_a_tampered_take_never_passes_as_one_and_its_moment_is_named(
    name: str, moment_s: float, tmp_path: Path
) -> None:
    report = report_on(name, tmp_path)
    found = finding(report, RuleCode.ONE_TAKE)
    assert found.answer is not Answer.MET
    assert report.verdict is not Verdict.ACCEPTED
    assert any(start - 0.3 <= moment_s <= end + 0.3 for start, end in found.spans), found.spans


def test_two_takes_of_one_bench_spliced_together_are_surely_not_one_take(tmp_path: Path) -> None:
    found = finding(report_on("tampered_spliced_with_another_take.mp4", tmp_path), RuleCode.ONE_TAKE)
    assert found.answer is Answer.NOT_MET


@pytest.mark.parametrize(
    "name",
    [
        "genuine.mp4",
        "honest_reencoded.mp4",
        "honest_at_30_fps.mp4",
        "honest_small_640x360.mp4",
        "honest_vp9.webm",
    ],
)
def test_an_honest_take_is_not_called_cut_and_not_rejected(name: str, tmp_path: Path) -> None:
    report = report_on(name, tmp_path)
    assert finding(report, RuleCode.ONE_TAKE).answer is not Answer.NOT_MET
    assert report.verdict is not Verdict.REJECTED


def test_the_face_that_is_never_shown_is_named_and_nothing_else_is_held_against_the_take(tmp_path: Path) -> None:
    report = report_on("bottom_missing.mp4", tmp_path, MEDIA / "bottom_missing.case.json")
    against = [f for criterion in report.criteria.values() for f in criterion.findings if f.answer is Answer.NOT_MET]
    assert [f.code for f in against] == [RuleCode.SIX_FACES]
    assert "bottom" in against[0].text.en
    assert not any(other in against[0].text.en for other in ("top", "front", "back", "left", "right"))
    assert report.verdict is Verdict.REJECTED


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad_blurred.mp4", RuleCode.SHARPNESS),
        ("bad_dark.mp4", RuleCode.EXPOSURE),
        ("bad_tiny_320x180.mp4", RuleCode.RESOLUTION),
    ],
)
def test_footage_that_shows_too_little_is_rejected_for_that_reason(name: str, code: RuleCode, tmp_path: Path) -> None:
    report = report_on(name, tmp_path)
    assert finding(report, code).answer is Answer.NOT_MET
    assert report.verdict is Verdict.REJECTED


def test_another_cases_waybill_is_rejected_and_both_numbers_are_named(tmp_path: Path) -> None:
    other = json.loads(CASE.read_text("utf-8"))
    other["return_parcel"]["waybill"] = "43557366208054"
    case = tmp_path / "case.json"
    case.write_text(json.dumps(other), "utf-8")
    report = report_on("genuine.mp4", tmp_path, case)
    found = finding(report, RuleCode.WAYBILL)
    assert report.verdict is Verdict.REJECTED
    assert found.answer is Answer.NOT_MET
    assert "43557366208054" in found.text.en
    assert "43557366200854" in found.text.en
