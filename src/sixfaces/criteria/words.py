"""What kinds of facts are called in texts for people."""

from sixfaces.domain.model import Say

_NAMES = {
    "container": Say(zh="文件结构", en="the structure of the file"),
    "edit_list": Say(zh="编辑列表", en="edit lists"),
    "timestamp_gap": Say(zh="时间戳间断", en="gaps in the timestamps"),
    "tool_tag": Say(zh="软件标记", en="the tags of the writing program"),
    "reencode_hint": Say(zh="二次编码痕迹", en="traces of re-encoding"),
    "provenance": Say(zh="来源凭证（C2PA）", en="content credentials (C2PA)"),
    "capture_time": Say(zh="拍摄时间", en="the time of capture"),
    "decode": Say(zh="解码情况", en="how far the file decodes"),
    "break": Say(zh="画面中断", en="breaks of the recording"),
    "take": Say(zh="连续镜头", en="continuous takes"),
    "continuity": Say(zh="画面连续性", en="the continuity of the recording"),
    "usability": Say(zh="画面质量", en="the quality of the picture"),
    "fingerprint": Say(zh="画面指纹", en="fingerprints of the picture"),
    "code": Say(zh="条码", en="barcodes"),
    "text": Say(zh="印刷文字", en="printed text"),
    "challenge": Say(zh="动态验证码", en="the challenge code"),
    "parcel": Say(zh="包裹的位置", en="where the parcel is"),
    "face": Say(zh="包裹各面", en="the faces of the parcel"),
    "stage": Say(zh="开箱阶段", en="the stages of the opening"),
    "seal": Say(zh="开场时的封口状态", en="the state of the seal at the start"),
    "absence": Say(zh="包裹离开画面的情况", en="when the parcel is out of view"),
    "identity": Say(zh="中断前后是否同一包裹", en="whether the parcel is the same after a gap"),
    "item": Say(zh="商品比对", en="the comparison of the item"),
    "quantity": Say(zh="商品数量", en="the number of items"),
    "weight": Say(zh="称重读数", en="a weight on a scale"),
    "inspection": Say(zh="验货过程", en="the inspection of the item"),
    "defect_match": Say(zh="所称瑕疵的比对", en="the comparison of the claimed defect"),
    "recapture": Say(zh="翻拍迹象", en="signs of filming off a screen"),
}


def fact_name(kind: str) -> Say:
    """The name of a kind of fact in both languages; the bare kind if it has none yet."""
    return _NAMES.get(kind) or Say(zh=kind, en=kind)
