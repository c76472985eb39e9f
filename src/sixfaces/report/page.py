"""The HTML report: one file that needs no network, no script and no other file."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import jinja2
from markupsafe import Markup

from sixfaces.domain.answer import Answer
from sixfaces.domain.model import Say
from sixfaces.domain.naming import STOPS
from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.domain.rules import Criterion, Finding, Requirement
from sixfaces.report import clocks, packed, words
from sixfaces.report.decisive import counts, decisive, disagreeing, heard, left_untold
from sixfaces.report.earlier import earlier, frame
from sixfaces.report.holes import holes
from sixfaces.report.page_pictures import data_uri
from sixfaces.report.templating import harmless, template_text
from sixfaces.report.timeline import Lane, timeline
from sixfaces.report.visible import visible

Language = Literal["zh", "en"]

ReadPicture = Callable[[str], bytes | None]
"""The bytes of a picture by its path relative to report.json, or None if it is not there."""

MOST_REASONS = 3
MOST_WITNESSES = 4
LARGEST_PAGE = 24_000_000
"""Bytes of pictures that go into one page; what is beyond stays in the folder and is said to."""

NET = (Face.TOP, Face.LEFT, Face.FRONT, Face.RIGHT, Face.BACK, Face.BOTTOM)
"""The faces in the order in which they stand in the unfolded box."""


@dataclass(frozen=True, slots=True)
class Card:
    """One criterion as a question, its answer, and the findings to read first."""

    criterion: Criterion
    answer: Answer
    first: tuple[Finding, ...]
    tally: Say


@dataclass(frozen=True, slots=True)
class ExhibitPart:
    """One exhibit with its drawn timeline."""

    view: ExhibitView
    lanes: tuple[Lane, ...]
    holes: tuple[Say, ...]


def html_report(report: Report, *, pictures: ReadPicture, language: Language = "zh") -> str:
    """The report as one HTML page; `language` is the one it opens in, the other is a click away."""
    reasons = decisive(report)
    album = _Album(pictures)
    page = _environment().get_template("report.html.j2")
    css = template_text("report.css")
    return page.render(
        report=report,
        language=language,
        css=Markup(css),
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        lead=words.DISAGREEING if disagreeing(report) else words.VERDICT_WHY[report.verdict],
        reasons=reasons[:MOST_REASONS],
        more=left_untold(report, reasons[:MOST_REASONS]),
        cards=[_card(report, criterion) for criterion in Criterion],
        parts=[ExhibitPart(v, timeline(v, reasons), holes(v.unmeasured)) for v in report.exhibits],
        picture=album.uri,
        frame=frame,
        earlier=earlier,
        names={view.sha256: view.name for view in report.exhibits},
        net=NET,
        sandboxes=_sandboxes(report),
    )


def _card(report: Report, criterion: Criterion) -> Card:
    judgement = report.criteria[criterion]
    counted = [f for f in heard(report) if f.code.criterion is criterion]
    worst = (Answer.NOT_MET, Answer.CANNOT_TELL, Answer.MET)
    first = sorted(counted, key=lambda finding: worst.index(finding.answer))
    return Card(criterion, judgement.answer, tuple(first[:MOST_WITNESSES]), _tally(counted, len(judgement.findings)))


def _sandboxes(report: Report) -> list[Say]:
    kinds = dict.fromkeys((v.sandbox.kind, v.sandbox.network) for v in report.exhibits if v.sandbox)
    return [
        Say(
            zh=f"{words.SANDBOX[kind].zh}，{words.NETWORK[net].zh}",
            en=f"{words.SANDBOX[kind].en}, {words.NETWORK[net].en}",
        )
        for kind, net in kinds
    ]


def _tally(counted: list[Finding], total: int) -> Say:
    """How many of the rules that count are met, and how many only inform: so that one `met` does not look like all."""
    aside = total - len(counted)
    numbers = {answer: sum(f.answer is answer for f in counted) for answer in Answer}
    zh = [f"{words.ANSWER[answer].zh} {count}" for answer, count in numbers.items() if count]
    en = [f"{count} {words.ANSWER[answer].en}" for answer, count in numbers.items() if count]
    rules = "rule" if len(counted) == 1 else "rules"
    told = Say(
        zh=f"计入结论 {len(counted)} 条：{'，'.join(zh)}" if counted else "没有计入结论的规则",
        en=f"{len(counted)} {rules} count{'s' if len(counted) == 1 else ''}: {', '.join(en)}"
        if counted
        else "No rule counts",
    )
    if not aside:
        return told
    one = aside == 1
    return Say(
        zh=f"{told.zh}。另有 {aside} 条仅供参考或不适用。",
        en=f"{told.en}. {aside} {'is' if one else 'are'} advisory or {'does' if one else 'do'} not apply.",
    )


class _Album:
    """Pictures as data URIs, within the size of a page."""

    def __init__(self, read: ReadPicture) -> None:
        self._read = read
        self._left = LARGEST_PAGE
        self._known: dict[str, str | None] = {}

    def uri(self, path: str | None) -> str | None:
        """The picture as a data URI, or None if it is missing, too large or no picture."""
        if path is None:
            return None
        if path not in self._known:
            self._known[path] = self._inline(self._read(path))
        return self._known[path]

    def _inline(self, data: bytes | None) -> str | None:
        uri = data_uri(data) if data is not None and len(data) <= self._left else None
        if data is not None and uri is not None:
            self._left -= len(data)
        return uri


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(template_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        visible=visible,
        clock=clocks.clock,
        stretches=clocks.stretches,
        size=clocks.size,
        number=clocks.number,
        margin=clocks.margin,
    )
    environment.globals.update(packed_told=packed.told, packed_asked=packed.asked)
    environment.globals.update(words=words, stops=STOPS, Requirement=Requirement, counts=counts)
    return environment
