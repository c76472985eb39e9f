"""Pieces of sentences in both languages, and what kinds of facts are called in texts for people."""

from typing import NamedTuple


class Words(NamedTuple):
    """A piece of a sentence in both languages. What leaves judging is a `Say`, which is checked: its pieces are not."""

    zh: str
    en: str


NOTHING = Words("", "")
"""Where a sentence does without the piece."""

_NAMES = {
    "container": Words(zh="文件结构", en="the structure of the file"),
    "edit_list": Words(zh="编辑列表", en="edit lists"),
    "timestamp_gap": Words(zh="时间戳间断", en="gaps in the timestamps"),
    "tool_tag": Words(zh="软件标记", en="the tags of the writing program"),
    "reencode_hint": Words(zh="二次编码痕迹", en="traces of re-encoding"),
    "provenance": Words(zh="来源凭证（C2PA）", en="content credentials (C2PA)"),
    "capture_time": Words(zh="拍摄时间", en="the time of capture"),
    "decode": Words(zh="解码情况", en="how far the file decodes"),
    "break": Words(zh="画面中断", en="breaks of the recording"),
    "take": Words(zh="连续镜头", en="continuous takes"),
    "continuity": Words(zh="画面连续性", en="the continuity of the recording"),
    "usability": Words(zh="画面质量", en="the quality of the picture"),
    "fingerprint": Words(zh="画面指纹", en="fingerprints of the picture"),
    "code": Words(zh="条码", en="barcodes"),
    "text": Words(zh="印刷文字", en="printed text"),
    "challenge": Words(zh="动态验证码", en="the challenge code"),
    "parcel": Words(zh="包裹的位置", en="where the parcel is"),
    "face": Words(zh="包裹各面", en="the faces of the parcel"),
    "stage": Words(zh="开箱阶段", en="the stages of the opening"),
    "seal": Words(zh="开场时的封口状态", en="the state of the seal at the start"),
    "absence": Words(zh="包裹离开画面的情况", en="when the parcel is out of view"),
    "identity": Words(zh="中断前后是否同一包裹", en="whether the parcel is the same after a gap"),
    "item": Words(zh="商品比对", en="the comparison of the item"),
    "quantity": Words(zh="商品数量", en="the number of items"),
    "weight": Words(zh="称重读数", en="a weight on a scale"),
    "inspection": Words(zh="验货过程", en="the inspection of the item"),
    "defect_match": Words(zh="所称瑕疵的比对", en="the comparison of the claimed defect"),
    "recapture": Words(zh="翻拍迹象", en="signs of filming off a screen"),
}


def fact_name(kind: str) -> Words:
    """The name of a kind of fact in both languages; the bare kind if it has none yet."""
    return _NAMES.get(kind) or Words(zh=kind, en=kind)
