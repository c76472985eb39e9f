"""The exhibits as pages: one PDF, or each page as a picture. Set by typst with our own font; the same content gives the
same bytes."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.channel import Channel
from sixfaces.domain.errors import PackError
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.model import Say
from sixfaces.domain.pack import LeftOut
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.domain.rules import Finding
from sixfaces.report.clocks import clock, size, stretches
from sixfaces.report.decisive import decisive
from sixfaces.report.label import own_file
from sixfaces.report.packs.shots import Shot
from sixfaces.report.packs.statement import points_of
from sixfaces.report.packs.wording import CHECK_DIGEST, CHECK_PACK, COUNT, MASKED, NOT_MASKED, SUBHEADING, WORDS, Behind
from sixfaces.report.page import Language
from sixfaces.report.timeline import timeline
from sixfaces.report.visible import visible, whole
from sixfaces.report.words import CRITERION, RULE, VERDICT

ANSWER_OF = {Verdict.ACCEPTED: Answer.MET, Verdict.REJECTED: Answer.NOT_MET, Verdict.NEEDS_REVIEW: Answer.CANNOT_TELL}
LONGEST_NAME = 60


class Sheets(NamedTuple):
    """What stands on the pages. `pictures` holds the bytes of each shot by its path; shots without bytes are left out.
    `left_out` is told at the end. `behind`: what the words may claim."""

    report: Report
    case: CaseFile | None
    channel: Channel
    shots: Sequence[Shot]
    net: Sequence[Shot]
    pictures: Mapping[str, bytes]
    made: date
    left_out: Sequence[LeftOut] = ()
    grey: bool = False
    masked: bool = True
    behind: Behind = Behind.NOBODY


def sheets_pdf(sheets: Sheets, *, language: Language, archival: bool = False) -> bytes:
    """The pages as PDF; `archival` as PDF/A-2b. Raises PackError `pack.no_typst` without the extra `pdf`, and
    `pack.picture` where a picture cannot be set."""
    (made,) = _compiled(sheets, "pdf", language=language, standards=["a-2b"] if archival else [])
    return made


def sheets_png(sheets: Sheets, *, language: Language, dpi: float) -> list[bytes]:
    """Each page as PNG. Raises as `sheets_pdf`."""
    return _compiled(sheets, "png", language=language, dpi=dpi)


def _compiled(
    sheets: Sheets, form: Literal["pdf", "png"], *, language: Language, standards: Sequence[Any] = (), dpi: float = 144
) -> list[bytes]:
    try:
        import typst
    except ImportError as exc:
        raise PackError(
            "pack.no_typst",
            Say(zh="未安装生成 PDF 的组件。", en="What makes PDF files is not installed."),
            Say(zh="请安装 sixfaces[pdf]。", en="Install sixfaces[pdf]."),
        ) from exc
    with tempfile.TemporaryDirectory(prefix="sixfaces-pack-") as named:
        folder = Path(named)
        names = {path: f"{number:03d}.jpg" for number, path in enumerate(sorted(sheets.pictures))}
        for path, name in names.items():
            (folder / name).write_bytes(sheets.pictures[path])
        (folder / "pack.typ").write_bytes(Path(own_file("templates/pack.typ")).read_bytes())
        told = {"data": json.dumps(_data(sheets, names, language), ensure_ascii=False)}
        try:
            made = typst.compile(
                str(folder / "pack.typ"), root=named, font_paths=[own_file("fonts")], ignore_system_fonts=True,
                sys_inputs=told, format=form, ppi=dpi, pdf_standards=list(standards),
            )  # fmt: skip
        except typst.TypstError as exc:
            raise PackError(
                "pack.picture",
                Say(zh="有图片无法排入页面。", en="A picture cannot be set on the pages."),
                Say(zh="请重新核验该售后单后再试。", en="Verify the case again, and try once more."),
            ) from exc
    return list(made) if isinstance(made, list) else [bytes(made or b"")]


def _data(sheets: Sheets, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    report = sheets.report
    points = points_of(report)
    met = sum(one.answer is Answer.MET for one in points)
    video = main_video(report)
    words = {name: getattr(say, language) for name, say in WORDS.items()}
    return {
        "lang": language,
        "grey": sheets.grey,
        "made": [sheets.made.year, sheets.made.month, sheets.made.day],
        "title": f"{words['heading']} {_short(report.case_id)}",
        "heading": words["heading"],
        "subheading": getattr(SUBHEADING[sheets.behind], language),
        "header_left": f"{words['case']} {_short(report.case_id)}",
        "header_right": f"{getattr(sheets.channel.title, language)} · {sheets.made.isoformat()}",
        "footer": getattr(MASKED if sheets.masked else NOT_MASKED, language),
        "facts": _facts(sheets, video, language),
        "verdict": {
            "answer": ANSWER_OF[report.verdict].value,
            "text": getattr(VERDICT[report.verdict], language),
            "count": getattr(COUNT, language).format(met, len(points)),
        },
        "criteria": [
            {"name": getattr(CRITERION[name], language), **_criterion(points, name, words)} for name in report.criteria
        ],
        "timeline": _timeline(report, video, language),
        "points": [
            {
                "answer": one.answer.value,
                "title": getattr(RULE[one.code], language),
                "text": whole(getattr(one.text, language)),
                "when": _when(one, language),
            }
            for one in points
        ],
        "net": _net(sheets, names, language),
        "shots": [_picture(one, names, language) for one in sheets.shots if one.path in names],
        "originals": [
            {"name": _short(view.name), "size": size(view.bytes), "sha256": view.sha256} for view in report.exhibits
        ],
        "check": [getattr(one[sheets.behind], language) for one in (CHECK_DIGEST, CHECK_PACK)],
        "left_out": [f"{getattr(one.what, language)}: {getattr(one.why, language)}" for one in sheets.left_out],
        "words": words,
    }


def main_video(report: Report) -> ExhibitView | None:
    """The video whose timeline is drawn: that of most stages, the longest among equals."""
    videos = [view for view in report.exhibits if view.medium is Medium.VIDEO and view.media is not None]
    return max(videos, key=lambda one: (len(one.stages), one.bytes), default=None)


def _criterion(points: Sequence[Finding], name: str, words: Mapping[str, str]) -> dict[str, str]:
    """How many of a criterion's points that count are met; it is no better than its worst."""
    own = [one.answer for one in points if one.code.criterion == name]
    worst = next(
        (a for a in (Answer.NOT_MET, Answer.CANNOT_TELL) if a in own), Answer.MET if own else Answer.CANNOT_TELL
    )
    return {"answer": worst.value, "said": f"{own.count(Answer.MET)}/{len(own)} {words['met']}"}


