"""`sixfaces import`: a marketplace's export handed to a server; what was refused is laid beside it for repair."""

from pathlib import Path
from typing import NamedTuple

import typer

from sixfaces.adapters.import_client import Sent, import_file
from sixfaces.adapters.marketplaces.repair import write_refused
from sixfaces.adapters.marketplaces.shelf import DATA, check, load
from sixfaces.cli.telling import LONGEST, USAGE, telling, words_in
from sixfaces.domain.errors import ImportFileError, OutputError, RulebookError
from sixfaces.domain.importing import ImportReport, Refusal
from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.serial import json_bytes
from sixfaces.report.visible import visible

REFUSED = 5
"""Exit code where rows were refused."""
_SHOWN = 20


class Request(NamedTuple):
    """One file for one server. `mappings`: a folder of one's own, for reading the refused rows again."""

    file: Path
    server: str
    key: str
    sent: Sent
    mappings: Path | None = None
    as_json: bool = False


def import_now(request: Request, language: Language) -> int:
    """0 where all rows were taken in, 5 where some were refused."""
    with telling(language):
        try:
            report = import_file(
                request.server, request.key, path=request.file, sent=request.sent, language=language
            )  # fmt: skip
        except OSError as exc:
            raise _unreadable(request.file, exc) from exc
        beside = _laid_beside(request, report) if report.refused else None
    if request.as_json:
        typer.echo(json_bytes(report), nl=False)
    else:
        for line in _told(report, beside, language):
            typer.echo(visible(line, longest=LONGEST))
    return REFUSED if report.refused else 0


def check_mappings(paths: list[Path], language: Language) -> None:
    """One line for each mapping that is fit, and what is wrong with the others; exits 2 if any is unfit."""
    files = [file for path in paths for file in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    unfit = False
    for found in check(files or sorted(DATA.glob("*.toml"))):
        if isinstance(found, RulebookError):
            unfit = True
            typer.echo(visible(words_in(found.text, language), longest=LONGEST), err=True)
        else:
            template = f"  [{words_in(_TEMPLATE, language)}]" if found.template else ""
            sheets = ", ".join(sheet.name for sheet in found.sheets)
            typer.echo(f"✓ {found.name} {found.version} {visible(words_in(found.title, language))}: {sheets}{template}")
    if unfit:
        raise typer.Exit(USAGE)


def _laid_beside(request: Request, report: ImportReport) -> Path:
    """Raises OutputError."""
    mapping = load(request.sent.platform, request.mappings)
    try:
        with request.file.open("rb") as source:
            return write_refused(source, mapping, report.refused, to=request.file)
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise OutputError(
            "output.unwritable",
            Say(zh=f"无法写出被拒绝的行：{why}。", en=f"The refused rows cannot be written: {why}."),
            Say(zh="其余各行已导入。", en="All other rows are in."),
        ) from exc


def _told(report: ImportReport, beside: Path | None, language: Language) -> list[str]:
    counts = Say(
        zh=f"新建 {report.made}，更新 {report.changed}，未变 {report.unchanged}，无对应售后 {report.unmatched}，"
        f"新增事件 {report.entries}，拒绝 {report.rows_refused}",
        en=f"{report.made} made, {report.changed} changed, {report.unchanged} unchanged, {report.unmatched} without a"
        f" claim, {report.entries} entries, {report.rows_refused} refused",
    )
    lines = [words_in(_DRY, language)] if report.dry_run else []
    lines.append(f"{report.mapping}: {words_in(counts, language)}")
    lines += [_refusal(one, language) for one in report.refused[:_SHOWN]]
    if len(report.refused) > _SHOWN:
        lines.append(f"  … {len(report.refused) - _SHOWN}")
    if report.stopped:
        lines.append(words_in(_STOPPED, language))
    return [*lines, f"→ {beside}"] if beside is not None else lines


def _refusal(one: Refusal, language: Language) -> str:
    place = " ".join(part for part in (str(one.line), one.column, one.value and f"“{one.value}”") if part)
    may = f" [{', '.join(one.may)}]" if one.may else ""
    return f"  ✗ {place}: {words_in(one.text, language)}{may} → {words_in(one.fix, language)}"


_TEMPLATE = Say(zh="列名未经确认", en="names not confirmed")
_DRY = Say(zh="试运行，没有写入任何内容。", en="A dry run: nothing was written.")
_STOPPED = Say(
    zh="被拒绝的行过多，其余部分没有读取：请检查平台与映射。",
    en="So many rows were refused that the rest was not read: check the platform and its mapping.",
)


def _unreadable(path: Path, exc: OSError) -> ImportFileError:
    why = exc.strerror or type(exc).__name__
    return ImportFileError(
        "import.unreadable",
        Say(zh=f"无法读取 {path.name}：{why}。", en=f"{path.name} cannot be read: {why}."),
        Say(zh="请检查路径与权限。", en="Check the path and who may read it."),
    )
