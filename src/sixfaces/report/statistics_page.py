"""Statistics of the machine as a page for people, in Markdown and in the language of who reads it."""

from collections.abc import Iterable, Iterator, Sequence

from sixfaces.domain.model import Say
from sixfaces.domain.statistics import (
    AgreementFigure,
    Calibration,
    Distribution,
    DriftKind,
    MachineStatistics,
    Miscalibration,
    Trend,
    WordOf,
)
from sixfaces.domain.watching import Share
from sixfaces.report.page import Language

_MOST_MONTHS = 12
"""Columns of a table of trends: the last ones."""


def statistics_page(found: MachineStatistics, language: Language) -> str:
    """The whole page."""
    words = _Words(language)
    parts = (
        f"# {words(_TITLE)}",
        words(_PERIOD).format(since=found.from_.date(), until=found.until.date()),
        *_answered(found, words),
        *_left_out(found, words),
        f"## {words(_AGREEMENT)}",
        words(_AGREEMENT_SAYS),
        agreement_table(found.agreement, language),
        f"## {words(_CALIBRATION)}",
        words(_CALIBRATION_SAYS),
        calibration_table(found.calibration, language),
        f"## {words(_DRIFT)}",
        words(_DRIFT_SAYS).format(watched=found.watched),
        *_drifts(found, words),
        f"## {words(_TRENDS)}",
        *_trends(found, words),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


class _Words:
    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, text: Say) -> str:
        return text.zh if self._language == "zh" else text.en


def agreement_table(found: Sequence[AgreementFigure], language: Language) -> str:
    """Markdown: a line for each month, source, rule and answer."""
    words = _Words(language)
    if not found:
        return words(_NO_ANSWERS)
    rows = [
        (
            one.month, words(_SOURCES[one.source]), _rule(one, words), one.said, share_told(one.agrees),
            ", ".join(f"{said}: {n}" for said, n in one.people.items()),
        )
        for one in found
    ]  # fmt: skip
    return _table(words(_AGREEMENT_HEAD), rows)


def calibration_table(found: Sequence[Calibration], language: Language) -> str:
    """Markdown: a line for each rule and source, with a column for each bin of confidence."""
    words = _Words(language)
    if not found:
        return words(_NO_CALIBRATION)
    bins = [f"{one.low:g}–{one.high:g}" for one in found[0].bins]
    rows = [
        (
            words(_SOURCES[one.source]), f"`{one.rule}`" if one.rule else words(_VERDICT), f"{one.n}",
            *("–" if each.sure is None else f"{each.right.k}/{each.right.n} ({each.sure:.2f})" for each in one.bins),
            _number(one.error), _number(one.by_chance), words(_FOUND[one.found]) if one.found else "–",
        )
        for one in found
    ]  # fmt: skip
    head, _, tail = words(_CALIBRATION_HEAD).partition("|…|")
    return _table("|".join((head, *bins, tail)), rows)


def share_told(share: Share) -> str:
    """Such as `90.0 % (9/10; 59.6–98.2 %)`: the share, of how many, and its interval."""
    if share.value is None:
        return "– (0/0)"
    return f"{share.value:.1%} ({share.k}/{share.n}; {100 * share.low:.1f}–{100 * share.high:.1f} %)"


def _answered(found: MachineStatistics, words: _Words) -> Iterator[str]:
    rows = [(one.month, f"{one.cases}", f"{one.answered}") for one in found.months]
    yield _table(words(_MONTHS_HEAD), rows)


def _left_out(found: MachineStatistics, words: _Words) -> Iterator[str]:
    left = found.left_out
    lines = [
        words(text).format(n=n)
        for text, n in (
            (_BLIND, left.blind), (_UNKEPT, left.unkept), (_UNREADABLE, left.unreadable), (_OTHERWISE, left.otherwise)
        )
        if n
    ]  # fmt: skip
    lines += [words(_UNREAD).format(part=one.part, code=one.code, n=one.verdicts) for one in left.parts]
    if lines:
        yield "\n".join((f"{words(_LEFT_OUT)}\n", *(f"- {line}" for line in lines)))


