"""What is answered to a request that cannot be met as it stands, whoever asked and by whichever door."""

from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say


def missing() -> RequestError:
    """Nothing of this id for this tenant: another tenant's is told in the very same words."""
    return RequestError(
        "request.missing",
        Say(zh="没有这样的对象。", en="There is no such thing."),
        Say(zh="请核对编号，并确认使用的是拥有它的商家的密钥。", en="Check the id, and that the key is its tenant's."),
    )


def forbidden() -> RequestError:
    """The key is good, but its role may not do this."""
    return RequestError(
        "request.forbidden",
        Say(zh="该密钥的角色无权执行此操作。", en="The role of this key may not do this."),
        Say(zh="请使用具有相应角色的密钥。", en="Use a key whose role may."),
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
