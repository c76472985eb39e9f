"""The pipeline from files to a report, with a fake instrument."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import IntakeError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Record
from sixfaces.domain.ports import Progress
from sixfaces.domain.reading_facts import ChallengeFact, Signature
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Criterion
from sixfaces.pipeline.challenges import with_challenges
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.verify_case import Ports, Terms, judge_records, verify_case
from sixfaces.report.serial import read_report, report_bytes
from sixfaces.vault.challenge import issue
from sixfaces.vault.challenge_keys import SigningKey
from tests.unit.pipeline.fakes import FakeObservatory, Shelf

MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PDF = b"%PDF-1.7\n"
CASE = CaseFile.model_validate({"case_id": "C-1", "return_parcel": {"waybill": "SF1234567890123"}})
KEY = SigningKey.generate()


def verified(
    paths: list[Path], *, observatory: FakeObservatory | None = None, case: CaseFile = CASE, role: Role | None = None
) -> tuple[Report, Shelf]:
    shelf = Shelf()
    keys = {KEY.key_id: KEY.public}
    ports = Ports(observatory or FakeObservatory(), shelf, keys)
    policy, why = choose_policy(case)
    report = verify_case(case, paths, role=role, terms=Terms(policy=policy, notes=(why,)), ports=ports)
    return report, shelf


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def untimed(report: Report) -> bytes:
    return report_bytes(report.model_copy(update={"timing": None}))


def test_a_video_ends_as_report_page_record_and_pictures_report_last(tmp_path: Path) -> None:
    report, shelf = verified([file(tmp_path, "a.mp4", MP4)])
    (view,) = report.exhibits
    assert list(shelf.kept) == [
        f"pictures/{view.sha256[:16]}/moments/01.jpg",
        f"records/{view.sha256}.json",
        "report.html",
        "report.json",
    ]
    assert read_report(shelf.kept["report.json"]) == read_report(report_bytes(report))
    assert view.moments[0].image in shelf.kept
    assert b"data:image/jpeg;base64" in shelf.kept["report.html"]


@pytest.mark.parametrize(
    ("data", "role"),
    [(MP4, "unboxing_video"), (PNG, "buyer_photo"), (PDF, "document"), (b"what is this", "unboxing_video")],
    ids=["video", "photo", "document", "unknown"],
)
def test_a_file_is_taken_for_what_its_bytes_are(tmp_path: Path, data: bytes, role: str) -> None:
    report, _ = verified([file(tmp_path, "misleading.jpg", data)])
    assert report.exhibits[0].role == role


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        (["a.mpv"], "写有 a.mpv，", "names a.mpv, which was not handed in"),
        (
            ["e", "d", "c", "b", "a.mp4"],
            "写有 b、c、d 等 4 个文件，",
            "names b, c, d and 1 more, which were not handed in",
        ),
    ],
)
def test_a_receipt_of_a_file_that_was_not_handed_in_is_noted(
    tmp_path: Path, names: list[str], zh: str, en: str
) -> None:
    case = CASE.model_copy(update={"received_at": {name: datetime(2026, 6, 20, tzinfo=UTC) for name in names}})
    report, _ = verified([file(tmp_path, "a.mp4", MP4)], case=case)
    (note,) = (note for note in report.notes if "received_at" in note.en)
    assert zh in note.zh
    assert en in note.en


def test_a_receipt_of_what_was_handed_in_needs_no_note(tmp_path: Path) -> None:
    case = CASE.model_copy(update={"received_at": {"a.mp4": datetime(2026, 6, 20, tzinfo=UTC)}})
    report, _ = verified([file(tmp_path, "a.mp4", MP4)], case=case)
    assert not [note for note in report.notes if "received_at" in note.en]


def test_a_role_that_is_named_counts_for_all(tmp_path: Path) -> None:
    report, _ = verified([file(tmp_path, "a.mp4", MP4)], role=Role.PACKING_VIDEO)
    assert report.exhibits[0].role is Role.PACKING_VIDEO


def test_the_same_bytes_twice_are_one_exhibit_and_the_report_says_so(tmp_path: Path) -> None:
    observatory = FakeObservatory()
    paths = [file(tmp_path, "a.mp4", MP4), file(tmp_path, "copy.mp4", MP4), tmp_path / "a.mp4"]
    report, _ = verified(paths, observatory=observatory)
    assert [view.name for view in report.exhibits] == ["a.mp4"]
    assert observatory.seen == ["a.mp4"]
    assert "copy.mp4 has the very bytes of a.mp4: it is verified once." in [note.en for note in report.notes]


def test_receipt_times_are_found_by_file_name(tmp_path: Path) -> None:
    case = CaseFile.model_validate({"case_id": "C-1", "received_at": {"a.mp4": "2026-06-20T14:57:00Z"}})
    _, shelf = verified([file(tmp_path, "a.mp4", MP4)], case=case)
    (record,) = (Record.model_validate_json(data) for name, data in shelf.kept.items() if name.startswith("records/"))
    assert record.exhibit.received_at == datetime(2026, 6, 20, 14, 57, tzinfo=UTC)


def test_nothing_is_measured_if_one_of_the_paths_holds_no_file(tmp_path: Path) -> None:
    observatory = FakeObservatory()
    with pytest.raises(IntakeError) as refused:
        verified([file(tmp_path, "a.mp4", MP4), tmp_path / "nowhere.mp4"], observatory=observatory)
    assert refused.value.code == "intake.missing"
    assert observatory.seen == []


def test_a_file_that_changes_while_it_is_measured_is_refused(tmp_path: Path) -> None:
    def swap(path: Path) -> None:
        path.write_bytes(MP4 + b"swapped")

    with pytest.raises(IntakeError) as refused:
        verified([file(tmp_path, "a.mp4", MP4)], observatory=FakeObservatory(meanwhile=swap))
    assert refused.value.code == "intake.changed"


def test_a_file_that_does_not_decode_is_a_finding_against_validity(tmp_path: Path) -> None:
    report, _ = verified([file(tmp_path, "a.mp4", MP4 + b"broken")])
    assert report.criteria[Criterion.VALIDITY].answer is Answer.NOT_MET
    assert report.exhibits[0].failure is not None
    assert report.exhibits[0].media is None


def test_where_nothing_decodes_validity_is_not_met_whatever_it_was_handed_in_as(tmp_path: Path) -> None:
    report, _ = verified([file(tmp_path, "a.png", PNG + b"broken")], role=Role.BUYER_PHOTO)
    assert report.criteria[Criterion.VALIDITY].answer is Answer.NOT_MET
    assert report.criteria[Criterion.CONSISTENCY].answer is Answer.CANNOT_TELL
    assert report.verdict is Verdict.REJECTED


def test_a_photo_that_decodes_beside_one_that_does_not_is_for_a_person(tmp_path: Path) -> None:
    report, _ = verified([file(tmp_path, "a.png", PNG + b"broken"), file(tmp_path, "b.png", PNG)])
    assert report.criteria[Criterion.VALIDITY].answer is Answer.CANNOT_TELL
    assert report.verdict is Verdict.NEEDS_REVIEW


def test_stored_records_are_judged_to_the_same_report_without_media(tmp_path: Path) -> None:
    report, shelf = verified([file(tmp_path, "a.mp4", MP4)])
    stored = tuple(Record.model_validate_json(data) for name, data in shelf.kept.items() if name.startswith("records/"))
    policy, why = choose_policy(CASE)
    again = judge_records(CASE, stored, terms=Terms(policy=policy, notes=(why,)))
    assert untimed(again) == untimed(report)


def test_two_runs_make_the_same_report(tmp_path: Path) -> None:
    path = file(tmp_path, "a.mp4", MP4)
    assert untimed(verified([path])[0]) == untimed(verified([path])[0])


def test_progress_is_told_by_file_name(tmp_path: Path) -> None:
    told: list[Progress] = []
    policy, _ = choose_policy(CASE)
    ports = Ports(FakeObservatory(), Shelf(), on_progress=told.append)
    verify_case(CASE, [file(tmp_path, "a.mp4", MP4)], terms=Terms(policy=policy), ports=ports)
    assert told == [Progress("a.mp4", None), Progress("a.mp4", 0.5)]


def record_of(tmp_path: Path, *codes: str) -> Record:
    _, shelf = verified([file(tmp_path, "a.mp4", MP4)], observatory=FakeObservatory(*codes))
    (data,) = (data for name, data in shelf.kept.items() if name.startswith("records/"))
    return Record.model_validate_json(data)


def test_a_challenge_code_is_judged_by_our_keys(tmp_path: Path) -> None:
    at = datetime(2026, 6, 20, 14, 0, tzinfo=UTC)
    known, foreign = issue("S1", at, key=KEY).text, issue("S1", at, key=SigningKey.generate()).text
    record = record_of(tmp_path, "SF1234567890123", known, foreign)
    proven = [o for o in record.observations if isinstance(o.fact, ChallengeFact)]
    assert [o.fact.signature for o in proven if isinstance(o.fact, ChallengeFact)] == [
        Signature.VALID, Signature.UNKNOWN_KEY,
    ]  # fmt: skip
    assert all(o.observer == "challenge" and o.span is not None for o in proven)
    assert record.observers["challenge"] == "1"
    assert len({o.id for o in record.observations}) == len(record.observations)


def test_a_damaged_challenge_code_leaves_a_hole(tmp_path: Path) -> None:
    record = record_of(tmp_path, "6F1.GARBAGE")
    assert [o.fact.code for o in record.observations if isinstance(o.fact, UnmeasuredFact)] == ["challenge.malformed"]


def test_judging_challenge_codes_again_with_more_keys_replaces_the_first_answer(tmp_path: Path) -> None:
    other = SigningKey.generate()
    record = record_of(tmp_path, issue("S1", datetime(2026, 6, 20, tzinfo=UTC), key=other).text)
    again = with_challenges(record, {other.key_id: other.public})
    (fact,) = (o.fact for o in again.observations if isinstance(o.fact, ChallengeFact))
    assert fact.signature is Signature.VALID
    assert [o.id for o in again.observations] == [o.id for o in record.observations]


@pytest.mark.parametrize(
    ("platform", "asked", "policy", "why"),
    [
        ("tmall", None, "tmall", "the platform's policy"),
        (None, None, "default", "names no platform"),
        ("ebay", None, "default", "no policy for the platform ebay"),
        ("../tmall", None, "default", "no policy for the platform"),
        ("tmall", "default", "default", "asked for"),
    ],
)
def test_the_policy_is_the_one_asked_for_else_the_platforms_else_the_default(
    platform: str | None, asked: str | None, policy: str, why: str
) -> None:
    case = CaseFile.model_validate({"case_id": "C", "platform": platform})
    chosen, said = choose_policy(case, asked)
    assert chosen.name == policy
    assert why in said.en