def _drifts(found: MachineStatistics, words: _Words) -> Iterator[str]:
    if not found.drifts:
        yield words(_NO_DRIFT)
        return
    rows = [
        (
            one.since, words(_KINDS[one.kind]), f"`{one.observer}`", one.measure,
            one.version if one.other is None else f"{one.other} → {one.version}",
            told_of(one.before), told_of(one.after), f"{one.distance:.2f}",
        )
        for one in found.drifts
    ]  # fmt: skip
    yield _table(words(_DRIFT_HEAD), rows)


def _trends(found: MachineStatistics, words: _Words) -> Iterator[str]:
    months = sorted({month for trend in found.trends for month in trend.months})[-_MOST_MONTHS:]
    if not months:
        yield words(_NOTHING)
        return
    rows = [
        (f"`{one.observer}`", one.version, one.measure, *(_cell(one.months.get(month)) for month in months))
        for one in found.trends
        if not _is_same(one)
    ]
    yield words(_SAME).format(n=len(found.trends) - len(rows))
    yield _table("|".join((words(_TRENDS_HEAD), *months)), rows)


def _is_same(trend: Trend) -> bool:
    """Every month is told alike, but for how many cases there were."""
    return len({told_of(one).partition(" (n=")[0] for one in trend.months.values()}) == 1


def _cell(told: Distribution | None) -> str:
    return "–" if told is None else told_of(told)


def told_of(told: Distribution) -> str:
    """A share of how many, or the median with the quartiles and of how many."""
    if told.share is not None:
        return "–" if told.share.value is None else f"{told.share.value:.1%} (n={told.n})"
    return "–" if told.median is None else f"{told.median:g} [{told.low:g}, {told.high:g}] (n={told.n})"


