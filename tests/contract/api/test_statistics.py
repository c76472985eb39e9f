"""Statistics of the machine by the API: as JSON and as a table, to readers, of a bounded number of cases."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from sixfaces.api.routes import statistics
from sixfaces.domain.chronicle import Assessed, Party, Side
from sixfaces.domain.people import ApiRole
from tests.contract.api.people import Api
from tests.contract.records.making_claims import occurrence
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of


def judged(api: Api) -> None:
    """A case of this month, which a person has looked at."""
    from sixfaces.adapters.archive.parquet import ParquetParts
    from sixfaces.domain.job import JobKind

    service = replace(api.service, parts=ParquetParts())
    case = new_case(service)
    file_exhibit(service, case, Sent(f"take {case.id}".encode()))
    run_all(runner_of(service), but=JobKind.ERASE)
    with service.records.begin("main") as tx:
        assert tx.chronicle.add(occurrence(tx, case, Assessed(of=Party.SELLER, side=Side.REJECTED, text="looked")))


def month(api: Api) -> dict[str, str]:
    """A day, and so the month that it lies in."""
    with api.service.records.begin("main", reading=True) as tx:
        now = tx.now
    return {"from": now.isoformat(), "until": (now + timedelta(days=1)).isoformat()}


def test_readers_are_told_how_often_people_agreed(api: Api) -> None:
    judged(api)
    for role in (ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN):
        answer = api.ask("GET", "/v1/statistics/machine", key=api.key(role), params=month(api))
        assert answer.status_code == 200, answer.text
        found = answer.json()
        whole = [one for one in found["agreement"] if one["rule"] is None and one["said"] == "rejected"]
        assert sum(one["agrees"]["n"] for one in whole) >= 1
        assert found["months"][0]["answered"] >= 1
        assert "key:1" not in answer.text


def test_the_table_says_the_same(api: Api) -> None:
    judged(api)
    answer = api.ask("GET", "/v1/statistics/machine.csv", key=api.admin, params=month(api))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {"answered", "agreement", "left_out"} <= {row["part"] for row in rows}


def test_a_period_that_is_none_or_holds_too_much_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(api)
    asked = month(api)
    wrong = api.ask("GET", "/v1/statistics/machine", key=api.admin, params={**asked, "until": asked["from"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "watching.period")
    monkeypatch.setattr(statistics, "MOST_CASES", 0)
    many = api.ask("GET", "/v1/statistics/machine", key=api.admin, params=asked)
    assert (many.status_code, many.json()["code"]) == (422, "watching.too_many")
