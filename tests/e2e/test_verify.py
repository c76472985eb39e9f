"""The whole command on real footage: real jail, real disk."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sixfaces.report.serial import read_report, report_bytes

MEDIA = Path(__file__).parents[2] / "fixtures" / "media"
COMMAND = (sys.executable, "-c", "from sixfaces.cli.main import run; run()")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "SIXFACES_LANG": "en"}


def sixfaces(
    *arguments: str | Path, cwd: Path, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, check=False, preexec_fn=before)


def verify(name: str, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return sixfaces("verify", MEDIA / f"{name}.mp4", "--case", MEDIA / f"{name}.case.json", *arguments, cwd=cwd)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("genuine")
    assert verify("genuine", folder, "--out", "out").returncode == 0
    return folder / "out"


def test_the_genuine_take_is_never_rejected_and_its_waybill_is_read(genuine: Path) -> None:
    report = read_report((genuine / "report.json").read_bytes())
    assert report.verdict != "rejected"
    assert report.rulebook.policy == "tmall"
    answers = {f.code: f.answer for judged in report.criteria.values() for f in judged.findings}
    assert answers["consistency.waybill"] == "met"  # type: ignore[index]  # codes are strings
    assert answers["validity.decodes"] == "met"  # type: ignore[index]  # as above
    (view,) = report.exhibits
    assert view.media is not None
    assert (view.media.width, view.media.height) == (960, 540)
    assert view.media.duration_s == pytest.approx(18.33, abs=0.1)
    assert "43557366200854" in {code.text for code in view.codes}


def test_all_pictures_that_the_report_names_are_there(genuine: Path) -> None:
    (view,) = read_report((genuine / "report.json").read_bytes()).exhibits
    named = {m.image for m in view.moments} | {f.image for f in view.faces.values() if f.image}
    assert named
    assert named | {"report.json", "report.html", f"records/{view.sha256}.json"} <= files(genuine)


def test_the_take_without_a_bottom_is_never_accepted(tmp_path: Path) -> None:
    ran = verify("bottom_missing", tmp_path, "--exit-code", "--json")
    assert ran.returncode in (10, 11)
    assert read_report(ran.stdout).verdict != "accepted"


def test_json_alone_goes_to_stdout_and_nothing_to_stderr(genuine: Path, tmp_path: Path) -> None:
    ran = verify("genuine", tmp_path, "--json")
    assert ran.stderr == b""
    assert json.loads(ran.stdout)["schema"] == "sixfaces.report/1"


def test_two_runs_write_the_same_bytes_but_for_timing(genuine: Path, tmp_path: Path) -> None:
    assert verify("genuine", tmp_path, "--out", "out").returncode == 0
    again = tmp_path / "out"
    assert files(again) == files(genuine)
    for name in files(genuine) - {"report.json"}:
        assert (again / name).read_bytes() == (genuine / name).read_bytes(), name
    first, second = (read_report((f / "report.json").read_bytes()) for f in (genuine, again))
    assert first.timing is not None
    untimed = [report_bytes(r.model_copy(update={"timing": None})) for r in (first, second)]
    assert untimed[0] == untimed[1]


def test_what_cannot_be_decoded_exits_3_with_its_report(tmp_path: Path) -> None:
    (tmp_path / "cut.mp4").write_bytes((MEDIA / "genuine.mp4").read_bytes()[:2000])
    ran = sixfaces("verify", "cut.mp4", "--case", MEDIA / "genuine.case.json", "--out", "out", cwd=tmp_path)
    assert ran.returncode == 3
    report = read_report((tmp_path / "out" / "report.json").read_bytes())
    assert report.criteria["validity"].answer == "not_met"  # type: ignore[index]  # criteria are strings
    assert report.exhibits[0].failure is not None


def test_a_missing_case_file_exits_2_and_leaves_nothing(tmp_path: Path) -> None:
    ran = sixfaces("verify", MEDIA / "genuine.mp4", "--case", "nowhere.json", cwd=tmp_path)
    assert ran.returncode == 2
    assert b"nowhere.json" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_utf8_is_no_harm(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/v\xff\xfe.mp4"
    Path(os.fsdecode(odd)).write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42")
    command = [
        *map(os.fsencode, COMMAND),
        b"verify",
        odd,
        b"--case",
        os.fsencode(MEDIA / "genuine.case.json"),
        b"--json",
    ]
    ran = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)
    assert ran.returncode == 3
    assert read_report(ran.stdout).exhibits[0].name.endswith(".mp4")


def test_no_room_for_the_results_exits_1_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    ran = sixfaces(
        "verify", MEDIA / "genuine.mp4", "--case", MEDIA / "genuine.case.json", "--out", "out", cwd=tmp_path,
        before=little_room,
    )  # fmt: skip
    assert ran.returncode == 1
    assert b"[output.full]" in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_leaves_neither_files_nor_processes(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    command = [*COMMAND, "verify", str(MEDIA / "genuine.mp4"), "--case", str(MEDIA / "genuine.case.json"), "--out", "o"]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("o/.sixfaces-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    running.send_signal(sent)
    out, err = running.communicate(timeout=20)
    assert running.returncode == code
    assert out == b""
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []
    assert not _session_members(running.pid)


def _session_members(session: int) -> list[str]:
    """The processes of a session that still run, by their command."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_a_reader_who_has_gone_ends_without_a_traceback(tmp_path: Path) -> None:
    command = " ".join([f"'{part}'" for part in COMMAND])
    case = MEDIA / "genuine.case.json"
    (tmp_path / "x.mp4").write_bytes(b"nothing")
    shell = f"{command} verify x.mp4 --case '{case}' --json | true"
    ran = subprocess.run(["bash", "-c", shell], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)
    assert b"Traceback" not in ran.stderr
    assert b"BrokenPipe" not in ran.stderr


def test_demo_draws_a_clip_and_reads_its_own_label(tmp_path: Path) -> None:
    ran = sixfaces("demo", "--out", "out", cwd=tmp_path)
    assert ran.returncode == 0
    assert ran.stdout.decode().splitlines()[-1] == "Report: out/report.html"
    report = read_report((tmp_path / "out" / "report.json").read_bytes())
    assert "SF1234567890123" in {code.text for code in report.exhibits[0].codes}
    assert report.verdict != "accepted"
