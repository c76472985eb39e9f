// Written by api_types.py; edit nothing here.

export const VERDICT = {
  "accepted": {"zh": "证据可以采信", "en": "The evidence is accepted"},
  "rejected": {"zh": "证据不予采信", "en": "The evidence is rejected"},
  "needs_review": {"zh": "需要人工复核", "en": "A person must review this"},
} as const;

export const VERDICT_WHY = {
  "accepted": {"zh": "必需的规则全部满足，其中最要紧的是：", "en": "Every required rule is met. Above all:"},
  "rejected": {"zh": "以下必需的规则不满足：", "en": "These required rules are not met:"},
  "needs_review": {"zh": "没有必需的规则被证明不满足，但以下各项系统无法自动判断，请人工查看：", "en": "No required rule is shown to fail, but these cannot be told automatically; a person has to look:"},
} as const;

export const ANSWER = {
  "met": {"zh": "满足", "en": "met"},
  "not_met": {"zh": "不满足", "en": "not met"},
  "cannot_tell": {"zh": "无法判断", "en": "cannot tell"},
} as const;

export const CRITERION = {
  "consistency": {"zh": "一致性", "en": "Consistency"},
  "completeness": {"zh": "完整性", "en": "Completeness"},
  "validity": {"zh": "有效性", "en": "Validity"},
  "timeliness": {"zh": "时效性", "en": "Timeliness"},
} as const;

export const QUESTION = {
  "consistency": {"zh": "拍的是这一单的包裹和商品吗？", "en": "Is this the parcel and the item of this order?"},
  "completeness": {"zh": "拆包全过程都拍到了吗？", "en": "Is the whole unpacking in the picture?"},
  "validity": {"zh": "画面清楚、文件完整、与提交时一致吗？", "en": "Is it clear, whole and as it was handed in?"},
  "timeliness": {"zh": "是首次拆封、并在时限内拍摄提交的吗？", "en": "Is it the first opening, filmed and handed in in time?"},
} as const;

export const RULE = {
  "consistency.waybill": {"zh": "运单号一致", "en": "Waybill agrees"},
  "consistency.order_reference": {"zh": "订单关联", "en": "Order reference agrees"},
  "consistency.same_parcel": {"zh": "同一包裹", "en": "Same parcel throughout"},
  "consistency.item": {"zh": "商品一致", "en": "Item agrees"},
  "consistency.quantity": {"zh": "数量一致", "en": "Quantity agrees"},
  "consistency.weight": {"zh": "重量相符", "en": "Weight agrees"},
  "consistency.claimed_defect": {"zh": "瑕疵一致", "en": "Claimed defect agrees"},
  "consistency.batch": {"zh": "批次一致", "en": "Batch agrees"},
  "consistency.same_box_as_packed": {"zh": "与发货时同一箱", "en": "Box that went out"},
  "consistency.same_item_as_packed": {"zh": "与发货时同款商品", "en": "Item that went out"},
  "completeness.six_faces": {"zh": "六面出镜", "en": "All six faces shown"},
  "completeness.sealed_at_start": {"zh": "开场封口完好", "en": "Sealed at the start"},
  "completeness.waybill_shown": {"zh": "面单出镜", "en": "Waybill shown"},
  "completeness.opening_shown": {"zh": "拆封出镜", "en": "Opening shown"},
  "completeness.item_shown": {"zh": "商品出镜", "en": "Item shown"},
  "completeness.inspection_shown": {"zh": "验货出镜", "en": "Inspection shown"},
  "completeness.one_take": {"zh": "一镜到底", "en": "One uncut take"},
  "completeness.always_in_view": {"zh": "全程在画", "en": "Parcel always in view"},
  "validity.decodes": {"zh": "可解码", "en": "File decodes"},
  "validity.resolution": {"zh": "分辨率", "en": "Resolution"},
  "validity.sharpness": {"zh": "清晰度", "en": "Sharpness"},
  "validity.exposure": {"zh": "曝光", "en": "Exposure"},
  "validity.original": {"zh": "原始文件", "en": "Original file"},
  "validity.not_reused": {"zh": "未发现重复使用", "en": "No known reuse"},
  "validity.not_recaptured": {"zh": "非翻拍", "en": "Not filmed off a screen"},
  "validity.provenance": {"zh": "来源可信", "en": "Provenance"},
  "validity.integrity": {"zh": "完整未改", "en": "Bytes as received"},
  "timeliness.first_opening": {"zh": "首次开箱", "en": "First opening"},
  "timeliness.recorded_after_signing": {"zh": "签收后录制", "en": "Recorded after signing"},
  "timeliness.opened_promptly": {"zh": "及时拆包", "en": "Opened promptly"},
  "timeliness.submitted_in_window": {"zh": "期内提交", "en": "Handed in in time"},
  "timeliness.clock": {"zh": "时钟合理", "en": "Clock plausible"},
  "timeliness.challenge": {"zh": "动态验证", "en": "Challenge code"},
} as const;

export const REQUIREMENT = {
  "required": {"zh": "必需", "en": "required"},
  "required_if_known": {"zh": "已知则必需", "en": "if known"},
  "advisory": {"zh": "仅供参考", "en": "advisory"},
} as const;

export const FACE = {
  "top": {"zh": "顶面", "en": "top"},
  "bottom": {"zh": "底面", "en": "bottom"},
  "front": {"zh": "正面", "en": "front"},
  "back": {"zh": "背面", "en": "back"},
  "left": {"zh": "左侧面", "en": "left"},
  "right": {"zh": "右侧面", "en": "right"},
} as const;

export const STAGE = {
  "absent": {"zh": "无包裹", "en": "absent"},
  "sealed": {"zh": "封口完好", "en": "sealed"},
  "showing": {"zh": "展示外观", "en": "showing"},
  "opening": {"zh": "正在拆封", "en": "opening"},
  "open": {"zh": "已打开", "en": "open"},
  "item_out": {"zh": "商品已取出", "en": "item out"},
} as const;

export const ROLE = {
  "unboxing_video": {"zh": "拆包视频", "en": "unboxing video"},
  "packing_video": {"zh": "打包视频", "en": "packing video"},
  "buyer_video": {"zh": "买家视频", "en": "buyer's video"},
  "buyer_photo": {"zh": "买家照片", "en": "buyer's photo"},
  "qc_photo": {"zh": "质检照片", "en": "inspection photo"},
  "document": {"zh": "文件", "en": "document"},
} as const;

export const BREAK = {
  "cut": {"zh": "剪切", "en": "cut"},
  "dissolve": {"zh": "叠化", "en": "dissolve"},
  "jump": {"zh": "同场景跳变", "en": "jump"},
  "freeze": {"zh": "定格", "en": "freeze"},
  "black": {"zh": "黑屏", "en": "black"},
  "pause": {"zh": "录制暂停", "en": "pause"},
  "speed_change": {"zh": "变速", "en": "speed change"},
  "timestamp_gap": {"zh": "时间戳间断", "en": "timestamp gap"},
  "audio_break": {"zh": "声音中断", "en": "audio break"},
} as const;

export const ABSENCE = {
  "left_frame": {"zh": "离开画面", "en": "left the picture"},
  "hidden": {"zh": "被遮挡", "en": "hidden"},
} as const;

export const MOMENT = {
  "first": {"zh": "开头", "en": "first"},
  "change": {"zh": "变化", "en": "change"},
  "last": {"zh": "结尾", "en": "last"},
  "photo": {"zh": "照片", "en": "photo"},
} as const;
