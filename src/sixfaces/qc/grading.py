"""What a finished inspection suggests: outcome, whether the goods can be sold again, grade, where they go. A person
concludes.

1. outcome      the SOP's first rule of which a defect was found; the last holds always
2. grade        the scheme's first whose limits hold; the last holds for everything
3. disposition  as the outcome's rule says, else as the grade says

Where the goods are referred nobody has judged them yet: they have no grade, are neither fit nor unfit, and are kept.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from sixfaces.domain.inspection import FoundDefect
from sixfaces.domain.model import Model, Text
from sixfaces.domain.sop import (
    Defect,
    DefectKind,
    Disposition,
    GradeRule,
    GradeScheme,
    OutcomeRule,
    QcOutcome,
    Sop,
)
from sixfaces.qc.defects import by_code


class Suggested(Model):
    """What follows from the answers so far. `elsewhere`: the grade in the words of other schemes. `fit` and `grade` are
    None where the goods are referred."""

    outcome: QcOutcome
    fit: bool | None
    grade: Text | None
    disposition: Disposition
    defects: tuple[FoundDefect, ...] = ()
    elsewhere: dict[Text, Text] = {}  # noqa: RUF012 never changed
    cites: tuple[Text, ...] = ()


def suggest(sop: Sop, scheme: GradeScheme, defects: Sequence[FoundDefect]) -> Suggested:
    """As the module says."""
    known = by_code(sop)
    there = [known[one.code] for one in defects]
    rule = next(rule for rule in sop.outcomes if _holds(rule, there, is_last=rule is sop.outcomes[-1]))
    return suggested_by(rule, scheme, defects=tuple(defects), there=there)


def suggest_outcome(sop: Sop, scheme: GradeScheme, defects: Sequence[FoundDefect], *, outcome: QcOutcome) -> Suggested:
    """What follows where a person says that the outcome is this one: by the first rule that ends in it and holds, else
    the first that ends in it. One that the SOP does not know makes nothing fit to be sold."""
    known = by_code(sop)
    there = [known[one.code] for one in defects]
    rules = [rule for rule in sop.outcomes if rule.outcome is outcome]
    last = sop.outcomes[-1]
    holding = (rule for rule in rules if _holds(rule, there, is_last=rule is last))
    rule = next(holding, rules[0] if rules else OutcomeRule(outcome=outcome, fit=False, disposition=Disposition.HOLD))
    return suggested_by(rule, scheme, defects=tuple(defects), there=there)


def suggested_by(
    rule: OutcomeRule, scheme: GradeScheme, *, defects: tuple[FoundDefect, ...], there: Collection[Defect]
) -> Suggested:
    """2. and 3."""
    if rule.outcome is QcOutcome.REFERRED:
        return Suggested(
            outcome=rule.outcome, fit=None, grade=None, disposition=Disposition.HOLD, defects=defects, cites=rule.cites
        )
    grade = grade_of(scheme, there)
    return Suggested(
        outcome=rule.outcome,
        fit=rule.fit,
        grade=grade.grade,
        disposition=rule.disposition or grade.disposition,
        defects=defects,
        elsewhere=elsewhere(scheme, grade.grade),
        cites=rule.cites,
    )


def grade_of(scheme: GradeScheme, there: Collection[Defect]) -> GradeRule:
    """2."""
    count = Counter(one.severity for one in there)
    is_used = any(one.kind is DefectKind.USE for one in there)
    fitting = (
        rule
        for rule in scheme.grades[:-1]
        if not (rule.unused and is_used) and all(count[one] <= rule.most.get(one, 0) for one in count)
    )
    return next(fitting, scheme.grades[-1])


def elsewhere(scheme: GradeScheme, grade: str) -> dict[str, str]:
    """A grade in the words of other schemes."""
    return {other: grades[grade] for other, grades in scheme.crosswalk.items() if grade in grades}


def _holds(rule: OutcomeRule, there: Collection[Defect], *, is_last: bool) -> bool:
    """1."""
    return is_last or any(
        (one.kind in rule.kinds or one.code in rule.codes) and (one.quality or not rule.quality_only) for one in there
    )
