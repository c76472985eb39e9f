"""All rules: the table of contents of judging. A new rule is one function and one line in its criterion's tuple."""

from sixfaces.criteria.completeness import COMPLETENESS
from sixfaces.criteria.consistency import CONSISTENCY
from sixfaces.criteria.rule import Rule
from sixfaces.criteria.timeliness import TIMELINESS
from sixfaces.criteria.validity import VALIDITY

RULES: tuple[Rule, ...] = (
    *CONSISTENCY,
    *COMPLETENESS,
    *VALIDITY,
    *TIMELINESS,
)
