"""Read by a person: entered with who and what before anything is shown, once an hour, and without a lock mostly."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from sixfaces.adapters.fsck.examine import fsck
from sixfaces.adapters.records.custody import SqlCustody
from sixfaces.bootstrap import custody_folder, place_of
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline import read_entries
from sixfaces.pipeline.keys import read_key_text
from sixfaces.pipeline.recent_readings import RecentReadings
from sixfaces.vault.bundle import Trust, check_bundle
from sixfaces.vault.custody_keys import PUBLIC, load_keys
from tests.contract.api.people import Api

CASE, EXHIBIT = "/v1/cases/{case}", "/v1/exhibits/{exhibit}"
REPORTS = (
    f"{CASE}/report",
    f"{CASE}/report.html",
    f"{CASE}/verdicts/{{verdict}}/report",
    f"{CASE}/verdicts/{{verdict}}/report.html",
    f"{EXHIBIT}/faces",
)
RECORDS = (f"{EXHIBIT}/observations", f"{EXHIBIT}/pictures/{{picture}}")
ORIGINAL = f"{EXHIBIT}/original"


WHY = {"Unmask": "footage"}
"""What reviewers say to be shown names and numbers."""


def read(api: Api, path: str, key: str, **headers: str) -> int:
    return api.ask("GET", path.format(**vars(api.own)), key=key, headers=headers).status_code


def another_server(api: Api) -> None:
    """One that remembers nothing."""
    api.service.readings._until.clear()


def entered(api: Api, key: str) -> list[dict[str, Any]]:
    """What the case's log says that the holder of the key has read."""
    known = read_key_text(key)
    assert known is not None
    told = api.ask("GET", f"/v1/cases/{api.own.case}/custody", key=api.admin).json()["entries"]
    return [one for one in told if one["act"] == "read" and one["actor"] == f"key:{known.key_id}"]


@pytest.mark.parametrize("role", [ApiRole.REVIEWER, ApiRole.ADMIN])
def test_a_person_who_reads_is_entered_once_for_each_thing(either: Api, role: ApiRole) -> None:
    key, why = either.key(role), WHY if role is ApiRole.REVIEWER else {}
    for path in (*REPORTS, *RECORDS, ORIGINAL) * 3:
        assert read(either, path, key, **why) == 200
    assert read(either, ORIGINAL, key, Range="bytes=3-4", **why) == 206
    digest = either.ask("GET", EXHIBIT.format(**vars(either.own)), key=key).json()["exhibit"]["sha256"]
    reason = {"what": "unmasked", "reason": "footage", "role": role.value}
    assert [(one["subject"], one["body"]) for one in entered(either, key)] == [
        *([(either.own.case, reason)] if why else []),
        (either.own.case, {"what": "report", "verdict": either.own.verdict, "role": role.value}),
        (either.own.exhibit, {"what": "record", "sha256": digest, "role": role.value}),
        (either.own.exhibit, {"what": "original", "sha256": digest, "role": role.value}),
    ]


def test_stations_and_batch_jobs_are_no_persons_but_who_takes_an_original_is_entered(api: Api) -> None:
    station = api.key(ApiRole.STATION, station=api.own.station)
    batch = api.key(ApiRole.BATCH, sees_personal=True)
    for path in (*REPORTS, *RECORDS, ORIGINAL) * 2:
        assert {read(api, path, station), read(api, path, batch)} == {200}
    (one,) = entered(api, batch)
    assert (one["body"]["what"], one["body"]["role"]) == ("original", "batch")
    told = api.ask("GET", f"/v1/exhibits/{api.own.exhibit}/custody", key=api.admin).json()["entries"]
    mine = [
        one["body"]["what"] for one in told if one["actor"] == f"station:{api.own.station}" and one["act"] == "read"
    ]
    assert set(mine) == {"original"}


def test_nothing_is_entered_where_nothing_was_shown(api: Api) -> None:
    key = api.key(ApiRole.REVIEWER, sees_personal=True)
    assert read(api, f"{EXHIBIT}/pictures/none.png", key) == 404
    assert read(api, f"{CASE}/verdicts/{api.own.exhibit}/report", key) == 404
    assert read(api, ORIGINAL, key, Range="bytes=99999999-") == 416
    assert api.ask("HEAD", ORIGINAL.format(**vars(api.own)), key=key).status_code == 200
    assert read(api, f"{EXHIBIT}/pictures", key) == 200
    assert entered(api, key) == []


def test_many_servers_and_requests_at_once_make_one_entry(either: Api) -> None:
    key = either.key(ApiRole.REVIEWER)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: read(either, REPORTS[0], key), range(16))) == {200}
    another_server(either)
    assert read(either, REPORTS[0], key) == 200
    assert len(entered(either, key)) == 1


def test_after_an_hour_it_is_another_reading(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key = api.key(ApiRole.REVIEWER)
    assert read(api, REPORTS[0], key) == 200
    another_server(api)
    monkeypatch.setattr(read_entries, "WINDOW", timedelta(0))
    assert read(api, REPORTS[0], key) == 200
    assert len(entered(api, key)) == 2


def test_another_verdict_is_another_thing(api: Api) -> None:
    deeds = [
        Deed(tenant="main", act=Act.READ, subject="case", actor="key:a", body={"what": "report", "verdict": verdict})
        for verdict in ("one", "two", "one")
    ]
    made = []
    for deed in deeds:
        with api.service.records.begin("main") as tx:
            made.append(tx.custody.append_once(deed, within=timedelta(hours=1)) is not None)
    assert made == [True, True, False]


def test_a_report_is_read_again_without_the_logs_lock(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    key = api.key(ApiRole.REVIEWER)
    assert read(api, REPORTS[0], key) == 200
    locks: list[SqlCustody] = []
    real = SqlCustody._locked

    def locked(self: SqlCustody) -> datetime:
        locks.append(self)
        return real(self)

    monkeypatch.setattr(SqlCustody, "_locked", locked)
    for path in REPORTS:
        assert read(api, path, key) == 200
    assert locks == []
    another_server(api)
    assert read(api, REPORTS[0], key) == 200
    assert locks == [], "who has forgotten asks the log, and waits for nobody"


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.pipeline.recent_readings.MOST_KNOWN", 3)
    known = RecentReadings()
    for number in range(10):
        known.remember((str(number),), seconds=60)
        assert known.knows((str(number),))
    assert not known.knows(("0",))
    known.remember(("over",), seconds=0)
    assert not known.knows(("over",))


def test_a_bundle_shows_who_has_read_and_the_log_holds(api: Api) -> None:
    assert api.own
    before = {one.code for one in fsck(place_of(api.settings))}
    key = api.key(ApiRole.REVIEWER, sees_personal=True)
    for path in (REPORTS[0], ORIGINAL):
        assert read(api, path, key) == 200
    case = api.new_case()["id"]
    exhibit = api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=b"one").json()["exhibit_id"]
    assert api.ask("GET", f"/v1/exhibits/{exhibit}/original", key=key).content == b"one"
    bundle = io.BytesIO(api.ask("GET", f"/v1/cases/{case}/custody.zip", key=api.admin).content)
    keys = custody_folder(api.settings) / PUBLIC
    assert check_bundle(bundle, Trust(load_keys(keys))).faults == ()
    entries = map(json.loads, zipfile.ZipFile(bundle).read("entries.jsonl").splitlines())
    assert [one["body"]["what"] for one in entries if one["act"] == "read"] == ["original"]
    assert {one.code for one in fsck(place_of(api.settings))} == before
