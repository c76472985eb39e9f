"""The real footage through OBSERVE and JUDGE, as workers do it, comes to the very report of `sixfaces verify`."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from sixfaces import bootstrap
from sixfaces.config import Settings
from sixfaces.domain.case import CaseFile
from sixfaces.intake.case_file import read_case
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.service import Measuring
from sixfaces.pipeline.verify_case import Beside, Ports, Terms, verify_case
from sixfaces.pipeline.work.judge_case import BY_BYTES
from sixfaces.pipeline.work.results import result
from sixfaces.report.serial import report_bytes
from sixfaces.workers.crew import working
from tests.rig.workshop import ROOT, Sent, file_exhibit, new_case, open_workshop, unfinished

MEDIA = ROOT / "fixtures" / "media"
DIFFERS = {"timing", "notes"}
"""How long it took, and that earlier evidence was searched."""


class Kept:
    """Results in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        self.files[name] = data

    def get(self, name: str) -> bytes | None:
        return self.files.get(name)


def of_command(case: CaseFile, clip: Path) -> tuple[dict[str, Any], Kept]:
    policy, why = choose_policy(case, None)
    kept = Kept()
    ports = Ports(bootstrap.observatory(), kept, comparer=Beside(bootstrap.comparer(Settings()), MEDIA))
    report = verify_case(case, [clip], terms=Terms(policy=policy, notes=(why,)), ports=ports)
    return json.loads(report_bytes(report)), kept


def without_history(text: Any) -> Any:  # noqa: ANN401 a tree of JSON
    """The one sentence that tells whether earlier evidence was searched."""
    told = json.dumps(text, ensure_ascii=False)
    for known, unknown in (
        ("本系统没有该运单更早的拆包录像", "本次运行没有既往证据库可查，只能说本机未知更早的拆包录像"),
        (
            "this installation holds no earlier opening of the waybill",
            "this run knows of no earlier evidence, so it can only say that no earlier opening is known here",
        ),
    ):
        told = told.replace(known, "").replace(unknown, "")
    return json.loads(told)


@pytest.mark.timeout(280)
def test_workers_come_to_the_report_of_the_command_line(tmp_path: Path) -> None:
    clip, case_file = MEDIA / "genuine.mp4", read_case(MEDIA / "genuine.case.json")
    measuring = Measuring(
        observatory=bootstrap.observatory(),
        comparer=bootstrap.comparer(Settings()),
        keyring={},
        observers=bootstrap.observers_named(),
    )
    service = open_workshop(tmp_path, measuring=measuring)
    case = new_case(service, case_file)
    file_exhibit(service, case, Sent(clip.read_bytes(), name="genuine.mp4"))
    with working(service, threads=1):
        until = time.monotonic() + 200
        while unfinished(service) and time.monotonic() < until:
            time.sleep(0.05)
    with service.records.begin("main", reading=True) as tx:
        verdict = tx.verdicts.current(case.id)
        kinds = [event.kind for event in tx.events.since(0, case_id=case.id)]
    assert verdict is not None
    found = json.loads(result(service.blobs, verdict, "report.json") or b"")
    expected, kept = of_command(case_file, clip)
    assert found["observers"].pop("masking"), "workers mask what they keep; the command keeps it for who has the files"
    assert len(found.pop("salt")) == 64, "what an installation keeps cannot be guessed by its digest"
    assert set(found) == set(expected)
    for key in set(found) - DIFFERS:
        assert without_history(found[key]) == without_history(expected[key]), key
    assert [note for note in found["notes"] if note not in expected["notes"]] == [BY_BYTES.model_dump()]
    assert found["timing"]["decode_s"] > 0.5 * expected["timing"]["decode_s"], "the decoding of the stored record"
    pictures = {name for name in kept.files if name.startswith("pictures/")}
    assert pictures
    assert {name for name in pictures if result(service.blobs, verdict, name) != kept.files[name]} == set()
    assert "exhibit.observing" in kinds, "watchers are told how far it is"
