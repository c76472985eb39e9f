"""What a store of bytes tells people when it cannot do what was asked: one place for both kinds of stores."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sixfaces.domain.errors import StoreError
from sixfaces.domain.model import Say

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_OF_ONE_FILE = frozenset({errno.EIO, errno.EACCES, errno.EPERM, errno.ELOOP, errno.EISDIR})
"""What the system says of one file that cannot be read while others can."""
_SHOWN = 500


def missing(key: str) -> StoreError:
    """Nothing lies under the key."""
    return StoreError(
        "store.missing",
        Say(zh=f"存储中没有 {key[:_SHOWN]}。", en=f"The store holds nothing under {key[:_SHOWN]}."),
        Say(
            zh="请核对存储地址与前缀；若内容确已丢失，请从备份恢复。",
            en="Check the store's address and prefix; if the bytes are lost, restore them from a backup.",
        ),
    )


def corrupt(key: str) -> StoreError:
    """The bytes under the key are not what they were."""
    return StoreError(
        "store.corrupt",
        Say(
            zh=f"{key[:_SHOWN]} 的内容与记录的摘要不符。",
            en=f"The bytes of {key[:_SHOWN]} do not have the digest on record.",
        ),
        Say(
            zh="切勿覆盖该内容。请检查磁盘，并从备份恢复同一摘要的文件。",
            en="Overwrite nothing. Check the disk, and restore the file with this digest from a backup.",
        ),
    )


def exists(key: str) -> StoreError:
    """Other bytes lie under the key already, and stay."""
    return StoreError(
        "store.exists",
        Say(zh=f"{key[:_SHOWN]} 已存有其他内容。", en=f"Other bytes already lie under {key[:_SHOWN]}."),
        Say(zh="已存内容保持不变。请换一个键再存。", en="What is stored stays. Store the new bytes under another key."),
    )


def full(where: str) -> StoreError:
    """No space is left."""
    return StoreError(
        "store.full",
        Say(zh=f"存储空间已满：{where[:_SHOWN]}。", en=f"No space is left in {where[:_SHOWN]}."),
        Say(
            zh="未留下不完整的内容。请腾出或增加空间，稍后重试。",
            en="Nothing half-written was left. Free or add space, then try again.",
        ),
    )


def unavailable(where: str, reason: str) -> StoreError:
    """The store does not answer, or refuses for a reason that an operator has to see to."""
    return StoreError(
        "store.unavailable",
        Say(
            zh=f"存储 {where[:_SHOWN]} 目前无法使用：{reason[:_SHOWN]}。",
            en=f"The store {where[:_SHOWN]} cannot be used now: {reason[:_SHOWN]}.",
        ),
        Say(
            zh="请检查网络、权限与磁盘；恢复后重试即可。",
            en="Check network, permissions and disks; once it is back, try again.",
        ),
    )


def unreadable(key: str, reason: str) -> StoreError:
    """The store answers, and cannot give these bytes: trying again for ever would tell nobody."""
    return StoreError(
        "store.unreadable",
        Say(
            zh=f"存储中的 {key[:_SHOWN]} 无法读取：{reason[:_SHOWN]}。",
            en=f"The store cannot read {key[:_SHOWN]}: {reason[:_SHOWN]}.",
        ),
        Say(
            zh="请检查磁盘与该文件的权限，必要时从备份恢复；随后可重新执行任务。",
            en="Check the disk and the file's permissions, restore it from a backup if need be; then replay the job.",
        ),
    )


def locked(key: str, reason: str) -> StoreError:
    """The store does not let go of the bytes."""
    return StoreError(
        "store.locked",
        Say(
            zh=f"存储不允许删除 {key[:_SHOWN]}：{reason[:_SHOWN]}。",
            en=f"The store does not let {key[:_SHOWN]} go: {reason[:_SHOWN]}.",
        ),
        Say(
            zh="对象锁定或存储一侧的保全仍有效，或凭据无权删除版本；到期或放行后会自动继续。",
            en="An object lock or a hold of the store's own is in force, or the credentials may not delete versions; it"
            " goes on by itself once that has ended.",
        ),
    )


def unprotected(where: str, gaps: Sequence[str]) -> StoreError:
    """The store does not keep what was demanded of it."""
    named = ", ".join(gaps)
    return StoreError(
        "store.unprotected",
        Say(
            zh=f"存储 {where[:_SHOWN]} 未通过启动检查：{named}。",
            en=f"The store {where[:_SHOWN]} did not keep what was tried on it: {named}.",
        ),
        Say(
            zh="请改用启用对象锁定的存储桶；或取消 SIXFACES_BLOBS_REQUIRE_PROTECTED，此后每份回执都会注明未受保护。",
            en="Use a bucket with object lock; or unset SIXFACES_BLOBS_REQUIRE_PROTECTED: then every receipt says so.",
        ),
    )


@contextmanager
def reading(key: str, root: Path) -> Iterator[None]:
    """Tell one file that cannot be read from a folder that cannot. Raises `store.unreadable`."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _OF_ONE_FILE and os.access(root, os.R_OK | os.X_OK):
            raise unreadable(key, exc.strerror or type(exc).__name__) from exc
        raise


@contextmanager
def telling(where: str) -> Iterator[None]:
    """Turn what the operating system says into ours. Raises `store.full` or `store.unavailable`."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _FULL:
            raise full(where) from exc
        raise unavailable(where, exc.strerror or type(exc).__name__) from exc
