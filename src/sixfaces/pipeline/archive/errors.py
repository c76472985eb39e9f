"""What can be wrong with the archive, or with what is asked of it."""

from collections.abc import Sequence

from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.model import Say


def corrupt(part: str, why: str) -> ArchiveError:
    """A part is missing, damaged, or not the one on record."""
    return ArchiveError(
        "archive.corrupt",
        Say(
            zh=f"档案分片 {part} 缺失、已损坏或不是登记的那一份（{why}）。",
            en=f"The archive's part {part} is missing, damaged or not the one on record ({why}).",
        ),
        Say(
            zh="请运行 sixfaces fsck 查明范围，并从备份恢复该分片；未跳过任何分片。",
            en="Run `sixfaces fsck` to see how far it goes, and restore the part from a backup: none is ever skipped.",
        ),
    )


def newer(part: str, what: str) -> ArchiveError:
    """A part, or an observation in it, was written by a later version."""
    return ArchiveError(
        "archive.newer",
        Say(
            zh=f"档案分片 {part} 由更新的版本写成（{what}），本版本无法读取。",
            en=f"The archive's part {part} was written by a later version ({what}), which this one cannot read.",
        ),
        Say(zh="请升级 sixfaces 后重试。", en="Upgrade sixfaces, then try again."),
    )


def no_policy(asked: str) -> ArchiveError:
    """A run by a policy that there is not."""
    return ArchiveError(
        "archive.policy",
        Say(zh=f"没有规则 {asked[:80]!r}。", en=f"There is no policy {asked[:80]!r}."),
        Say(
            zh="请填写规则名或“规则名@版本”，可用的规则见 /v1/rulebooks。",
            en="Name one as name or name@version; /v1/rulebooks lists them.",
        ),
    )


def resting(state: str) -> ArchiveError:
    """A run that is not in a state for what is asked."""
    return ArchiveError(
        "archive.state",
        Say(zh=f"该重新核验处于 {state} 状态，不能执行此操作。", en=f"The run is {state}, and cannot do this."),
        Say(
            zh="运行中的可暂停或取消，暂停的可继续，完成的可应用。",
            en="One that runs can be paused or cancelled, one that is paused resumed, one that is done applied.",
        ),
    )


def never_measured(codes: Sequence[str]) -> ArchiveError:
    """The policy requires what was measured in nothing that the run looked at: all of it would be for people."""
    named = ", ".join(codes)
    return ArchiveError(
        "archive.never_measured",
        Say(
            zh=f"规则要求 {named}，但所核查的证据中没有一件测量过其所需内容。",
            en=f"The policy requires {named}, for which nothing was measured in any exhibit that was looked at.",
        ),
        Say(
            zh="请先用能测量该项的版本重新测量，或不把该规则设为必需。",
            en="Have the exhibits measured by a version that measures it, or do not require the rule.",
        ),
    )


def other_code(run: str, own: str) -> ArchiveError:
    """Whoever would take part in a run is of another version than whoever began it."""
    return ArchiveError(
        "archive.code",
        Say(
            zh=f"该重新核验由 {run} 版本的代码与观测程序开始，本进程是 {own} 或观测程序不同，不能接着执行。",
            en=f"The run was begun by code {run} with its observers; this process is of {own}, or of other observers.",
        ),
        Say(
            zh="请在所有进程升级完成后重新开始一次重新核验。",
            en="Begin another run once all processes are of one version.",
        ),
    )


def unjudged(verdict: str, why: str) -> ArchiveError:
    """What a judging saw is not there any more, or cannot be read."""
    return ArchiveError(
        "archive.unjudged",
        Say(
            zh=f"判定 {verdict} 所依据的材料缺失或无法读取（{why}）。",
            en=f"What the verdict {verdict} was given on is missing or cannot be read ({why}).",
        ),
        Say(
            zh="请运行 sixfaces fsck，并从备份恢复该判定的结果文件。",
            en="Run `sixfaces fsck`, and restore the verdict's results from a backup.",
        ),
    )


def no_zone(name: str) -> ArchiveError:
    """A schedule by a time zone that there is not."""
    return ArchiveError(
        "archive.zone",
        Say(zh=f"没有时区 {name!r}。", en=f"There is no time zone {name!r}."),
        Say(
            zh="请填写 IANA 时区名，例如 Asia/Shanghai。",
            en="Name one of the IANA database, such as Asia/Shanghai.",
        ),
    )


def too_many_schedules(most: int) -> ArchiveError:
    """The tenant has as many schedules as it may."""
    return ArchiveError(
        "archive.too_many",
        Say(zh=f"最多只能有 {most} 个定期重新核验。", en=f"There may be {most} schedules at most."),
        Say(zh="请删除不再使用的定期任务。", en="Delete those that are no longer used."),
    )
