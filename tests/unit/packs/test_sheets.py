"""The pages of a pack, as who reads them sees them."""

from datetime import date

import pytest

from sixfaces.domain.errors import PackError
from sixfaces.report.packs.sheets import Sheets, sheets_pdf
from sixfaces.report.packs.shots import shots_of
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
