"""Notices as people get them: a subject, a plain text, and the same as simple HTML that needs nothing of elsewhere."""

from typing import NamedTuple

from sixfaces.domain.model import Say
from sixfaces.domain.notice import NoticeKind, Tongue
from sixfaces.domain.standing import Standing
from sixfaces.report import notice_words as words
from sixfaces.report.standing_page import environment
from sixfaces.report.visible import visible


class NoticeWords(NamedTuple):
    """A notice in one language."""

    subject: str
    text: str
    html: str


LONGEST_NUMBER = 60
"""Characters of a case's number in a subject."""


def notice_words(kind: NoticeKind, standing: Standing, *, language: Tongue, link: str | None) -> NoticeWords | None:
    """What this side is told; `link` leads to how the claim stands, where links have an address to begin with. None
    where nothing is left to say: what was wanted has come, or is wanted no more."""
    asked = tuple(words.asked_by(kind, standing))
    if kind in words.ASKING and not asked:
        return None
    lead = words.lead_of(kind, standing)
    told = {
        "language": language,
        "zh": language == "zh",
        "s": standing,
        "lead": lead,
        "link": link,
        "asked": asked,
        "decision": standing.decision if kind in words.EXPLAINED else None,
        "found": standing.found if kind in words.FOUND else (),
        "refund": standing.refund if kind in words.MONEY else None,
    }
    text = environment(as_html=False).get_template("notice.txt.j2").render(**told)
    subject = words.subject_of(kind, standing)
    html = environment().get_template("notice.html.j2").render(subject=subject, **told)
    return NoticeWords(_subject(subject, standing, language), text, html)


def _subject(about: Say, standing: Standing, language: Tongue) -> str:
    """One line, whatever a case is called."""
    number = visible(standing.case_id, longest=LONGEST_NUMBER)
    return f"{about.zh}（{number}）" if language == "zh" else f"{about.en} ({number})"
