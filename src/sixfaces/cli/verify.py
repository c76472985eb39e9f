"""`sixfaces verify`: from arguments to the pipeline, and from its report to an answer and an exit code."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.adapters.folder import OutputFolder
from sixfaces.cli.answer import human_answer
from sixfaces.cli.folder_name import folder_name
from sixfaces.cli.progress import progress_on
from sixfaces.cli.telling import telling
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import OutputError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report
from sixfaces.intake.case_file import read_case
from sixfaces.pipeline.choose_policy import choose_policy
from sixfaces.pipeline.verify_case import NOTHING_EARLIER, Beside, Ports, Terms, verify_case
from sixfaces.report.page import Language
from sixfaces.report.serial import report_bytes

UNDECODABLE = 3
VERDICT_CODES = {Verdict.ACCEPTED: 0, Verdict.REJECTED: 10, Verdict.NEEDS_REVIEW: 11}


class Request(NamedTuple):
    """What the command line asks for."""

    media: tuple[Path, ...]
    case: Path
    policy: str | None = None
    role: str | None = None
    out: Path | None = None
    as_json: bool = False
    lang: Language = "en"


def verify_files(request: Request, *, tell_verdict: bool = False) -> int:
    """Verify, write the results, answer; returns the exit code."""
    with telling(request.lang):
        case = read_case(request.case)
        report, folder = _verify(request, case)
        _answer(request, report, folder)
    return exit_code(report, tell_verdict=tell_verdict)


def _answer(request: Request, report: Report, folder: Path) -> None:
    """Raises OutputError where standard output takes no more; one whose reader has gone is left to `run`."""
    try:
        if request.as_json:
            sys.stdout.buffer.write(report_bytes(report))
        else:
            typer.echo(human_answer(report, folder / "report.html", request.lang))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as exc:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 else leaving flushes it once more
        reason, where = exc.strerror or type(exc).__name__, str(folder)[-1000:].encode("utf-8", "replace").decode()
        raise OutputError(
            "output.unwritable",
            Say(zh=f"无法写到标准输出：{reason}。", en=f"Standard output cannot be written to: {reason}."),
            Say(zh=f"结果已保存在 {where}。", en=f"The results are kept in {where}."),
        ) from exc


def exit_code(report: Report, *, tell_verdict: bool) -> int:
    """0 it ran; 3 nothing could be decoded; 10 and 11 tell the verdict, if asked to."""
    if not any(view.media for view in report.exhibits):
        return UNDECODABLE
    return VERDICT_CODES[report.verdict] if tell_verdict else 0


def _verify(request: Request, case: CaseFile) -> tuple[Report, Path]:
    settings = bootstrap.started()
    policy, why = choose_policy(case, request.policy or settings.policy)
    terms = Terms(policy=policy, notes=(why, NOTHING_EARLIER), language=request.lang)
    comparer = Beside(bootstrap.comparer(settings), request.case.parent, outbound=bootstrap.outbound_comparer())
    folder = request.out or settings.out / folder_name(case.case_id)
    with OutputFolder(folder) as results, progress_on(sys.stderr, silent=request.as_json) as on_progress:
        ports = Ports(bootstrap.observatory(), results, bootstrap.keyring(settings), on_progress, comparer=comparer)
        role = _role(request.role)
        report = verify_case(case, request.media, role=role, terms=terms, ports=ports)
        results.commit()
    return report, folder


def _role(name: str | None) -> Role | None:
    if name is None:
        return None
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(Role)
        raise typer.BadParameter(f"{name!r} is none of {known}.", param_hint="--role") from None
