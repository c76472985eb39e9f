import type {
  CaseState, ClaimKind, ClaimReason, FreightBearer, Overrule, Party, Remedy, Whereabouts,
} from "../api/types";
import type { UnmaskReason } from "../unmask";
import type { Say } from "./language";

type Table<Code extends string> = Readonly<Record<Code, Say>>;
const word = (zh: string, en: string): Say => ({ zh, en });

/** What the pages call the codes of the API: a code without a word does not compile. */
export const KIND: Table<ClaimKind> = {
  refund_unshipped: word("未发货退款", "Refund before shipping"),
  refund_in_transit: word("在途退款", "Refund on the way"),
  refund_only: word("仅退款", "Refund only"),
  return_refund: word("退货退款", "Return and refund"),
  exchange: word("换货", "Exchange"),
  repair: word("维修", "Repair"),
};

export const REASON: Table<ClaimReason> = {
  no_reason: word("七天无理由", "No reason given"),
  size_colour: word("尺码颜色不合", "Size or colour"),
  quality_defect: word("质量问题", "Quality defect"),
  damaged: word("破损", "Damaged"),
  wrong_item: word("错发", "Wrong item"),
  missing_item: word("少件", "Missing item"),
  not_as_described: word("描述不符", "Not as described"),
  counterfeit: word("假冒", "Counterfeit"),
  perishable: word("腐坏", "Perished"),
  not_received: word("未收到货", "Not received"),
};

export const STATE: Table<CaseState> = {
  open: word("待举证", "Open"),
  verifying: word("核验中", "Verifying"),
  stalled: word("已中止", "Stalled"),
  verified: word("已核验", "Verified"),
  closed: word("已结案", "Closed"),
};

export const PARTY: Table<Party> = {
  buyer: word("买家", "Buyer"),
  seller: word("卖家", "Seller"),
  carrier: word("承运商", "Carrier"),
  supplier: word("供应商", "Supplier"),
  platform: word("平台", "Platform"),
  service_point: word("服务网点", "Service point"),
};

export const REMEDY: Table<Remedy> = {
  none: word("不予支持", "Nothing"),
  compensate: word("补偿", "Compensation"),
  resend: word("补发", "Send what was missing"),
  exchange: word("换货", "Exchange"),
  repair: word("维修", "Repair"),
  partial_refund: word("部分退款", "Partial refund"),
  return_refund: word("退货退款", "Return and refund"),
  refund_only: word("仅退款", "Refund, goods stay"),
  ask_person: word("由人工决定", "A person decides"),
};

export const FREIGHT: Table<FreightBearer> = {
  buyer: word("买家承担", "Buyer"),
  seller: word("卖家承担", "Seller"),
  carrier: word("承运商承担", "Carrier"),
  none: word("无", "None"),
};

export const OVERRULE: Table<Overrule> = {
  new_facts: word("有新的事实", "New facts"),
  machine_wrong: word("机器判断有误", "The machine is wrong"),
  discretion: word("酌情处理", "Discretion"),
  goodwill: word("善意让步", "Goodwill"),
  platform_order: word("平台要求", "The platform's order"),
  law: word("法律规定", "Law"),
  fraud: word("欺诈", "Fraud"),
  agreement: word("双方协商一致", "Both sides agree"),
};

export const WHERE: Table<Whereabouts> = {
  not_shipped: word("未发货", "Not shipped"),
  on_the_way: word("运输中", "On the way"),
  with_buyer: word("在买家处", "With the buyer"),
  signed_by_unknown: word("已签收，签收人不明", "Signed for by somebody"),
  signed_by_other: word("他人签收", "Signed for by another"),
  lost: word("丢失", "Lost"),
  coming_back: word("退回途中", "Coming back"),
  with_seller: word("在卖家处", "With the seller"),
};

export const UNMASK: Table<UnmaskReason> = {
  footage: word("观看原始录像", "To watch the footage"),
  label: word("核对面单内容", "To compare a label"),
  contact: word("联系买家或卖家", "To reach the buyer or seller"),
  identity: word("确认签收人或寄件人", "To settle who signed or sent"),
  authority: word("平台、法院或主管机关要求", "A platform, court or authority asks"),
};

/** Marks beside words, so that nothing rests on colour alone. */
export const MARK = {
  accepted: "✓", rejected: "✕", needs_review: "?", met: "✓", not_met: "✕", cannot_tell: "?",
} as const;

export const VERDICT_SHORT = {
  accepted: word("可以采信", "Accepted"),
  rejected: word("不予采信", "Rejected"),
  needs_review: word("需人工复核", "Review"),
} as const;
