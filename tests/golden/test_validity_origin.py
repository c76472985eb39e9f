"""Golden cases of the validity rules on origin: integrity, provenance, original, not_reused."""

import pytest

from sixfaces.criteria.validity_origin import integrity, not_reused, original, provenance
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import EarlierUse, History
from sixfaces.domain.facts import (
    EditListFact,
    ProvenanceState,
    ReencodeHintFact,
    ToolKind,
    ToolTagFact,
    UnmeasuredFact,
)
from sixfaces.domain.model import Model
from sixfaces.domain.reuse import PictureMatch
from sixfaces.domain.rules import Finding
from tests.golden.building import OTHER_SHA, SHA, evidence, exhibit, fact
from tests.golden.facts_of_validity import CONTAINER, NO_FINGERPRINTS, credentials, fingerprints
from tests.golden.reading_findings import judged


def tag(value: str, tool: ToolKind) -> ToolTagFact:
    return ToolTagFact(field="encoder", value=value, tool=tool)


def edits(hidden_s: float, *, benign: bool) -> EditListFact:
    return EditListFact(entries=2, hidden_s=hidden_s, benign=benign, detail="second entry starts at 8.2 s")


def used(bits: int = 2, **changes: str) -> History:
    use = {"exhibit": SHA, "other_case": "C-7", "other_exhibit": OTHER_SHA, "bits": bits, **changes}
    return History(searched=True, uses=(EarlierUse.model_validate(use),))


def test_a_digest_the_sender_declared_must_be_the_one_received() -> None:
    same = judged(integrity, evidence(exhibit(declared_sha256=SHA)))
    assert same.answer is Answer.MET
    assert same.text.en == f"The 1000 bytes received have the SHA-256 that the sender declared: {SHA}."
    other = judged(integrity, evidence(exhibit(declared_sha256=OTHER_SHA)))
    assert other.answer is Answer.NOT_MET
    assert (other.value, other.threshold) == (SHA, OTHER_SHA)
    assert SHA in other.text.zh
    assert OTHER_SHA in other.text.zh


def test_without_a_declared_digest_the_seal_of_receipt_stands_alone_and_says_so() -> None:
    finding = judged(integrity, evidence(exhibit()))
    assert finding.answer is Answer.MET
    assert finding.text.en == (
        "The sender declared no digest, so nothing was compared; the bytes were only sealed on receipt: "
        f"1000 bytes, SHA-256 {SHA}."
    )
    assert finding.text.zh == (f"发送方未声明摘要，因此没有可比对的内容，仅在收到时封存：1000 字节，SHA-256 为 {SHA}。")


@pytest.mark.parametrize("declared", [None, SHA, OTHER_SHA])
def test_an_empty_file_has_nothing_to_seal(declared: str | None) -> None:
    assert judged(integrity, evidence(exhibit(bytes=0, declared_sha256=declared))).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("state", "answer", "missing"),
    [
        (ProvenanceState.TRUSTED, Answer.MET, None),
        (ProvenanceState.VALID, Answer.MET, None),
        (ProvenanceState.BROKEN, Answer.NOT_MET, None),
        (ProvenanceState.ABSENT, Answer.CANNOT_TELL, "case.provenance"),
    ],
)
def test_content_credentials_hold_or_break_and_none_is_neutral(
    state: ProvenanceState, answer: Answer, missing: str | None
) -> None:
    fact = credentials(state, issuer="Cam Co", problems=("assertion.dataHash.mismatch",))
    finding = judged(provenance, evidence(exhibit(fact)))
    assert (finding.answer, finding.missing, finding.value) == (answer, missing, state.value)
    if state is ProvenanceState.BROKEN:
        assert "assertion.dataHash.mismatch" in finding.text.zh
        assert "assertion.dataHash.mismatch" in finding.text.en
    if state is ProvenanceState.VALID:
        assert "Cam Co, is not on the trust list" in finding.text.en
        assert "未经确认" in finding.text.zh


