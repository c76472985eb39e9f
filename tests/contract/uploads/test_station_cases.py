"""Whose recording it is: by a sidecar, a name, a waybill in the name or on a label in the footage; never by a guess."""

import json
import os
from pathlib import Path

import pytest

from sixfaces.cli.station_cases import CaseFrom
from sixfaces.cli.station_numbers import Number, numbers_of_name
from sixfaces.media.sample_clip import draw_sample_clip
from sixfaces.pipeline.closing import close_case
from sixfaces.pipeline.filing import Expected
from tests.contract.uploads.conftest import Api
from tests.contract.uploads.stations import Station, cases_of, file_of, station_key

SHOWN = "SF1234500000017"
"""The waybill on the label in the clip."""


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    draw_sample_clip(path, SHOWN)
    return path.read_bytes()


@pytest.fixture
def station(api: Api, tmp_path: Path) -> Station:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Station(api, folder, station_key(api))


def reason(station: Station, name: str) -> dict[str, object]:
    told: dict[str, object] = json.loads((station.folder / "waiting" / f"{name}.reason.json").read_text())
    return told


def handed_in(api: Api, case: str) -> list[str]:
    with api.service.records.begin("main", reading=True) as tx:
        return [one.exhibit.name for one in tx.exhibits.of_case(case)]


def test_the_label_in_the_footage_leads_to_the_case_of_its_waybill_or_opens_one(station: Station, clip: bytes) -> None:
    station.put("take.mp4", clip)
    assert station.passes() == 0
    (opened,) = cases_of(station.api, SHOWN)
    assert (opened.file.case_id, opened.file.return_parcel.waybill) == (SHOWN, SHOWN)
    assert handed_in(station.api, opened.id) == ["take.mp4"]
    station.put("again.mp4", clip + b"\0" * 16)
    assert station.passes() == 0
    assert cases_of(station.api, SHOWN) == cases_of(station.api, SHOWN)[:1], "none is opened twice"
    assert handed_in(station.api, opened.id) == ["take.mp4", "again.mp4"]


def test_a_waybill_in_the_name_leads_to_the_case_that_somebody_filed(station: Station) -> None:
    filed = file_of(station.api, return_parcel={"waybill": "YT1234567890123"})
    station.put("cam1_20260122_yt1234567890123.mp4", os.urandom(100))
    plain = file_of(station.api, return_parcel={"waybill": "558812340077"})
    station.put("558812340077.mp4", os.urandom(100))
    assert station.passes() == 0
    assert handed_in(station.api, filed.id) == ["cam1_20260122_yt1234567890123.mp4"]
    assert handed_in(station.api, plain.id) == ["558812340077.mp4"]


def test_a_waybill_before_the_two_strokes_is_one_and_no_number_of_a_case(station: Station) -> None:
    filed = file_of(station.api, return_parcel={"waybill": "JT1234567890123"})
    station.put("JT1234567890123__take.mp4", os.urandom(100))
    assert station.passes() == 0
    assert handed_in(station.api, filed.id) == ["JT1234567890123__take.mp4"]


def test_where_several_cases_could_be_meant_it_waits_and_says_which(station: Station) -> None:
    first, second = (file_of(station.api, return_parcel={"waybill": "SF1234500000099"}) for _ in range(2))
    station.put("SF1234500000099.mp4", b"whose?")
    assert station.passes() == 1
    told = reason(station, "SF1234500000099.mp4")
    assert all(case.file.case_id in str(told["text"]) for case in (first, second))
    assert told["numbers"] == ["SF1234500000099"]
    with station.api.service.records.begin("main") as tx:
        close_case(tx, station.api.admin.principal, first.id, expected=Expected())
    assert station.passes() == 0
    assert handed_in(station.api, second.id) == ["SF1234500000099.mp4"]
    assert station.files("waiting") == []


def test_two_waybills_of_no_case_open_none(station: Station) -> None:
    station.put("SF1234500000031_SF1234500000042.mp4", b"whose?")
    assert station.passes() == 1
    assert cases_of(station.api, "SF1234500000031") == cases_of(station.api, "SF1234500000042") == []


def test_a_number_that_is_no_carriers_opens_no_case_and_waits_for_one(station: Station) -> None:
    station.put("661177220099.mp4", b"whose?")
    assert station.passes() == 1
    assert station.files("waiting") == ["661177220099.mp4.reason.json"]
    filed = file_of(station.api, return_parcel={"waybill": "661177220099"})
    assert station.passes() == 0
    assert handed_in(station.api, filed.id) == ["661177220099.mp4"]


def test_a_closed_case_is_named_and_takes_it_when_it_is_open_again(station: Station) -> None:
    filed = file_of(station.api, return_parcel={"waybill": "SF1234500000055"})
    with station.api.service.records.begin("main") as tx:
        close_case(tx, station.api.admin.principal, filed.id, expected=Expected())
    station.put("SF1234500000055.mp4", b"late")
    assert station.passes() == 1
    assert "closed" in str(reason(station, "SF1234500000055.mp4")["text"])
    assert station.api.client.post(f"/v1/cases/{filed.id}/reopen").status_code == 200
    assert station.passes() == 0


def test_the_footage_is_looked_at_once_and_only_if_it_may_be(station: Station, clip: bytes) -> None:
    station.put("take.mp4", clip + b"\0" * 32)
    assert station.passes(case_from=CaseFrom.NAME) == 1
    (journal,) = station.journals()
    assert json.loads(journal.read_text())["numbers"] is None
    assert station.passes(case_from=CaseFrom.SIDECAR) == 1
    assert station.passes(case_from=CaseFrom.FOOTAGE) == 0


def test_bytes_that_no_decoder_takes_wait_and_harm_nobody(station: Station) -> None:
    station.put("noise.mp4", os.urandom(100_000))
    station.put("C-77__good.mp4", b"good")
    assert station.passes() == 1
    assert station.files("sealed") == ["C-77__good.mp4", "C-77__good.mp4.receipt.json"]
    assert reason(station, "noise.mp4")["numbers"] == []


def test_numbers_of_names() -> None:
    def numbers(name: str) -> list[tuple[str, bool]]:
        return [(number.text, number.is_waybill) for number in numbers_of_name(Path(name))]

    assert numbers("cam1_20260122_153000_SF1234567890123.mp4") == [("SF1234567890123", True)]
    assert numbers("IMG_20260122153000.mp4") == numbers("C-1_a.mp4") == numbers("unboxing-2.mp4") == []
    assert numbers("558812340077 take.mp4") == [("558812340077", False)]
    assert Number(text="1") == Number(text="1", is_waybill=False)
