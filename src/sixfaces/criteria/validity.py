"""Validity 有效性 (D9, D18): the footage can be used and is what it pretends to be; rules in the order of reports."""

from sixfaces.criteria.rule import Rule
from sixfaces.criteria.validity_origin import ORIGIN_RULES
from sixfaces.criteria.validity_picture import PICTURE_RULES

VALIDITY: tuple[Rule, ...] = PICTURE_RULES + ORIGIN_RULES
