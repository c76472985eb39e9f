"""What is said of statements that contradict what is known here."""

from collections.abc import Sequence

from pydantic import ValidationError

from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.importing import Refusal, Statement, Told
from sixfaces.domain.model import Say
from sixfaces.pipeline.refusals import FurtherError


def of(statement: Statement, code: str, *, text: Say, fix: Say) -> Refusal:
    """A refusal of the whole statement, at its first line."""
    return Refusal(line=statement.lines[0], lines=statement.lines, code=code, text=text, fix=fix)


def of_error(statement: Statement, error: SixfacesError) -> Refusal:
    """What a use case says of it."""
    return of(statement, error.code, text=error.text, fix=error.fix)


def other_platform(statement: Statement, platform: str | None) -> Refusal:
    """Two platforms gave the same number."""
    return of(
        statement, "import.other_platform",
        text=Say(zh=f"该编号的售后单属于另一平台（{platform}）。", en=f"The case of this number is of {platform}."),
        fix=Say(zh="请在映射的 case 中写明 prefix，以区分两个平台的编号。",
            en="Give the case's number a `prefix` in the mapping, which tells the platforms apart."),
    )  # fmt: skip


def other_order(statement: Statement) -> Refusal:
    """A claim does not change its order (D1)."""
    return of(
        statement, "import.other_order",
        text=Say(zh="该售后单属于另一订单。", en="The case of this number is of another order."),
        fix=Say(zh="请核对编号列；售后单不会改换订单。", en="Check both columns: a claim never changes its order."),
    )  # fmt: skip


def in_the_future(statement: Statement, told: Told) -> Refusal:
    """Nothing has happened yet that lies ahead."""
    found = of(
        statement, "import.future",
        text=Say(zh="时间晚于现在。", en="It is said to have happened in the future."),
        fix=Say(zh="请核对时区（zone）与时间。", en="Check the time and its zone (`zone`)."),
    )  # fmt: skip
    return found.model_copy(update={"column": told.column})


def not_fitting(statement: Statement, error: ValidationError) -> Refusal:
    """A value that our field does not take."""
    wrong = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in wrong["loc"] if not isinstance(part, int))
    why = wrong["msg"].removeprefix("Value error, ")
    found = of(
        statement, "import.value",
        text=Say(zh=f"字段 {path} 不接受此值（{why}）。", en=f"The field {path} does not take it: {why}."),
        fix=Say(zh="请更正该行后重新导入。", en="Correct the row and import it again."),
    )  # fmt: skip
    return found.model_copy(update={"column": statement.columns.get(path, path)[:120]})


def refused_event(refused: Sequence[Refusal]) -> FurtherError:
    """An event is taken in as a whole, or not at all."""
    first = refused[0]
    place = f"{first.column}: " if first.column else ""
    return FurtherError(
        "request.invalid",
        Say(zh=f"事件有误：{place}{first.text.zh}", en=f"The event is wrong: {place}{first.text.en}"),
        first.fix,
        members={"refused": [one.model_dump(mode="json") for one in refused]},
    )
