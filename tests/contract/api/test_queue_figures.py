"""What autoscalers are told of the queue, and that nobody is told of a tenant."""

import re
from pathlib import Path

import pytest

from sixfaces.api import queue_figures
from sixfaces.api.queue_figures import Queue
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.records import JobCount
from tests.contract.api.people import Api

KEDA = Path(__file__).parents[3] / "deploy" / "kubernetes" / "keda"


def figures(api: Api) -> dict[str, float]:
    lines = api.ask("GET", "/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if name[:1] != "#"}


def test_the_queue_is_told_of_all_tenants_together(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_figures, "ASKED_EVERY_S", 0.0)
    figures(api)
    assert api.own
    assert api.foreign
    before = figures(api)
    case = api.new_case(api.stranger)["id"]
    api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.stranger, content=case.encode())
    after = figures(api)
    for name in ('sixfaces_jobs{kind="observe",state="ready"}', 'sixfaces_jobs_due{kind="observe"}'):
        assert after[name] == before[name] + 1
    assert after['sixfaces_oldest_ready_job_seconds{kind="observe"}'] > 0
    assert after['sixfaces_jobs{kind="observe",state="dead"}'] >= 2
    assert after['sixfaces_jobs{kind="seal",state="quarantined"}'] == 0
    text = api.ask("GET", "/metrics").text
    assert not re.search(r"main|other|tenant", "".join(line for line in text.splitlines() if "sixfaces_jobs" in line))


def test_strangers_who_ask_often_do_not_ask_the_database() -> None:
    asked: list[None] = []

    def count() -> list[JobCount]:
        asked.append(None)
        return [JobCount(JobKind.SEAL, JobState.READY, 3, 2, None)]

    queue = Queue(count)
    for _ in range(9):
        jobs, due, _ = queue.collect()
    assert len(asked) == 1
    assert [sample.value for sample in due.samples if sample.labels["kind"] == "seal"] == [2]
    assert sum(sample.value for sample in jobs.samples) == 3


def test_what_deploy_says_of_figures_is_there(api: Api) -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(KEDA.glob("*.yaml")))
    named = set(re.findall(r"sixfaces_(?:jobs|oldest)\w*", text))
    assert "sixfaces_jobs_due" in named
    assert {name.partition("{")[0] for name in figures(api)} >= named
