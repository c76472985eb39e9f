"""What can be wrong with a custody log, a checkpoint or a bundle: one table of codes and texts for all who check."""

from typing import NamedTuple

from sixfaces.domain.errors import CustodyError
from sixfaces.domain.model import Say

LONGEST_PLACE = 500

_TEXTS = {
    "body": ("存证条目的内容没有唯一的字节形式", "the entry's body has no canonical form"),
    "bundle_form": ("不是完整的存证包，或其结构被改动", "this is not the form of a custody bundle"),
    "bundle_version": ("存证包的版本未知", "the bundle is of an unknown version"),
    "checkpoint_changed": ("日志检查点的内容与其签名文本不符", "the checkpoint is not what its signed note says"),
    "checkpoint_form": ("日志检查点的格式不符", "this is not the form of a checkpoint"),
    "entry_changed": ("存证条目被改动", "the entry is not what was entered"),
    "entry_form": ("存证条目的写法不符", "this is not the form of an entry"),
    "entry_missing": ("缺少存证条目", "entries are missing"),
    "exhibit_changed": ("证据件记录与封存时不符", "the exhibit's record is not what was sealed"),
    "file_changed": ("文件内容与清单不符", "the file is not what the manifest says"),
    "file_missing": ("缺少清单所列的文件", "a file of the manifest is missing"),
    "file_unknown": ("出现清单之外的文件", "a file that the manifest does not name"),
    "forked": ("日志与见证方记住的不是同一份历史", "the log is not an extension of what the witness saw"),
    "key_retired": ("签名密钥当时已停用", "the key was already retired when it signed"),
    "keys": ("密钥文件无法使用", "the key file cannot be used"),
    "origin": ("来自另一份存证日志", "this is of another log"),
    "original_changed": ("原件字节已改变", "the original's bytes have changed"),
    "original_missing": ("缺少已封存的原件", "a sealed original is missing"),
    "original_unsealed": ("原件没有对应的封存条目", "no entry says that this original was sealed"),
    "pack": ("这是证据包，请用 verify_bundle.py 核对", "this is an exhibit pack: verify_bundle.py checks it"),
    "proof": ("条目的包含证明不成立", "the entry's inclusion proof does not hold"),
    "proof_form": ("证明的写法不符", "this is not the form of a proof"),
    "report": ("报告不是存证条目所记的那一份", "no entry says that this report was the outcome"),
    "rolled_back": ("日志比见证方或检查点记住的更短，可能被回滚", "the log is shorter than it was: rolled back"),
    "root": ("日志的根与检查点签名的根不同", "the log's root is not the one that was signed"),
    "signature": ("签名不成立", "the signature does not hold"),
    "stamp": ("时间戳不成立", "the timestamp does not hold"),
    "stamp_away": ("时间戳服务暂时不可用", "the timestamp authority does not answer"),
    "subject": ("与存证包所称的售后单或证据件不符", "this is of another case or exhibit"),
    "tree": ("日志保存的哈希树不是由其条目得出的", "the log's stored tree is not that of its entries"),
    "unknown_key": ("没有受信任的密钥签名", "no trusted key has signed this"),
    "unreadable": ("无法读取", "it cannot be read"),
    "unwitnessed": (
        "包内没有从见证方检查点出发的一致性证明",
        "no proof leads from the witness' checkpoint to this one",
    ),
    "witness": ("见证文件无法使用", "the witness file cannot be used"),
}

_FIXES = {
    "keys": Say(zh="请检查密钥文件及其权限。", en="Check the key file and its permissions."),
    "origin": Say(zh="请使用这份日志自己的密钥与见证文件。", en="Use the keys and the witness file of this log."),
    "unreadable": Say(zh="请检查路径与权限。", en="Check the path and its permissions."),
    "unwitnessed": Say(zh="请按见证方的条目数重新导出。", en="Export again, starting from the witness' size."),
    "witness": Say(zh="请检查见证文件，或另选一个。", en="Check the witness file, or name another."),
    "stamp_away": Say(zh="稍后会自动重试。", en="It is tried again later."),
}
_FIX = Say(
    zh="请保留现场，向日志的持有方和见证方核对。", en="Keep everything as it is and ask the log's keeper and witness."
)


class Fault(NamedTuple):
    """One thing that does not hold. `place`: the file with its byte range, or the entry, that it was seen at."""

    code: str
    place: str
    text: Say

    @classmethod
    def at(cls, code: str, place: str) -> "Fault":
        """A fault of the table: its code without the family."""
        zh, en = _TEXTS[code]
        where = place[:LONGEST_PLACE].encode("utf-8", "replace").decode()
        return cls(f"custody.{code}", where, Say(zh=f"{where}：{zh}。", en=f"{where}: {en}."))

    @classmethod
    def of(cls, error: "FaultError", place: str) -> "Fault":
        """The fault that an error tells, with the file or entry that it was seen in."""
        code, inner = error.fault.code.partition(".")[2], error.fault.place
        return cls.at(code, place if inner in {"", place} else f"{place}: {inner}")


class FaultError(CustodyError):
    """A fault as an exception."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code, fault.text, _FIXES.get(fault.code.partition(".")[2], _FIX))
        self.fault = fault


def custody_error(code: str, place: str) -> FaultError:
    """An exception with the text of the table."""
    return FaultError(Fault.at(code, place))