def _rule(one: AgreementFigure, words: _Words) -> str:
    if one.rule is None:
        return words(_VERDICT)
    return f"`{one.rule}`{words(_GONE) if one.gone else ''}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(head: str, rows: Iterable[Sequence[str]]) -> str:
    columns = [column.strip() for column in head.split("|")]
    lines = [columns, ["---"] * len(columns), *(list(map(_plain, row)) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _plain(cell: str) -> str:
    """Names of versions and policies come from outside: none ends a cell or a line."""
    return " ".join(cell.replace("|", "¦").split())


_TITLE = Say(zh="机器判定统计", en="Statistics of the machine")
_PERIOD = Say(zh="统计区间：{since} 至 {until}（UTC，不含结束日）。", en="From {since} to before {until} (UTC).")
_AGREEMENT = Say(zh="与人工的一致程度", en="Agreement with people")
_AGREEMENT_SAYS = Say(
    zh="一致率附 95% Wilson 置信区间。只有抽样是随机的：其他来源中，人员多先看存疑的售后单。"
    "规则仅在其结论起决定作用时计入；整体被判为不采信时，其余已满足的规则不因此计为一致或不一致。",
    en="Shares have the 95 % interval of Wilson. Only samples are drawn at random: otherwise people look at doubtful "
    "cases first. A rule counts where its answer decided; of what was met in evidence that another rule rejected "
    "nobody's word tells anything.",
)
_AGREEMENT_HEAD = Say(
    zh="月份|来源|规则|机器结论|人工一致|人工结论", en="month|source|rule|machine said|people agree|people said"
)
_MONTHS_HEAD = Say(zh="月份|机器判定的售后单|其中有人工结论", en="month|cases judged|with a person's word")
_CALIBRATION = Say(zh="置信度校准", en="Calibration")
_CALIBRATION_SAYS = Say(
    zh="每格为“正确数/总数（平均置信度）”。ECE 为期望校准误差；“偶然值”是置信度完全准确时在同样数量下的平均误差。",
    en="Each cell is right/all (mean confidence). ECE is the expected calibration error; by chance: what it is in the "
    "mean for as many statements where every confidence is true.",
)
_CALIBRATION_HEAD = Say(zh="来源|规则|n|…|ECE|偶然值|结论", en="source|rule|n|…|ECE|by chance|found")
_DRIFT = Say(zh="观测漂移", en="Drift of observers")
_DRIFT_SAYS = Say(
    zh="共监视 {watched} 个指标。全部指标合计，平均每 24 个月至多一次误报（同一版本）；"
    "版本之间的比较合计误报概率不超过 1/20。",
    en="Measures watched: {watched}. All of them together raise one false alarm in 24 months at most, in the mean; "
    "comparisons of versions together are ever wrong with a probability of 1 in 20 at most.",
)
_DRIFT_HEAD = Say(
    zh="起始月份|类型|观测器|指标|版本|之前|之后|距离", en="since|kind|observer|measure|version|before|after|distance"
)
_TRENDS = Say(zh="逐月分布", en="Month by month")
_SAME = Say(
    zh="另有 {n} 个指标在各月完全相同，仅列于 JSON 与 CSV。"
    "中位数 [四分位数] 精确到一格：比例为 0.02，计数为 1，其他数值为 9%。",
    en="Measures that are the same in every month are left to the JSON and the CSV: {n}. Medians [quartiles] are exact "
    "to a cell: 0.02 of shares, 1 of counts, 9 % of other numbers.",
)
_TRENDS_HEAD = Say(zh="观测器|版本|指标", en="observer|version|measure")
_VERDICT = Say(zh="整体结论", en="as a whole")
_GONE = Say(zh="（本版本已无此规则）", en=" (no longer a rule)")
_NO_ANSWERS = Say(zh="该时段没有人工结论。", en="People have said nothing on this period yet.")
_NO_CALIBRATION = Say(
    zh="没有可与置信度对照的人工结论。", en="There is no word of people that a confidence could be held against."
)
_NO_DRIFT = Say(zh="未发现漂移。", en="No drift was found.")
_NOTHING = Say(zh="该时段没有判定。", en="Nothing was judged in this period.")
_LEFT_OUT = Say(zh="未计入：", en="In no figure:")
_BLIND = Say(zh="{n} 个判定属于正在盲审的售后单", en="verdicts on cases that somebody is looking at blind: {n}")
_UNKEPT = Say(zh="{n} 个判定的依据未保存", en="verdicts whose material was never kept: {n}")
_UNREADABLE = Say(zh="{n} 个售后单的数据为其他版本的格式", en="cases with facts of another version's form: {n}")
_OTHERWISE = Say(
    zh="{n} 条规则结论在本版本下会不同，未计入校准", en="statements that this version would make otherwise: {n}"
)
_UNREAD = Say(
    zh="分片 {part}：{n} 个判定无法读取（{code}）", en="part {part}: verdicts that cannot be read: {n} ({code})"
)
_SOURCES = {
    WordOf.SAMPLE: Say(zh="抽样盲审", en="sample"),
    WordOf.ASSESSMENT: Say(zh="证据评估", en="assessment"),
    WordOf.DECISION: Say(zh="人工裁定", en="decision"),
    WordOf.SAMPLED_DECISION: Say(zh="裁定抽样", en="sampled decision"),
}
_KINDS = {
    DriftKind.WORLD: Say(zh="拍摄内容变化", en="the world"),
    DriftKind.VERSION: Say(zh="观测版本变化", en="the observer"),
    DriftKind.EITHER: Say(zh="无法区分", en="either: cannot be told apart"),
}
_FOUND = {
    Miscalibration.TOO_SURE: Say(zh="过于自信", en="too sure"),
    Miscalibration.TOO_UNSURE: Say(zh="过于保守", en="too unsure"),
}