def test_credentials_that_could_not_be_read_count_as_not_measured() -> None:
    hole = UnmeasuredFact(of=("provenance",), code="c2pa_missing", detail="There is a manifest.")
    finding = judged(provenance, evidence(exhibit(hole)))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.provenance"
    assert "c2pa-python, is not installed" in finding.text.en
    assert finding.text.zh == "未能测量：来源凭证（C2PA）（文件带有来源凭证，但本机未安装读取组件 c2pa-python）。"


def origin(*facts: Model) -> Finding:
    return judged(original, evidence(exhibit(CONTAINER, *facts)))


def test_a_file_as_a_recorder_wrote_it_is_met() -> None:
    recorder = tag("iPhone 15", ToolKind.RECORDER)
    unknown = tag("xyz", ToolKind.UNKNOWN)
    weak = ReencodeHintFact(hint="qp", detail="two scales", strength=0.49)
    assert origin(recorder, unknown, weak, edits(0.5, benign=True)).answer is Answer.MET


def test_an_edit_list_that_hides_media_is_proof() -> None:
    seen = exhibit(CONTAINER, fact(edits(8.2, benign=False), 0.0, 8.2))
    finding = judged(original, evidence(seen))
    assert finding.answer is Answer.NOT_MET
    assert (finding.value, finding.threshold, finding.margin, finding.unit) == (8.2, 0.0, -8.2, "s")
    assert finding.spans == ((0.0, 8.2),)
    assert finding.text.zh == "文件的编辑列表隐藏了 8.20 秒已录制的内容。"
    assert finding.text.en == "The file's edit list hides 8.20 s of what was recorded."


def test_a_generators_tag_is_proof() -> None:
    finding = origin(tag("Sora", ToolKind.GENERATOR))
    assert finding.answer is Answer.NOT_MET
    assert finding.text.zh == "文件自身写明由画面生成软件产生：Sora。"
    assert finding.text.en == "The file itself says that a program made its pictures: Sora."


@pytest.mark.parametrize(
    "trace",
    [
        tag("CapCut", ToolKind.EDITOR),
        tag("Lavf61", ToolKind.TRANSCODER),
        ReencodeHintFact(hint="qp", detail="two scales", strength=0.5),
        edits(0.0, benign=False),
    ],
)
def test_traces_that_honest_files_can_bear_are_for_a_person(trace: Model) -> None:
    finding = origin(trace)
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.value == 1
    assert finding.cites == ("o2",)


def test_many_traces_are_counted_and_only_some_named() -> None:
    finding = origin(*(tag(f"Tool{i}", ToolKind.EDITOR) for i in range(5)))
    assert "5 traces of processing: the mark of an editor (Tool0, Tool1, Tool2 and 2 more)" in finding.text.en
    assert "剪辑软件的标记（Tool0、Tool1、Tool2 等 5 个）" in finding.text.zh
    assert len(finding.cites) == 5


def test_edit_lists_that_could_not_be_read_do_not_pass_for_clean() -> None:
    hole = UnmeasuredFact(of=("edit_list",), code="structure_unread", detail="boxes end early")
    assert origin(hole).missing == "observation.edit_list"


def test_a_file_whose_structure_was_not_read_cannot_be_told() -> None:
    assert judged(original, evidence(exhibit())).missing == "observation.container"


def test_pictures_of_another_case_are_not_met_with_that_case_and_the_distance() -> None:
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=used(14)))
    assert finding.answer is Answer.NOT_MET
    assert (finding.value, finding.threshold, finding.margin, finding.unit) == (14, 31, -17.0, "bit")
    assert "C-7" in finding.text.zh
    assert "14" in finding.text.en


@pytest.mark.parametrize(("bits", "answer"), [(0, Answer.NOT_MET), (31, Answer.NOT_MET), (32, Answer.MET)])
def test_the_distance_decides_what_counts_as_the_same_picture(bits: int, answer: Answer) -> None:
    assert judged(not_reused, evidence(exhibit(fingerprints()), history=used(bits))).answer is answer


