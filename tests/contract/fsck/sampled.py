"""A lot that was drawn, one of whose two samples has been answered, and one that has ended."""

from sixfaces.domain.sampling import Lot, LotOutcome, Plan, SampleItem, Strictness
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.watching.lots import drawing_of
from sixfaces.watching.switching import order_of
from tests.contract.records.making_watching import lot

WHOLE = Plan(strictness=Strictness.NORMAL, letter="E", size=2, accept=0, reject=1, whole=True)


def sampled(service: Service, case_id: str) -> None:
    """Both of the tenant main."""
    with service.records.begin("main") as tx:
        going = lot(tx, plan=WHOLE, size=2, seed="a" * 64)
        ended = lot(tx, 1, plan=WHOLE, size=2, seed="b" * 64, wrong=1, outcome=LotOutcome.REJECTED)
        first, second = items(going, case_id)
        assert tx.samples.add(going, [first.model_copy(update=_answered(tx.now, "accepted")), second])
        assert tx.samples.add(
            ended,
            [
                one.model_copy(update=_answered(tx.now, said))
                for one, said in zip(items(ended, case_id), ("accepted", "rejected"), strict=True)
            ],
        )
        tx.custody.append(drawing_of(going, "key:1"), drawing_of(ended, "key:1"))


def _answered(at: object, said: str) -> dict[str, object]:
    return {"holder": "key:1", "taken_at": at, "answered_at": at, "answer": said}


def items(of: Lot, case_id: str) -> list[SampleItem]:
    """Two, in their places."""
    subjects = [new_id(), new_id()]
    return [
        SampleItem(
            id=new_id(), tenant="main", lot=of.id, case_id=case_id, of=of.of, subject=subject, said="accepted",
            order=order_of(of.seed, subject),
        )
        for subject in subjects
    ]  # fmt: skip
