"""The return label: printed as it is printed, every code on it reads and finds the case."""

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from sixfaces.domain.case import CaseFile
from sixfaces.report.label import Paper, ReturnLabel, label_pdf, label_png
from sixfaces.report.page import Language

OPENS = "https://returns.example.com/s/01a20479-84ae-732e-bf42-5a3023daa887"
WAYBILL = "SF1234567890123"


def label(waybill: str | None = WAYBILL, claim: str = "A-2026-00017", **item: object) -> ReturnLabel:
    goods = {"title": "运动鞋 40 码", "quantity": 1} | item
    file = CaseFile.model_validate(
        {
            "case_id": "C-17",
            "order": {"order_id": claim.replace("A", "T"), "items": [goods]},
            "claim": {"claim_id": claim},
            "return_parcel": {"waybill": waybill, "carrier": "顺丰速运"},
        }
    )
    return ReturnLabel(file=file, opens=OPENS)


def read(png: bytes) -> dict[str, str]:
    """The codes on a page, as a scanner reads them."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    return {str(code.format).rpartition(".")[2]: code.text for code in zxingcpp.read_barcodes(pixels)}


@pytest.mark.parametrize("paper", ["a6", "a4"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_codes_are_read_off_the_print(paper: Paper, language: Language) -> None:
    codes = read(label_png(label(), paper=paper, language=language))
    assert set(codes.values()) == {WAYBILL, OPENS}


def test_a_label_without_a_waybill_leaves_room_for_the_carriers_own() -> None:
    assert set(read(label_png(label(None), paper="a6", language="zh")).values()) == {OPENS}
    assert set(read(label_png(label("顺丰一二三"), paper="a6", language="zh")).values()) == {OPENS}


@pytest.mark.parametrize("waybill", ["A" * 24, "1" * 40, "sf-00 12/34"])
def test_bars_that_are_printed_are_read(waybill: str) -> None:
    for paper in ("a6", "a4"):
        assert waybill in read(label_png(label(waybill), paper=paper, language="zh")).values()


@pytest.mark.parametrize("waybill", ["A" * 25, "A" * 120, "1" * 200])
def test_a_waybill_too_long_for_bars_leaves_room_for_the_carriers_own(waybill: str) -> None:
    data = label_pdf(label(waybill), paper="a6", language="en")
    assert pages(data) == 1
    assert set(read(label_png(label(waybill), paper="a6", language="zh")).values()) == {OPENS}


def pages(data: bytes) -> int:
    return data.count(b"/Type /Page\n") + data.count(b"/Type/Page/") + data.count(b"/Type /Page/")


def test_long_numbers_stay_in_their_column_and_on_the_page() -> None:
    long = label(claim="A" + "8" * 59, title="x" * 300)
    for paper in ("a6", "a4"):
        assert pages(label_pdf(long, paper=paper, language="en")) == 1
    png = np.asarray(Image.open(io.BytesIO(label_png(long, paper="a6", language="en"))).convert("L"))
    margin = int(png.shape[1] * 4 / 105)
    assert png[:, -margin:].min() > 200, "nothing is printed into the margin"


def test_the_pdf_has_one_page_of_its_size_and_carries_its_font() -> None:
    small, large = (label_pdf(label(), paper=paper, language="zh") for paper in ("a6", "a4"))
    for data, size in ((small, b"297.637"), (large, b"595.275")):
        assert data.startswith(b"%PDF-")
        assert pages(data) == 1
        assert size in data
        assert b"NotoSansCJK" in data
        assert b"/FontFile3" in data


def test_hostile_texts_are_printed_and_never_carried_out() -> None:
    plain = label_pdf(label(title="shoe"), paper="a6", language="en")
    hostile = label(title='#read("/etc/passwd") $x$ *bold* @ref \\ "q" <a> ' + "长" * 3000)
    made = label_pdf(hostile, paper="a6", language="en")
    assert abs(len(made) - len(plain)) < 20_000
    assert set(read(label_png(hostile, paper="a6", language="en")).values()) == {WAYBILL, OPENS}


def test_many_lines_are_told_in_few() -> None:
    file = CaseFile.model_validate(
        {"case_id": "C-17", "order": {"items": [{"title": f"thing {n}", "quantity": 2} for n in range(50)]}}
    )
    assert set(read(label_png(ReturnLabel(file=file, opens=OPENS), paper="a6", language="en")).values()) == {OPENS}
