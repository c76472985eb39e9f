"""Golden cases of the validity rules on the picture: decodes, resolution, sharpness, exposure, not_recaptured."""

import pytest

from sixfaces.criteria.validity_picture import OUR_FAILURES, decodes, not_recaptured, resolution
from sixfaces.criteria.validity_usability import MOST_SPANS, exposure, sharpness
from sixfaces.domain.answer import Answer
from sixfaces.domain.exhibit import MediaInfo, Medium
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Say
from sixfaces.domain.observation import MediaFailure
from sixfaces.domain.rules import Finding
from tests.golden.building import VIDEO, evidence, exhibit, fact
from tests.golden.facts_of_validity import decoded, recapture, usable
from tests.golden.reading_findings import judged

TORN = MediaFailure(
    code="media.undecodable",
    text=Say(zh="文件头损坏。", en="The header is damaged."),
    fix=Say(zh="请重新导出。", en="Export it again."),
)


def size(width: int, height: int, fps: float | None = 30.0, **changes: str) -> Finding:
    media = MediaInfo(duration_s=60.0, width=width, height=height, fps=fps, codec="h264")
    return judged(resolution, evidence(exhibit(media=media, **changes)))


def test_a_file_that_decodes_to_its_end_is_met_with_its_numbers() -> None:
    finding = judged(decodes, evidence(exhibit(decoded(corrupt_frames=18))))
    assert finding.answer is Answer.MET
    assert (finding.value, finding.threshold, finding.unit) == (0.01, 0.05, "1")
    assert finding.margin == pytest.approx(0.04)
    assert finding.cites == ("o1",)
    assert finding.text.en == (
        "1800 frames decoded, 18 of them damaged (1.0%, at most 5.0%); they cover 100.0% of the claimed time."
    )
    assert finding.text.zh == "共解码 1800 帧，其中 18 帧损坏（1.0%，上限 5.0%），画面覆盖标称时长的 100.0%。"


@pytest.mark.parametrize(
    ("covered", "answer"), [(60.0, Answer.MET), (54.0, Answer.MET), (53.9, Answer.NOT_MET), (0.1, Answer.NOT_MET)]
)
def test_the_share_of_the_claimed_time_decides(covered: float, answer: Answer) -> None:
    finding = judged(decodes, evidence(exhibit(decoded(covered_s=covered))))
    assert finding.answer is answer
    if answer is Answer.NOT_MET:
        assert (finding.value, finding.threshold) == (covered / 60, 0.9)
        assert f"{covered:.1f} 秒" in finding.text.zh


@pytest.mark.parametrize(("corrupt", "answer"), [(90, Answer.MET), (91, Answer.NOT_MET)])
def test_the_share_of_damaged_frames_decides(corrupt: int, answer: Answer) -> None:
    assert judged(decodes, evidence(exhibit(decoded(corrupt_frames=corrupt)))).answer is answer


def test_without_a_claimed_duration_only_damage_counts() -> None:
    assert judged(decodes, evidence(exhibit(decoded(expected_s=None)))).answer is Answer.MET


def test_a_file_that_nothing_can_be_decoded_of_is_not_met_with_the_decoders_reason() -> None:
    finding = judged(decodes, evidence(exhibit(media=None, failure=TORN)))
    assert finding.answer is Answer.NOT_MET
    assert finding.value == "media.undecodable"
    assert finding.text.en == "The file could not be decoded: the header is damaged."
    assert finding.text.zh == "文件无法解码：文件头损坏。"
    assert finding.fix == TORN.fix


def test_a_file_without_frames_is_not_met() -> None:
    assert judged(decodes, evidence(exhibit(decoded(frames=0, covered_s=0.0)))).answer is Answer.NOT_MET


def test_a_photo_in_the_place_of_a_video_is_not_met() -> None:
    finding = judged(decodes, evidence(exhibit(decoded(frames=1), medium=Medium.PHOTO, format="jpeg")))
    assert finding.answer is Answer.NOT_MET
    assert finding.text.en == "The file handed in as a video is one photo (jpeg)."


def test_decoding_stopped_by_our_own_limit_cannot_be_told() -> None:
    finding = judged(decodes, evidence(exhibit(decoded(covered_s=10.0, stopped_by="cpu time"))))
    assert finding.answer is Answer.CANNOT_TELL
    assert "cpu time" in finding.text.en
    assert "cpu time" in finding.text.zh


