"""Two looks at the same goods: whether they agree, and at which steps they part; over many, how well looks agree.

The measure over many is Cohen's kappa: agreement beyond what two who guessed by their own habits would reach. It is not
defined where both always say the same one word; then, and beside it, the plain share is told.
"""

from collections import Counter
from collections.abc import Sequence

from sixfaces.domain.model import Model, Text, Unit
from sixfaces.domain.sop import QcOutcome, Sop
from sixfaces.qc.defects import stated_by
from sixfaces.qc.walk import Walk, said_by


class StepDifference(Model):
    """A step at which two looks part: what each answered, and which defects only one of them stated. None: the step was
    not open to that look, or not answered."""

    step: Text
    first: tuple[Text, ...] | None
    second: tuple[Text, ...] | None
    defects: tuple[Text, ...] = ()


class Compared(Model):
    """Two looks at one line. `alike`: the share of the steps of either that both answered in the same way."""

    first: QcOutcome
    second: QcOutcome
    agree: bool
    overturned: bool
    """The first found no problem of quality, the second one (D14). To refer is to find nothing yet."""
    alike: Unit
    steps: tuple[StepDifference, ...]


class Agreement(Model):
    """How well second looks agree with first ones. `kappa` is None where it is not defined. `referred`: pairs of which
    one look or both referred the goods, which says nothing of how well people see: they are counted apart."""

    pairs: int
    agree: int
    share: Unit | None
    kappa: float | None
    overturned: int
    referred: int = 0


def compare(sop: Sop, first: Walk, second: Walk, *, outcomes: tuple[QcOutcome, QcOutcome]) -> Compared:
    """Two looks by the same SOP; of looks by two editions, the steps that both know."""
    ids = [step.id for step in sop.steps if step.id in first.answers or step.id in second.answers]
    found = [one for id in ids if (one := _difference(sop, id, first, second=second)) is not None]
    return Compared(
        first=outcomes[0],
        second=outcomes[1],
        agree=outcomes[0] is outcomes[1],
        overturned=is_overturned(*outcomes),
        alike=1.0 - len(found) / len(ids) if ids else 1.0,
        steps=tuple(found),
    )


def is_overturned(first: QcOutcome, second: QcOutcome) -> bool:
    """Whether a first "no problem" did not stand."""
    return first is QcOutcome.NO_QUALITY_PROBLEM and second not in (first, QcOutcome.REFERRED)


def agreement(pairs: Sequence[tuple[QcOutcome, QcOutcome]]) -> Agreement:
    """Over many pairs of outcomes, first and second look."""
    told = [pair for pair in pairs if QcOutcome.REFERRED not in pair]
    agree = sum(one is other for one, other in told)
    return Agreement(
        pairs=len(told),
        agree=agree,
        share=agree / len(told) if told else None,
        kappa=kappa(told),
        overturned=sum(is_overturned(*pair) for pair in told),
        referred=len(pairs) - len(told),
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960); None for nothing, and where chance alone would always agree."""
    if not pairs:
        return None
    size = len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(count * seconds[word] for word, count in firsts.items()) / size**2
    if by_chance >= 1.0:
        return None
    return (sum(one == other for one, other in pairs) / size - by_chance) / (1.0 - by_chance)


def _difference(sop: Sop, id: str, first: Walk, *, second: Walk) -> StepDifference | None:
    step = next(one for one in sop.steps if one.id == id)
    said = [look.answers.get(id) for look in (first, second)]
    values = [None if one is None else (said_by(step, one) or frozenset(_plain(one.number))) for one in said]
    defects = [frozenset[str]() if one is None else stated_by(step, one) for one in said]
    if values[0] == values[1] and defects[0] == defects[1]:
        return None
    told = [None if one is None else tuple(sorted(one)) for one in values]
    return StepDifference(step=id, first=told[0], second=told[1], defects=tuple(sorted(defects[0] ^ defects[1])))


def _plain(number: float | None) -> tuple[str, ...]:
    """A number without a good range is compared as it is; texts and codes are people's own words, and are not."""
    return () if number is None else (f"{number:g}",)
