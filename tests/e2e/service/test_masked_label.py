"""A photo of a label through a server and its worker: a batch job sees bars and cardboard, no name and no number."""

import base64
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from sixfaces.domain.twins import twin_of
from sixfaces.observe.cover.covered import COLOUR
from sixfaces.observe.cover.kept import codes_kept, line_reader
from tests.rig.printed_labels import FONT, Bgr, Quad, drawn, shown
from tests.rig.product import Product, until_true

pytestmark = pytest.mark.skipif(
    not FONT.exists() and os.environ.get("CI") != "true", reason="labels are drawn with fonts-noto-cjk"
)

PICTURE = "moments/01.jpg"


@pytest.mark.timeout(180)
def test_who_may_not_see_persons_is_shown_none_of_what_stands_on_a_label(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    view = shown(drawn(rng), rng, long_side=480, share=0.97)
    photo = cv2.imencode(".png", view.picture)[1].tobytes()
    statement = f"收件人：{view.label.names[0]}，电话 {view.label.phones[0]}"
    with Product(tmp_path) as product:
        server = product.serve(workers=1)
        admin = product.asker(server)
        made = admin.post("/v1/keys", json={"role": "batch", "name": "archive"}).json()
        batch = product.asker(server, made["secret"])
        case = admin.case(claim={"statement": statement}, return_parcel={"waybill": view.label.waybill})
        exhibit = admin.sealed(
            case["id"], photo, name=f"{view.label.names[0]} {view.label.phones[0]}.png", role="buyer_photo"
        )["exhibit_id"]
        until_true(lambda: admin.get(f"/v1/cases/{case['id']}/report").status_code == 200)

        record = admin.get(f"/v1/exhibits/{exhibit}/observations").json()
        assert record["observers"]["masking"] == "1"
        assert set(record["images"]) == {PICTURE, twin_of(PICTURE)}
        plain = admin.get(f"/v1/exhibits/{exhibit}/pictures/{PICTURE}").content
        twin = batch.get(f"/v1/exhibits/{exhibit}/pictures/{PICTURE}").content
        seen = np.asarray(cv2.imdecode(np.frombuffer(twin, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        for line in view.lines:
            assert not line.is_personal or _covered(seen, line.quad) > 0.97, line.text
        assert {code.text for code in codes_kept(seen)} == {view.label.waybill}
        read = line_reader(60, 960)
        if read is not None:
            print_left = " ".join(line.text for line in read(np.asarray(cv2.resize(seen, None, fx=2, fy=2), np.uint8)))
            assert not any(phone[3:] in print_left.replace("-", "") for phone in view.label.phones)

        pages = {who: asker.get(f"/v1/cases/{case['id']}/report.html").text for who, asker in
                 (("admin", admin), ("batch", batch))}  # fmt: skip
        assert base64.b64encode(plain).decode() in pages["admin"]
        assert base64.b64encode(plain).decode() not in pages["batch"]
        assert base64.b64encode(twin).decode() in pages["batch"]
        told = "".join(
            batch.get(path).text
            for path in (
                f"/v1/cases/{case['id']}",
                f"/v1/cases/{case['id']}/exhibits",
                f"/v1/cases/{case['id']}/report",
                f"/v1/cases/{case['id']}/report.html",
                f"/v1/exhibits/{exhibit}/observations",
            )
        )
        assert view.label.waybill in told
        assert view.label.phones[0] not in told
        assert view.label.names[0] not in told
        assert batch.get(f"/v1/exhibits/{exhibit}/original").status_code == 403
        assert admin.get(f"/v1/exhibits/{exhibit}/original").content == photo
        assert product.sound().counted["records"] == 1


def _covered(picture: Bgr, quad: Quad) -> float:
    """The share of the quad under the colour; JPEG leaves it a level or two beside."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1)
    near = np.abs(picture.astype(np.int16) - np.array(COLOUR)).max(axis=2) <= 12
    return float(near[mask == 1].mean())