@pytest.mark.parametrize("code", sorted(OUR_FAILURES))
def test_a_failure_of_this_installation_rejects_nobody(code: str) -> None:
    failure = MediaFailure(code=code, text=TORN.text, fix=TORN.fix)
    finding = judged(decodes, evidence(exhibit(media=None, failure=failure)))
    assert finding.answer is Answer.CANNOT_TELL
    assert "not the file's fault" in finding.text.en
    assert "并非文件的过错" in finding.text.zh


@pytest.mark.parametrize("failure", [None, TORN])
def test_a_record_without_decoding_cannot_be_told(failure: MediaFailure | None) -> None:
    finding = judged(decodes, evidence(exhibit(failure=failure)))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.decode"


@pytest.mark.parametrize(
    ("width", "height", "fps", "answer"),
    [
        (640, 360, 8.0, Answer.MET),
        (360, 640, 8.0, Answer.MET),
        (639, 360, 8.0, Answer.NOT_MET),
        (640, 359, 8.0, Answer.NOT_MET),
        (640, 360, 7.99, Answer.NOT_MET),
        (640, 360, 8.0 - 1e-12, Answer.MET),
        (1920, 1080, None, Answer.CANNOT_TELL),
    ],
)
def test_size_and_frame_rate_of_a_video_decide(width: int, height: int, fps: float | None, answer: Answer) -> None:
    finding = size(width, height, fps)
    assert finding.answer is answer
    assert f"{width}×{height}" in finding.text.zh
    assert f"{width}×{height}" in finding.text.en


def test_the_measure_that_fails_speaks() -> None:
    slow, narrow = size(1920, 1080, 5.0), size(480, 360)
    assert (slow.value, slow.threshold, slow.margin, slow.unit) == (5.0, 8, -3.0, "1/s")
    assert (narrow.value, narrow.threshold, narrow.margin, narrow.unit) == (480, 640, -160, "px")
    assert slow.text.en == "The picture is 1920×1080, 5.0 frames/s; at least 640×360 and 8 frames/s are required."
    assert slow.text.zh == "画面 1920×1080，每秒 5.0 帧；要求至少 640×360、每秒 8 帧。"


@pytest.mark.parametrize(("side", "answer"), [(480, Answer.MET), (479, Answer.NOT_MET)])
def test_a_photo_needs_its_short_side(side: int, answer: Answer) -> None:
    finding = size(2000, side, None, role="buyer_photo")
    assert finding.answer is answer
    assert (finding.value, finding.threshold, finding.unit) == (side, 480, "px")


def test_a_size_nobody_knows_cannot_be_told() -> None:
    finding = judged(resolution, evidence(exhibit(media=None, failure=TORN)))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.media"
    assert judged(resolution, evidence(exhibit(media=None))).answer is Answer.CANNOT_TELL


SOFT, SHARP, PLAIN = 0.1, 0.8, -1.0


@pytest.mark.parametrize(
    ("series", "answer"),
    [
        ((SHARP,) * 5 + (SOFT,) * 5, Answer.MET),
        ((0.2,) * 5 + (SOFT,) * 5, Answer.MET),
        ((SHARP,) * 4 + (SOFT,) * 6, Answer.NOT_MET),
        ((SHARP,) * 4 + (SOFT,) * 5 + (PLAIN,), Answer.CANNOT_TELL),
        ((SHARP,) * 4 + (PLAIN,) * 6, Answer.CANNOT_TELL),
        ((SHARP,) * 5 + (PLAIN,) * 5, Answer.MET),
        ((PLAIN,) * 10, Answer.CANNOT_TELL),
        ((), Answer.CANNOT_TELL),
    ],
)
def test_steps_without_texture_count_neither_way(series: tuple[float, ...], answer: Answer) -> None:
    assert judged(sharpness, evidence(exhibit(usable(len(series), sharpness=series)))).answer is answer


def test_blurred_stretches_are_shown_with_their_times_and_numbers() -> None:
    series = (SHARP, SOFT, SOFT, SHARP, SOFT, SOFT, SOFT, SOFT)
    finding = judged(sharpness, evidence(exhibit(fact(usable(8, sharpness=series, step_s=0.5), 2.0, 6.0))))
    assert finding.answer is Answer.NOT_MET
    assert finding.spans == ((2.5, 3.5), (4.0, 6.0))
    assert (finding.value, finding.threshold, finding.margin) == (0.25, 0.5, -0.25)
    assert finding.text.en == "2 of 8 stretches of 0.5 s are sharp (sharpness at least 0.2): 25%, required 50%."
    assert finding.text.zh == "8 段（每段 0.5 秒）中有 2 段清晰（清晰度不低于 0.2），占 25%，要求 50%。"


