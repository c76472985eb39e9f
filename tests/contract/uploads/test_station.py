"""The station's command: finished recordings go up through any outage, and end beside their receipt or the reason."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sixfaces.cli.station import Watch, watch_folder
from sixfaces.cli.station_cases import CaseFrom, named
from sixfaces.cli.station_folder import StationFolder, is_written
from sixfaces.domain.case import CaseFile
from sixfaces.domain.people import ApiRole
from tests.contract.uploads.conftest import Api
from tests.rig.fault_proxy import End, Fault, fault_proxy
from tests.rig.installation import new_case, new_person


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


def watched(api: Api, recordings: Path, **more: object) -> int:
    watch = Watch(recordings, api.url, api.admin.key, poll_s=0.05, settle_s=0.05, once=True)
    return watch_folder(watch._replace(**more), "en")  # type: ignore[arg-type]  # `more` are fields of Watch


def case_of(api: Api, number: str) -> CaseFile:
    with api.service.records.begin("main", reading=True) as tx:
        found = tx.cases.by_case_id(number)
        assert found is not None
        return found.file


def test_a_recording_is_handed_in_to_the_case_of_its_name_and_moved_beside_its_receipt(
    api: Api, recordings: Path
) -> None:
    data = os.urandom(20 << 20)
    (recordings / "售后 77__开箱.mp4").write_bytes(data)
    assert watched(api, recordings) == 0
    assert (recordings / "sealed" / "售后 77__开箱.mp4").read_bytes() == data
    receipt = json.loads((recordings / "sealed" / "售后 77__开箱.mp4.receipt.json").read_text())
    assert (receipt["bytes"], receipt["name"]) == (len(data), "售后 77__开箱.mp4")
    assert case_of(api, "售后 77").case_id == "售后 77"
    assert api.sealed(data) == data
    assert [path.name for path in (recordings / ".sixfaces-station").iterdir()] == ["lock"]


def test_a_sidecar_states_the_claim_and_opens_the_case_first(api: Api, recordings: Path) -> None:
    claim = {"case_id": "S-1", "platform": "tmall", "return_parcel": {"waybill": "SF1"}}
    (recordings / "take.mp4").write_bytes(b"first take")
    (recordings / "take.case.json").write_text(json.dumps(claim))
    assert watched(api, recordings) == 0
    assert case_of(api, "S-1").return_parcel.waybill == "SF1"
    (recordings / "take.mp4").write_bytes(b"second take")
    (recordings / "take.mp4.case.json").write_text(json.dumps({**claim, "return_parcel": {"waybill": "SF2"}}))
    assert watched(api, recordings, case_from=CaseFrom.SIDECAR) == 0
    assert case_of(api, "S-1").return_parcel.waybill == "SF2"
    assert sorted(path.name for path in (recordings / "sealed").iterdir()) == [
        "take-2.mp4",
        "take-2.mp4.case.json",
        "take-2.mp4.receipt.json",
        "take.mp4",
        "take.mp4.case.json",
        "take.mp4.receipt.json",
    ]


def test_a_recording_of_no_known_case_is_left_lying(
    api: Api, recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recordings / "take.mp4").write_bytes(b"whose?")
    assert watched(api, recordings) == 1
    assert (recordings / "take.mp4").exists()
    assert capsys.readouterr().out.count("of no known case") == 1


def test_what_the_server_will_never_take_goes_aside_with_the_reason(api: Api, recordings: Path) -> None:
    (recordings / "R-1__slip.pdf").write_bytes(b"x" * ((8 << 20) + 1))
    (recordings / "take.mp4").write_bytes(b"take")
    (recordings / "take.case.json").write_text('{"case_id": "R-2", "colour": "red"}')
    assert watched(api, recordings, role="document") == 0
    reason = json.loads((recordings / "refused" / "R-1__slip.pdf.reason.json").read_text())
    assert reason["code"] == "upload.too_large"
    reason = json.loads((recordings / "refused" / "take.mp4.reason.json").read_text())
    assert (reason["code"], "colour" in reason["text"]) == ("upload.case", True)


def test_a_file_is_finished_when_it_rests_and_nobody_writes_to_it(recordings: Path) -> None:
    folder = StationFolder(recordings, settle_s=0)
    (recordings / "a.mp4.part").write_bytes(b"x")
    (recordings / ".hidden.mp4").write_bytes(b"x")
    (recordings / "link.mp4").symlink_to(recordings / "a.mp4.part")
    with (recordings / "a.mp4").open("wb") as recorder:
        recorder.write(b"frame")
        recorder.flush()
        assert is_written(recordings / "a.mp4") is (sys.platform == "linux")
        folder.finished()
        recorder.write(b"frame")
        recorder.flush()
        assert folder.finished() == [], "it has grown"
    assert not is_written(recordings / "a.mp4")
    assert folder.finished() == [recordings / "a.mp4"]
    (recordings / "a.mp4.part").rename(recordings / "b.mp4")
    folder.finished()
    assert sorted(folder.finished()) == [recordings / "a.mp4", recordings / "b.mp4"]


def test_names_that_say_no_case_say_none() -> None:
    assert named(Path("C-1__a__b.mp4")) == CaseFile(case_id="C-1")
    assert named(Path("C-1_a.mp4")) is None
    assert named(Path("__a.mp4")) is None


def test_a_killed_station_goes_on_where_it_was_and_leaves_cleanly(api: Api, recordings: Path) -> None:
    data = os.urandom(20 << 20)
    (recordings / "K-1__take.mp4").write_bytes(data)
    place = urlsplit(api.url)
    with fault_proxy(place.hostname or "", place.port or 0) as (proxy, own):
        proxy.faults.append(Fault(after=9 << 20, end=End.STALL))
        program = str(Path(sys.executable).with_name("sixfaces"))
        there = ["--server", f"http://127.0.0.1:{own[1]}", "--key", api.admin.key]
        command = [program, "station", "--watch", str(recordings), "--settle", "0.1", *there]
        station = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        journal = recordings / ".sixfaces-station"
        while not (journal.is_dir() and any('"url":"' in path.read_text() for path in journal.glob("*.json"))):
            assert station.poll() is None
        entry = json.loads(next(journal.glob("*.json")).read_text())
        while api.offset(entry["url"]) < 8 << 20:
            assert station.poll() is None
        station.kill()
        station.wait(10)
        before = proxy.sent
        again = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert again.stdout is not None
        for line in again.stdout:
            if "sealed" in line:
                break
        assert proxy.sent - before < (12 << 20) + 10_000
        again.send_signal(signal.SIGTERM)
        assert again.wait(10) == 143
        again.stdout.close()
    assert (recordings / "sealed" / "K-1__take.mp4").read_bytes() == api.sealed(data) == data


def test_a_stations_key_opens_cases_and_leaves_claims_of_others_alone(api: Api, recordings: Path) -> None:
    known = new_case(api.service, api.admin).file
    batch = new_person(api.service, role=ApiRole.BATCH)
    (recordings / f"{known.case_id}__take.mp4").write_bytes(os.urandom(100))
    watch = Watch(recordings, api.url, batch.key, poll_s=0.05, settle_s=0.05, once=True)
    assert watch_folder(watch, "en") == 0
    assert case_of(api, known.case_id) == known
