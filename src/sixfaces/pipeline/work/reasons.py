"""Why a job was put off, given up, or its subject is measured no more, in words for people."""

from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Say
from sixfaces.media.jail import EndReason
from sixfaces.observe.failures import of_end

AWAY = frozenset({"records.unavailable", "records.full", "store.unavailable", "store.full", "store.erasing"})
"""Errors that say nothing of the job: what it needs is not there at the moment."""

_LONGEST = 500


def died(end: EndReason) -> Quarantine:
    """The child that measured an exhibit was killed by it."""
    failure = of_end(end)
    return Quarantine(
        code=failure.code,
        text=Say(
            zh=f"测量此文件的进程被终止：{failure.text.zh}",
            en=f"The process that measured this file was killed: {failure.text.en}",
        ),
        fix=failure.fix,
    )


def failed(error: Exception) -> Quarantine:
    """An attempt raised. What is not an error of ours is told by its type: its text may quote what people wrote."""
    if isinstance(error, SixfacesError):
        return Quarantine(code=error.code, text=error.text, fix=error.fix)
    told = type(error).__name__[:_LONGEST]
    return Quarantine(
        code="work.failed",
        text=Say(zh=f"处理时发生内部错误（{told}）。", en=f"Processing failed with an internal error ({told})."),
        fix=Say(
            zh="请查看工作进程的日志；排除原因后可重新执行此任务。",
            en="See the log of the workers; once its cause is gone, the job can be replayed.",
        ),
    )