def test_a_video_is_told_in_seconds_and_a_photo_by_its_own_numbers() -> None:
    seconds = judged(sharpness, evidence(exhibit(usable(4, sharpness=(SHARP, SHARP, SOFT, -1)))))
    assert (
        seconds.text.zh == "4 秒中有 2 秒清晰（清晰度不低于 0.2），占 50%，要求 50%；其中 1 秒画面没有可供判断的纹理。"
    )
    photo = evidence(exhibit(usable(1, sharpness=(SOFT,)), role="buyer_photo"))
    assert judged(sharpness, photo).text.zh == f"照片模糊：清晰度 {SOFT:.2f}（要求不低于 0.2）。"
    assert judged(sharpness, photo).text.en == f"The photo is blurred: sharpness {SOFT:.2f}, at least 0.2 required."
    assert judged(exposure, photo).text.en.startswith("The photo is well exposed: mean luma 0.")
    assert judged(sharpness, evidence(exhibit(usable(1, sharpness=(-1,)), role="buyer_photo"))).text.en == (
        "The photo has no texture by which to judge its sharpness."
    )


def test_a_failure_is_told_once_and_elsewhere_in_short() -> None:
    text = Say(zh="文件无法解码：mp4，内容无效或已损坏。", en="The file could not be decoded: mp4, Invalid data.")
    failed = exhibit(media=None, failure=MediaFailure(code="media.undecodable", text=text, fix=text))
    assert judged(decodes, evidence(failed)).text.zh == text.zh
    assert judged(decodes, evidence(failed)).text.en == text.en
    for rule in (resolution, sharpness, exposure, not_recaptured):
        assert "（文件未能解码出画面）" in judged(rule, evidence(failed)).text.zh
        assert "(no picture could be decoded)" in judged(rule, evidence(failed)).text.en


def test_only_so_many_bad_stretches_are_listed_and_the_longest_stay() -> None:
    series = (SOFT, SHARP) * 20 + (SOFT,) * 9
    finding = judged(sharpness, evidence(exhibit(usable(len(series), sharpness=series))))
    assert len(finding.spans) == MOST_SPANS
    assert finding.spans[-1] == (40.0, 49.0)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"luma": (0.1,) * 10}, Answer.MET),
        ({"luma": (0.09,) * 10}, Answer.NOT_MET),
        ({"luma": (0.91,) * 10}, Answer.NOT_MET),
        ({"dark": (0.5,) * 10}, Answer.MET),
        ({"dark": (0.51,) * 10}, Answer.NOT_MET),
        ({"bright": (0.51,) * 10}, Answer.NOT_MET),
        ({"bright": (0.51,) * 3 + (0.0,) * 7}, Answer.MET),
        ({"bright": (0.51,) * 4 + (0.0,) * 6}, Answer.NOT_MET),
    ],
)
def test_light_and_clipping_decide_the_exposure(change: dict[str, tuple[float, ...]], answer: Answer) -> None:
    finding = judged(exposure, evidence(exhibit(usable(10, **change))))
    assert finding.answer is answer
    assert "要求 70%" in finding.text.zh
    assert "required 70%" in finding.text.en


@pytest.mark.parametrize("rule", [sharpness, exposure])
def test_quality_that_was_not_measured_cannot_be_told_and_says_why(rule: object) -> None:
    judge = sharpness if rule is sharpness else exposure
    hole = UnmeasuredFact(of=("usability",), code="frames.none", detail="no frame was decoded")
    finding = judged(judge, evidence(exhibit(hole)))
    assert finding.answer is Answer.CANNOT_TELL
    assert finding.missing == "observation.usability"
    assert "frames.none" in finding.text.zh
    assert "no frame was decoded" in finding.text.en


@pytest.mark.parametrize(
    ("likelihood", "answer"),
    [
        (0.0, Answer.MET),
        (0.1, Answer.MET),
        (0.11, Answer.CANNOT_TELL),
        (0.89, Answer.CANNOT_TELL),
        (0.9, Answer.NOT_MET),
    ],
)
def test_filming_off_a_screen_is_called_out_and_cleared_with_the_same_certainty(
    likelihood: float, answer: Answer
) -> None:
    finding = judged(not_recaptured, evidence(exhibit(recapture(likelihood))))
    assert finding.answer is answer
    assert f"{likelihood:.0%}" in finding.text.zh
    assert "moire" in finding.text.en


def test_signs_of_filming_off_a_screen_that_were_not_looked_for_cannot_be_told() -> None:
    assert judged(not_recaptured, evidence(exhibit(media=VIDEO))).missing == "observation.recapture"
