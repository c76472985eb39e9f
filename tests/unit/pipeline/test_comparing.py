"""Reference pictures are read from the case's folder alone and laid beside what came out of the parcel."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile, Order, OrderItem
from sixfaces.domain.comparison import Comparison, Comparisons, Reference
from sixfaces.domain.exhibit import Exhibit, MediaInfo
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.parcel_facts import ItemFact, ItemMatch, ItemViewFact
from sixfaces.domain.ports import OnProgress, Pictures
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding, RuleCode
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.comparing import MOST_REFERENCES, references_of
from sixfaces.pipeline.verify_case import Beside, Ports, Terms, judge_records, verify_case
from tests.unit.pipeline.fakes import JPEG, Shelf

AT_9_S = MediaSpan.at(MediaTime(ticks=9, den=1))
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


def case(*names: str) -> CaseFile:
    return CaseFile(case_id="C-1", order=Order(items=(OrderItem(reference_images=names),)))


class Watched:
    """A video in which the item was seen once, at 9 s, or not at all."""

    def __init__(self, *, item: bool = True) -> None:
        self.item = item
        self.images = {"items/01.jpg": hashlib.sha256(JPEG).hexdigest()} if item else {}

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        facts = []
        if self.item:
            pictures.put("items/01.jpg", JPEG)
            facts.append(Measured(fact=ItemViewFact(image="items/01.jpg"), span=AT_9_S))
            facts.append(Measured(fact=ItemViewFact(image="../../report.html"), span=AT_9_S))
        return Record(
            exhibit=exhibit,
            media=MediaInfo(duration_s=12.0, width=1280, height=720, fps=30.0, codec="h264"),
            observations=numbered(("parcel", "1", measured) for measured in facts),
            observers={"parcel": "1"},
            images=self.images,
        )


class Recogniser:
    """Finds every reference in every view."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def compare(
        self, references: Sequence[Reference], *, views: Mapping[str, bytes], pictures: Pictures
    ) -> tuple[Comparison, ...]:
        self.asked += [(one.name, tuple(views)) for one in references]
        return tuple(self._one(one, views) for one in references)

    def _one(self, one: Reference, views: Mapping[str, bytes]) -> Comparison:
        view = next(iter(views))
        fact = ItemFact(reference=one.name, by=ItemMatch.APPEARANCE, same=Answer.MET, score=0.97, view=view)
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in views.items()}
        measured = (Measured(fact=fact, confidence=0.9),)
        return Comparison(name=one.name, reference=one.sha256, views=digests, version="1", measured=measured, images={})


def verified(folder: Path, of: CaseFile, *, item: bool = True) -> tuple[Report, Shelf, Recogniser]:
    video = folder / "a.mp4"
    video.write_bytes(MP4)
    shelf, recogniser = Shelf(), Recogniser()
    ports = Ports(Watched(item=item), shelf, comparer=Beside(recogniser, folder))
    policy, why = choose_policy(of, None)
    return verify_case(of, [video], terms=Terms(policy=policy, notes=(why,)), ports=ports), shelf, recogniser


def found(report: Report) -> Finding:
    return next(f for j in report.criteria.values() for f in j.findings if f.code is RuleCode.ITEM)


def test_the_finding_says_what_was_compared_with_what_and_when(tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(JPEG)
    report, _, recogniser = verified(tmp_path, case("shoe.jpg"))
    finding = found(report)
    assert finding.answer is Answer.MET
    assert "shoe.jpg" in finding.text.en
    assert "shoe.jpg" in finding.text.zh
    assert "0:09" in finding.text.en
    assert finding.spans == ((9.0, 9.0),)
    assert recogniser.asked == [("shoe.jpg", ("items/01.jpg",))]
    (view,) = report.exhibits
    assert [(i.reference, i.view) for i in view.items] == [("shoe.jpg", f"pictures/{view.sha256[:16]}/items/01.jpg")]


def test_the_record_stays_free_of_the_case_and_both_are_enough_to_judge_again(tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(JPEG)
    of = case("shoe.jpg")
    report, shelf, _ = verified(tmp_path, of)
    (digest,) = [view.sha256 for view in report.exhibits]
    record = Record.model_validate_json(shelf.kept[f"records/{digest}.json"])
    comparisons = Comparisons.model_validate_json(shelf.kept[f"comparisons/{digest}.json"])
    assert not any(isinstance(o.fact, ItemFact) for o in record.observations)
    assert comparisons.compared[0].reference == hashlib.sha256(JPEG).hexdigest()
    policy, why = choose_policy(of, None)
    again = judge_records(of, (record,), comparisons={digest: comparisons}, terms=Terms(policy=policy, notes=(why,)))
    assert found(again) == found(report)


def test_what_a_finding_cites_stands_behind_the_records_own_observations(tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(JPEG)
    report, shelf, _ = verified(tmp_path, case("shoe.jpg"))
    (digest,) = [view.sha256 for view in report.exhibits]
    own = json.loads(shelf.kept[f"records/{digest}.json"])["observations"]
    assert found(report).cites == (f"o{len(own) + 1}",)


def test_a_missing_reference_is_told_and_judging_goes_on(tmp_path: Path) -> None:
    report, _, recogniser = verified(tmp_path, case("gone.jpg"))
    assert recogniser.asked == []
    assert found(report).answer is Answer.CANNOT_TELL
    assert "a reference image is not there" in found(report).text.en
    assert "找不到参考图" in found(report).text.zh
    (view,) = report.exhibits
    assert [(h.code, h.detail) for h in view.unmeasured if "item" in h.of] == [("intake.reference_missing", "gone.jpg")]


def test_one_missing_reference_does_not_cost_the_other(tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(JPEG)
    report, _, _ = verified(tmp_path, case("gone.jpg", "shoe.jpg"))
    assert found(report).answer is Answer.MET


def test_a_take_without_a_view_of_the_item_says_so(tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(JPEG)
    report, _, recogniser = verified(tmp_path, case("shoe.jpg"), item=False)
    assert recogniser.asked == []
    assert found(report).answer is Answer.CANNOT_TELL
    assert "no clear view of the item" in found(report).text.en


def test_a_case_without_references_is_compared_with_nothing(tmp_path: Path) -> None:
    _, shelf, recogniser = verified(tmp_path, case())
    assert recogniser.asked == []
    assert not any(name.startswith("comparisons/") for name in shelf.kept)


def codes(of: CaseFile, folder: Path) -> list[str]:
    holes: tuple[UnmeasuredFact, ...] = references_of(of, folder)[1]
    return [hole.code for hole in holes]


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/hostname", "link.jpg", "a\\b.jpg"])
def test_no_name_leads_out_of_the_cases_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert codes(case(name), folder) == ["intake.reference_outside"]


def test_what_is_no_photo_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(MP4)
    (tmp_path / "b.jpg").mkdir()
    assert codes(case("a.jpg", "b.jpg"), tmp_path) == ["intake.reference_format", "intake.reference_missing"]


def test_one_picture_under_two_names_is_compared_once_and_many_are_bounded(tmp_path: Path) -> None:
    names = [f"{n}.jpg" for n in range(MOST_REFERENCES + 1)]
    for name in names:
        (tmp_path / name).write_bytes(JPEG)
    references, _ = references_of(case(*names), tmp_path)
    assert [one.name for one in references] == ["0.jpg"]
    assert codes(case(*names), tmp_path) == ["too_many_references"]
