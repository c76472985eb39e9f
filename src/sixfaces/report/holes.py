"""What was not measured, in words: holes with one and the same reason are said once."""

from collections.abc import Iterable

from sixfaces.domain.model import Say
from sixfaces.domain.report import HoleView
from sixfaces.report.visible import visible

MEASURED = {
    "container": Say(zh="文件结构", en="file structure"),
    "provenance": Say(zh="来源凭证", en="content credentials"),
    "capture_time": Say(zh="拍摄时间", en="time of capture"),
    "edit_list": Say(zh="剪辑列表", en="edit lists"),
    "timestamp_gap": Say(zh="时间戳间断", en="timestamp gaps"),
    "tool_tag": Say(zh="软件标记", en="software tags"),
    "reencode_hint": Say(zh="重新编码迹象", en="signs of re-encoding"),
    "moment": Say(zh="关键画面", en="key moments"),
    "decode": Say(zh="解码情况", en="decoding"),
    "break": Say(zh="画面中断", en="breaks"),
    "take": Say(zh="镜头", en="takes"),
    "continuity": Say(zh="连续性", en="continuity"),
    "usability": Say(zh="画面质量", en="picture quality"),
    "fingerprint": Say(zh="画面指纹", en="fingerprints"),
    "code": Say(zh="条码", en="barcodes"),
    "text": Say(zh="印刷文字", en="printed text"),
    "challenge": Say(zh="动态验证码", en="challenge code"),
    "parcel": Say(zh="包裹", en="parcel"),
    "face": Say(zh="六个面", en="six faces"),
    "stage": Say(zh="拆封阶段", en="stages"),
    "seal": Say(zh="封口", en="seal"),
    "absence": Say(zh="离开画面", en="absences"),
    "identity": Say(zh="包裹同一性", en="identity"),
    "item": Say(zh="商品", en="item"),
    "quantity": Say(zh="数量", en="quantity"),
    "weight": Say(zh="重量", en="weight"),
    "inspection": Say(zh="验货", en="inspection"),
    "defect_match": Say(zh="瑕疵比对", en="claimed defect"),
    "recapture": Say(zh="翻拍迹象", en="signs of re-filming"),
}
"""Kinds of facts as headings; a kind that has none yet stands as it is."""


def holes(views: Iterable[HoleView]) -> tuple[Say, ...]:
    """One line for each reason, with everything it kept from being measured."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for view in views:
        grouped.setdefault((view.code, view.detail), []).extend(view.of)
    lines = []
    for (code, detail), kinds in grouped.items():
        named = [MEASURED.get(kind) or Say(zh=kind, en=kind) for kind in dict.fromkeys(kinds)]
        why = f"{visible(code)}: {visible(detail)}" if detail else visible(code)
        lines.append(
            Say(
                zh=f"{'、'.join(n.zh for n in named)}（{why}）",
                en=f"{', '.join(n.en for n in named)} ({why})",
            )
        )
    return tuple(lines)
