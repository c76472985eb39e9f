"""What people call the things that records name by codes: kinds of facts, reasons why some were not measured, limits.

One table of each for judging and for rendering, so that a finding and the page speak of one thing by one name. Reasons
are clauses that stand in brackets behind what was not measured.
"""

from sixfaces.domain.model import Say

KINDS = {
    "container": Say(zh="文件结构", en="the structure of the file"),
    "edit_list": Say(zh="编辑列表", en="edit lists"),
    "timestamp_gap": Say(zh="时间戳间断", en="gaps in the timestamps"),
    "tool_tag": Say(zh="软件标记", en="the tags of the writing program"),
    "reencode_hint": Say(zh="二次编码痕迹", en="traces of re-encoding"),
    "provenance": Say(zh="来源凭证（C2PA）", en="content credentials (C2PA)"),
    "capture_time": Say(zh="拍摄时间", en="the time of capture"),
    "decode": Say(zh="解码情况", en="how far the file decodes"),
    "break": Say(zh="画面中断", en="breaks of the recording"),
    "take": Say(zh="一镜的起止", en="where each take starts and ends"),
    "continuity": Say(zh="画面连续性", en="the continuity of the recording"),
    "usability": Say(zh="画面质量", en="the quality of the picture"),
    "fingerprint": Say(zh="画面指纹", en="fingerprints of the picture"),
    "groups": Say(zh="画面组的根哈希", en="the root over groups of pictures"),
    "regions": Say(zh="画面局部特征", en="regions of pictures"),
    "moment": Say(zh="关键画面", en="pictures of key moments"),
    "code": Say(zh="条码", en="barcodes"),
    "text": Say(zh="印刷文字", en="printed text"),
    "challenge": Say(zh="动态验证码", en="the challenge code"),
    "parcel": Say(zh="包裹的位置", en="where the parcel is"),
    "face": Say(zh="包裹的六个面", en="the six faces of the parcel"),
    "stage": Say(zh="拆包阶段", en="the stages of the unboxing"),
    "seal": Say(zh="开场时的封口状态", en="the state of the seal at the start"),
    "absence": Say(zh="包裹是否离开画面", en="when the parcel is out of view"),
    "identity": Say(zh="中断前后是否为同一包裹", en="whether the parcel is the same after a gap"),
    "item_view": Say(zh="商品的画面", en="views of the item"),
    "item": Say(zh="商品与订单的比对", en="how the item compares with the order"),
    "quantity": Say(zh="商品数量", en="the number of items"),
    "weight": Say(zh="称重读数", en="a weight on a scale"),
    "inspection": Say(zh="验货过程", en="the inspection of the item"),
    "defect_match": Say(zh="所称瑕疵的比对", en="how the item compares with the claimed defect"),
    "recapture": Say(zh="翻拍迹象", en="signs of filming off a screen"),
    "packed_box": Say(zh="箱子与打包视频的比对", en="how the box compares with the packing video"),
    "packed_item": Say(zh="商品与打包视频的比对", en="how the item compares with the packing video"),
}
"""Kinds of facts, as they stand behind "not measured:"."""

MADE = {
    "masked_pictures": Say(zh="供无权查看个人信息者使用的图片", en="pictures for those who may not see personal data"),
}
"""What else is made of an exhibit, and may be missing."""

UNDECODED = Say(zh="文件未能解码出画面", en="no picture could be decoded")
"""Why nothing at all was measured; `validity.decodes` alone tells the whole reason."""

