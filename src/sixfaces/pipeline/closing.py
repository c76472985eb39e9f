"""Cases are closed when nothing more is to come, and reopened when something does."""

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.filing import Expected, Filed, judging
from sixfaces.pipeline.locked_case import locked_case
from sixfaces.pipeline.refusals import erased


def close_case(transaction: Transaction, who: Principal, case_id: str, *, expected: Expected) -> Filed:
    """A closed case takes no uploads and no edits; what was verified stays as it is. Closing twice is no error.

    Raises RequestError `request.missing`, `request.stale`.
    """
    case = _locked(transaction, case_id, expected)
    if case.state is CaseState.CLOSED:
        return Filed(case)
    case = transaction.cases.change(case.id, state=CaseState.CLOSED)
    _enter(transaction, who, case)
    return Filed(case)


def reopen_case(transaction: Transaction, who: Principal, case_id: str, *, expected: Expected) -> Filed:
    """Let a closed case go on. One with evidence is judged anew, by what has become known meanwhile; one that is open
    stays as it is. Raises as `close_case`, and `request.erased`."""
    case = _locked(transaction, case_id, expected)
    if case.state is not CaseState.CLOSED:
        return Filed(case)
    if case.erased_at is not None:
        raise erased(case.id, case.erased_at)
    has_evidence = any(one.erased is None for one in transaction.exhibits.of_case(case.id))
    state = CaseState.VERIFYING if has_evidence else CaseState.OPEN
    case = transaction.cases.change(case.id, revised=has_evidence, state=state)
    jobs = (transaction.jobs.add(judging(transaction, who, case)),) if has_evidence else ()
    _enter(transaction, who, case)
    return Filed(case, jobs=jobs)


def _locked(transaction: Transaction, case_id: str, expected: Expected) -> FiledCase:
    case = locked_case(transaction, case_id)
    expected.check(case.revision)
    return case


def _enter(transaction: Transaction, who: Principal, case: FiledCase) -> None:
    """Watchers and the log are told which of both it was."""
    done = "closed" if case.state is CaseState.CLOSED else "reopened"
    transaction.events.tell(case.id, f"case.{done}", {"revision": case.revision})
    body = {"revision": case.revision, "done": done}
    transaction.custody.append(Deed(tenant=case.tenant, act=Act.AMEND, subject=case.id, actor=who.actor, body=body))
