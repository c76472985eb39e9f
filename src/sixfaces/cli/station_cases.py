"""Which case a recording belongs to. The first of these that says something decides:

1. the sidecar beside it, a case file: what it claims is filed first
2. the name before `__`: the number of a case
3. a waybill in the name
4. a waybill on a label at the beginning of the footage
A waybill leads to the one open case that has it. Where there is none a case is opened under the waybill, but only for
a number whose form is a carrier's. Nothing is guessed: where two cases could be meant, or none, it is left lying.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from sixfaces.adapters.tus_client import TusClient
from sixfaces.cli.station_numbers import Number, numbers_of_name
from sixfaces.domain.case import CaseFile, ReturnParcel
from sixfaces.domain.model import Say

SIDECAR = ".case.json"
_PREFIX = "__"
_CLOSED = "closed"


class CaseFrom(StrEnum):
    """What says which case a recording belongs to."""

    AUTO = "auto"
    NAME = "name"
    SIDECAR = "sidecar"
    FOOTAGE = "footage"


class UnclearError(Exception):
    """Nothing says for sure which case it is: it is left lying."""

    def __init__(self, text: Say, fix: Say, *, numbers: Sequence[Number] = ()) -> None:
        super().__init__(text.en)
        self.text, self.fix, self.numbers = text, fix, tuple(numbers)


Look = Callable[[Path], Sequence[Number]]
"""Numbers in the footage of a file."""


def case_of(path: Path, client: TusClient, *, case_from: CaseFrom, look: Look) -> str:
    """The number or id of the case on the server, which is opened if there is none.

    Raises UnclearError, ValidationError for a sidecar that is no case file, and as the client does.
    """
    if case_from in (CaseFrom.AUTO, CaseFrom.SIDECAR) and (file := claimed(path)) is not None:
        client.open_case(file, is_claim=True)
        return file.case_id
    if case_from in (CaseFrom.AUTO, CaseFrom.NAME):
        if (file := named(path)) is not None and not _is_waybill(file.case_id):
            client.open_case(file, is_claim=False)
            return file.case_id
        if (case := _by_numbers(numbers_of_name(path), client)) is not None:
            return case
    seen = look(path) if case_from in (CaseFrom.AUTO, CaseFrom.FOOTAGE) else ()
    case = _by_numbers(seen, client)
    if case is None:
        raise _unclear(seen, case_from)
    return case


def claimed(path: Path) -> CaseFile | None:
    """The case of a recording by its sidecar, `take.mp4.case.json` or `take.case.json`; None where there is none.

    Raises ValidationError for a sidecar that is no case file.
    """
    sidecar = sidecar_of(path)
    return None if sidecar is None else CaseFile.model_validate_json(sidecar.read_bytes())


def named(path: Path) -> CaseFile | None:
    """The case of a recording by its name, `<case number>__anything.mp4`; None where the name says none."""
    number, prefix, _ = path.name.partition(_PREFIX)
    try:
        return CaseFile(case_id=number) if prefix else None
    except ValidationError:
        return None


def sidecar_of(path: Path) -> Path | None:
    """The sidecar beside a recording."""
    for name in (path.name + SIDECAR, path.stem + SIDECAR):
        with suppress(OSError):  # with the ending the name may be too long for any file to have it
            if path.with_name(name).is_file():
                return path.with_name(name)
    return None


def _is_waybill(number: str) -> bool:
    return any(found.is_waybill and found.text == number.upper() for found in numbers_of_name(Path(number)))


def _by_numbers(numbers: Sequence[Number], client: TusClient) -> str | None:
    """The one open case of these waybills; one that is opened now; None where nothing is sure. Raises UnclearError."""
    found = {case.id: case for number in numbers for case in client.cases_of(number.text)}
    still_open = [case for case in found.values() if case.state != _CLOSED]
    if len(still_open) == 1:
        return still_open[0].id
    if len(still_open) > 1:
        raise _several([case.number for case in still_open], numbers)
    if found:
        raise _closed([case.number for case in found.values()], numbers)
    sure = [number for number in numbers if number.is_waybill]
    if len(sure) > 1:
        raise _several([number.text for number in sure], numbers)
    if not sure:
        return None
    waybill = sure[0].text
    client.open_case(CaseFile(case_id=waybill, return_parcel=ReturnParcel(waybill=waybill)), is_claim=False)
    return waybill


_SAY_IT = Say(
    zh="请把文件改名为“售后单号__文件名”，或在旁边放一个同名的 .case.json。",
    en="Rename the file to `<case number>__name`, or put a .case.json of its name beside it.",
)


def _several(names: Sequence[str], numbers: Sequence[Number]) -> UnclearError:
    shown = ", ".join(sorted(set(names))[:10])
    return UnclearError(
        Say(zh=f"可能属于多个售后单或运单：{shown}", en=f"it may be of several cases or waybills: {shown}"),
        _SAY_IT,
        numbers=numbers,
    )


def _closed(names: Sequence[str], numbers: Sequence[Number]) -> UnclearError:
    shown = ", ".join(sorted(set(names))[:10])
    return UnclearError(
        Say(zh=f"对应的售后单已关闭：{shown}", en=f"its case is closed: {shown}"),
        Say(zh=f"请重新打开售后单；或者，{_SAY_IT.zh}", en=f"Open the case again, or: {_SAY_IT.en}"),
        numbers=numbers,
    )


def _unclear(numbers: Sequence[Number], case_from: CaseFrom) -> UnclearError:
    if case_from is CaseFrom.SIDECAR:
        text = Say(zh="旁边没有 .case.json", en="of no known case: there is no .case.json beside it")
    elif numbers:
        shown = ", ".join(number.text for number in numbers[:10])
        text = Say(
            zh=f"不知道属于哪个售后单：读到的号码 {shown} 在服务器上没有对应的售后单",
            en=f"of no known case: the server has none of the numbers read, {shown}",
        )
    else:
        text = Say(
            zh="不知道属于哪个售后单：文件名没有说明，画面开头也没有读到运单号",
            en="of no known case: neither its name nor the beginning of the footage shows a waybill",
        )
    return UnclearError(text, _SAY_IT, numbers=numbers)
