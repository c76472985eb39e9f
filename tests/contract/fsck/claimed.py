"""A claim whose goods were inspected and upon which was decided, by the product's own code."""

from datetime import UTC, datetime
from decimal import Decimal

from sixfaces.domain.case import CaseFile, Claim, ClaimKind, ClaimReason, Contacts, Order, OrderItem
from sixfaces.domain.chronicle import Party, Promised, Replied
from sixfaces.domain.decision import Overrule
from sixfaces.domain.inspection import Inspection
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import QcOutcome, SopStep, StepForm
from sixfaces.pipeline.claims.chronicling import Told, chronicle
from sixfaces.pipeline.claims.deciding import Ruling, decide
from sixfaces.pipeline.claims.matters import judged_report, look
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.inspections.answering import NewAnswer, answer
from sixfaces.pipeline.inspections.concluding import Conclusion, conclude
from sixfaces.pipeline.inspections.standards import STANDARDS
from sixfaces.pipeline.inspections.starting import NewInspection, start
from sixfaces.pipeline.notices.links import Bearer, make_link
from sixfaces.pipeline.service import Service
from sixfaces.qc.walk import walk
from tests.rig.installation import Person


def claim(service: Service, who: Person) -> str:
    """Open it, inspect the goods, decide, promise something; the case's id."""
    principal = who.principal
    with service.records.begin("main") as tx:
        case = file_case(tx, principal, claimed_file(), expected=Expected()).case
        entry = Told(Replied(by=Party.SELLER), Party.SELLER, datetime(2026, 6, 2, 8, tzinfo=UTC), reference="m-1")
        chronicle(tx, case, principal.actor, told=entry)
    with service.records.begin("main") as tx:
        done = start(tx, principal, NewInspection(case=case.id))
    while (next_step := step_of(service, done)) is not None:
        with service.records.begin("main") as tx:
            done = answer(tx, principal, done.id, new=well(next_step), expected=Expected(revision=done.revision))
    with service.records.begin("main") as tx:
        said = Conclusion(outcome=QcOutcome.USED, reason="有玩过的痕迹。")
        conclude(tx, principal, done.id, said=said, expected=Expected(revision=done.revision))
    judged = judged_report(service, "main", case.id)
    with service.records.begin("main") as tx:
        known = tx.cases.get(case.id)
        assert known is not None
        decide(tx, look(tx, known, judged), principal.actor, ruling=Ruling(overrules=Overrule.LAW, note="按约定。"))
        promise(tx, case.id, principal)
        make_link(tx, case.id, principal.actor, bearer=Bearer(Party.BUYER))
    return case.id


def promise(tx: Transaction, case_id: str, who: Principal) -> None:
    """Something of which somebody's words are kept."""
    case = tx.cases.get(case_id)
    assert case is not None
    chronicle(tx, case, who.actor, told=Told(Promised(promise="p-1", text="三日内补发。"), Party.SELLER))


def claimed_file() -> CaseFile:
    """What is claimed."""
    item = OrderItem(title="积木", category="toys", quantity=1, price=Decimal("199.00"), currency="CNY")
    claimed = Claim(
        kind=ClaimKind.RETURN_REFUND, reason=ClaimReason.NO_REASON, opened_at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    order = Order(order_id=f"T-{new_id()}", items=(item,))
    contacts = Contacts(buyer="ming@mail.example")
    return CaseFile(case_id=f"C-{new_id()}", order=order, claim=claimed, contacts=contacts)


def step_of(service: Service, inspection: Inspection) -> SopStep | None:
    """The next step."""
    with service.records.begin("main", reading=True) as tx:
        answers = tx.inspections.answers(inspection.id)
    left = walk(STANDARDS.of(inspection), answers).left
    return left[0] if left else None


def well(step: SopStep) -> NewAnswer:
    """An answer that all is well."""
    fine = next((choice.value for choice in step.choices if not choice.defects), None)
    number = None
    if step.form is StepForm.NUMBER:
        number = sum(step.good or (step.low or 0.0, step.high or 0.0)) / 2
    text = "ABC-123" if step.form in (StepForm.CODE, StepForm.TEXT) else None
    return NewAnswer(step=step.id, values=(fine,) if fine else (), number=number, text=text)
