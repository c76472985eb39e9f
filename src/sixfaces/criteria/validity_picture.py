"""Validity 有效性 of what is to be seen: decodes, resolution, not filmed off a screen; see `validity_usability`."""

from sixfaces.criteria.answering import TOLERANCE, Witness, cannot_tell, cites, met, not_met, short, unmeasured
from sixfaces.criteria.moments import count
from sixfaces.criteria.rule import PICTURES, Rule
from sixfaces.criteria.sureness import stopped
from sixfaces.criteria.validity_usability import USABILITY_RULES
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import MediaInfo, Medium
from sixfaces.domain.facts import DecodeFact
from sixfaces.domain.model import Say
from sixfaces.domain.naming import UNDECODED
from sixfaces.domain.parcel_facts import RecaptureFact
from sixfaces.domain.policy import PictureThresholds, Policy
from sixfaces.domain.rules import Finding, RuleCode

FROM_SOURCE = Say(
    zh="请从录像设备重新导出完整文件（不要截取、不要中断传输）后再提交。",
    en="Export the whole file from the recorder again (no excerpt, no broken transfer) and hand it in.",
)
LARGER = Say(
    zh="请提交录像设备的原始文件；聊天软件转发会压缩画面，应以文件方式发送，并调高设备的分辨率与帧率。",
    en="Hand in the recorder's original file: chat apps shrink footage, so send it as a file; "
    "raise the recorder's resolution and frame rate.",
)
OFF_SCREEN = Say(
    zh="请提交拍摄设备中的原始文件，不要对着屏幕或打印件翻拍。",
    en="Hand in the original file from the camera instead of filming a screen or a print.",
)


OUR_FAILURES = frozenset({"media.internal", "media.wall", "media.changed"})
"""Failures that say nothing about the file: no process could be started, the machine was too busy, the bytes were
moved away. They must never reject honest evidence."""


