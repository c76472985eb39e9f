"""What is said of rows and files that are not taken in: what is wrong, and what to do about it."""

from collections.abc import Iterable, Sequence

from sixfaces.domain.errors import ImportFileError
from sixfaces.domain.importing import Refusal
from sixfaces.domain.model import Say

SHOWN = 80
MOST_WORDS = 40


class BadCell(Exception):
    """One value that cannot be read; the row that it stands in is refused."""

    def __init__(self, code: str, text: Say, fix: Say, *, may: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code, self.text, self.fix = code, text, fix
        self.may = tuple(may)[:MOST_WORDS]
        self.column: str | None = None
        self.value: str | None = None

    def at(self, column: str, value: str | None) -> "BadCell":
        """The same, with its place."""
        self.column, self.value = column, value
        return self

    def refusal(self, line: int) -> Refusal:
        """As the report tells it."""
        value = None if self.value is None else seen(self.value)
        return Refusal(
            line=line, column=self.column, value=value, code=f"import.{self.code}", text=self.text, fix=self.fix,
            may=self.may,
        )  # fmt: skip


def seen(value: str) -> str:
    """A foreign value as it may be repeated: one bounded line."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[: SHOWN + 1])
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


AS_TEXT = Say(
    zh="请从平台重新导出，不要用 Excel 打开再保存；必须打开时先把该列设为“文本”格式。",
    en="Export it anew and do not save it from a spreadsheet, or have the column formatted as text there first.",
)
CORRECT = Say(zh="请更正该行后重新导入；已导入的行不受影响。", en="Correct the row and import it again.")


def unknown_word(words: Iterable[str]) -> BadCell:
    """A word that the mapping does not know is not guessed."""
    return BadCell(
        "word",
        Say(zh="不认识的取值，未作猜测。", en="The mapping does not know this word, and nothing is guessed."),
        Say(zh="请在映射文件中补充该取值的含义。", en="Say in the mapping's file what it means."),
        may=words,
    )


def missing() -> BadCell:
    """A needed cell is empty."""
    return BadCell("missing", Say(zh="必填的值为空。", en="A value that must be there is empty."), CORRECT)


def mangled() -> BadCell:
    """An identifier that a spreadsheet has made a rounded number of."""
    text = Say(
        zh="编号被表格软件改成了科学计数法，末尾数字已丢失。",
        en="A spreadsheet has made a rounded number of this identifier: its last digits are lost.",
    )
    return BadCell("rounded", text, AS_TEXT)


def formula() -> BadCell:
    """An identifier that begins as formulas do."""
    return BadCell("formula", Say(zh="编号处是公式。", en="There is a formula where an identifier belongs."), AS_TEXT)


def bad_text() -> BadCell:
    """NUL, control characters or half of a character."""
    text = Say(zh="含有 NUL 或其他不可存储的字符。", en="It holds NUL or other characters that cannot be kept.")
    return BadCell("text", text, CORRECT)


def too_long(most: int) -> BadCell:
    """More than fits."""
    return BadCell("long", Say(zh=f"超过 {most} 个字符。", en=f"It has more than {most} characters."), CORRECT)


def bad_money() -> BadCell:
    """No amount."""
    text = Say(zh="不是可读的金额。", en="It is no amount that can be read.")
    fix = Say(zh="请写成 1234.50 或 ¥1,234.50。", en="Write it as 1234.50 or ¥1,234.50.")
    return BadCell("money", text, fix)


def negative() -> BadCell:
    """Less than nothing."""
    return BadCell("negative", Say(zh="金额为负数。", en="The amount is negative."), CORRECT)


def other_currency(currencies: Iterable[str]) -> BadCell:
    """The sign on an amount is not of the currency that it is said to be in, or one row names several."""
    text = Say(zh="币种互相矛盾。", en="The currencies contradict each other.")
    fix = Say(
        zh="一个订单只能有一种币种；请更正，或用 currency 参数指明币种。",
        en="An order has one currency: correct it, or name the file's currency with `currency`.",
    )
    return BadCell("currency", text, fix, may=currencies)


def bad_time(formats: Sequence[str]) -> BadCell:
    """No instant."""
    text = Say(zh="不是可读的时间。", en="It is no time that can be read.")
    fix = Say(zh="请写成所列格式之一，或 ISO 8601。", en="Write it in one of these forms, or as ISO 8601.")
    return BadCell("time", text, fix, may=formats)


def no_zone() -> BadCell:
    """An instant that may be any of a day."""
    text = Say(zh="时间没有时区，映射也没有写明。", en="The time has no zone, and the mapping names none.")
    fix = Say(
        zh="请用 zone 参数指明，例如 Asia/Singapore。",
        en="Name the zone of the file's times with `zone`, such as Asia/Singapore.",
    )
    return BadCell("zone", text, fix)


def bad_count() -> BadCell:
    """No whole number."""
    return BadCell("count", Say(zh="应为整数。", en="It must be a whole number."), CORRECT)


def bad_number() -> BadCell:
    """No number."""
    return BadCell("number", Say(zh="应为数字。", en="It must be a number."), CORRECT)


def impossible(why: str) -> BadCell:
    """A value that our field does not take."""
    text = Say(zh=f"该字段不接受此值（{why}）。", en=f"The field does not take it: {why}.")
    return BadCell("value", text, CORRECT)


def untimed(kind: str) -> BadCell:
    """It is said to have happened, and not when."""
    text = Say(
        zh=f"状态表明已发生 {kind}，但没有时间。", en=f"Its state says that {kind} has happened, and no cell says when."
    )
    fix = Say(zh="请补上时间后重新导入。", en="Add the time and import the row again.")
    return BadCell("untimed", text, fix)


def cells(count: int, wanted: int) -> BadCell:
    """A row that is cut, or has one separator too many."""
    text = Say(zh=f"该行有 {count} 列，表头有 {wanted} 列。", en=f"The row has {count} cells, and the header {wanted}.")
    fix = Say(
        zh="文件可能被截断，或单元格中的分隔符、引号没有转义。",
        en="The file was cut, or a separator or quote within a cell is not escaped.",
    )
    return BadCell("cells", text, fix)


def unreadable(why: str) -> BadCell:
    """A row that is no CSV, a record that is no JSON."""
    return BadCell("broken", Say(zh=f"该行无法读取（{why}）。", en=f"It cannot be read: {why}."), CORRECT)


def cut_short() -> BadCell:
    """The file ends where nothing can end."""
    text = Say(zh="文件在此处中断。", en="The file breaks off here.")
    fix = Say(zh="请重新导出完整的文件；已导入的行不会重复。", en="Export it anew: what is in already is not doubled.")
    return BadCell("cut", text, fix)


def not_this(columns: Sequence[str], wanted: Sequence[str]) -> ImportFileError:
    """No sheet of the mapping has these columns."""
    there, lacks = ", ".join(seen(c) for c in columns[:MOST_WORDS]), " · ".join(wanted)
    return ImportFileError(
        "import.columns",
        Say(
            zh=f"文件与映射不符。缺少的列：{lacks}。文件中有：{there}。",
            en=f"The file is not what the mapping describes. It lacks: {lacks}. It has: {there}.",
        ),
        Say(
            zh="请确认平台与文件类型；列名不同时请编写自己的映射（docs/imports.md）。",
            en="Check platform and kind of file; where columns have other names, write a mapping (docs/imports.md).",
        ),
    )


def twice(column: str) -> ImportFileError:
    """Two columns of one name: which counts nobody can say."""
    shown = seen(column)
    return ImportFileError(
        "import.columns_twice",
        Say(zh=f"列 {shown} 出现两次。", en=f"There are two columns called {shown}."),
        Say(zh="请只保留一列。", en="Leave one of them."),
    )


def bad_encoding(tried: Sequence[str]) -> ImportFileError:
    """Bytes of another encoding."""
    names = ", ".join(tried)
    return ImportFileError(
        "import.encoding",
        Say(zh=f"文件编码无法识别（已尝试 {names}）。", en=f"The file is in none of these encodings: {names}."),
        Say(zh="请另存为 UTF-8 编码的 CSV。", en="Save it as CSV in UTF-8."),
    )


def nothing() -> ImportFileError:
    """No file at all."""
    return ImportFileError(
        "import.empty",
        Say(zh="文件中没有数据。", en="There is nothing in the file."),
        Say(zh="请重新导出。", en="Export it anew."),
    )


def spreadsheet() -> ImportFileError:
    """XLSX, ZIP, or old Excel."""
    return ImportFileError(
        "import.spreadsheet",
        Say(zh="这是 Excel 或压缩文件，不是 CSV 或 JSON。", en="This is a spreadsheet or archive, not CSV or JSON."),
        Say(
            zh="请在平台选择导出 CSV；或在表格软件中将编号列设为文本后另存为 CSV UTF-8。",
            en="Export CSV from the platform, or save it as CSV UTF-8 with identifiers formatted as text.",
        ),
    )


def unknown_zone() -> ImportFileError:
    """No such time zone."""
    return ImportFileError(
        "import.zone_unknown",
        Say(zh="没有这个时区。", en="There is no such time zone."),
        Say(zh="请写成 Asia/Shanghai 这样的名称。", en="Write it as Asia/Shanghai is written."),
    )
