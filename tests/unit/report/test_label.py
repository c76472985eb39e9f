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


def label(waybill: str | None = WAYBILL, **item: object) -> ReturnLabel:
    goods = {"title": "运动鞋 40 码", "quantity": 1} | item
    file = CaseFile.model_validate(
        {
            "case_id": "C-17",
            "order": {"order_id": "T-2026-0001", "items": [goods]},
            "claim": {"claim_id": "A-2026-00017"},
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


def test_the_pdf_has_one_page_of_its_size_and_carries_its_font() -> None:
    small, large = (label_pdf(label(), paper=paper, language="zh") for paper in ("a6", "a4"))
    for data, size in ((small, b"297.637"), (large, b"595.275")):
        assert data.startswith(b"%PDF-")
        assert data.count(b"/Type /Page\n") + data.count(b"/Type/Page/") + data.count(b"/Type /Page/") == 1
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
