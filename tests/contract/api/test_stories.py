"""The stories of `docs/stories.md`, from the claim to the decision, by the API of a real installation: why and what
next are told by the JSON alone, and are what the page says. Reports and inspections are put in as workers would."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.decision import Recommendation
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState, StoredVerdict
from sixfaces.domain.inspection import InspectionState
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.work.results import CaseResults
from sixfaces.report.serial import report_bytes
from tests.contract.api.people import FILM, PNG, Api
from tests.contract.api.test_claims import decided, follow, kinds, told
from tests.contract.records.making_claims import inspection
from tests.golden.decision.stories import STORIES, Story
from tests.golden.decision.telling import NOON

SLOW = "served_promptly"
"""The ground of clocks: in a test, all of a story is long ago."""


def noon() -> datetime:
    """Noon in Shanghai, a month ago."""
    return (datetime.now(UTC) - timedelta(days=30)).replace(hour=NOON.hour, minute=0, second=0, microsecond=0)


def happens(api: Api, story: Story) -> dict[str, Any]:
    """The claim is made, evidence comes and is judged, goods are inspected."""
    at, number = noon(), f"C-{new_id()}"
    file = story.file(number, at).model_dump(mode="json")
    answer = api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, json=file)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    for after, source, what in story.happened:
        entry = {"what": what.model_dump(mode="json"), "source": source, "at": (at + after).isoformat()}
        entered = api.ask("POST", f"/v1/cases/{case['id']}/chronicle", key=api.held(ApiRole.REVIEWER), json=entry)
        assert entered.status_code == 201, entered.text
    digests = [sealed(api, case, film.role) for film in story.films]
    if digests:
        judged(api, case, story, digests=digests)
    looked_at(api, case, story)
    return case


def sealed(api: Api, case: dict[str, Any], role: Role) -> str:
    is_photo = role is Role.BUYER_PHOTO
    given = {"name": "photo.png" if is_photo else "film.mp4", "role": role.value}
    content = (PNG if is_photo else FILM) + new_id().encode()
    answer = api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, params=given, content=content)
    assert answer.status_code == 201, answer.text
    digest: str = answer.json()["sha256"]
    return digest


def judged(api: Api, case: dict[str, Any], story: Story, *, digests: list[str]) -> None:
    """The verdict with its report, as the worker keeps it."""
    report = story.report(digests)
    assert report is not None
    place = f"derived/main/{new_id()}/judged"
    results = CaseResults(api.service.blobs, place, {})
    results.put("report.json", report_bytes(report))
    results.finish()
    with api.service.records.begin("main") as tx:
        filed = tx.cases.get(case["id"])
        assert filed is not None
        verdict = StoredVerdict(
            id=new_id(), tenant="main", case_id=filed.id, revision=filed.revision,
            code_version=api.service.code_version, policy="default", policy_version="2026.1", policy_digest="0" * 64,
            verdict=report.verdict, results=place, entry=0, judged_at=tx.now,
        )  # fmt: skip
        assert tx.verdicts.add(verdict)
        tx.cases.change(filed.id, state=CaseState.VERIFIED)


def looked_at(api: Api, case: dict[str, Any], story: Story) -> None:
    with api.service.records.begin("main") as tx:
        filed = tx.cases.get(case["id"])
        assert filed is not None
        for look in story.inspections():
            one = inspection(tx, filed, state=InspectionState.CONCLUDED)
            tx.inspections.add(one)
            concluded = {"tenant": "main", "case_id": filed.id, "inspection": one.id, "at": tx.now}
            tx.qc_verdicts.add(look.model_copy(update=concluded))


@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.code)
def test_a_story_is_decided_as_its_page_says(api: Api, story: Story) -> None:
    case = happens(api, story)
    found = Recommendation.model_validate_json(
        api.ask("GET", f"/v1/cases/{case['id']}/recommendation", key=api.held(ApiRole.REVIEWER)).content
    )
    of_page = story.recommended()
    assert without_clocks(found) == without_clocks(of_page)
    assert found.reasons
    assert found.waits_for or found.refund or found.remedy.value == "none", "what next is told"
    follow(api, case)
    if not told(api, case, "decisions")["items"]:
        made = decided(api, case)
        assert made.status_code == 201, made.text
    (decision,) = told(api, case, "decisions")["items"]
    assert (decision["remedy"], decision["liable"]) == (of_page.remedy.value, of_page.liable and of_page.liable.value)
    assert [one["text"]["en"] for one in decision["reasons"]] == [one.text.en for one in of_page.reasons]
    assert "decided" in kinds(api, case)
    assert ("refund.confirmed" in kinds(api, case)) is (of_page.refund is not None)
    assert told(api, case, "claim")["decision"]["id"] == decision["id"]


def without_clocks(found: Recommendation) -> dict[str, Any]:
    """All of it but what a clock says."""
    appeal = tuple(one for one in found.appeal if one.code != SLOW)
    assert all(one.answer is Answer.NOT_MET for one in found.appeal if one.code == SLOW)
    return found.model_copy(update={"appeal": appeal}).model_dump(mode="json")
