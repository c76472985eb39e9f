"""A case by its id, its row held until the transaction ends: of two who would change it one comes first."""

from sixfaces.domain.filing import FiledCase
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing


def locked_case(transaction: Transaction, case_id: str) -> FiledCase:
    """Raises RequestError `request.missing`."""
    case = transaction.cases.get(case_id, lock=True) if is_id(case_id) else None
    if case is None:
        raise missing()
    return case
