"""Whatever a route answers goes through the mask, nothing that is masked can be guessed, and nobody gives more than
they may see."""

import hashlib
import io
import json
import secrets
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.observation import Record
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.personal import MaskedResults, shown
from sixfaces.pipeline.reading import record_of, report_of, verdict_of
from sixfaces.pipeline.salting import salted
from sixfaces.report.serial import json_bytes, report_bytes
from tests.contract.api.people import Api
from tests.rig.keeping import keeping

STATEMENT = "收件人：张三，电话 13812345678"
EXHIBIT = Exhibit(sha256="0" * 64, name="a.mp4", role=Role.UNBOXING_VIDEO, bytes=1, medium=Medium.VIDEO, format="mp4")
LONG = "a@b.cn " + "运" * 185 + " 0755123"


def put(api: Api, key: str, file: dict[str, Any], **headers: str) -> tuple[int, str]:
    number = file["case_id"]
    answer = api.ask("PUT", f"/v1/cases/by-number/{number}", key=key, json=file, headers=headers)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("role", [ApiRole.BATCH, ApiRole.STATION])
def test_a_field_as_long_as_it_may_be_is_shown_masked(api: Api, role: ApiRole) -> None:
    case = api.new_case(return_parcel={"carrier": LONG}, outbound_parcel={"carrier": "07551234567 " * 16})
    answer = api.ask("GET", "/v1/cases", key=api.held(role), params={"number": case["file"]["case_id"]})
    assert answer.status_code == 200
    (shown,) = answer.json()["items"]
    assert "a@b.cn" not in shown["file"]["return_parcel"]["carrier"]
    assert "1234567" not in shown["file"]["outbound_parcel"]["carrier"]


def test_a_station_is_refused_whether_it_guesses_right_or_wrong(api: Api) -> None:
    file = api.new_case(claim={"statement": STATEMENT})["file"]
    wrong = file | {"claim": {"statement": STATEMENT.replace("1234", "1235")}}
    station = api.held(ApiRole.STATION)
    assert put(api, station, file) == put(api, station, wrong) == (403, "request.forbidden")
    shown = api.ask("GET", f"/v1/cases/by-number/{file['case_id']}", key=station).json()["file"]
    assert put(api, station, shown) == (200, "")


def test_a_batch_key_edits_whether_it_guesses_right_or_wrong(api: Api) -> None:
    file = api.new_case(claim={"statement": STATEMENT})["file"]
    wrong = file | {"claim": {"statement": STATEMENT.replace("1234", "1235")}}
    batch = api.held(ApiRole.BATCH)
    assert put(api, batch, file) == put(api, batch, wrong) == (428, "request.match_needed")
    path = f"/v1/cases/by-number/{file['case_id']}"
    revisions = []
    for one in (file, file, wrong):
        tag = api.ask("GET", path, key=batch).headers["etag"]
        revisions.append(api.ask("PUT", path, key=batch, json=one, headers={"If-Match": tag}).json()["revision"])
    assert revisions == [2, 3, 4]


def test_a_guess_among_the_numbers_of_things_uncovers_nothing(api: Api) -> None:
    case = api.new_case(claim={"statement": STATEMENT})
    path, batch = f"/v1/cases/{case['id']}", api.held(ApiRole.BATCH)
    known = api.ask("GET", path, key=batch)
    guesses = [f"138{middle:04}5678" for middle in range(1200, 1300)]
    file = known.json()["file"] | {"order": {"items": [{"serials": guesses}]}}
    assert put(api, batch, file, **{"If-Match": known.headers["etag"]}) == (200, "")
    assert "13812345678" not in api.ask("GET", path, key=batch).json()["file"]["claim"]["statement"]


def test_two_files_whose_names_look_alike_keep_their_times(api: Api) -> None:
    received = {"张三 13812345678.mp4": "2026-01-01T00:00:00Z", "张四 13899995678.mp4": "2026-01-02T00:00:00Z"}
    case = api.new_case(received_at=received)
    path, batch = f"/v1/cases/{case['id']}", api.held(ApiRole.BATCH)
    known = api.ask("GET", path, key=batch)
    file = known.json()["file"] | {"platform": "tmall"}
    assert put(api, batch, file, **{"If-Match": known.headers["etag"]}) == (200, "")
    assert api.ask("GET", path, key=api.admin).json()["file"]["received_at"] == received
    again = api.ask("GET", path, key=batch)
    for guess in ("张三 13812345678.mp4", "张三 13812355678.mp4"):
        meant = again.json()["file"] | {"received_at": {guess: "2026-01-03T00:00:00Z"}}
        assert put(api, batch, meant, **{"If-Match": again.headers["etag"]}) == (403, "request.personal")


def test_words_of_people_are_masked_whatever_is_written(api: Api) -> None:
    case = api.new_case(claim={"statement": STATEMENT})["id"]
    blind = api.key(ApiRole.ADMIN, sees_personal=False)
    hold = api.ask("POST", f"/v1/cases/{case}/holds", key=blind, json={"reason": "dispute", "note": STATEMENT})
    assert hold.status_code == 201, hold.text
    lifted = api.ask("DELETE", f"/v1/cases/{case}/holds/{hold.json()['id']}", key=blind)
    what = {"kind": "evidence.asked", "of": "buyer", "what": STATEMENT, "until": "2030-01-01T00:00:00Z"}
    told = api.ask("POST", f"/v1/cases/{case}/chronicle", key=blind, json={"source": "buyer", "what": what})
    assert told.status_code == 201
    for answer in (hold, lifted, told):
        assert "13812345678" not in answer.text
        assert "张三" not in answer.text
    assert hold.json()["note"] == lifted.json()["note"] == "收件人：张*，电话 138****5678"


