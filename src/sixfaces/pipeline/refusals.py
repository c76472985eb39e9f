"""What is answered to a request that cannot be met as it stands, whoever asked and by whichever door."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sixfaces.domain.errors import RequestError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.model import Say


class FurtherError(RequestError):
    """A refusal that tells programs more than its code: `members` stand beside it in the answer."""

    def __init__(self, code: str, text: Say, fix: Say, *, members: Mapping[str, Any]) -> None:
        super().__init__(code, text, fix)
        self.members = members


def missing() -> RequestError:
    """Nothing of this id for this tenant: another tenant's is told in the very same words."""
    return RequestError(
        "request.missing",
        Say(zh="未找到该记录。", en="There is no such thing."),
        Say(zh="请核对编号，并确认使用的是拥有它的商家的密钥。", en="Check the id, and that the key is its tenant's."),
    )


def forbidden() -> RequestError:
    """The key is good, but its role may not do this."""
    return RequestError(
        "request.forbidden",
        Say(zh="该密钥的角色无权执行此操作。", en="The role of this key may not do this."),
        Say(zh="请使用具有相应角色的密钥。", en="Use a key whose role may."),
    )


def not_told_apart() -> RequestError:
    """An edit of lines or names that are covered for who edits."""
    return RequestError(
        "request.personal",
        Say(
            zh="该修改涉及已脱敏的内容，无法判断所指是哪一项。",
            en="The edit touches what is masked for this key: which of several things it means cannot be told.",
        ),
        Say(
            zh="请使用有权查看个人信息的密钥修改，或保留列表与文件名原样、只改其他字段。",
            en="Edit with a key that may see personal data, or leave the list and the file names as they were shown.",
        ),
    )


def not_theirs_to_give() -> RequestError:
    """A key that would show its holder more than who makes it may see."""
    return RequestError(
        "request.personal",
        Say(
            zh="该密钥无权查看个人信息，因此不能创建可以查看的密钥。",
            en="This key may not see personal data, and so cannot make one that may.",
        ),
        Say(
            zh="创建时将 sees_personal 设为 false，或使用有权查看个人信息的管理员密钥。",
            en="Make it with sees_personal false, or ask with an admin key that may see them.",
        ),
    )


def not_for_them() -> RequestError:
    """Original bytes show names, phone numbers and addresses."""
    return RequestError(
        "request.personal",
        Say(
            zh="该密钥无权查看个人信息，因此不提供原始文件。",
            en="This key may not see personal data, which original files show.",
        ),
        Say(
            zh="审核员可注明理由后查看（请求头 Unmask）；否则请使用有权查看的密钥（创建时 sees_personal 为 true），"
            "或改看脱敏后的报告与图片。",
            en="A reviewer may, with a reason (the header Unmask); else use a key that may (made with sees_personal), "
            "or look at the masked report and pictures.",
        ),
    )


def not_theirs_to_unmask() -> RequestError:
    """A reason, however good, from who may not see personal data at all."""
    return RequestError(
        "request.personal",
        Say(
            zh="该密钥无权查看个人信息，注明理由也不行。",
            en="This key may not see personal data, for whatever reason.",
        ),
        Say(
            zh="请不带 Unmask 再次请求，或由审核员查看。",
            en="Ask again without Unmask, or let a reviewer look.",
        ),
    )


def not_of_one_case() -> RequestError:
    """Personal data is shown of one case at a time, lest a list be read for one reason."""
    return RequestError(
        "request.unmask",
        Say(
            zh="此处不能取消脱敏：须针对单个售后单、证据或判定，且理由须为规定之一。",
            en="Nothing is unmasked here: it is done for one case, exhibit or verdict, for one of the known reasons.",
        ),
        Say(
            zh="请在读取单个售后单或证据时注明理由：footage、label、contact、identity 或 authority。",
            en="State the reason where one case or exhibit is read: footage, label, contact, identity or authority.",
        ),
    )


def not_masked() -> RequestError:
    """A picture that was made without a masked twin."""
    return RequestError(
        "request.not_masked",
        Say(
            zh="这张图片没有脱敏版本，而该密钥无权查看个人信息。",
            en="This picture has no masked twin, and this key may not see personal data.",
        ),
        Say(
            zh="请修改或重新开启该售后单，使其证据按当前版本重新测量，或使用有权查看个人信息的密钥。",
            en="Edit or reopen the case, so that its evidence is measured again by the present version, or use a key "
            "that may.",
        ),
    )


