"""What can be wrong with an installation: one table of codes, each with its words and a way out."""

from typing import Any, NamedTuple

from sixfaces.domain.model import Say

_RESTORE = (
    "切勿覆盖现有内容；请从备份恢复（见 docs/runbooks/restore.md），再运行一次 fsck。",
    "Overwrite nothing; restore it from a backup (docs/runbooks/restore.md), then run fsck again.",
)
_LOG = (
    "请立即保全数据库与检查点的现状；用站外保存的检查点和备份找出最后一致的状态（见 docs/runbooks/restore.md）。",
    "Keep database and checkpoints as they are; find the last good state by checkpoints kept elsewhere and backups"
    " (docs/runbooks/restore.md).",
)
_ASK = (
    "请查明谁改动过数据库；对照备份更正这一行，并保留改动前的副本。",
    "Find out who changed the database; correct the row after a backup, and keep a copy of it as it is.",
)
_JUDGE = ("请重放该售后单的任务，使其重新判定。", "Replay the case's job, so that it is judged again.")
_WORK = (
    "请确认至少有一个 worker 在运行；它会在一分钟内处理。若已在运行，请查看其日志。",
    "See that a worker runs: it puts this right within a minute. If one does, read its log.",
)
_MEASURE = (
    "请重放该证据件的 observe 任务，使其重新测量。",
    "Replay the exhibit's observe job, so that it is measured again.",
)
_SPOOL = (
    "请检查暂存盘并从备份恢复该文件；若无法恢复，请终止该上传，由发送方重新上传。",
    "Check the spool's disk and restore the file; if that is not possible, end the upload and have it sent again.",
)
_ERASE = (
    "若是从备份恢复所致，请按 docs/retention.md 重新执行删除；否则请查明是谁写回的。",
    "If a backup was restored, erase it again (docs/retention.md); else find out who has put it back.",
)
_KEYS = (
    "请用 --keys 指明在别处保存的公钥文件；若签名确实无效，请按日志被改动处理。",
    "Name the file of public keys that is kept elsewhere with --keys; if the signature is wrong all the same, treat the"
    " log as tampered with.",
)
_NONE = (
    "无需处理；空间可在确认备份后收回。",
    "Nothing needs to be done; the space may be freed once backups are known good.",
)

