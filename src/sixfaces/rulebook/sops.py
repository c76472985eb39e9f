"""SOPs: `data/sops/NAME-VERSION.toml`, refused where an inspector would be led astray.

1. names     steps, choices and defects have names of their own; what is referred to is there
2. form      a step has what its form needs and nothing that it does not know
3. reach     a step asks only for steps before it, and there are answers that lead to it
4. defects   each is stated by some answer; its places and sizes have words
5. outcomes  the last holds always; each other one can be the first that holds; what perishes is never fit
6. scheme    the grades are there
7. words     everything is said in both languages
"""

import re
from collections.abc import Iterator
from pathlib import Path

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Say
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.sop import DONE, GOOD, OUT, OutcomeRule, Sop, SopStep, StepForm, WitnessNeed
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.saying import check_says
from sixfaces.rulebook.source import wrong

DATA = Path(__file__).parent / "data" / "sops"

_CHOOSING = frozenset({StepForm.CHOICE, StepForm.CHOICES})
_MAY_CHOOSE = _CHOOSING | {StepForm.CODE}
_CITE = re.compile(r"D[1-9][0-9]?")


def values_of(step: SopStep) -> frozenset[str]:
    """Everything that a condition may ask of a step."""
    if step.form is StepForm.NUMBER:
        return frozenset({GOOD, OUT}) if step.good else frozenset()
    return frozenset({DONE}) if step.form is StepForm.CONFIRM else frozenset(one.value for one in step.choices)


def states(step: SopStep) -> frozenset[str]:
    """Codes of all defects that an answer to a step can state."""
    by_choice = {code for choice in step.choices for code in choice.defects}
    return frozenset(by_choice | ({step.out_of_good} if step.out_of_good else set()))


def holds_for(rule: OutcomeRule, sop: Sop) -> frozenset[str]:
    """Codes of the defects each of which brings an outcome about; none where it needs none."""
    return frozenset(
        one.code
        for one in sop.defects
        if (one.kind in rule.kinds or one.code in rule.codes) and (one.quality or not rule.quality_only)
    )


def _checked(sop: Sop, path: Path) -> None:
    _check_names(sop, path)
    for step in sop.steps:
        _check_form(step, path)
        _check_needs(step, path)
    _check_reach(sop, path)
    _check_defects(sop, path)
    _check_outcomes(sop, path)
    _check_scheme(sop, path)
    check_says(sop, path)  # 7.


def _check_scheme(sop: Sop, path: Path) -> None:
    """6."""
    try:
        GRADES.load(sop.scheme)
    except RulebookError:
        raise wrong(
            path, "scheme", given=sop.scheme, zh="没有这套等级的这一版", en="there is no such edition of grades"
        ) from None


def _check_names(sop: Sop, path: Path) -> None:
    """1."""
    for field, names in _named(sop):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise wrong(path, field, given=twice, zh="名称重复", en="two of them have one name")
    known = {one.code for one in sop.defects}
    for field, codes in _referred(sop):
        unknown = sorted(codes - known)
        if unknown:
            raise wrong(path, field, given=unknown, zh="没有这种缺陷", en="there is no such defect")


def _named(sop: Sop) -> Iterator[tuple[str, list[str]]]:
    yield "defects", [one.code for one in sop.defects]
    yield "steps", [one.id for one in sop.steps]
    for step in sop.steps:
        yield f"steps.{step.id}.choices", [one.value for one in step.choices]


def _referred(sop: Sop) -> Iterator[tuple[str, frozenset[str]]]:
    for step in sop.steps:
        yield f"steps.{step.id}", states(step)
    for number, rule in enumerate(sop.outcomes):
        yield f"outcomes.{number}.codes", rule.codes


def _check_form(step: SopStep, path: Path) -> None:
    """2."""
    field = f"steps.{step.id}"
    if step.form in _CHOOSING and len(step.choices) < 2:
        raise wrong(
            path, f"{field}.choices", given=len(step.choices), zh="至少两个选项", en="needs two choices at least"
        )
    if step.choices and step.form not in _MAY_CHOOSE:
        raise wrong(path, f"{field}.choices", given=step.form.value, zh="该形式没有选项", en="its form has no choices")
    if step.form is not StepForm.NUMBER:
        given = [name for name in ("unit", "low", "high", "good", "out_of_good") if getattr(step, name) is not None]
        if given:
            raise wrong(path, f"{field}.{given[0]}", given=step.form.value, zh="只用于数字", en="is for numbers only")
        return
    if not step.unit or step.low is None or step.high is None or step.low >= step.high:
        raise wrong(
            path, field, given=[step.unit, step.low, step.high],
            zh="数字须有单位以及上下限", en="a number needs a unit, and low below high",
        )  # fmt: skip
    if (step.good is None) != (step.out_of_good is None):
        raise wrong(path, f"{field}.good", given=step.good, zh="须与 out_of_good 同时给出", en="goes with out_of_good")
    if step.good and not step.low <= step.good[0] <= step.good[1] <= step.high:
        raise wrong(path, f"{field}.good", given=step.good, zh="须在上下限之内", en="must lie within low and high")