HOLES = {
    "observer_absent": Say(zh="本版本尚不能自动测量", en="this version does not measure it yet"),
    "observer_failed": Say(zh="测量程序出错", en="the measuring program failed"),
    "too_many_facts": Say(zh="数量过多，只保留了前面的部分", en="there are too many to keep them all"),
    "structure_unread": Say(zh="文件结构未能完整读出", en="the structure of the file could not be read in full"),
    "c2pa_missing": Say(
        zh="文件带有来源凭证，但本机未安装读取组件 c2pa-python",
        en="the file carries some, but the package that reads them, c2pa-python, is not installed",
    ),
    "c2pa_unreadable": Say(zh="文件带有来源凭证，但无法读取", en="the file carries some, but they cannot be read"),
    "ocr_missing": Say(zh="本机未安装文字识别组件 sixfaces[ocr]", en="OCR, the extra sixfaces[ocr], is not installed"),
    "not_needed": Say(zh="已读到条码，无需识别文字", en="a barcode was read, so print was not needed"),
    "nothing_to_read": Say(zh="画面中没有像面单的区域", en="nothing in the picture looks like a label"),
    "parcel_not_found": Say(zh="画面中未找到包裹", en="no parcel was found in the footage"),
    "item_unclear": Say(zh="画面中未能辨认出商品", en="the item could not be made out in the footage"),
    "no_frames": Say(zh="没有解码出可供读取的画面", en="no frame to read was decoded"),
    "no_item_views": Say(zh="拆包后没有拍到清楚的商品画面", en="no clear view of the item out of the parcel was found"),
    "no_packed_faces": Say(
        zh="打包视频中没有可供比对的清晰箱面", en="no face of a box is seen clearly enough in the packing video"
    ),
    "no_returned_faces": Say(
        zh="拆包视频中没有可供比对的清晰箱面", en="no face of the box is seen clearly enough in the unboxing"
    ),
    "no_packed_views": Say(
        zh="打包视频中没有拍到清楚的商品画面", en="no clear view of an item is in the packing video"
    ),
    "too_many_packings": Say(zh="打包视频过多，只比对了前面的部分", en="there are too many packing videos"),
    "too_many_references": Say(zh="参考图过多，只比对了前面的部分", en="there are too many reference images"),
    "item_model_broken": Say(zh="自备的商品模型无法使用", en="the installation's own item model cannot be used"),
    "intake.reference_missing": Say(zh="找不到参考图", en="a reference image is not there"),
    "intake.reference_outside": Say(
        zh="参考图不在售后单文件所在的文件夹内", en="a reference image lies outside the case file's folder"
    ),
    "intake.reference_too_large": Say(zh="参考图文件过大", en="a reference image is too large"),
    "intake.reference_format": Say(zh="参考图不是可读的照片格式", en="a reference image is no photo that is read"),
    "reference_unreadable": Say(zh="参考图无法解码", en="a reference image cannot be decoded"),
    "not_masked": Say(
        zh="脱敏程序出错，相关图片只对有权查看个人信息者显示",
        en="masking failed, and pictures are shown only to those who may see personal data",
    ),
    "not_all_masked": Say(
        zh="部分图片未能脱敏，只对有权查看个人信息者显示",
        en="not all could be masked, and the others are shown only to those who may see personal data",
    ),
    "challenge.malformed": Say(zh="画面中的动态验证码残缺或有误", en="the challenge code in the picture is damaged"),
    "media.wall": Say(zh="处理超时", en="it took longer than one file may"),
    "media.cpu": Say(zh="计算用时超过上限", en="it took more computing time than one file may"),
    "media.memory": Say(zh="所需内存超过上限", en="it needs more memory than one file may take"),
    "media.output": Say(zh="解码产生的数据超过上限", en="decoding produced more than one file may"),
    "media.crashed": Say(zh="解码器在读取此文件时崩溃", en="the decoder crashed on this file"),
    "media.protocol": Say(zh="解码进程异常，已被终止", en="the decoding process misbehaved and was stopped"),
    "media.internal": Say(zh="测量程序出错", en="the measuring program failed"),
    "media.changed": Say(zh="文件在接收后被移走或改动", en="the file was moved or changed after it was accepted"),
    "media.empty": Say(zh="文件为空", en="the file is empty"),
    "media.format": Say(zh="不接受这种文件格式", en="this format is not accepted"),
    "media.undecodable": UNDECODED,
    "media.no_picture": Say(zh="文件里没有视频画面", en="the file has no moving pictures"),
    "media.limits": Say(zh="文件超出处理上限", en="the file is larger than is processed"),
}
"""Why facts were not measured, by the codes of `UnmeasuredFact` and `MediaFailure`."""

