"""Keeping, holding and erasing by the API: who may, what is answered to whom asks for what has gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.pruning import Keep, prune
from sixfaces.pipeline.work.steps import steps_of
from tests.contract.api.people import Api
from tests.contract.fsck.building import MP4, Painting
from tests.rig.workshop import runner_of


def asked(api: Api, method: str, path: str, **body: object) -> httpx.Response:
    return api.ask(method, f"/v1{path}", key=api.admin, **({"json": body} if method != "GET" else {}))


def handed_in(api: Api, film: bytes) -> tuple[str, str]:
    """A closed case with one exhibit; their ids."""
    case = api.new_case()["id"]
    sealed = api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, params={"name": "王.mp4"}, content=MP4 + film)
    assert sealed.status_code == 201, sealed.text
    assert asked(api, "POST", f"/cases/{case}/close").status_code == 200
    return case, sealed.json()["exhibit_id"]


def erase(api: Api, path: str) -> dict[str, object]:
    """Ask, and do that one job."""
    answer = asked(api, "POST", f"{path}/erase", reason="court_order")
    assert answer.status_code == 202, answer.text
    with api.service.records.begin("main") as tx:
        job = next(one for one in tx.jobs.due(limit=100) if one.subject == answer.json()["id"])
        claimed = tx.jobs.claim(job.id, worker="test", lease=timedelta(minutes=1))
    assert claimed is not None
    runner_of(api.service, steps=steps_of(Painting())).run(claimed)
    told: dict[str, object] = api.ask("GET", answer.headers["location"], key=api.admin).json()
    return told


def test_what_was_erased_answers_gone_with_its_tombstone(api: Api) -> None:
    case, exhibit = handed_in(api, b"to be erased by the api")
    assert erase(api, f"/exhibits/{exhibit}")["state"] == "done"
    for path in ("original", "observations", "pictures", "pictures/a.jpg"):
        answer = asked(api, "GET", f"/exhibits/{exhibit}/{path}")
        told = answer.json()
        assert (answer.status_code, told["code"]) == (410, "request.erased"), path
        assert told["tombstone"]["erased"]["reason"] == "court_order"
        assert told["tombstone"]["exhibit"]["name"] == ""
    assert api.ask("HEAD", f"/v1/exhibits/{exhibit}/original", key=api.admin).status_code == 410
    stone = asked(api, "GET", f"/exhibits/{exhibit}").json()
    assert stone["erased"]["by"].startswith("key:")
    assert asked(api, "GET", f"/exhibits/{exhibit}/custody").json()["entries"][-1]["act"] == "erase"
    assert erase(api, f"/cases/{case}")["state"] == "done"
    for path in (f"/cases/{case}/reopen", f"/cases/{case}/erase", f"/exhibits/{exhibit}/erase"):
        answer = asked(api, "POST", path, reason="mistake")
        assert (answer.status_code, answer.json()["code"]) == (410, "request.erased"), path
    listed = api.ask("GET", "/v1/erasures", key=api.admin, params={"case": case}).json()["items"]
    assert [one["exhibit_id"] for one in listed] == [None, exhibit]


def test_a_held_case_is_refused_with_all_that_holds_it(api: Api) -> None:
    case, _ = handed_in(api, b"to be held by the api")
    reviewer = api.held(ApiRole.REVIEWER)
    hold = api.ask("POST", f"/v1/cases/{case}/holds", key=reviewer, json={"reason": "litigation", "note": "Wang v."})
    assert hold.status_code == 201
    answer = asked(api, "POST", f"/cases/{case}/erase", reason="court_order")
    assert (answer.status_code, answer.json()["holds"]) == (409, [hold.json()["id"]])
    path = f"/v1/cases/{case}/holds/{hold.json()['id']}"
    assert api.ask("DELETE", path, key=reviewer).status_code == 403
    assert api.ask("DELETE", path, key=api.admin).json()["lifted_by"].startswith("key:")
    told = asked(api, "GET", f"/cases/{case}/holds").json()
    assert (told["holding"], len(told["items"])) == ([], 1)
    entries = asked(api, "GET", f"/cases/{case}/custody").json()["entries"]
    assert "Wang" not in str(entries)


def test_how_long_evidence_is_kept_is_said_and_read(api: Api) -> None:
    said = asked(api, "PUT", "/retention", days=730, roles={"buyer_photo": 180, "document": None})
    assert said.status_code == 200
    assert asked(api, "GET", "/retention").json() == said.json()
    assert asked(api, "PUT", "/retention", days=0).status_code == 422
    assert asked(api, "PUT", "/retention").json() == {"days": None, "roles": {}}


def test_who_resumes_from_an_event_that_was_pruned_is_told_so(api: Api) -> None:
    case = api.new_case()["id"]
    with api.service.records.begin("main") as tx:
        last = tx.events.since(0, case_id=case)[-1].id
    later = api.new_case()["id"]
    keep = Keep(timedelta(), timedelta(days=9), timedelta(days=9))
    assert prune(api.service, keep)["events"] > 0
    answer = api.ask("GET", f"/v1/cases/{case}/events", key=api.admin, headers={"Last-Event-ID": str(last)})
    assert (answer.status_code, answer.json()["code"]) == (410, "request.pruned")
    with api.client.stream(
        "GET", f"/v1/cases/{later}/events", headers={"Authorization": f"Bearer {api.admin}"}
    ) as told:
        assert told.status_code == 200, "who begins anew gets what there is"


def test_an_original_that_goes_while_it_is_asked_for_is_gone_and_no_fault(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Erased between the look at its exhibit and the look into the store; the second time the bytes had been read."""
    blobs = type(api.service.blobs)
    for film, comes_late in ((b"erased before it is fetched", False), (b"erased when it was fetched", True)):
        _, exhibit = handed_in(api, film)
        real = blobs.fetched

        @contextmanager
        def slow(self: Blobs, key: str, *, sha256: str, again: bool = False) -> Iterator[Path]:
            if not comes_late:  # noqa: B023 used before the next turn
                erase(api, f"/exhibits/{exhibit}")  # noqa: B023 as above
            with real(self, key, sha256=sha256, again=again) as path:  # noqa: B023 as above
                if comes_late:  # noqa: B023 as above
                    erase(api, f"/exhibits/{exhibit}")  # noqa: B023 as above
                yield path

        with monkeypatch.context() as patch:
            patch.setattr(blobs, "fetched", slow)
            answer = asked(api, "GET", f"/exhibits/{exhibit}/original")
        assert (answer.status_code, answer.json()["code"]) == (410, "request.erased")
        assert answer.json()["tombstone"]["id"] == exhibit
