"""What is answered where an inspection cannot go on as asked."""

from collections.abc import Sequence

from sixfaces.domain.errors import InspectionError
from sixfaces.domain.inspection import Inspection
from sixfaces.domain.model import Say
from sixfaces.domain.sop import SopStep


def no_sop(category: str | None, known: Sequence[str]) -> InspectionError:
    """No standard is for goods of this category."""
    named, names = (category or "-")[:80], ", ".join(known)
    return InspectionError(
        "inspection.no_sop",
        Say(zh=f"没有适用于品类 {named!r} 的质检标准。", en=f"There is no SOP for the category {named!r}."),
        Say(
            zh=f"请在 sop 中指明一套：{names}；都不适合时用 general。",
            en=f"Name one as `sop`: {names}; `general` where none of them fits.",
        ),
    )


def no_line(lines: int) -> InspectionError:
    """The order has no such line."""
    return InspectionError(
        "inspection.no_line",
        Say(zh=f"该订单只有 {lines} 行商品。", en=f"The order has {lines} lines."),
        Say(
            zh="line 从 0 起数；没有商品行时请先补全订单。",
            en="`line` counts from 0; an order without lines lacks them.",
        ),
    )


def under_way(other: Inspection) -> InspectionError:
    """Somebody looks at this line already."""
    return InspectionError(
        "inspection.under_way",
        Say(zh=f"该行商品的质检 {other.id} 尚未结束。", en=f"The inspection {other.id} of this line has not ended."),
        Say(zh="请继续那一次质检，或先将其放弃。", en="Go on with that one, or abandon it first."),
    )


def looked_at(other: Inspection) -> InspectionError:
    """This line has been concluded upon."""
    return InspectionError(
        "inspection.looked_at",
        Say(zh=f"该行商品已由质检 {other.id} 得出结论。", en=f"The inspection {other.id} has concluded on this line."),
        Say(
            zh="如需复检，请由另一名质检员发起二次质检。",
            en="To look again, have another inspector take a second look at it.",
        ),
    )


def state(inspection: Inspection) -> InspectionError:
    """It is not in a state for this."""
    return InspectionError(
        "inspection.state",
        Say(
            zh=f"该质检当前状态为 {inspection.state}，不能执行此操作。",
            en=f"The inspection is {inspection.state}: this cannot be done with it.",
        ),
        Say(
            zh="已暂停的请先恢复；已结束的请发起二次质检。",
            en="Resume one that is suspended; look again at one that has ended.",
        ),
    )


def held() -> InspectionError:
    """Another is at it, or nobody, and they are none who may turn it over."""
    return InspectionError(
        "inspection.held",
        Say(
            zh="该质检由他人进行中，或正等待他人接手。",
            en="Somebody else is at this inspection, or it waits for somebody.",
        ),
        Say(
            zh="请对方移交或暂停后再继续；无人接手的可以直接接手。",
            en="Have them hand it over, or suspend it; what waits can be resumed.",
        ),
    )


def nobody(who: str) -> InspectionError:
    """Nothing can be handed to who is not there, or is not let in."""
    return InspectionError(
        "inspection.nobody",
        Say(
            zh=f"没有 {who[:80]} 这样可以接手的工位、密钥或人员。",
            en=f"There is no station, key or person {who[:80]} who could take it.",
        ),
        Say(zh="请写成 station:编号、key:编号或 person:编号。", en="Write it as station:ID, key:ID or person:ID."),
    )


def unknown_step(step: str, known: Sequence[str]) -> InspectionError:
    """The SOP has no such step."""
    names = ", ".join(known)
    return InspectionError(
        "inspection.unknown_step",
        Say(zh=f"该质检标准没有步骤 {step}。", en=f"The SOP has no step {step}."),
        Say(zh=f"有这些步骤：{names}。", en=f"Its steps are {names}."),
    )


def not_its_turn(turn: SopStep | None) -> InspectionError:
    """Steps are answered one by one."""
    zh = "没有待答的步骤" if turn is None else f"现在应回答 {turn.id}"
    en = "No step is left to answer" if turn is None else f"It is the turn of {turn.id}"
    return InspectionError(
        "inspection.not_its_turn",
        Say(
            zh=f"还没有轮到，或不适用该步骤：{zh}。", en=f"It is not the turn of that step, or it does not apply. {en}."
        ),
        Say(
            zh="请按顺序逐步回答；已回答且仍适用的步骤可随时更正。",
            en="Answer step by step; one that was answered and still applies may be answered anew at any time.",
        ),
    )


