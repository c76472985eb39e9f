"""The rules of consistency 一致性: what came back is what the case is about (D4, D7, D9)."""

from sixfaces.criteria import consistency_item, consistency_order, consistency_parcel, consistency_waybill
from sixfaces.criteria.consistency_goods import GOODS_RULES
from sixfaces.criteria.consistency_packed import PACKED_RULES
from sixfaces.criteria.rule import Rule

CONSISTENCY: tuple[Rule, ...] = (
    consistency_waybill.RULE,
    consistency_order.RULE,
    consistency_parcel.RULE,
    consistency_item.RULE,
    *GOODS_RULES,
    *PACKED_RULES,
)
