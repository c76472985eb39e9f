"""Original bytes: as they were handed in, checked at every reading, entered by who read them."""

import hashlib

import pytest

from sixfaces.domain.blobs import original_key
from sixfaces.domain.people import ApiRole
from tests.contract.api.people import FILM, PICTURE, PNG, Api

SIZE = len(FILM)
RANGES = {
    "bytes=0-0": (0, 0),
    "bytes=5-9": (5, 9),
    "bytes=100-": (100, SIZE - 1),
    "bytes=-7": (SIZE - 7, SIZE - 1),
    "bytes=-999999": (0, SIZE - 1),
    f"bytes=10-{10**17}": (10, SIZE - 1),
}


def original(api: Api, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    answer = api.ask("GET", f"/v1/exhibits/{api.own.exhibit}/original", key=api.admin, headers=headers)
    return answer.status_code, answer.content, dict(answer.headers)


def test_the_bytes_are_those_that_were_handed_in(api: Api) -> None:
    status, data, headers = original(api)
    assert (status, data) == (200, FILM)
    assert headers["etag"] == f'"{hashlib.sha256(FILM).hexdigest()}"'
    assert headers["content-disposition"].startswith('attachment; filename="film.mp4"')
    assert headers["content-type"] == "application/octet-stream"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("asked", RANGES)
def test_a_range_is_served(api: Api, asked: str) -> None:
    first, last = RANGES[asked]
    status, data, headers = original(api, Range=asked)
    assert (status, data) == (206, FILM[first : last + 1])
    assert headers["content-range"] == f"bytes {first}-{last}/{SIZE}"


def test_a_range_outside_is_told_with_the_size(api: Api) -> None:
    for asked in (f"bytes={SIZE}-", "bytes=-0"):
        status, _, headers = original(api, Range=asked)
        assert (status, headers["content-range"]) == (416, f"bytes */{SIZE}")


def test_a_range_of_other_bytes_gets_the_whole(api: Api) -> None:
    status, data, _ = original(api, **{"Range": "bytes=0-0", "If-Range": '"other"'})
    assert (status, data) == (200, FILM)


def test_a_reading_is_entered_with_who_read_what(api: Api) -> None:
    key = api.key(ApiRole.REVIEWER)
    path = f"/v1/exhibits/{api.own.exhibit}/original"
    why = {"Unmask": "footage"}
    assert api.ask("GET", path, key=key, headers={"Range": "bytes=3-4", **why}).content == FILM[3:5]
    assert api.ask("HEAD", path, key=key, headers=why).headers["content-length"] == str(SIZE)
    told = api.ask("GET", f"/v1/exhibits/{api.own.exhibit}/custody", key=key).json()
    last = told["entries"][-1]
    assert last["act"] == "read"
    assert last["actor"].replace("-", "") == f"key:{key.split('_')[1]}"
    digest = hashlib.sha256(FILM).hexdigest()
    assert last["body"] == {"what": "original", "sha256": digest, "role": "reviewer"}
    assert len(told["proofs"]) == len(told["entries"])
    assert told["checkpoint"]["size"] > last["seq"]


def test_one_changed_bit_is_never_served(api: Api) -> None:
    case = api.new_case()
    data = b"film that rots"
    sealed = api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, content=data).json()
    (path,) = api.settings.data.rglob(sealed["sha256"])
    assert original_key("main", sealed["sha256"]) in str(path)
    path.chmod(0o600)
    path.write_bytes(b"film that rotS")
    answer = api.ask("GET", f"/v1/exhibits/{sealed['exhibit_id']}/original", key=api.admin)
    assert (answer.status_code, answer.json()["code"]) == (500, "store.corrupt")
    assert b"rotS" not in answer.content


def test_a_picture_is_served_and_known_again(api: Api) -> None:
    faces = api.ask("GET", f"/v1/exhibits/{api.own.exhibit}/faces", key=api.admin).json()
    address = faces["faces"]["top"]["picture"]
    assert address == f"/v1/exhibits/{api.own.exhibit}/pictures/{PICTURE}"
    picture = api.ask("GET", address, key=api.admin)
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    again = api.ask("GET", address, key=api.admin, headers={"If-None-Match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_report_is_served_as_json_and_as_a_page(api: Api) -> None:
    report = api.ask("GET", f"/v1/cases/{api.own.case}/report", key=api.admin)
    assert report.json()["schema"] == "sixfaces.report/1"
    page = api.ask("GET", f"/v1/cases/{api.own.case}/report.html", key=api.admin)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in page.headers["content-security-policy"]
    (verdict,) = api.ask("GET", f"/v1/cases/{api.own.case}/verdicts", key=api.admin).json()["items"]
    by_id = api.ask("GET", f"/v1/cases/{api.own.case}/verdicts/{verdict['id']}/report", key=api.admin)
    assert by_id.content == report.content
    unjudged = api.new_case()["id"]
    assert api.ask("GET", f"/v1/cases/{unjudged}/report", key=api.admin).json()["code"] == "request.not_yet"
