"""All rules: the table of contents of judging. A new rule is one function and one line in its criterion's tuple."""

from sixfaces.criteria.rule import Rule

RULES: tuple[Rule, ...] = ()
