"""What is answered where a step does not know such an answer."""

from collections.abc import Sequence

from sixfaces.domain.errors import InspectionError
from sixfaces.domain.model import Say
from sixfaces.domain.sop import SopStep, StepForm, WitnessNeed

_FORMS = {
    StepForm.CHOICE: Say(zh="一个选项（values）", en="one choice, as `values`"),
    StepForm.CHOICES: Say(zh="至少一个选项（values）", en="one choice or several, as `values`"),
    StepForm.NUMBER: Say(zh="一个数字（number）", en="a number"),
    StepForm.TEXT: Say(zh="文字（text）", en="`text`"),
    StepForm.CODE: Say(
        zh="扫描或键入的编码（text），有选项时再选一项", en="the code as `text`, and one choice where there are any"
    ),
    StepForm.CONFIRM: Say(zh="空的回答，表示已完成", en="nothing beside the step: it says that it was done"),
}
_NEEDS = {
    WitnessNeed.IF_DEFECT: Say(zh="发现缺陷时须附照片或视频时刻", en="a defect needs a photo or a moment of footage"),
    WitnessNeed.PHOTO: Say(zh="须附照片", en="a photo is needed"),
    WitnessNeed.MOMENT: Say(zh="须附视频时刻（at_s）", en="a moment of footage (`at_s`) is needed"),
    WitnessNeed.EITHER: Say(zh="须附照片或视频时刻", en="a photo or a moment of footage is needed"),
}


def not_for_them(step: SopStep) -> InspectionError:
    """Another has to answer this."""
    who = ", ".join(sorted(step.by))
    return _refusal(
        "not_for_them", step,
        Say(zh=f"须由 {who} 回答", en=f"it is for {who} to answer"),
        fix=Say(zh="请移交给有资格的人员。", en="Hand the inspection over to somebody who may."),
    )  # fmt: skip


def form(step: SopStep) -> InspectionError:
    """Not what a step of this form is answered by."""
    wanted = _FORMS[step.form]
    return _refusal(
        "form", step,
        Say(zh="回答的形式不对", en="the answer has another form"),
        fix=Say(zh=f"该步骤需要：{wanted.zh}。", en=f"The step wants {wanted.en}."),
    )  # fmt: skip


def bounds(step: SopStep) -> InspectionError:
    """A number that nothing can have."""
    return _refusal(
        "bounds", step,
        Say(zh="数字超出可能的范围", en="the number lies outside of what is possible"),
        fix=Say(zh=f"须在 {step.low:g} 与 {step.high:g} {step.unit} 之间，请重新测量。",
            en=f"It must lie between {step.low:g} and {step.high:g} {step.unit}; measure again."),
    )  # fmt: skip


def value(step: SopStep, given: Sequence[str]) -> InspectionError:
    """No choice of the step's."""
    known, named = ", ".join(one.value for one in step.choices) or "-", ", ".join(given)[:200]
    return _refusal(
        "value", step,
        Say(zh=f"没有这些选项，或重复：{named}", en=f"it has no such choices, or one came twice: {named}"),
        fix=Say(zh=f"可选：{known}。", en=f"Its choices are {known}."),
    )  # fmt: skip


def contradiction(step: SopStep, given: Sequence[str]) -> InspectionError:
    """That nothing is wrong, and that something is."""
    named = ", ".join(given)[:200]
    return _refusal(
        "value", step,
        Say(zh=f"选项相互矛盾：{named}", en=f"the choices contradict each other: {named}"),
        fix=Say(zh="“无问题”不能与缺陷同时选择。", en="What says that all is well does not go with a defect."),
    )  # fmt: skip


def defect(step: SopStep, code: str, stated: Sequence[str]) -> InspectionError:
    """A defect that the answer does not state."""
    known = ", ".join(stated) or "-"
    return _refusal(
        "defect", step,
        Say(zh=f"该回答不表明缺陷 {code}", en=f"the answer does not state the defect {code}"),
        fix=Say(zh=f"该回答表明的缺陷：{known}。", en=f"It states: {known}."),
    )  # fmt: skip


def where(step: SopStep, code: str, *, name: str, allowed: Sequence[str]) -> InspectionError:
    """No place or size that the defect can have, or none said where it has some."""
    known = ", ".join(allowed) or "-"
    return _refusal(
        "where", step,
        Say(zh=f"缺陷 {code} 的 {name} 未写明或不适用", en=f"the {name} of the defect {code} is not said or not known"),
        fix=Say(zh=f"请写明 defects 的 {name}，可用：{known}。", en=f"Give its `{name}`; known are {known}."),
    )  # fmt: skip


def witness_unknown(step: SopStep, exhibit: str) -> InspectionError:
    """Not sealed in this case."""
    return _refusal(
        "witness_unknown", step,
        Say(zh=f"该售后单没有此证据件：{exhibit}", en=f"the case has no sealed exhibit {exhibit}"),
        fix=Say(zh="请先上传照片或视频，再用其 SHA-256 引用。", en="Hand the file in first, then name its SHA-256."),
    )  # fmt: skip


def witness_moment(step: SopStep, at_s: float, ends: float | None) -> InspectionError:
    """A moment that the footage does not have."""
    long = "-" if ends is None else f"{ends:g}"
    return _refusal(
        "witness_moment", step,
        Say(zh=f"证据件没有第 {at_s:g} 秒", en=f"the exhibit has no moment at {at_s:g} s"),
        fix=Say(zh=f"时长 {long} 秒；照片不带 at_s。", en=f"It lasts {long} s; a photo has no `at_s`."),
    )  # fmt: skip


def witness_needed(step: SopStep) -> InspectionError:
    """Nothing shows what the answer says."""
    need = _NEEDS[step.witness]
    return _refusal(
        "witness_needed", step, need,
        fix=Say(zh="请拍照或选取视频时刻，并写入 witnesses。", en="Take a photo or choose a moment: `witnesses`."),
    )  # fmt: skip


def _refusal(code: str, step: SopStep, text: Say, *, fix: Say) -> InspectionError:
    said = Say(zh=f"步骤“{step.title.zh}”：{text.zh}。", en=f"Step {step.title.en!r}: {text.en}.")
    return InspectionError(f"inspection.{code}", said, fix)
