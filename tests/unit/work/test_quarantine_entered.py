"""That bytes are measured no more, and that they are again, stands in the custody log with the case."""

from sixfaces.domain.custody import Act
from sixfaces.pipeline.service import Service
from tests.rig.dead_letters import replay
from tests.rig.workshop import ACTING, Counted, Sent, file_exhibit, new_case, run_all, runner_of, tight


def test_a_quarantine_and_its_end_are_entered_with_the_case_and_with_who_did_it(service: Service) -> None:
    case = new_case(service)
    exhibit, job = file_exhibit(service, case, Sent(b"abort"))
    run_all(runner_of(service, children=Counted(ACTING, tight)))
    assert replay(service, "main", job.id, actor="key:k") is not None
    with service.records.begin("main", reading=True) as tx:
        entries = [one for one in tx.custody.about(exhibit.id) if one.act in (Act.REFUSE, Act.AMEND)]
    assert [(one.act, one.actor, one.body["case"]) for one in entries] == [
        (Act.REFUSE, "worker:test", case.id),
        (Act.AMEND, "key:k", case.id),
    ]
    assert entries[0].body["code"] == "media.crashed"