def test_a_label_is_made_of_what_they_may_see(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    case = api.new_case(
        order={"items": [{"title": "刻字 收件人：张三 13812345678"}]}, return_parcel={"waybill": "SF1234567890123"}
    )["id"]
    read: list[str] = []

    def kept(label: Any, **_: Any) -> bytes:  # noqa: ANN401 stands in for a function of any label
        read.append(label.file.order.items[0].title)
        return b"%PDF"

    monkeypatch.setattr("sixfaces.api.routes.labels.label_pdf", kept)
    for key in (api.held(ApiRole.STATION), api.admin):
        assert api.ask("GET", f"/v1/cases/{case}/label.pdf", key=key).status_code == 200
    assert read == ["刻字 收件人：张* 138****5678", "刻字 收件人：张三 13812345678"]


def test_what_a_provider_calls_a_person_is_covered(api: Api) -> None:
    path = f"/v1/persons/{api.own.person}"
    plain = api.ask("GET", path, key=api.admin).json()
    shown = api.ask("GET", path, key=api.key(ApiRole.ADMIN, sees_personal=False)).json()
    assert shown == plain | {"subject": "***"}
    assert plain["subject"] != "***"


@pytest.mark.parametrize("new", [{"role": "batch", "sees_personal": True}, {"role": "reviewer"}, {"role": "admin"}])
def test_nobody_gives_more_than_they_may_see(api: Api, new: dict[str, Any]) -> None:
    blind = api.key(ApiRole.ADMIN, sees_personal=False)
    refused = api.ask("POST", "/v1/keys", key=blind, json=new | {"name": "one"})
    assert (refused.status_code, refused.json()["code"]) == (403, "request.personal")
    made = api.ask("POST", "/v1/keys", key=blind, json=new | {"name": "one", "sees_personal": False})
    assert made.status_code == 201
    secret = json.loads(made.content)["secret"]
    assert api.ask("GET", "/v1/cases", key=secret).status_code == 200


def test_a_digest_in_the_log_tells_nobody_which_guess_is_right(api: Api) -> None:
    case = api.new_case(claim={"statement": STATEMENT})
    bare = hashlib.sha256(json_bytes(CaseFile.model_validate(case["file"]))).hexdigest()
    told = {
        "source": "buyer",
        "what": {"kind": "evidence.asked", "of": "buyer", "what": "x", "until": "2030-01-01T00:00:00Z"},
    }
    entry = api.ask("POST", f"/v1/cases/{case['id']}/chronicle", key=api.admin, json=told).json()
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    seen = api.ask("GET", f"/v1/cases/{case['id']}/custody", key=api.held(ApiRole.BATCH)).text
    assert "file_sha256" in seen
    assert bare not in seen
    assert entry["id"] in seen
    assert hashlib.sha256(canonical).hexdigest() not in seen
    with api.service.records.begin("main", reading=True) as tx:
        salt = tx.cases.salt(case["id"])
    assert salt is not None
    assert hashlib.sha256(salt + canonical).hexdigest() in seen
    assert "salt" not in api.ask("GET", f"/v1/cases/{case['id']}", key=api.admin).text


def test_digests_of_reports_and_records_cannot_be_tried(tmp_path: Path) -> None:
    """Whoever guesses every masked text right still lacks the random bytes."""
    made = keeping(tmp_path)
    case = made.case(secrets.token_bytes(16))
    (exhibit,) = made.exhibits(case)
    blind = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)
    with made.service.records.begin("main", reading=True) as tx:
        verdict = verdict_of(tx, blind, case, verdict_id=None)
        record, _ = record_of(tx, made.service, exhibit)
        entries = [*tx.custody.about(case), *tx.custody.about(exhibit.id)]
        masked = MaskedResults(made.service, verdict, tx).report()
    report = report_of(made.service, verdict)
    told = {name: value for one in entries for name, value in one.body.items() if name.endswith("_sha256")}
    assert (masked.salt, shown(blind, record).salt) == (None, None)
    assert b"salt" not in report_bytes(masked) + json_bytes(shown(blind, record))
    assert len({report.salt, record.salt, None}) == 3
    assert told["report_sha256"] == hashlib.sha256(report_bytes(report)).hexdigest()
    assert told["record_sha256"] == hashlib.sha256(json_bytes(record)).hexdigest()
    guessed = (report.model_copy(update={"salt": None}), record.model_copy(update={"salt": None}))
    digests = [hashlib.sha256(one).hexdigest() for one in (report_bytes(guessed[0]), json_bytes(guessed[1]))]
    assert not set(digests) & set(told.values())
    made.sound(case)
    with zipfile.ZipFile(io.BytesIO(made.bundle("case", case))) as bundle:
        assert json.loads(bundle.read("report/report.json"))["salt"] == report.salt


def test_two_reports_that_say_the_same_have_salts_of_their_own() -> None:
    plain = Record(exhibit=EXHIBIT)
    assert salted(plain).salt != salted(plain).salt
    assert b"salt" not in json_bytes(plain), "what no installation keeps has none, and is the same byte for byte"
