"""The page under a link: how a claim stands in the eyes of one side. No script, no other host, no other file."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from sixfaces.domain.model import Say
from sixfaces.domain.standing import Standing
from sixfaces.report import standing_words as words
from sixfaces.report.page import Language
from sixfaces.report.templating import harmless, template_text

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
TITLE = Say(zh="售后进度", en="After-sales claim")


def standing_page(standing: Standing, *, language: Language, other: str) -> str:
    """The page in one language; `other` is the address of the same in the other one."""
    return _page("standing.html.j2", language, standing=standing, other=other)


def door_page(*, language: Language, other: str, is_stale: bool) -> str:
    """What is shown to who has no good link: the same whether or not there is such a case. `is_stale`: they came with
    one that is not good."""
    return _page("door.html.j2", language, other=other, is_stale=is_stale)


def policy_of_page() -> str:
    """The Content-Security-Policy of these pages: their one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def instant_in(at: datetime, zone: str, language: Language) -> str:
    """An instant as people there write it."""
    here = at.astimezone(ZoneInfo(zone))
    if language == "zh":
        return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
    return f"{here.day} {_MONTHS[here.month - 1]} {here.year}, {here:%H:%M}"


def _page(template: str, language: Language, **told: object) -> str:
    page = environment().get_template(template)
    return page.render(language=language, zh=language == "zh", css=Markup(_css()), title=TITLE, words=words, **told)


@cache
def _css() -> str:
    return template_text("standing.css")


@jinja2.pass_context
def _said(context: jinja2.runtime.Context, text: Say) -> str:
    return text.zh if context["language"] == "zh" else text.en


@jinja2.pass_context
def _instant(context: jinja2.runtime.Context, at: datetime, zone: str) -> str:
    return instant_in(at, zone, context["language"])


@cache
def environment(*, as_html: bool = True) -> jinja2.Environment:
    """Templates in which `said` and `instant` speak the page's language; `as_html` False: for plain text."""
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(template_text),
        autoescape=as_html,
        undefined=jinja2.StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(said=_said, instant=_instant, amount=words.amount, zone=words.zone_of)
    return made
