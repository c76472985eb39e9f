"""What is answered where watching cannot give what is asked."""

from datetime import datetime

from sixfaces.domain.errors import WatchingError
from sixfaces.domain.model import Say
from sixfaces.domain.sampling import Stream


def bad_period(why: Say) -> WatchingError:
    """A period that is none, or of too many parts."""
    return WatchingError(
        "watching.period",
        Say(zh=f"时段无效：{why.zh}。", en=f"The period cannot be: {why.en}."),
        Say(zh="请修改起止时间、时区或分段方式。", en="Change its ends, the time zone or the parts."),
    )


def too_many(most: int) -> WatchingError:
    """More cases than one answer is made of."""
    return WatchingError(
        "watching.too_many",
        Say(zh=f"该时段的数据超过 {most} 条。", en=f"There are more than {most} of them in the period."),
        Say(zh="请缩短时段，分几次查询。", en="Ask for a shorter period, several times."),
    )


def empty_lot() -> WatchingError:
    """Nothing to draw from."""
    return WatchingError(
        "watching.empty",
        Say(zh="该时段没有可供抽样的机器结论。", en="The machine said nothing in that time that could be sampled."),
        Say(zh="请核对规则版本与时段。", en="Check the policy's edition and the period."),
    )


def lot_overlaps() -> WatchingError:
    """Part of the time has been drawn from already."""
    return WatchingError(
        "watching.lot_overlaps",
        Say(zh="该时段与已有的检验批重叠。", en="A lot of this stream covers part of that time already."),
        Say(zh="请从上一批结束的时间开始。", en="Begin where the last lot ends."),
    )


def lot_gap(until: datetime) -> WatchingError:
    """What was said in between would be looked at by nobody."""
    at = until.isoformat()
    return WatchingError(
        "watching.lot_gap",
        Say(zh="该时段与上一批之间有空档。", en="There is a gap between the last lot and this one."),
        Say(zh=f"请从 {at} 开始。", en=f"Begin at {at}, where the last lot ends."),
    )


def other_plan(stream: Stream) -> WatchingError:
    """Switching from lot to lot holds for one level and one AQL."""
    level = str(stream.level.value if stream.level is not None else None)
    return WatchingError(
        "watching.other_plan",
        Say(
            zh=f"该检验序列的检验水平为 {level}、AQL 为 {stream.aql}，各批须一致。",
            en=f"This stream is inspected at level {level} and AQL {stream.aql}, and all of its lots are.",
        ),
        Say(zh="请使用相同的检验水平与 AQL。", en="Draw with the same level and AQL."),
    )


def lot_open(lot: str) -> WatchingError:
    """How strict the next lot is depends on this one."""
    return WatchingError(
        "watching.lot_open",
        Say(zh=f"上一检验批 {lot} 尚未完成。", en=f"Lot {lot} before it has not been looked at to its end."),
        Say(zh="请先完成上一批的复核。", en="Answer its samples first."),
    )


def lot_ended() -> WatchingError:
    """What came of it stays."""
    return WatchingError(
        "watching.lot_ended",
        Say(zh="该检验批已经结束。", en="This lot has ended."),
        Say(zh="无需处理。", en="Nothing needs to be done."),
    )


def stopped() -> WatchingError:
    """Five lots failed under tightened inspection."""
    return WatchingError(
        "watching.stopped",
        Say(
            zh="加严检验下已有五批不接收，检验已暂停。",
            en="Five lots failed under tightened inspection: it is stopped.",
        ),
        Say(
            zh="请先排除原因（如停用自动结案或更换规则版本），再恢复检验。",
            en="Mend the cause, such as by closing nothing automatically or by another edition, then resume.",
        ),
    )


def not_stopped() -> WatchingError:
    """Nothing to resume."""
    return WatchingError(
        "watching.not_stopped",
        Say(zh="该检验序列没有暂停。", en="This stream is not stopped."),
        Say(zh="无需处理。", en="Nothing needs to be done."),
    )


def bad_answer(known: tuple[str, ...]) -> WatchingError:
    """A word that is no answer to this item."""
    words = ", ".join(known)
    return WatchingError(
        "watching.answer",
        Say(zh=f"可用的回答：{words}。", en=f"Answers can be: {words}."),
        Say(zh="请选择其中之一。", en="Choose one of them."),
    )


def answered() -> WatchingError:
    """An answer stays as it is."""
    return WatchingError(
        "watching.answered",
        Say(zh="该样本已经回答，不能更改。", en="This item has been answered, which cannot be changed."),
        Say(zh="请领取下一个样本。", en="Take the next one."),
    )


def blind() -> WatchingError:
    """Whoever looks again must not see what was said before."""
    return WatchingError(
        "watching.blind",
        Say(zh="您正在盲审该售后单，回答前不能查看机器结论。", en="You are looking at this case again, blind to it."),
        Say(zh="请先回答该样本。", en="Answer your sample first: then it is shown."),
    )


def acknowledged() -> WatchingError:
    """Somebody has said already what they make of it."""
    return WatchingError(
        "watching.acknowledged",
        Say(zh="该预警已有人确认。", en="This alarm has been acknowledged already."),
        Say(zh="请查看其备注。", en="Read the note."),
    )


def planted_already() -> WatchingError:
    """A case has one truth."""
    return WatchingError(
        "watching.planted_already",
        Say(zh="该售后单已在样例库中。", en="This case is in the library of known cases already."),
        Say(zh="如需修改，请停用后另建一单。", en="To change it, retire it and plant another."),
    )


def in_use() -> WatchingError:
    """What has been decided or closed as a real case is none to try people with."""
    return WatchingError(
        "watching.in_use",
        Say(zh="该售后单已有裁定，不能作为样例。", en="This case has been decided: it is a real one."),
        Say(zh="请为样例单独建一个售后单。", en="Open a case of its own for it."),
    )
