"""Standing orders: each time is begun once, whoever looks how often and whatever the clock does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sixfaces.domain.custody import Act
from sixfaces.domain.errors import ArchiveError, RequestError
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Page
from sixfaces.domain.reverifying import Reverification, RunState, Selection
from sixfaces.domain.schedule import Schedule, ScheduleTerms, TurnCame
from sixfaces.domain.webhook import WebhookKind
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.archive import runs, schedules
from sixfaces.pipeline.archive.scheduling import start_scheduled, take_turn, wish_of
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.rig.webhook_receiver import subscribed
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of

BATCH = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)
NIGHTLY: dict[str, Any] = {"name": "nightly", "rhythm": {"every": "day", "at": "03:00"}}
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
THREE = datetime(2026, 5, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """What the database says the time is."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self, connection: object) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr("sixfaces.adapters.records.store.clock", told)
    return told


def made(service: Service, **more: Any) -> Schedule:  # noqa: ANN401 of ScheduleTerms
    with service.records.begin("main") as tx:
        return schedules.add_schedule(tx, BATCH, ScheduleTerms.model_validate(NIGHTLY | more))


def now_of(service: Service, schedule: Schedule) -> Schedule:
    with service.records.begin("main", reading=True) as tx:
        return schedules.schedule_of(tx, schedule.id)


def begun(service: Service, schedule: Schedule) -> list[Reverification]:
    with service.records.begin("main", reading=True) as tx:
        return list(tx.reverifications.find(Page(), schedule=schedule.id))


def judge_one(service: Service) -> None:
    file_exhibit(service, new_case(service), Sent(b"take"))
    run_all(runner_of(service))


def test_it_begins_a_run_when_its_time_comes_and_not_again(service: Service, clock: Clock) -> None:
    judge_one(service)
    schedule = made(service, rate=50)
    assert schedule.next_at == THREE
    assert start_scheduled(service) == 0
    clock.now = THREE + timedelta(seconds=7)
    assert [start_scheduled(service) for _ in range(3)] == [1, 0, 0]
    (run,) = begun(service, schedule)
    assert (run.schedule, run.by, run.rate, run.spans) == (schedule.id, f"schedule:{schedule.id}", 50, 1)
    after = now_of(service, schedule)
    assert (after.next_at, after.run) == (THREE + DAY, run.id)
    assert after.last is not None
    assert (after.last.came, after.last.due_at, after.last.missed) == (TurnCame.STARTED, THREE, 0)
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        assert runs.run_of(tx, run.id).state is RunState.DONE


def test_of_two_sweeps_at_once_one_begins_it(service: Service, clock: Clock) -> None:
    schedule = made(service)
    clock.now = THREE
    seen = now_of(service, schedule)
    assert [take_turn(service, seen), take_turn(service, seen)] == [True, False]
    assert len(begun(service, schedule)) == 1


def test_a_sweep_that_slept_for_days_begins_it_once(service: Service, clock: Clock) -> None:
    schedule = made(service)
    clock.now = THREE + 10 * DAY + timedelta(hours=1)
    assert [start_scheduled(service) for _ in range(12)] == [1] + [0] * 11
    after = now_of(service, schedule)
    assert after.next_at == THREE + 11 * DAY
    assert after.last is not None
    assert (after.last.due_at, after.last.missed) == (THREE, 10)


@pytest.mark.parametrize("leap", [DAY, 3 * DAY, timedelta(days=27_000)])
def test_a_clock_that_leaps_and_comes_back_begins_no_time_twice_and_loses_none_for_good(
    service: Service, clock: Clock, leap: timedelta
) -> None:
    schedule = made(service)
    clock.now = NOON + leap
    assert start_scheduled(service) == 1
    clock.now = NOON + timedelta(minutes=1)
    assert start_scheduled(service) == 0
    assert now_of(service, schedule).next_at == THREE + DAY, "the time that was begun ahead is not begun again"
    clock.now = THREE + DAY
    assert start_scheduled(service) == 1
    assert len(begun(service, schedule)) == 2


def test_a_clock_that_steps_back_by_a_second_changes_nothing(service: Service, clock: Clock) -> None:
    schedule = made(service)
    clock.now = THREE
    assert start_scheduled(service) == 1
    clock.now = THREE - timedelta(seconds=1)
    assert start_scheduled(service) == 0
    clock.now = THREE + timedelta(seconds=1)
    assert start_scheduled(service) == 0
    assert now_of(service, schedule).next_at == THREE + DAY


def test_a_run_that_is_still_going_is_not_joined_by_another_and_that_is_said(service: Service, clock: Clock) -> None:
    judge_one(service)
    schedule = made(service)
    with service.records.begin("main") as tx:
        endpoint, _ = subscribed(tx, "https://shop.example/hook", WebhookKind.REVERIFICATION_ENDED)
    clock.now = THREE
    start_scheduled(service)
    (first,) = begun(service, schedule)
    clock.now = THREE + DAY
    assert start_scheduled(service) == 1
    after = now_of(service, schedule)
    assert after.last is not None
    assert (after.last.came, after.last.run, after.run) == (TurnCame.SKIPPED, first.id, first.id)
    assert [one.id for one in begun(service, schedule)] == [first.id]
    run_all(runner_of(service))
    clock.now = THREE + 2 * DAY
    start_scheduled(service)
    assert len(begun(service, schedule)) == 2
    with service.records.begin("main", reading=True) as tx:
        told = [one.payload["data"]["state"] for one in tx.webhooks.deliveries(endpoint.id, DeliveryQuery(), Page())]
    assert sorted(told) == ["done", "skipped"]