def stale(revision: int | None) -> RequestError:
    """The thing is not as the precondition says."""
    state_en = "not there" if revision is None else f"at revision {revision}"
    state_zh = "尚不存在" if revision is None else f"已是第 {revision} 版"
    return RequestError(
        "request.stale",
        Say(zh=f"前提条件不成立：对象{state_zh}。", en=f"The precondition does not hold: it is {state_en}."),
        Say(zh="请重新读取后再提交修改。", en="Read it again and repeat the edit on what it is now."),
    )


def unknown_tag() -> RequestError:
    """The precondition names no revision that there could be."""
    return RequestError(
        "request.stale",
        Say(
            zh="前提条件不成立：该 ETag 不对应任何一版。",
            en="The precondition does not hold: no revision has that tag.",
        ),
        Say(zh="请重新读取，将其 ETag 放入 If-Match。", en="Read it again and send its ETag as If-Match."),
    )


def match_needed() -> RequestError:
    """An edit of what exists must say which revision it edits."""
    return RequestError(
        "request.match_needed",
        Say(zh="该对象已存在且内容不同，修改须带 If-Match。", en="It exists and differs: an edit needs If-Match."),
        Say(zh="请读取对象，将其 ETag 放入 If-Match 后重试。", en="Read it and send its ETag as If-Match."),
    )


def exists(what: str) -> RequestError:
    """The name is taken."""
    return RequestError(
        "request.exists",
        Say(zh=f"{what} 已存在。", en=f"{what} exists already."),
        Say(zh="请换一个编号，或使用已有的对象。", en="Choose another id, or use the one that is there."),
    )


def closed() -> RequestError:
    """A closed case is not edited."""
    return RequestError(
        "request.closed",
        Say(zh="该售后单已关闭，不能再修改。", en="The case is closed and cannot be edited."),
        Say(zh="如有新的情况，请重新开启该售后单，或另建一单。", en="Reopen it, or open another case for what is new."),
    )


def not_dead() -> RequestError:
    """Only what has ended badly can be done again by hand."""
    return RequestError(
        "request.not_dead",
        Say(zh="该任务没有失败，无需重放。", en="The job has not failed: there is nothing to replay."),
        Say(zh="只能重放状态为 dead 或 quarantined 的任务。", en="Replay jobs whose state is dead or quarantined."),
    )


def not_yet(what: Say) -> RequestError:
    """It will be there once work has been done."""
    return RequestError(
        "request.not_yet",
        Say(zh=f"{what.zh}尚未生成。", en=f"There is no {what.en} yet."),
        Say(zh="请等待核验完成，可订阅售后单的事件。", en="Wait for the verification; the case's events tell when."),
    )


def held(holds: Sequence[str]) -> RequestError:
    """Somebody holds what is to be erased. `case_open`, `platform_stepped_in` and `evidence_awaited` hold by
    themselves."""
    named = ", ".join(holds)
    return FurtherError(
        "request.held",
        Say(zh=f"该售后单被保全，不能删除：{named}。", en=f"The case is held and cannot be erased: {named}."),
        Say(
            zh="请先关闭售后单；平台介入的须先登记已了结，举证期限须等待届满；法律保全须由管理员解除或等待到期。",
            en="Close the case. Where the platform stepped in, first tell that it is settled; a period for evidence "
            "has to end; a legal hold ends when an admin lifts it, or at its end.",
        ),
        members={"holds": list(holds)},
    )


def erased(id: str, at: datetime, exhibit: FiledExhibit | None = None) -> RequestError:
    """It was there and is gone for good; what is left of an exhibit is told."""
    stone = {"tombstone": exhibit.model_dump(mode="json", exclude={"quarantine"})} if exhibit is not None else {}
    return FurtherError(
        "request.erased",
        Say(zh=f"{id} 已于 {at:%Y-%m-%d} 删除。", en=f"{id} was erased on {at:%Y-%m-%d}."),
        Say(
            zh="存证日志仍可证明它曾存在及何时、为何删除；内容无法恢复。",
            en="The custody log still proves that it was there, and when and why it went; it cannot come back.",
        ),
        members={"erased_at": at.isoformat(), **stone},
    )


def hold_past() -> RequestError:
    """A hold that would have ended before it began."""
    return RequestError(
        "request.invalid",
        Say(zh="请求有误：until 已经过去。", en="The request is wrong: until has passed already."),
        Say(zh="请填写将来的时间；不填表示直到解除。", en="Name an instant to come, or none: until it is lifted."),
    )


def pruned(first: int) -> RequestError:
    """Events that the watcher has not seen are kept no longer."""
    return FurtherError(
        "request.pruned",
        Say(zh="该编号之后的部分事件已不再保留。", en="Some of the events after this one are kept no longer."),
        Say(
            zh="请重新读取售后单的现状，再不带 Last-Event-ID 订阅。",
            en="Read the case as it is now, then watch it without Last-Event-ID.",
        ),
        members={"kept_after": first},
    )