_TABLE: dict[str, tuple[str, str, tuple[str, str]]] = {
    "database_damaged": ("数据库文件损坏", "the database is damaged", _RESTORE),
    "reference_dangling": ("这一行指向不存在的行", "the row points at one that is not there", _ASK),
    "row_unreadable": ("这一行的内容无法读取", "what the row holds cannot be read", _ASK),
    "tenant_crossed": ("这一行与其所属售后单属于不同租户", "the row is of another tenant than its case", _ASK),
    "person_misnamed": ("此人的编号不是由其身份得出的", "the person's id is not that of issuer and subject", _ASK),
    "original_missing": ("原件不在存储中", "the original is not in the store", _RESTORE),
    "original_size": ("原件的字节数与封存时不同", "the original has another size than was sealed", _RESTORE),
    "original_changed": ("原件的摘要与封存时不同", "the original has another digest than was sealed", _RESTORE),
    "original_unwatched": (
        "证据件的原件不在巡检之列",
        "an exhibit's original is not among those that are read again",
        _ASK,
    ),
    "exhibit_differs": ("证据件的记录与其封存条目不符", "the exhibit is not what its seal entry says", _ASK),
    "exhibit_unentered": ("证据件在存证日志中没有封存条目", "the exhibit has no seal entry in the custody log", _ASK),
    "seal_without_exhibit": ("封存条目没有对应的证据件", "a seal entry has no exhibit", _RESTORE),
    "record_missing": (
        "证据件已标为测量完毕，却没有测量记录",
        "the exhibit counts as measured and has no record",
        _MEASURE,
    ),
    "record_changed": ("测量记录与其存证条目不符", "the record is not the one that was entered", _RESTORE),
    "record_unentered": ("测量记录在存证日志中没有条目", "the record has no entry in the custody log", _ASK),
    "take_differs": (
        "同一份素材有两个不同的画面组根哈希",
        "two roots are told of the groups of pictures of the same bytes",
        _ASK,
    ),
    "picture_missing": ("测量记录引用的图片不在存储中", "a picture that a record cites is not in the store", _RESTORE),
    "picture_changed": ("图片与测量记录中的摘要不符", "a picture is not the one that its record cites", _RESTORE),
    "verdict_twice": (
        "同一修订、代码与规则有多个判定，且均未注明为再次作出",
        "one revision has two verdicts by one code and policy, and neither says that it was given again",
        _ASK,
    ),
    "verdict_ahead": ("判定所在的修订在售后单中不存在", "the verdict is on a revision that the case never had", _ASK),
    "verdict_unentered": (
        "判定在存证日志中没有相符的条目",
        "the verdict has no matching entry in the custody log",
        _ASK,
    ),
    "judge_without_verdict": ("判定条目没有对应的判定", "a judge entry has no verdict", _RESTORE),
    "verified_without_verdict": ("售后单已核验，当前修订却没有判定", "the case is verified without a verdict", _JUDGE),
    "case_verdict_differs": (
        "售后单所示判定不是其当前修订的判定",
        "the case shows another verdict than it has",
        _JUDGE,
    ),
    "results_missing": ("判定的结果文件不在存储中", "a file of the verdict's results is not in the store", _RESTORE),
    "results_changed": (
        "判定的结果文件与其存证条目不符",
        "a file of the verdict's results is not the one that was entered",
        _RESTORE,
    ),
    "report_changed": ("报告与其存证条目不符", "the report is not the one that was entered", _RESTORE),
    "case_forgotten": (
        "售后单有已封存的证据，却既无判定也无任务",
        "sealed evidence has neither verdict nor job",
        _JUDGE,
    ),
    "grade_differs": ("质检结论与其存证条目不符", "the QC verdict is not the one that was entered", _RESTORE),
    "grade_unentered": ("质检结论在存证日志中没有条目", "the QC verdict has no entry in the custody log", _ASK),
    "grade_without_row": ("质检条目没有对应的质检结论", "a grade entry has no QC verdict", _RESTORE),
    "inspection_open": ("质检已有结论，其状态却不是已结束", "the inspection of a QC verdict is not concluded", _ASK),
    "inspection_unfounded": ("质检已结束，却没有结论", "a concluded inspection has no QC verdict", _RESTORE),
    "decide_differs": ("裁定与其存证条目不符", "the decision is not the one that was entered", _RESTORE),
    "decide_unentered": ("裁定在存证日志中没有条目", "the decision has no entry in the custody log", _ASK),
    "decide_without_row": ("裁定条目没有对应的裁定", "a decide entry has no decision", _RESTORE),
    "record_differs": (
        "售后过程记录与其存证条目不符",
        "the entry of the chronicle is not the one that was entered",
        _RESTORE,
    ),
    "record_not_entered": (
        "售后过程记录在存证日志中没有条目",
        "the entry of the chronicle has no entry in the custody log",
        _ASK,
    ),
    "record_without_row": (
        "售后过程条目没有对应的记录",
        "a record entry has no entry of the chronicle",
        _RESTORE,
    ),
    "log_hole": ("存证日志缺少条目", "entries of the log are missing", _LOG),
    "entry_changed": ("存证条目被改动", "the entry is not what was entered", _LOG),
    "entry_order": ("存证条目的时间早于前一条", "the entry is older than the one before it", _LOG),
    "node_changed": ("日志哈希树的节点被改动", "a node of the log's hash tree is changed", _LOG),
    "node_missing": ("日志哈希树缺少节点", "a node of the log's hash tree is missing", _LOG),
    "node_unfounded": (
        "日志哈希树中有不属于任何条目的节点",
        "a node of the log's hash tree stands on no entries",
        _LOG,
    ),
    "head_differs": ("日志头所记条目数与实际不符", "the log's head counts other entries than there are", _LOG),
    "checkpoint_form": ("检查点无法读取", "the checkpoint cannot be read", _LOG),
    "checkpoint_differs": ("检查点的内容与其签名文本不符", "the checkpoint is not what its note says", _LOG),
    "checkpoint_root": ("检查点的根哈希与日志不符", "the checkpoint's root is not the log's", _LOG),
    "checkpoint_ahead": (
        "检查点所含条目多于日志：日志被截短",
        "a checkpoint covers more than the log: it was cut",
        _LOG,
    ),
    "checkpoint_key": (
        "检查点由未知或已停用的密钥签署",
        "the checkpoint is signed by an unknown or retired key",
        _KEYS,
    ),
    "checkpoint_signature": ("检查点的签名无效", "the checkpoint's signature is wrong", _KEYS),
    "keys_unreadable": ("无法读取存证公钥", "the custody log's public keys cannot be read", _KEYS),
    "upload_beyond": ("上传的偏移量超出其长度", "the upload's offset lies beyond its length", _ASK),
    "upload_unsealed": ("已收齐的上传没有封存任务", "a complete upload has no job that seals it", _WORK),
    "upload_overdue": ("上传早已过期却仍在接收", "the upload has long expired and still receives", _WORK),
    "segments_gap": ("上传的分段不连续", "the upload's segments do not join", _SPOOL),
    "spool_missing": ("分段的字节不在暂存盘上", "a segment's bytes are not in the spool", _SPOOL),
    "spool_short": ("暂存盘上的字节少于已确认的偏移量", "the spool has fewer bytes than were acknowledged", _SPOOL),
    "sealed_without_exhibit": ("上传已封存却没有证据件", "a sealed upload has no exhibit", _RESTORE),
    "job_overdue": ("任务的租约早已到期却仍在运行", "the job still runs long after its lease ended", _WORK),
    "job_unheld": ("任务在运行却没有租约", "the job runs without a lease", _ASK),
    "job_twice": ("同一对象有两个待办任务", "two ready jobs have one subject", _ASK),
    "job_without_subject": ("任务的对象不存在", "the job's subject is not there", _RESTORE),
    "observe_without_record": ("测量任务已完成却没有测量记录", "an observe job is done without a record", _MEASURE),
    "delivery_unscheduled": (
        "Webhook 投递的状态与其时间不符",
        "a webhook's delivery has another state than its instants say",
        _ASK,
    ),
    "delivery_overdue": ("Webhook 投递早已到期却未发送", "a webhook's delivery has long been due", _WORK),
    "delivery_twice": ("同一事件有两条 Webhook 投递", "one event has two deliveries to one endpoint", _ASK),
    "delivery_missing": ("事件没有对应的 Webhook 投递", "an event has no delivery to who subscribed to it", _ASK),
    "notice_unscheduled": (
        "通知的状态与其时间不符",
        "a notice has another state than its instants say",
        _ASK,
    ),
    "notice_overdue": ("通知早已到期却未发送", "a notice has long been due", _WORK),
    "lot_differs": ("检验批与日志中的抽样条目不符", "a lot is not what the log says was drawn", _ASK),
    "sample_differs": (
        "检验批的样本或结论与抽样记录不符",
        "a sample is not what was drawn, or its lot not what was answered",
        _ASK,
    ),
    "notice_of_nothing": ("通知所述的事件不存在", "a notice tells of what is not in the chronicle", _ASK),
    "tombstone_unentered": (
        "称已删除，存证日志中却没有删除条目",
        "it is said to be erased, and no entry of the log says so",
        _RESTORE,
    ),
    "erase_without_tombstone": (
        "删除条目没有对应的墓碑记录",
        "an erase entry has no tombstone",
        _ASK,
    ),
    "original_survived": ("已删除证据件的原件仍在存储中", "the original of an erased exhibit is still there", _ERASE),
    "record_survived": ("已删除证据件的测量记录仍在", "what was measured of an erased exhibit is still there", _ERASE),
    "derived_survived": ("已删除内容的派生文件仍在存储中", "bytes made of what was erased are still there", _ERASE),
    "claim_survived": ("已删除售后单的申诉内容仍在", "what was claimed in an erased case is still there", _ERASE),
    "erasure_overdue": ("删除早已提出却未完成", "an erasure was asked for long ago and has not ended", _WORK),
    "part_missing": ("档案分片不在存储中", "a part of the archive is not in the store", _RESTORE),
    "part_changed": ("档案分片与登记的不符", "a part of the archive is not the one on record", _RESTORE),
    "part_differs": ("档案分片的行数与其判定数不符", "a part of the archive holds other rows than name it", _ASK),
    "part_lost": ("判定所在的档案分片没有登记", "the part that is to hold a verdict is not on record", _ASK),
    "part_survived": ("已删除的判定仍在档案分片中", "a part of the archive still holds what was erased", _ERASE),
    "schedule_overdue": ("定期重新核验早已到期却未开始", "a schedule has long been due", _WORK),
    "schedule_differs": (
        "定期重新核验的行与其内容不符",
        "a schedule's row says otherwise than its content",
        _ASK,
    ),
    "original_orphaned": ("存储中有不属于任何证据件的原件", "an original in the store belongs to no exhibit", _NONE),
    "derived_orphaned": ("存储中有未被引用的派生文件", "derived bytes that nothing names", _NONE),
    "spool_orphaned": ("暂存盘上有不属于任何上传的字节", "bytes in the spool that belong to no upload", _NONE),
    "erasure_waits": (
        "删除在等待存储的对象锁定到期",
        "an erasure waits for the store's lock",
        ("无需处理，到期后自动继续。", "Nothing needs to be done: it goes on by itself."),
    ),
    "part_orphaned": ("档案文件不属于任何分片", "a file of the archive is of no part", _NONE),
    "job_dead": (
        "有死信任务",
        "a job is a dead letter",
        ("请查明原因后重放该任务。", "Find the reason, then replay it."),
    ),
}

NOTES = frozenset(
    {"original_orphaned", "derived_orphaned", "spool_orphaned", "erasure_waits", "job_dead", "part_orphaned"}
)
"""What an honest crash or a known failure may leave: told, and no fault."""
CODES = tuple(f"fsck.{code}" for code in _TABLE)
LONGEST_PLACE = 300


class Fault(NamedTuple):
    """One thing that is not as it must be. `code` is stable; `place` names row, key or entry."""

    code: str
    place: str
    text: Say
    fix: Say

    @property
    def is_note(self) -> bool:
        """Whether it is only told."""
        return self.code.removeprefix("fsck.") in NOTES

    def told(self) -> dict[str, Any]:
        """As JSON."""
        said = {"text": self.text.model_dump(), "fix": self.fix.model_dump()}
        return {"code": self.code, "place": self.place, **said}


def fault(code: str, place: object) -> Fault:
    """The fault of this code (without its family) at a place."""
    zh, en, fix = _TABLE[code]
    where = str(place)[:LONGEST_PLACE]
    text = Say(zh=f"{zh}：{where}。", en=f"{en[0].upper()}{en[1:]}: {where}.")
    return Fault(f"fsck.{code}", where, text, Say(zh=fix[0], en=fix[1]))