def _check_needs(step: SopStep, path: Path) -> None:
    """2. Who answers, what is shown, what the machine adds, which rules are cited."""
    field = f"steps.{step.id}"
    if not step.by:
        raise wrong(path, f"{field}.by", given=[], zh="须写明由谁回答", en="needs somebody who may answer")
    if step.witness is WitnessNeed.IF_DEFECT and not states(step):
        raise wrong(path, f"{field}.witness", given="if_defect", zh="该步骤不产生缺陷", en="the step states no defect")
    if step.machine is not None and step.machine not in set(RuleCode):
        raise wrong(path, f"{field}.machine", given=step.machine, zh="没有这条判定规则", en="there is no such rule")
    for cite in step.cites:
        if not _CITE.fullmatch(cite):
            raise wrong(path, f"{field}.cites", given=cite, zh="须写成 D1 这样的编号", en="must be a number like D1")


def _check_reach(sop: Sop, path: Path) -> None:
    """3. Conditions are joined by and: what a step needs of each earlier one, by itself and by those that it asks for,
    must leave that one an answer."""
    needs: dict[str, dict[str, frozenset[str]]] = {}
    by_id = {step.id: step for step in sop.steps}
    for step in sop.steps:
        own: dict[str, frozenset[str]] = {}
        for condition in step.only_if:
            field = f"steps.{step.id}.only_if.{condition.step}"
            earlier = by_id.get(condition.step)
            if earlier is None:
                raise wrong(path, field, given=condition.step, zh="没有这个步骤", en="there is no such step")
            if condition.step not in needs:
                raise wrong(path, field, given=condition.step, zh="只能引用前面的步骤", en="must be a step before it")
            unknown = sorted(set(condition.values) - values_of(earlier))
            if unknown:
                raise wrong(path, field, given=unknown, zh="该步骤没有这个答案", en="that step has no such answer")
            own = _joined(_joined(own, needs[earlier.id], by_id), {earlier.id: frozenset(condition.values)}, by_id)
        lost = [id for id, values in own.items() if not values]
        if lost:
            raise wrong(path, f"steps.{step.id}.only_if", given=lost, zh="永远到不了这一步", en="it never comes to it")
        needs[step.id] = own


def _joined(
    one: dict[str, frozenset[str]], other: dict[str, frozenset[str]], by_id: dict[str, SopStep]
) -> dict[str, frozenset[str]]:
    """Both needs at once. Of a step with several answers at a time each may be met by another."""
    found = dict(one)
    for id, values in other.items():
        many = by_id[id].form is StepForm.CHOICES
        found[id] = found.get(id, values) | values if many else found.get(id, values) & values
    return found


def _check_defects(sop: Sop, path: Path) -> None:
    """4."""
    stated = {code for step in sop.steps for code in states(step)}
    for defect in sop.defects:
        if defect.code not in stated:
            raise wrong(
                path,
                f"defects.{defect.code}",
                given=defect.code,
                zh="没有任何答案会得出该缺陷",
                en="no answer states it",
            )
    used = {word for defect in sop.defects for word in (*defect.places, *defect.sizes)}
    if used != set(sop.words):
        raise wrong(
            path, "words", given=sorted(used ^ set(sop.words)),
            zh="须恰好列出缺陷用到的部位与大小", en="must name the places and sizes of the defects, and no others",
        )  # fmt: skip


def _check_outcomes(sop: Sop, path: Path) -> None:
    """5."""
    spoken: frozenset[str] = frozenset()
    for number, rule in enumerate(sop.outcomes[:-1]):
        left = holds_for(rule, sop) - spoken
        if not left:
            raise wrong(
                path, f"outcomes.{number}", given=rule.outcome.value, zh="永远轮不到它", en="it is never reached"
            )
        spoken |= left
        _check_fit(sop, number, path)
    _check_fit(sop, len(sop.outcomes) - 1, path)
    last = sop.outcomes[-1]
    if last.kinds or last.codes or last.quality_only:
        raise wrong(
            path, f"outcomes.{len(sop.outcomes) - 1}", given=last.outcome.value,
            zh="最后一条须无条件成立", en="the last must hold always",
        )  # fmt: skip


def _check_fit(sop: Sop, number: int, path: Path) -> None:
    """5. What perishes is never sold again (D11)."""
    if sop.perishable and sop.outcomes[number].fit:
        raise wrong(
            path, f"outcomes.{number}.fit", given=True, zh="易腐商品不得再售", en="what perishes is not fit to be sold"
        )


SOPS: Shelf[Sop] = Shelf(DATA, Sop, Say(zh="质检标准", en="SOP"), check=_checked)
"""All SOPs that are shipped."""
