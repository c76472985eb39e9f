"""A station under faults: whatever the server says, the disk does or people do, nothing is lost or stands still."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

from sixfaces.cli.station_folder import StationFolder
from sixfaces.cli.station_journal import Journal
from sixfaces.domain.errors import UploadError
from tests.contract.uploads.conftest import Api
from tests.contract.uploads.stations import Station, file_of, scripted, station_key
from tests.contract.uploads.test_full_disk import mount
from tests.rig.fault_proxy import End, Fault, fault_proxy

MIB = 1 << 20
SEED = int(os.environ.get("SIXFACES_SEED", "20"))
KILLS = int(os.environ.get("SIXFACES_KILLS", "3"))
PROGRAM = str(Path(sys.executable).with_name("sixfaces"))


@pytest.fixture
def station(api: Api, tmp_path: Path) -> Station:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Station(api, folder, station_key(api))


def fill(path: Path) -> None:
    """Until no byte more goes onto the disk."""
    with path.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)):
            pass


def lines_of(station: Station, *user: str) -> tuple[int, list[dict[str, object]]]:
    """One pass of the command, as another user perhaps: its exit code and what it says to programs."""
    there = ["--watch", str(station.folder), "--server", station.api.url, "--key", station.key]
    command = [*user, PROGRAM, "station", *there, "--once", "--settle", "0.1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_local_copy_goes_only_when_told_and_only_after_its_digest_was_confirmed(station: Station) -> None:
    data = os.urandom(9 * MIB)
    station.put("D-1__take.mp4", data)
    assert station.passes(delete=True) == 0
    assert station.api.sealed(data) == data
    assert station.files("sealed") == ["D-1__take.mp4.receipt.json"]
    assert not (station.folder / "D-1__take.mp4").exists()


def test_a_copy_that_is_not_what_was_sealed_is_not_deleted(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(MIB)
    path = station.put("D-2__take.mp4", data)
    before = path.stat()
    real = StationFolder.delete

    def spoilt(folder: StationFolder, path: Path, receipt: dict[str, object]) -> bool:
        """The disk loses a bit after the server has confirmed, and tells nobody: size and time are as they were."""
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return real(folder, path, receipt)

    monkeypatch.setattr(StationFolder, "delete", spoilt)
    station.passes(delete=True)
    assert station.files("refused") == ["D-2__take.mp4", "D-2__take.mp4.reason.json"]
    told = json.loads((station.folder / "refused" / "D-2__take.mp4.reason.json").read_text())
    assert told["code"] == "upload.local_differs"
    assert station.api.sealed(data) == data


@pytest.mark.parametrize(
    ("method", "status"), [("POST", 401), ("POST", 403), ("POST", 404), ("PATCH", 403), ("PATCH", 404), ("PATCH", 409),
                           ("PATCH", 408), ("PATCH", 500), ("PATCH", 502), ("POST", 507), ("GET", 503), ("PUT", 301)]
)  # fmt: skip
def test_an_answer_that_says_nothing_of_the_file_costs_no_file(station: Station, method: str, status: int) -> None:
    data = os.urandom(1000)
    station.put("A-1__take.mp4", data)
    with scripted(station.api) as (script, url):
        for _ in range(2):
            script.will_say(method, status, b'{"code": "request.other", "detail": "not now"}', retry_after="0")
        passes = [station.passes(server=url) for _ in range(4)]
    assert passes[-1] == 0
    assert not script.answers
    assert station.api.sealed(data) == data
    assert station.files("refused") == []


def test_who_is_told_to_come_later_comes_later_and_others_wait_too(station: Station) -> None:
    for number in range(3):
        station.put(f"L-{number}__take.mp4", os.urandom(100))
    with scripted(station.api) as (script, url):
        script.will_say("POST", 429, b'{"code": "upload.tenant_full", "detail": "full"}', retry_after="600")
        assert station.passes(server=url, settle_s=0.0, poll_s=0.0) == 1
        asked = script.asked.count("POST")
    assert asked == 1
    assert station.passes() == 0


def test_a_file_that_the_server_stumbles_over_holds_up_no_other(station: Station) -> None:
    station.put("B-1__bad.mp4", os.urandom(100))
    station.put("B-2__good.mp4", os.urandom(100))
    with scripted(station.api) as (script, url):
        for _ in range(50):
            script.will_say("PATCH", 500)
        os.utime(station.folder / "B-1__bad.mp4", (1, 1))
        station.passes(server=url, settle_s=0.0, poll_s=0.0)
        left = len(script.answers)
    assert left < 50
    assert station.passes() == 0


def test_what_is_refused_for_good_goes_aside_and_the_bytes_of_another_role_do_too(station: Station) -> None:
    data = os.urandom(500)
    filed = file_of(station.api)
    sent = station.api.client.post(f"/v1/cases/{filed.id}/exhibits", content=data, params={"role": "document"})
    assert sent.status_code == 201
    station.put(f"{filed.file.case_id}__take.mp4", data)
    assert station.passes() == 0
    (reason,) = (name for name in station.files("refused") if name.endswith(".reason.json"))
    assert json.loads((station.folder / "refused" / reason).read_text())["code"] == "upload.other_role"


def test_two_stations_do_not_watch_one_folder(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(station.folder)
    with pytest.raises(typer.Exit) as left:
        station.passes()
    assert left.value.exit_code == 2
    assert "upload.watched" in capsys.readouterr().err
    journal.close()
    assert station.passes() == 0


def test_a_recording_that_is_renamed_on_its_way_goes_on(station: Station) -> None:
    data = os.urandom(20 * MIB)
    path = station.put("R-1__take.mp4", data)
    place = urlsplit(station.api.url)
    with fault_proxy(place.hostname or "", place.port or 0) as (proxy, own):
        for _ in range(40):
            proxy.faults.append(Fault(after=9 * MIB, end=End.RST))
        assert station.passes(server=f"http://127.0.0.1:{own[1]}", settle_s=0.0, poll_s=0.0) == 1
        (journal,) = station.journals()
        entry = json.loads(journal.read_text())
        assert station.api.offset(entry["url"]) >= 8 * MIB
        path.rename(station.folder / "R-1__renamed.mp4")
        proxy.faults.clear()
        before = proxy.sent
        assert station.passes(server=f"http://127.0.0.1:{own[1]}") == 0
    assert proxy.sent - before < 13 * MIB
    assert station.files("sealed")[0] == "R-1__renamed.mp4"
    assert station.journals() == []


def test_folders_below_odd_names_and_the_same_bytes_twice(station: Station) -> None:
    data = os.urandom(700)
    station.put("2026-01-22/cam 2/售后 9__开箱 📦.mp4", data)
    station.put("2026-01-22/cam 3/售后 9__开箱 📦.mp4", data)
    station.put("O-1__" + "长" * 80 + ".mp4", os.urandom(10))
    (station.folder / os.fsdecode(b"O-2__\xff\xfe.mp4")).write_bytes(b"no text")
    assert station.passes() == 0
    sealed = station.files("sealed")
    assert [name for name in sealed if name.endswith("📦.mp4")] == [
        "2026-01-22/cam 2/售后 9__开箱 📦.mp4",
        "2026-01-22/cam 3/售后 9__开箱 📦.mp4",
    ]
    assert len([name for name in sealed if name.endswith(".receipt.json")]) == 4
    assert station.files("refused") == []


def test_who_cannot_be_read_is_told_and_holds_up_no_other(station: Station) -> None:
    station.put("U-1__shut.mp4", b"secret").chmod(0)
    station.put("U-2__open.mp4", b"open")
    user = [] if os.geteuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]
    if user and shutil.which("setpriv") is None:
        pytest.skip("root reads everything, and setpriv is not there to take that away")
    code, said = lines_of(station, *user)
    assert code == 1
    told = {(one["event"], one["file"]) for one in said}
    assert told >= {("trouble", "U-1__shut.mp4"), ("sealed", "U-2__open.mp4")}
    assert station.files("sealed") == ["U-2__open.mp4", "U-2__open.mp4.receipt.json"]


def test_a_full_disk_keeps_no_station_from_emptying_it(station: Station, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small))
    try:
        crowded = Station(station.api, small, station.key)
        assert crowded.passes() == 0
        data = os.urandom(2 * MIB)
        crowded.put("F-1__take.mp4", data)
        fill(small / ".filler")
        assert crowded.passes(delete=True) == 0
        assert crowded.files("sealed") == ["F-1__take.mp4.receipt.json"]
        assert station.api.sealed(data) == data
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_spoilt_journal_costs_a_second_hashing_and_no_file(station: Station) -> None:
    data = os.urandom(1000)
    station.put("J-1__take.mp4", data)
    with scripted(station.api) as (script, url):
        script.will_say("PATCH", 503)
        assert station.passes(server=url, settle_s=0.0, poll_s=0.0) == 1
    (journal,) = station.journals()
    journal.write_bytes(journal.read_bytes()[:20])
    assert station.passes() == 0
    assert station.api.sealed(data) == data


def test_json_lines_tell_everything_to_programs(station: Station) -> None:
    station.put("N-1__take.mp4", os.urandom(9 * MIB))
    station.put("whose.mp4", b"whose?")
    code, said = lines_of(station)
    assert code == 1
    assert {(one["event"], one["file"]) for one in said} >= {("progress", "N-1__take.mp4"), ("sealed", "N-1__take.mp4"),
                                                             ("waiting", "whose.mp4")}  # fmt: skip
    (sealed,) = (one for one in said if one["event"] == "sealed")
    assert sealed["receipt"]["bytes"] == 9 * MIB  # type: ignore[index]  # JSON


def test_thousands_of_files_are_looked_at_without_opening_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5000):
        (tmp_path / f"{number}.mp4").touch()
    folder = StationFolder(tmp_path, settle_s=0)
    monkeypatch.setattr(os, "open", None)
    monkeypatch.setattr("io.open", None)
    folder.finished()
    assert len(folder.finished()) == 5000


def test_a_station_that_is_killed_again_and_again_behind_a_bad_line_loses_nothing(station: Station) -> None:
    """Some die while hashing, some while sending, some between the answer and the move."""
    draw = random.Random(SEED)
    films = {f"K-{number}__take.mp4": os.urandom(draw.randint(1, 12 * MIB)) for number in range(KILLS)}
    for name, data in films.items():
        station.put(name, data)
    place = urlsplit(station.api.url)
    with fault_proxy(place.hostname or "", place.port or 0) as (proxy, own):
        there = ["--server", f"http://127.0.0.1:{own[1]}", "--key", station.key]
        command = [
            PROGRAM,
            "station",
            "--watch",
            str(station.folder),
            "--settle",
            "0.1",
            "--delete-after-upload",
            *there,
        ]
        for _ in range(KILLS):
            proxy.faults.append(Fault(after=draw.randint(1, 10 * MIB), end=draw.choice([End.RST, End.FIN])))
            running = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True)
            assert running.stdout is not None
            for _ in range(draw.randint(0, 3)):
                if not running.stdout.readline():
                    break
            running.kill()
            running.wait(10)
            running.stdout.close()
        proxy.faults.clear()
        last = subprocess.run([*command, "--once"], capture_output=True, text=True, check=False, timeout=60)
        if last.returncode:  # a line was still to be cut
            last = subprocess.run([*command, "--once"], capture_output=True, text=True, check=False, timeout=60)
    assert last.returncode == 0, last.stdout + last.stderr
    for name, data in films.items():
        assert station.api.sealed(data) == data, name
        assert not (station.folder / name).exists()
    assert station.files("refused") == []


def test_sigterm_ends_it_while_it_looks_sends_or_rests(station: Station) -> None:
    command = [
        PROGRAM,
        "station",
        "--watch",
        str(station.folder),
        "--server",
        "http://127.0.0.1:9",
        "--key",
        "x",
        "--json",
    ]
    station.put("T-1__take.mp4", b"x")
    running = subprocess.Popen([*command, "--settle", "0"], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["event"] == "later"
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 143
    running.stdout.close()
    Journal(station.folder).close()  # nobody holds it any more


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    with pytest.raises(UploadError, match=r"upload\.watched"):
        Journal(tmp_path)
    first.close()
    Journal(tmp_path).close()
