"""The rules of completeness 完整性: the footage reproduces the whole unboxing (D5, D6, D7)."""

from sixfaces.criteria import completeness_faces, completeness_waybill
from sixfaces.criteria.completeness_stages import STAGE_RULES
from sixfaces.criteria.completeness_take import TAKE_RULES
from sixfaces.criteria.rule import Rule

COMPLETENESS: tuple[Rule, ...] = (
    completeness_faces.RULE,
    completeness_waybill.RULE,
    *STAGE_RULES,
    *TAKE_RULES,
)
