"""Answers: one request with a key does the work, all get the same bytes."""

from datetime import timedelta

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.errors import RequestError
from sixfaces.domain.records import CaseQuery, KeptAnswer, Page
from tests.contract.records.making import digest, filed
from tests.contract.records.racing import race

DAY = timedelta(days=1)
ANSWER = KeptAnswer(request_sha256=digest("q"), status=201, headers={"ETag": '"1"'}, body=b"\x00\xff{}")


def test_sixteen_equal_requests_at_once_have_one_effect_and_one_answer(records: SqlRecords) -> None:
    def request(number: int) -> KeptAnswer:
        with records.begin("main") as tx:
            kept = tx.answers.begin("key", ANSWER.request_sha256)
            if kept is None:
                filed(tx, f"C-{number}")
                kept = ANSWER.model_copy(update={"body": f"{number}".encode()})
                tx.answers.keep("key", kept, lasting=DAY)
            return kept

    answers = race(16, request)
    assert len({one.body for one in answers}) == 1
    with records.begin("main", reading=True) as tx:
        assert len(tx.cases.find(query=CaseQuery(), page=Page())) == 1


def test_an_answer_is_kept_byte_for_byte(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        assert tx.answers.begin("key", ANSWER.request_sha256) is None
        tx.answers.keep("key", ANSWER, lasting=DAY)
    with records.begin("main") as tx:
        assert tx.answers.begin("key", ANSWER.request_sha256) == ANSWER


def test_a_key_that_comes_with_another_request_is_refused(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        tx.answers.begin("key", ANSWER.request_sha256)
        tx.answers.keep("key", ANSWER, lasting=DAY)
    with pytest.raises(RequestError, match=r"request\.key_reused"), records.begin("main") as tx:
        tx.answers.begin("key", digest("another"))


def test_a_request_that_failed_leaves_its_key_free(records: SqlRecords) -> None:
    def fail() -> None:
        with records.begin("main") as tx:
            assert tx.answers.begin("key", ANSWER.request_sha256) is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with records.begin("main") as tx:
        assert tx.answers.begin("key", digest("another")) is None


def test_a_request_that_ended_without_an_answer_may_be_tried_again(records: SqlRecords) -> None:
    for _ in range(2):
        with records.begin("main") as tx:
            assert tx.answers.begin("key", ANSWER.request_sha256) is None


def test_after_its_time_an_answer_is_forgotten(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        for key in ("key", "old"):
            tx.answers.begin(key, ANSWER.request_sha256)
            tx.answers.keep(key, ANSWER, lasting=timedelta(0) if key == "key" else -DAY)
    with records.begin("main") as tx:
        assert tx.answers.begin("key", digest("another")) is None
        tx.answers.keep("key", ANSWER.model_copy(update={"request_sha256": digest("another")}), lasting=DAY)
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.answers.keep("old", ANSWER, lasting=DAY)