def on_behalf(step: SopStep) -> InspectionError:
    """What others say is entered in their name."""
    who = ", ".join(sorted(step.by))
    return InspectionError(
        "inspection.on_behalf",
        Say(
            zh=f"步骤“{step.title.zh}”由 {who} 回答，请写明代谁录入。",
            en=f"Step {step.title.en!r} is for {who} to answer: say in whose name it is entered.",
        ),
        Say(zh="请填写 as；工位只能以 operator 作答。", en="Give `as`; a station answers as operator only."),
    )


def unanswered(steps: Sequence[SopStep]) -> InspectionError:
    """Nothing is concluded from half an inspection."""
    zh, en = "、".join(one.title.zh for one in steps), ", ".join(one.id for one in steps)
    return InspectionError(
        "inspection.unanswered",
        Say(zh=f"还有步骤未完成：{zh}。", en=f"Steps are left to answer: {en}."),
        Say(
            zh="请逐一回答；此处无法判断时，可送检（refer）。",
            en="Answer them; what cannot be decided here is referred to a service point or the supplier.",
        ),
    )


def reason_needed(parts: Sequence[str]) -> InspectionError:
    """Who concludes otherwise says why."""
    named = ", ".join(parts)
    return InspectionError(
        "inspection.reason_needed",
        Say(
            zh=f"结论与建议不同（{named}），须说明理由。",
            en=f"It differs from what is suggested ({named}) and says not why.",
        ),
        Say(zh="请填写 reason。", en="Give a `reason`."),
    )


def no_grade(grade: str, known: Sequence[str]) -> InspectionError:
    """The scheme has no such grade."""
    names = ", ".join(known)
    return InspectionError(
        "inspection.grade",
        Say(zh=f"没有等级 {grade[:40]!r}。", en=f"There is no grade {grade[:40]!r}."),
        Say(zh=f"有这些等级：{names}。", en=f"The grades are {names}."),
    )


def refer_instead() -> InspectionError:
    """A referral has somebody to answer it, and a deadline."""
    return InspectionError(
        "inspection.refer",
        Say(zh="送检须写明送往何处以及答复期限。", en="A referral says to whom, and until when they are to answer."),
        Say(zh="请使用 refer 操作。", en="Use the operation `refer`."),
    )


def deadline() -> InspectionError:
    """Nobody can answer in the past."""
    return InspectionError(
        "inspection.deadline",
        Say(zh="答复期限须晚于现在，且不超过一年。", en="The deadline must lie ahead, and within a year."),
        Say(zh="请核对 until 及其时区。", en="Check `until` and its time zone."),
    )


def not_concluded() -> InspectionError:
    """A second look is at what a first has concluded upon."""
    return InspectionError(
        "inspection.not_concluded",
        Say(
            zh="首次质检尚无结论，不能复检或比较。",
            en="The first look has not concluded: there is nothing to look at again.",
        ),
        Say(zh="请等待其得出结论。", en="Wait for its conclusion."),
    )


def same_person() -> InspectionError:
    """Who knows what was found cannot look without knowing."""
    return InspectionError(
        "inspection.same_person",
        Say(
            zh="复检须由未参与过该商品质检与裁定、也未持有其进度链接的人进行。",
            en="A second look is for somebody who has neither inspected these goods nor decided on them, and has made"
            " no link to how the claim stands.",
        ),
        Say(zh="请由另一工位或另一人进行。", en="Have another station or person take it."),
    )


def blind() -> InspectionError:
    """They are taking a second look, and must not know what the first found."""
    return InspectionError(
        "inspection.blind",
        Say(
            zh="您正在对该售后单进行二次质检，结论之前不显示首次质检及由其得出的内容。",
            en="You are taking a second look at this case: until it is concluded, nothing of the first look is shown to"
            " you, nor what follows from it.",
        ),
        Say(zh="请先完成您的质检。", en="Conclude your own inspection first."),
    )


def changed(name: str) -> InspectionError:
    """The file of a pinned SOP is not what it was."""
    return InspectionError(
        "inspection.sop_changed",
        Say(
            zh=f"质检标准 {name} 的文件与质检开始时不同。",
            en=f"The file of the SOP {name} is not the one with which the inspection began.",
        ),
        Say(
            zh="请恢复该版本的文件；修改须另立新版本。",
            en="Restore the file of that version; what is changed is a new version.",
        ),
    )