def test_a_match_counts_even_where_no_fingerprint_was_taken_this_time() -> None:
    assert judged(not_reused, evidence(exhibit(), history=used(0))).answer is Answer.NOT_MET


def test_uses_in_the_same_case_or_of_other_exhibits_do_not_count() -> None:
    seen = exhibit(fingerprints())
    assert judged(not_reused, evidence(seen, history=used(other_case="C-1"))).answer is Answer.MET
    assert judged(not_reused, evidence(seen, history=used(exhibit="c" * 64))).answer is Answer.MET


def test_a_run_that_knows_nothing_earlier_is_met_and_says_so() -> None:
    fresh = judged(not_reused, evidence(exhibit(fingerprints()), history=History()))
    known = judged(not_reused, evidence(exhibit(fingerprints())))
    assert fresh.answer is known.answer is Answer.MET
    assert "no earlier evidence to compare its 2 fingerprints with" in fresh.text.en
    assert "没有既往证据库可查" in fresh.text.zh
    assert "2 fingerprints were compared with the earlier cases" in known.text.en


def test_without_fingerprints_reuse_cannot_be_told() -> None:
    assert judged(not_reused, evidence(exhibit())).missing == "observation.fingerprint"
    flat = judged(not_reused, evidence(exhibit(NO_FINGERPRINTS)))
    assert flat.answer is Answer.CANNOT_TELL
    assert "0" in flat.text.zh


MATCH = PictureMatch(
    picture="faces/top.jpg",
    other="b" * 64,
    other_picture="faces/left.jpg",
    regions=21,
    rate=0.4,
    bits=9.0,
    error=0.002,
    box=(0.1, 0.1, 0.5, 0.5),
    other_box=(0.2, 0.1, 0.5, 0.5),
    scale=1.0,
    turn_deg=90.2,
    mirrored=True,
    exact=True,
)


def matched(**changed: object) -> History:
    use = {"exhibit": exhibit().exhibit.sha256, "other_case": "C-9", "other_exhibit": "b" * 64, "bits": 9}
    told = EarlierUse.model_validate({**use, "shown": MATCH, "pictures": 3, **changed})
    return History(searched=True, uses=(told,))


def test_a_copied_picture_of_another_case_is_not_met_and_says_what_was_done_to_it() -> None:
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=matched()))
    assert (finding.answer, finding.value) == (Answer.NOT_MET, 9)
    for part in ("C-9", "faces/top.jpg", "faces/left.jpg", "21 regions", "mirrored", "turned by 90 degrees", "25%"):
        assert part in finding.text.en
    for part in ("C-9", "21 处一致", "左右镜像", "旋转 90°"):
        assert part in finding.text.zh


def test_pictures_that_are_only_alike_are_for_a_person() -> None:
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=matched(sure=False)))
    assert finding.answer is Answer.CANNOT_TELL
    assert "photographed anew" in finding.text.en
    common = matched(sure=False, shown=MATCH.model_copy(update={"common": True}))
    assert "many cases" in judged(not_reused, evidence(exhibit(fingerprints()), history=common)).text.en


def test_regions_that_lie_farther_apart_than_the_policy_allows_are_for_a_person() -> None:
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=matched(bits=40)))
    assert finding.answer is Answer.CANNOT_TELL


def test_the_same_case_filed_again_is_met_and_said() -> None:
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=matched(resubmission=True)))
    assert finding.answer is Answer.MET
    assert "filed again" in finding.text.en
    assert "重新提交" in finding.text.zh


def test_pictures_too_flat_to_be_looked_for_never_pass_silently() -> None:
    history = History(searched=True, flat=(exhibit().exhibit.sha256,))
    finding = judged(not_reused, evidence(exhibit(fingerprints()), history=history))
    assert (finding.answer, finding.missing) == (Answer.CANNOT_TELL, "observation.regions")