def _facts(sheets: Sheets, video: ExhibitView | None, language: Language) -> list[list[str]]:
    case, none = sheets.case, "–"
    media = video.media if video is not None else None
    length = clock(media.duration_s) if media is not None and media.duration_s is not None else none
    film = none if media is None else f"{length} · {media.width}×{media.height}"
    stated = {
        "case": sheets.report.case_id,
        "order": (case.order.order_id if case else None) or none,
        "claim": (case.claim.claim_id if case else None) or none,
        "waybill": (case.return_parcel.waybill if case else None) or none,
        "footage": film,
        "policy": f"{sheets.report.rulebook.policy} {sheets.report.rulebook.version}",
    }
    return [[getattr(WORDS[name], language), _short(value)] for name, value in stated.items()]


def _timeline(report: Report, video: ExhibitView | None, language: Language) -> dict[str, Any] | None:
    lanes = timeline(video, decisive(report)) if video is not None else ()
    if not lanes:
        return None
    first = {lane.name.en: lane for lane in reversed(lanes) if lane.kind == "ribbon"}
    ribbons = [lane for lane in lanes if lane is first.get(lane.name.en)]
    return {
        "lanes": [
            {
                "name": getattr(lane.name, language),
                "marks": [
                    {
                        "x": mark.x,
                        "width": mark.width,
                        "style": mark.style,
                        "label": getattr(mark.label, language) if mark.label else "",
                    }
                    for mark in lane.marks
                ],
            }
            for lane in ribbons
        ],
        "ticks": [{"x": mark.x, "text": mark.tip.en} for lane in lanes if lane.kind == "ticks" for mark in lane.marks],
    }


def _when(finding: Finding, language: Language) -> str:
    """Its moments, unless its own sentence tells them."""
    told: str = getattr(finding.text, language)
    found = stretches(finding)[:2]
    return "" if any(one in told for one in found) else ", ".join(found)


def _net(sheets: Sheets, names: Mapping[str, str], language: Language) -> dict[str, Any] | None:
    found = {one.face.value: _picture(one, names, language) for one in sheets.net if one.face and one.path in names}
    return found or None


def _picture(shot: Shot, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    caption = getattr(shot.caption, language)
    at = f"{clock(shot.at_s)} " if shot.face is not None and shot.at_s is not None else ""
    return {"file": names[shot.path], "caption": f"{at}{caption}"}


def _short(text: str) -> str:
    return visible(text, longest=LONGEST_NAME)
