"""The pages of a pack, as who reads them sees them."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.report.packs.sheets import Sheets, sheets_pdf
from sixfaces.report.packs.shots import shots_of
from sixfaces.report.packs.statement import points_of, said
from sixfaces.report.packs.wording import CHECK_DIGEST, CHECK_PACK, SUBHEADING, Behind
from sixfaces.report.page import Language
from sixfaces.rulebook.channels import CHANNELS
from tests.rig.pack_folders import film_report, picture

pytest.importorskip("typst")

REPORT = film_report()


def sheets(**changed: object) -> Sheets:
    shots = shots_of(REPORT)
    made = Sheets(
        report=REPORT,
        case=None,
        channel=CHANNELS.load("paypal"),
        shots=[one for one in shots if one.face is None],
        net=[one for one in shots if one.face is not None],
        pictures={one.path: picture(1) for one in shots},
        made=date(2026, 6, 1),
    )
    return Sheets(**{**made._asdict(), **changed})


def test_a_picture_that_cannot_be_set_is_named_as_our_error() -> None:
    spoilt = dict.fromkeys(sheets().pictures, b"\xff\xd8\xff no picture")
    with pytest.raises(PackError, match=r"pack\.picture"):
        sheets_pdf(sheets(pictures=spoilt), language="en")


@pytest.fixture(scope="module")
def reader() -> str:
    found = shutil.which("pdftotext")
    if found is None:
        assert os.environ.get("CI") != "true", "CI installs poppler-utils"
        pytest.skip("pdftotext (poppler) is not installed")
    return found


def read(reader: str, made: Sheets, folder: Path) -> list[str]:
    """The text of each page, as it is copied from one."""
    path = folder / "pages.pdf"
    path.write_bytes(sheets_pdf(made, language="en"))
    ran = subprocess.run([reader, str(path), "-"], capture_output=True, text=True, check=True)
    return ran.stdout.split("\f")


def test_digests_and_long_numbers_are_copied_from_the_page_as_they_are(reader: str, tmp_path: Path) -> None:
    number = "C-" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "0123456789"
    report = REPORT.model_copy(update={"case_id": number})
    text = "".join(read(reader, sheets(report=report), tmp_path))
    assert "\u200b" not in text
    assert REPORT.exhibits[0].sha256 in text
    assert number in text.replace("\n", "")


def test_every_point_is_told_to_its_end_however_many_there_are(reader: str, tmp_path: Path) -> None:
    name, judged = next(iter(REPORT.criteria.items()))
    one = points_of(REPORT)[0]
    ends = [f"end{n:03d}" for n in range(70)]
    many = tuple(
        one.model_copy(update={"text": Say(zh="长" * 30, en=f"Point {end[3:]} " + "very " * 140 + end)}) for end in ends
    )
    more = judged.model_copy(update={"findings": (*judged.findings, *many)})
    report = REPORT.model_copy(update={"criteria": {**REPORT.criteria, name: more}})
    text = "".join(read(reader, sheets(report=report), tmp_path))
    assert [end for end in ends if end not in text] == []
    long = many[0].model_copy(update={"text": Say(zh="长", en="very " * 790 + "end")})
    assert said(long, "en").endswith("end")


@pytest.mark.parametrize("count", range(33, 38))
def test_no_heading_stands_alone_at_the_foot_of_a_page(reader: str, tmp_path: Path, count: int) -> None:
    """So many points, a line each, end just where the next heading has room and what follows it has none."""
    name, judged = next(iter(REPORT.criteria.items()))
    one = points_of(REPORT)[0]
    points = tuple(one.model_copy(update={"text": Say(zh="点", en=f"Point {n}")}) for n in range(count))
    report = REPORT.model_copy(update={"criteria": {name: judged.model_copy(update={"findings": points})}})
    for page in read(reader, sheets(report=report, shots=[], net=[]), tmp_path):
        *body, _, _ = [line for line in page.splitlines() if line.strip()] or ["", "", ""]
        assert body[-1:] != ["How this can be checked"]


def test_the_words_claim_no_seal_and_no_signature_that_there_is_not() -> None:
    languages: tuple[Language, ...] = get_args(Language)
    for behind, language in ((b, one) for b in Behind for one in languages):
        told = " ".join(getattr(words[behind], language) for words in (SUBHEADING, CHECK_DIGEST, CHECK_PACK))
        claims_seal = "sealed" in told or "封存" in told
        assert claims_seal is (behind is Behind.LOG)
        assert "trusting" not in told
        if behind is not Behind.LOG:
            assert "rests on whoever" in told or "由制作者说明" in told
