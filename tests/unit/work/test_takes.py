"""The root of a take's groups is in custody when it was measured, or from its first clip on, and stays one."""

import hashlib
from pathlib import Path

import pytest

from fixtures.build import built
from sixfaces.domain.custody import Act, Entry
from sixfaces.domain.errors import ClipError
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.facts import GroupsFact
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.observation import Record
from sixfaces.media.clips import Source, groups_of
from sixfaces.observe.groups import TakeGroups
from sixfaces.pipeline import takes
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.takes import take_in_custody, take_of
from sixfaces.pipeline.work.children import Allowance, Task, Watch, inside
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.report.serial import json_bytes
from sixfaces.vault.clip_claims import root_told
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of


def observed(service: Service, exhibit: FiledExhibit) -> list[Entry]:
    with service.records.begin("main", reading=True) as tx:
        return [entry for entry in tx.custody.about(exhibit.id) if entry.act is Act.OBSERVE]


def told(name: str, mime: str) -> list[GroupsFact]:
    observer = TakeGroups(lambda _name, _data: None)
    observer.file(built(name), mime)
    return [one.fact for one in observer.finish() if isinstance(one.fact, GroupsFact)]


class Measuring:
    """Children without processes: each leaves a record with what the observer measured of the real bytes."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        """As in the interface."""
        fact = {"id": "o1", "observer": "groups", "version": "1", "fact": told("groups_h264.mp4", "video/mp4")[0]}
        record = Record.model_validate({"exhibit": task.exhibit, "observations": [fact]})
        inside(Path(task.folder))[0].write_bytes(json_bytes(record))


def test_what_was_measured_stands_in_the_entry_and_no_clip_enters_it_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit, _ = file_exhibit(service, new_case(service), Sent(built("groups_h264.mp4").read_bytes()))
    run_all(runner_of(service, steps=steps_of(Measuring())))
    (entry,) = observed(service, exhibit)
    assert entry.body["take"] == root_told(groups_of(Source(built("groups_h264.mp4"), "mp4")))
    monkeypatch.setattr(takes, "groups_of", None)
    assert take_in_custody(service, exhibit, actor="worker:test") == entry.body["take"]
    assert observed(service, exhibit) == [entry]


def test_an_exhibit_measured_before_there_were_roots_gets_one_entered_with_its_first_clip(service: Service) -> None:
    exhibit, _ = file_exhibit(service, new_case(service), Sent(built("groups_h264.mp4").read_bytes()))
    take = take_in_custody(service, exhibit, actor="worker:test")
    (entry,) = observed(service, exhibit)
    assert entry.body == {"sha256": exhibit.exhibit.sha256, "take": take}
    assert take == root_told(groups_of(Source(built("groups_h264.mp4"), "mp4")))


def test_a_root_that_is_in_custody_is_neither_computed_nor_entered_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit, _ = file_exhibit(service, new_case(service), Sent(built("groups_h264.mp4").read_bytes()))
    take = take_in_custody(service, exhibit, actor="worker:test")
    monkeypatch.setattr(takes, "groups_of", None)
    assert take_in_custody(service, exhibit, actor="worker:test") == take
    assert len(observed(service, exhibit)) == 1


def test_of_a_file_without_groups_nothing_is_entered(service: Service) -> None:
    exhibit, _ = file_exhibit(service, new_case(service), Sent(built("groups_h264.ts").read_bytes(), name="take.ts"))
    with pytest.raises(ClipError) as refused:
        take_in_custody(service, exhibit, actor="worker:test")
    assert refused.value.code == "clip.groups"
    assert observed(service, exhibit) == []


def test_what_the_observer_measures_is_what_custody_holds() -> None:
    (fact,) = told("groups_phone.mp4", "video/mp4")
    digest, role = hashlib.sha256().hexdigest(), Role.UNBOXING_VIDEO
    exhibit = Exhibit(sha256=digest, name="take.mp4", role=role, bytes=1, medium=Medium.VIDEO, format="mp4")
    record = Record.model_validate(
        {"exhibit": exhibit, "observations": [{"id": "o1", "observer": "groups", "version": "1", "fact": fact}]}
    )
    assert take_of(record) == root_told(groups_of(Source(built("groups_phone.mp4"), "mp4")))


@pytest.mark.parametrize(
    ("name", "mime"),
    [("groups_h264.ts", "video/mp2t"), ("no_pts.avi", "video/x-msvideo"), ("signed.jpg", "image/jpeg"),
     ("truncated.mp4", "video/webm")],
)  # fmt: skip
def test_of_what_has_no_groups_the_observer_tells_nothing(name: str, mime: str) -> None:
    assert told(name, mime) == []
