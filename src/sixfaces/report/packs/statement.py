"""The statement of a pack, within the characters that a channel gives: built of whole sentences, each a finding.

The order is: which case, what came out and what is open, then the findings that carry the case, those first that people
ask for first. What does not fit is left out whole and named; a sentence is never cut.
"""

from typing import NamedTuple

from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report
from sixfaces.domain.rules import Finding
from sixfaces.report.decisive import FIRST_ASKED, heard
from sixfaces.report.page import Language
from sixfaces.report.visible import visible, whole
from sixfaces.report.words import RULE, VERDICT

LONGEST_NUMBER = 60


class Statement(NamedTuple):
    """The text, which of the findings it tells, and which it has no room for."""

    text: str
    told: tuple[Finding, ...]
    left_out: tuple[Finding, ...]


def statement_of(report: Report, case: CaseFile | None, *, language: Language, characters: int | None) -> Statement:
    """The statement, of at most so many characters (None: however many), line feeds among them.

    Raises PackError `pack.impossible` where not even the case and what came out can be said.
    """
    points = points_of(report)
    text = head_of(report, case, language=language)
    if characters is not None and len(text) > characters:
        raise _no_room(len(text), characters)
    told, left_out = list[Finding](), list[Finding]()
    for finding in points:
        line = f"\n{len(told) + 1}. {said(finding, language)}"
        if characters is None or len(text) + len(line) <= characters:
            text += line
            told.append(finding)
        else:
            left_out.append(finding)
    return Statement(text, tuple(told), tuple(left_out))


def points_of(report: Report) -> list[Finding]:
    """The findings that have a say, met ones first, each in the order in which people ask; what is said alike once."""
    order = {code: rank for rank, code in enumerate(FIRST_ASKED[2:])}
    answers = (Answer.NOT_MET, Answer.MET, Answer.CANNOT_TELL)
    every = sorted(heard(report), key=lambda f: (answers.index(f.answer), order.get(f.code, len(order)), f.code))
    once: dict[str, Finding] = {}
    for finding in every:
        once.setdefault(finding.text.en, finding)
    return list(once.values())


def head_of(report: Report, case: CaseFile | None, *, language: Language) -> str:
    """Which case it is, what came out, and what is not met or open, however little room there is."""
    numbers = [f"{_WORDS['case'][language]}{_short(report.case_id)}"]
    for name, number in _numbers(case):
        numbers.append(f"{_WORDS[name][language]}{_short(number)}")
    points = points_of(report)
    met = sum(one.answer is Answer.MET for one in points)
    came_out = getattr(VERDICT[report.verdict], language)
    lines = [_JOIN[language].join(numbers) + _STOP[language]]
    lines.append(_COUNTED[language].format(came_out, met, len(points)))
    for answer, name in ((Answer.NOT_MET, "not_met"), (Answer.CANNOT_TELL, "open")):
        rules = dict.fromkeys(getattr(RULE[one.code], language) for one in points if one.answer is answer)
        if rules:
            lines.append(_WORDS[name][language] + _JOIN[language].join(rules) + _STOP[language])
    return "\n".join(lines)


def said(finding: Finding, language: Language) -> str:
    """A finding as a sentence, marked where it is not met or open."""
    mark = _MARK.get(finding.answer)
    text = whole(getattr(finding.text, language))
    return text if mark is None else f"{getattr(mark, language)}{text}"


def _numbers(case: CaseFile | None) -> list[tuple[str, str]]:
    if case is None:
        return []
    every = (
        ("order", case.order.order_id),
        ("claim", case.claim.claim_id),
        ("waybill", case.return_parcel.waybill),
    )
    return [(name, number) for name, number in every if number]


def _short(text: str) -> str:
    return visible(text, longest=LONGEST_NUMBER)


def _no_room(needed: int, characters: int) -> PackError:
    return PackError(
        "pack.impossible",
        Say(
            zh=f"该渠道的说明最多 {characters} 个字符，仅写明售后单与结论就需要 {needed} 个。",
            en=f"The channel gives {characters} characters; to name the case and what came out takes {needed}.",
        ),
        Say(zh="请换用其他渠道，或其他语言。", en="Choose another channel, or the other language."),
    )


_MARK = {
    Answer.NOT_MET: Say(zh="【不满足】", en="[not met] "),
    Answer.CANNOT_TELL: Say(zh="【未能判断】", en="[open] "),
}
_WORDS: dict[str, dict[Language, str]] = {
    "case": {"zh": "售后单 ", "en": "Case "},
    "order": {"zh": "订单 ", "en": "order "},
    "claim": {"zh": "售后申请 ", "en": "claim "},
    "waybill": {"zh": "退货运单 ", "en": "return waybill "},
    "not_met": {"zh": "不满足：", "en": "Not met: "},
    "open": {"zh": "未能判断：", "en": "Open: "},
}
_JOIN: dict[Language, str] = {"zh": "，", "en": ", "}
_STOP: dict[Language, str] = {"zh": "。", "en": "."}
_COUNTED: dict[Language, str] = {
    "zh": "拆包录像机器核验：{0}；计入判定的 {2} 项中 {1} 项满足。",
    "en": "Machine check of the unboxing footage: {0}; {1} of {2} points that count are met.",
}