IDENTIFIED = {
    "waybill_code": Say(zh="面单条码", en="the waybill's code"),
    "label": Say(zh="面单上的文字细节", en="the small print of the waybill label"),
    "proportions": Say(zh="箱体长宽高比例", en="the proportions of the box"),
    "faces": Say(zh="箱面印刷", en="the print on its faces"),
    "marks": Say(zh="箱面上的胶带、贴纸等痕迹", en="tape, stickers and marks on its faces"),
    "print_only": Say(
        zh="箱面印刷一致，但同款纸箱印刷都相同", en="the same print, which all cartons of that kind bear"
    ),
    "contradictory": Say(zh="有的细节一致，有的不一致", en="some details agree and some do not"),
    "not_comparable": Say(
        zh="中断前后没有可供比对的清晰箱面", en="no face is seen clearly enough on both sides of the gap"
    ),
}
"""By what a parcel was known again, or was not, by the codes of `IdentityFact.by`."""

PACKED = {
    "waybill_code": Say(zh="发货面单的条码", en="the code of the waybill that went out"),
    "label": Say(zh="发货面单上的文字细节", en="the small print of the label that went out"),
    "own_marks": Say(zh="箱面自身的污渍、折痕与纹理", en="stains, creases and grain of its own board"),
    "faces": Say(zh="箱面印刷", en="the print on its faces"),
    "print_only": Say(
        zh="箱面印刷一致，但同款纸箱印刷都相同", en="the same print, which all cartons of that kind bear"
    ),
    "marks_differ": Say(
        zh="印刷一致，但未找到发货时箱面自身的痕迹",
        en="the same print, but the box's own marks were not found again",
    ),
    "item_print": Say(zh="商品上的印刷", en="the print on the item"),
    "item_looks": Say(
        zh="商品上部分印刷一致，但未能全部对上", en="some print on the item agrees, but not all of it is seen"
    ),
    "item_other_print": Say(
        zh="商品上没有相同的印刷，可能是不同的面", en="no print in common, which may be of other sides"
    ),
    "not_comparable": Say(zh="没有足够清楚的画面可供比对", en="too little is seen clearly enough on both sides"),
}
"""By what a box or an item was known again as packed, or was not, by the codes of `PackedBoxFact.by`."""

TECHNICAL = frozenset(
    (
        *("observer_failed", "not_masked", "not_all_masked", "structure_unread", "c2pa_unreadable", "too_many_facts"),
        *("too_many_references", "item_model_broken", "reference_unreadable", "intake.reference_missing"),
        *("intake.reference_outside", "intake.reference_too_large", "intake.reference_format"),
    )
)
"""Holes whose `detail` tells an engineer more than the words: the page shows it behind them."""

STOPS = {
    "frame_limit": Say(zh="帧数达到上限", en="the limit on frames"),
    "packet_limit": Say(zh="数据包数达到上限", en="the limit on packets"),
    "error_limit": Say(zh="损坏过多", en="too much damage"),
    "time_limit": Say(zh="处理时间达到上限", en="the time limit for one file"),
    "picture_size": Say(zh="画面尺寸中途变得过大", en="pictures that grow too large"),
    "memory": Say(zh="所需内存超过上限", en="the memory limit for one file"),
}
"""What ended decoding before the file did, by `DecodeFact.stopped_by`; in English behind "stopped by"."""


def kind_name(kind: str) -> Say:
    """What a kind of fact is called; the bare kind if it has no name yet."""
    return KINDS.get(kind) or MADE.get(kind) or Say(zh=kind, en=kind)


def packed_by(code: str) -> Say:
    """By what a box or an item was compared with a packing video; an unknown code stands for itself."""
    return PACKED.get(code) or Say(zh=code, en=code)


def identified_by(code: str) -> Say:
    """By what a parcel was known again; an unknown code stands for itself."""
    return IDENTIFIED.get(code) or Say(zh=code, en=code)
