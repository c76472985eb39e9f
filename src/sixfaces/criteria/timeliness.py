"""Timeliness 时效性 (D8, D9, D18, D23): the first opening, recorded and handed in when it had to be."""

from sixfaces.criteria.rule import EVERY_ROLE, PICTURES, UNBOXING, Rule
from sixfaces.criteria.timeliness_opening import challenge, first_opening
from sixfaces.criteria.timeliness_periods import clock, opened_promptly, recorded_after_signing, submitted_in_window
from sixfaces.domain.rules import RuleCode

TIMELINESS: tuple[Rule, ...] = (
    Rule(RuleCode.FIRST_OPENING, UNBOXING, first_opening),
    Rule(RuleCode.RECORDED_AFTER_SIGNING, UNBOXING, recorded_after_signing),
    Rule(RuleCode.OPENED_PROMPTLY, UNBOXING, opened_promptly),
    Rule(RuleCode.SUBMITTED_IN_WINDOW, EVERY_ROLE, submitted_in_window),
    Rule(RuleCode.CLOCK, PICTURES, clock),
    Rule(RuleCode.CHALLENGE, UNBOXING, challenge),
)
