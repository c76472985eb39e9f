"""Two processes that sign the log at once: neither takes what the other did meanwhile for a log set back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sixfaces.adapters.records.custody import SqlCustody
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.bootstrap import notary
from sixfaces.config import Settings
from sixfaces.domain.custody import Act, Deed
from sixfaces.pipeline.custody import checkpoint_now
from sixfaces.pipeline.service import Service
from tests.rig.installation import open_service, prepared


def add(service: Service) -> None:
    with service.records.begin("main") as tx:
        tx.custody.append(Deed(tenant="main", act=Act.READ, subject="x", actor="key:a"))


@pytest.mark.parametrize("question", ["size", "checkpoint"])
def test_a_log_that_grew_and_was_signed_between_two_questions_is_signed(
    question: str, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = open_service(prepared(tmp_path))
    ours, theirs = (replace(service, records=SqlRecords(postgresql_url)) for _ in range(2))
    by = notary(Settings(data=tmp_path))
    add(ours)
    checkpoint_now(ours, by)
    add(ours)
    real: Callable[..., object] = getattr(SqlCustody, question)
    done: list[bool] = []

    def interrupted(self: SqlCustody, *asked: int) -> object:
        answer = real(self, *asked)
        if not done:
            done.append(True)
            add(theirs)
            checkpoint_now(theirs, by)
        return answer

    monkeypatch.setattr(SqlCustody, question, interrupted)
    signed = checkpoint_now(ours, by)
    assert done
    assert signed is not None
    assert signed.size in {2, 3}
    for one in (ours, theirs):
        assert isinstance(one.records, SqlRecords)
        one.records.close()
