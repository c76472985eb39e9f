"""The HTML report: complete, harmless, and alone."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.model import Say
from sixfaces.domain.report import CodeView, ItemView, MomentView, Report
from sixfaces.domain.rules import Criterion, RuleCode
from sixfaces.report import page
from sixfaces.report.page import Language, html_report
from sixfaces.report.page_pictures import LARGEST_PICTURE
from sixfaces.report.words import VERDICT
from tests.unit.report.specimens import criteria, finding, report, video

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64

HOSTILE = [
    "<script>alert(1)</script>.mp4",
    "\"><img src=x onerror=alert(1)>'.mp4",
    "</title></style><script>1</script>",
    "cod\u202egpj.exe",
    "\u2066\u2067\u200f\u200e",
    "{{ 7*191 }}{% raw %}",
    "&lt;b&gt; &amp; \x1b[31m",
    "长" * 3000,
]


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.seen


def rendered(shown: Report, picture: bytes | None = JPEG) -> str:
    return html_report(shown, pictures=lambda path: picture)


def hostile_report(text: str) -> Report:
    judged = criteria()
    bad = finding(RuleCode.WAYBILL, Answer.NOT_MET, text=Say(zh=text, en=text), fix=Say(zh=text, en=text), value=text)
    judged[Criterion.CONSISTENCY] = judged[Criterion.CONSISTENCY].model_copy(update={"findings": (bad,)})
    view = video(
        name=text,
        format=text,
        codes=(CodeView(format=text, text=text, reads=1, from_s=1, to_s=2),),
        moments=(MomentView(at_s=1, label=text, image=text),),
        breaks=({"cause": text, "certain": True, "from_s": 1, "to_s": 2},),
        absences=({"reason": text, "from_s": 1, "to_s": 2},),
        unmeasured=({"of": (text,), "code": text, "detail": text},),
        failure={"code": text, "text": Say(zh=text, en=text), "fix": Say(zh=text, en=text)},
    )
    return report(
        case_id=text, criteria=judged, exhibits=(view,), observers={text: text}, notes=(Say(zh=text, en=text),)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_stays_text(text: str) -> None:
    html = rendered(hostile_report(text))
    plain = rendered(hostile_report("harmless"))
    kinds = [tag for tag, _ in tags(html)]
    assert kinds == [tag for tag, _ in tags(plain)]
    assert "script" not in kinds
    assert "1337" not in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x0b-\x1f]", html)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    html = rendered(report())
    for tag, attributes in tags(html):
        assert tag not in {"script", "link", "iframe", "object", "embed", "form", "base", "foreignobject", "use"}
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcset", "action"}]
        if tag == "img":
            assert str(attributes["src"]).startswith("data:image/jpeg;base64,")
        if "href" in attributes:
            assert str(attributes["href"]).startswith("#")
    css = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in css
    assert "@import" not in css


def test_the_content_policy_admits_the_one_style_sheet_and_data_pictures_alone() -> None:
    html = rendered(report())
    css = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    (policy,) = (a["content"] for tag, a in tags(html) if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_page_opens_in_the_language_asked_for_and_holds_both() -> None:
    both: tuple[tuple[Language, Language], ...] = (("zh", "en"), ("en", "zh"))
    for language, other in both:
        html = html_report(report(), pictures=lambda path: None, language=language)
        checked = [a["id"] for tag, a in tags(html) if tag == "input" and "checked" in a]
        assert checked == [f"lang-{language}"]
        assert f'lang="{other}"' in html
    assert "证据不予采信" in html
    assert "The evidence is rejected" in html


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_stands_in_words_with_at_most_three_reasons(verdict: Verdict) -> None:
    answers = {Verdict.ACCEPTED: Answer.MET, Verdict.REJECTED: Answer.NOT_MET, Verdict.NEEDS_REVIEW: Answer.CANNOT_TELL}
    judged = criteria(**{code.name.lower(): answers[verdict] for code in list(RuleCode)[:6]})
    html = rendered(report(verdict=verdict, criteria=judged))
    assert VERDICT[verdict].zh in html
    reasons = html.split('<ol class="reasons">')[1].split("</ol>")[0]
    assert reasons.count("<li>") == 3


def test_every_finding_stands_in_the_table_with_its_code() -> None:
    html = rendered(report())
    assert all(f"<code>{code}</code>" in html for code in RuleCode)


@pytest.mark.parametrize(
    "data", [None, b"", b"<svg onload=alert(1)>", b"GIF89a", b"\xff\xd8\xff" + b"\0" * LARGEST_PICTURE]
)
def test_what_is_no_small_jpeg_or_png_is_not_inlined(data: bytes | None) -> None:
    html = rendered(report(), data)
    assert "<img" not in html
    assert "no picture" in html


def test_pictures_stop_at_the_size_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "LARGEST_PAGE", 3 * len(JPEG))
    assert rendered(report()).count("<img") == 3


def test_a_document_and_a_broken_file_have_a_page_too() -> None:
    broken = video(
        media=None, decode=None, medium="unknown", faces={}, stages=(), takes=(), breaks=(), codes=(), moments=(),
        quality=None, absences=(), sandbox=None,
        failure={"code": "media.garbage", "text": Say(zh="无法解码", en="undecodable"), "fix": Say(zh="重交", en="x")},
    )  # fmt: skip
    html = rendered(report(exhibits=(broken, video(sha256="d" * 64, role="document", medium="document", media=None))))
    assert "undecodable" in html
    assert "No file was decoded." not in html  # the second one has its sandbox


def test_a_network_that_could_be_reached_is_warned_of() -> None:
    html = rendered(report(exhibits=(video(sandbox={"kind": "limits", "network": "reachable"}),)))
    assert "not cut off from the network" in html


def test_a_template_policy_says_so_beside_the_verdict() -> None:
    shown = report()
    book = shown.rulebook.model_copy(update={"template": True, "unconfirmed": ("time.open_within_s",)})
    html = rendered(shown.model_copy(update={"rulebook": book}))
    assert "take the verdict as provisional" in html
    assert "time.open_within_s" in html


def test_the_same_report_makes_the_same_page() -> None:
    assert rendered(report()) == rendered(report())


def test_an_item_stands_beside_its_reference_with_what_was_measured() -> None:
    pair = ItemView(
        from_s=42.0,
        to_s=42.0,
        reference="<shop>.jpg",
        by="appearance",
        same=Answer.MET,
        score=0.97,
        view="i/01.jpg",
        picture="r/1.jpg",
    )
    told = html_report(report(exhibits=(video(items=(pair,)),)), pictures=lambda path: JPEG)
    part = told.partition('<div class="beside">')[2].partition("<details")[0]
    assert part.count("<img") == 2
    assert "0:42" in part
    assert "0.97" in part
    assert "&lt;shop&gt;.jpg" in part
    assert "print found again" in part
