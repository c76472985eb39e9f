"""What can be wrong with the archive, or with what is asked of it."""

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