def decodes(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.decodes`: the file plays, to its end, nearly without damage (D9, D18).

    1. Nothing could be decoded, or a still picture stands in for a video: not met, with the reason. Where this
       installation failed, not the file, it cannot be told.
    2. Frames cover the time that the header claims. Where one of our limits stopped decoding, that is not the file's
       fault: it cannot be told.
    3. Few of the frames are damaged.
    """
    code = RuleCode.DECODES
    found = seen.of(DecodeFact)
    failure = seen.record.failure
    # 1.
    if not found and failure is not None and seen.media is None:
        if failure.code in OUR_FAILURES:
            return cannot_tell(
                code, seen, value=failure.code, fix=failure.fix,
                zh=f"本系统未能测量该文件，并非文件的过错：{short(failure.text.zh)}。",
                en=f"This installation could not measure the file, which is not the file's fault: "
                f"{_inside(failure.text.en)}.",
            )  # fmt: skip
        return not_met(
            code, seen, value=failure.code, fix=failure.fix,
            zh=f"文件无法解码：{short(failure.text.zh.removeprefix('文件无法解码：'))}。",
            en=f"The file could not be decoded: {_inside(failure.text.en)}.",
        )  # fmt: skip
    if seen.exhibit.role.is_video and seen.exhibit.medium is Medium.PHOTO:
        return not_met(
            code, seen, value=seen.exhibit.medium.value, threshold=Medium.VIDEO.value, fix=FROM_SOURCE,
            zh=f"以视频提交的文件其实是一张照片（{short(seen.exhibit.format)}）。",
            en=f"The file handed in as a video is one photo ({short(seen.exhibit.format)}).",
        )  # fmt: skip
    if not found:
        return unmeasured(code, seen, DecodeFact, fix=FROM_SOURCE)
    cited = cites(o for o, _ in found)
    decoded = found[0][1]
    if decoded.frames == 0:
        return not_met(
            code, seen, cites=cited, value=0, unit="frames", fix=FROM_SOURCE,
            zh="文件中没有任何可解码的画面。", en="Not one frame of the file could be decoded.",
        )  # fmt: skip
    # 2.
    least = policy.thresholds.picture.decoded_share
    share = min(1.0, decoded.covered_s / decoded.expected_s) if decoded.expected_s else 1.0
    if share < least - TOLERANCE:
        return _cut_short(code, seen, decoded=decoded, measure=(share, least, cited))
    # 3.
    most = policy.thresholds.picture.corrupt_share
    corrupt = decoded.corrupt_frames / decoded.frames
    told: Witness = {"cites": cited, "value": corrupt, "threshold": most, "margin": most - corrupt, "unit": "1"}
    if seen.exhibit.medium is Medium.PHOTO and decoded.frames == 1 and not decoded.corrupt_frames:
        return met(code, seen, zh="照片可以完整解码。", en="The photo decodes in full.", **told)
    zh = f"共解码 {decoded.frames} 帧，其中 {decoded.corrupt_frames} 帧损坏（{corrupt:.1%}，上限 {most:.1%}）"
    frames = count(decoded.frames, "frame")
    en = f"{frames} decoded, {decoded.corrupt_frames} of them damaged ({corrupt:.1%}, at most {most:.1%})"
    if corrupt > most + TOLERANCE:
        return not_met(code, seen, zh=f"{zh}。", en=f"{en}.", fix=FROM_SOURCE, **told)
    return met(
        code, seen, zh=f"{zh}，画面覆盖标称时长的 {share:.1%}。", en=f"{en}; they cover {share:.1%} of the claimed "
        "time.", **told
    )  # fmt: skip


def _inside(text: str) -> str:
    """A failure's sentence behind a colon: without the words that stand before it already."""
    bare = short(text.removeprefix("The file could not be decoded: "))
    return bare[:1].lower() + bare[1:] if bare[1:2].islower() else bare


def _cut_short(
    code: RuleCode, seen: ExhibitEvidence, *, decoded: DecodeFact, measure: tuple[float, float, tuple[str, ...]]
) -> Finding:
    """2. Too little of the claimed time is covered: the file is torn, or our limits stopped us."""
    share, least, cited = measure
    told: Witness = {"cites": cited, "value": share, "threshold": least, "margin": share - least, "unit": "1"}
    zh = (
        f"文件标称 {decoded.expected_s or 0:.1f} 秒，只有 {decoded.covered_s:.1f} 秒可解码（{share:.1%}，要求 "
        f"{least:.1%}）"
    )
    en = (
        f"The file claims {decoded.expected_s or 0:.1f} s, but only {decoded.covered_s:.1f} s could be decoded "
        f"({share:.1%}, required {least:.1%})"
    )
    if decoded.stopped_by:
        why = stopped(decoded.stopped_by)
        return cannot_tell(
            code, seen, zh=f"{zh}；{why.zh}。", en=f"{en}; {why.en}.",
            fix=Say(
                zh="请人工查看，或由管理员提高解码上限后重新核验。",
                en="Let a person look, or let an administrator raise the decoding limits and verify again.",
            ),
            **told,
        )  # fmt: skip
    return not_met(code, seen, zh=f"{zh}。", en=f"{en}.", fix=FROM_SOURCE, **told)


def resolution(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.resolution`: the picture is large enough, and a video has enough frames a second (D9).

    Of several measures the first that fails speaks; if none does, the short side, which is the tightest for print.
    """
    code = RuleCode.RESOLUTION
    media = seen.media
    if media is None:
        why = UNDECODED if seen.record.failure else Say(zh="没有媒体信息", en="nothing is known of the medium")
        return cannot_tell(
            code, seen, zh=f"画面尺寸未知（{why.zh}）。", en=f"The size of the picture is unknown ({why.en}).",
            fix=FROM_SOURCE, missing="observation.media",
        )  # fmt: skip
    if seen.exhibit.role.is_video:
        return _video_size(seen, media, policy.thresholds.picture)
    side, least = min(media.width, media.height), policy.thresholds.picture.photo_short_side_px
    told = _at_least(float(side), float(least), unit="px")
    zh = f"照片 {media.width}×{media.height}，短边要求不小于 {least} 像素。"
    en = f"The photo is {media.width}×{media.height}; its short side must have at least {least} px."
    if side < least:
        return not_met(code, seen, zh=zh, en=en, fix=LARGER, **told)
    return met(code, seen, zh=zh, en=en, **told)


def _video_size(seen: ExhibitEvidence, media: MediaInfo, picture: PictureThresholds) -> Finding:
    """Both sides and the frame rate of a video against what is required."""
    code = RuleCode.RESOLUTION
    rate = Words(zh="帧率未知", en="frame rate unknown")
    if media.fps is not None:
        rate = Words(zh=f"每秒 {media.fps:.1f} 帧", en=f"{media.fps:.1f} frames/s")
    needed = f"{picture.long_side_px}×{picture.short_side_px}"
    zh = f"画面 {media.width}×{media.height}，{rate.zh}；要求至少 {needed}、每秒 {picture.fps:g} 帧。"
    least = f"at least {needed} and {picture.fps:g} frames/s are required"
    en = f"The picture is {media.width}×{media.height}, {rate.en}; {least}."
    shorter, longer = sorted((media.width, media.height))
    measures = [
        _at_least(shorter, picture.short_side_px, unit="px"),
        _at_least(longer, picture.long_side_px, unit="px"),
    ]
    if media.fps is not None:
        measures.append(_at_least(media.fps, picture.fps, unit="1/s"))
    for told in measures:
        if (told["margin"] or 0.0) < -TOLERANCE:
            return not_met(code, seen, zh=zh, en=en, fix=LARGER, **told)
    if media.fps is None:
        unknown = Words(zh=f"{zh}帧率无法核对。", en=f"{en} The frame rate cannot be checked.")
        return cannot_tell(
            code, seen, zh=unknown.zh, en=unknown.en, fix=FROM_SOURCE, threshold=picture.fps, unit="1/s",
            missing="observation.media.fps",
        )  # fmt: skip
    return met(code, seen, zh=zh, en=en, **measures[0])


def _at_least(value: float, least: float, *, unit: str) -> Witness:
    return {"value": value, "threshold": least, "margin": value - least, "unit": unit}


def not_recaptured(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.not_recaptured`: not filmed off a screen or a print. Advisory: what it rests on is a likelihood.

    It takes as much certainty to clear a picture as to call it out; in between nothing is told.
    """
    code = RuleCode.NOT_RECAPTURED
    found = seen.of(RecaptureFact)
    if not found:
        return unmeasured(code, seen, RecaptureFact)
    observation, fact = max(found, key=lambda pair: pair[1].likelihood)
    most = policy.thresholds.original.recapture
    likely = fact.likelihood
    told: Witness = {
        "cites": (observation.id,), "value": likely, "threshold": most, "margin": most - likely, "unit": "1",
    }  # fmt: skip
    signs = f"（{short('、'.join(fact.signs))}）", f" ({short(', '.join(fact.signs))})"
    zh = (
        f"翻拍屏幕或打印件的可能性为 {likely:.0%}（高于 {most:.0%} 视为翻拍，低于 {1 - most:.0%} "
        f"视为正常）{signs[0] if fact.signs else ''}。"
    )
    en = (
        f"The likelihood that a screen or print was filmed is {likely:.0%} (recaptured from {most:.0%}, "
        f"clear below {1 - most:.0%}){signs[1] if fact.signs else ''}."
    )
    if likely >= most - TOLERANCE:
        return not_met(code, seen, zh=zh, en=en, fix=OFF_SCREEN, **told)
    if likely <= 1 - most + TOLERANCE:
        return met(code, seen, zh=zh, en=en, **told)
    return cannot_tell(code, seen, zh=zh, en=en, fix=OFF_SCREEN, **told)


PICTURE_RULES: tuple[Rule, ...] = (
    Rule(RuleCode.DECODES, PICTURES, decodes),
    Rule(RuleCode.RESOLUTION, PICTURES, resolution),
    *USABILITY_RULES,
    Rule(RuleCode.NOT_RECAPTURED, PICTURES, not_recaptured),
)
