"""Statistics of the machine as people get them: by the command line, as a page in both languages, JSON and a table."""

import errno
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sixfaces.adapters import folder
from sixfaces.cli.main import app
from sixfaces.domain.chronicle import Side
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.statistics.machine import Period, machine_statistics
from sixfaces.report.statistics_page import statistics_page
from tests.rig.machine_worlds import Take, archived, assess, faces_sharp, judged, month, no_bottom

PERIOD = ("--since", "2026-01-01", "--until", "2026-04-01")


@pytest.fixture
def installed(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Two cases with a person's word in January, none in February, in the folder that the command looks into."""
    monkeypatch.setenv("SIXFACES_DATA", str(tmp_path))
    for side in (Side.REJECTED, Side.ACCEPTED):
        assess(service, judged(service, Take(month(0), no_bottom)), side)
    archived(service)
    return service


def ran(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["statistics", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_tells_a_page_and_writes_all_forms(installed: Service, tmp_path: Path) -> None:
    out = tmp_path / "out"
    page = ran(*PERIOD, "--out", str(out), "--lang", "en")
    line = "| 2026-01 | assessment | `completeness.six_faces` | not_met | 50.0% (1/2; 9.5–90.5 %) |"
    assert line in page
    assert "| 2026-02 | 0 | 0 |" in page
    assert (out / "statistics.md").read_text("utf-8") == page
    told = json.loads((out / "statistics.json").read_text("utf-8"))
    assert [one["answered"] for one in told["months"]] == [2, 0, 0]
    assert (out / "statistics.csv").read_bytes().startswith(b"\xef\xbb\xbfpart,month,")
    assert json.loads(ran(*PERIOD, "--json")) == told


def test_the_page_is_in_the_language_of_who_reads_it(installed: Service) -> None:
    page = ran(*PERIOD, "--lang", "zh")
    assert "# 机器判定统计" in page
    assert "| 2026-01 | 证据评估 | 整体结论 | rejected | 50.0% (1/2; 9.5–90.5 %) |" in page
    assert "Agreement" not in page


def test_a_page_of_a_drift_says_what_it_is_of(service: Service) -> None:
    import random

    for n in range(4):
        for number in range(20):
            chance = random.Random(20 * n + number)
            judged(service, Take(month(n), faces_sharp(chance, -0.35 if n == 3 else 0.0)))
    who = Principal(tenant="main", key_id=new_id(), role=ApiRole.ADMIN)
    found = machine_statistics(service, who, Period(month(0), month(3), month(9)))
    assert "| 2026-04 | the world | `parcel` | face_sharpness | 1 |" in statistics_page(found, "en")
    assert "| 2026-04 | 拍摄内容变化 | `parcel` | face_sharpness | 1 |" in statistics_page(found, "zh")


def test_without_room_for_all_forms_those_of_before_stay(
    installed: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    ran(*PERIOD, "--out", str(out))
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    whole = folder._write

    def full(path: Path, data: bytes) -> None:
        whole(path, data[:100])
        if path.name == "statistics.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder, "_write", full)
    done = CliRunner().invoke(app, ["statistics", "--since", "2026-01-01", "--until", "2026-05-01", "--out", str(out)])
    assert (done.exit_code, "output.full" in done.output) == (1, True)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--since", "2026-02-01", "--until", "2026-01-01"), 2),
        (("--since", "someday"), 2),
        ((*PERIOD, "--out", "/proc/nowhere"), 1),
    ],
)
def test_what_cannot_be_is_said(installed: Service, arguments: tuple[str, ...], code: int) -> None:
    done = CliRunner().invoke(app, ["statistics", *arguments])
    assert done.exit_code == code