def test_a_relative_selection_is_of_the_days_before_each_run(service: Service, clock: Clock) -> None:
    schedule = made(service, days=30, selection={"platform": "tmall"})
    assert wish_of(schedule, THREE).selection == Selection(platform="tmall", since=THREE - 30 * DAY)
    for time in (THREE, THREE + DAY):
        clock.now = time
        start_scheduled(service)
    assert [run.selection.since for run in begun(service, schedule)] == [THREE - 29 * DAY, THREE - 30 * DAY]


def test_results_of_long_ago_are_forgotten_with_their_files_but_what_was_applied_stays(
    service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sixfaces.pipeline.archive.forgetting.KEPT", 2)
    judge_one(service)
    schedule = made(service)
    files = []
    for number in range(6):
        clock.now = THREE + number * DAY
        assert start_scheduled(service) == 1
        run_all(runner_of(service))
        if number == 1:
            with service.records.begin("main") as tx:
                runs.apply(tx, BATCH, begun(service, schedule)[0].id)
        files.append(len(list((tmp_path / "blobs" / "derived").rglob("flips.json.gz"))))
    assert [one.state for one in begun(service, schedule)] == [RunState.DONE] * 2 + [RunState.APPLIED]
    assert files == [1, 2, 2, 3, 3, 3]
    with service.records.begin(None, reading=True) as tx:
        assert (
            len(
                {
                    one.id
                    for run in begun(service, schedule)
                    for one in tx.reverifications.spans(run.id, after=0, limit=9)
                }
            )
            == 3
        )


def test_each_run_is_by_the_policy_of_that_name_as_it_is_then(
    service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = made(service, policy="tmall")
    other = made(service, name="other")
    clock.now = THREE
    monkeypatch.setattr(runs, "policy_names", lambda: ("default",))
    assert start_scheduled(service) == 2
    after = now_of(service, schedule)
    assert after.last is not None
    assert after.last.reason is not None
    assert (after.last.came, after.last.reason.code) == (TurnCame.FAILED, "archive.policy")
    assert after.next_at == THREE + DAY
    assert len(begun(service, other)) == 1, "one that cannot be begun holds up no other"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"policy": "nobody"}, "archive.policy"),
        ({"policy": "/etc/passwd"}, "archive.policy"),
        ({"rhythm": {"every": "day", "at": "03:00", "zone": "Mars/Olympus"}}, "archive.zone"),
    ],
)
def test_what_can_never_be_begun_is_refused_at_once(service: Service, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        made(service, **wrong)
    assert caught.value.code == code
    with service.records.begin("main", reading=True) as tx:
        assert tx.schedules.find(Page()) == []


def test_there_is_a_bound_to_how_many_there_are(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "MOST", 2)
    made(service), made(service)
    with pytest.raises(ArchiveError) as caught:
        made(service)
    assert caught.value.code == "archive.too_many"


def test_it_is_edited_by_who_has_seen_it_and_turned_off(service: Service, clock: Clock) -> None:
    schedule = made(service)
    off = schedule.terms.model_copy(update={"enabled": False})
    for expected, code in ((Expected(), "request.match_needed"), (Expected(revision=9, there=True), "request.stale")):
        with pytest.raises(RequestError) as caught, service.records.begin("main") as tx:
            schedules.edit_schedule(tx, BATCH, schedule.id, terms=off, expected=expected)
        assert caught.value.code == code
    with service.records.begin("main") as tx:
        edited = schedules.edit_schedule(tx, BATCH, schedule.id, terms=off, expected=Expected(1, there=True))
    assert (edited.revision, edited.next_at) == (2, None)
    clock.now = THREE
    assert start_scheduled(service) == 0
    with service.records.begin("main") as tx:
        schedules.remove_schedule(tx, BATCH, schedule.id)
        assert tx.schedules.get(schedule.id) is None


def test_a_zone_that_is_known_no_more_turns_it_off_and_is_told(
    service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sixfaces.pipeline.archive import rhythm
    from sixfaces.pipeline.archive.errors import no_zone

    schedule = made(service)

    def gone(name: str) -> None:
        raise no_zone(name)

    monkeypatch.setattr(rhythm, "_zone", gone)
    clock.now = THREE
    assert start_scheduled(service) == 1
    after = now_of(service, schedule)
    assert after.last is not None
    assert after.last.reason is not None
    assert (after.next_at, after.last.reason.code) == (None, "archive.zone")


def test_what_becomes_of_it_is_entered_in_custody(service: Service, clock: Clock) -> None:
    schedule = made(service)
    clock.now = THREE
    start_scheduled(service)
    with service.records.begin("main") as tx:
        schedules.remove_schedule(tx, BATCH, schedule.id)
        entries = [one for one in tx.custody.entries(first=0, limit=99) if one.subject == schedule.id]
    assert {one.act for one in entries} == {Act.AMEND}
    assert [one.body["change"] for one in entries] == ["made", "started", "removed"]
    assert [one.actor for one in entries] == [BATCH.actor, f"schedule:{schedule.id}", BATCH.actor]
    assert entries[1].body["reverification"] == begun(service, schedule)[0].id
