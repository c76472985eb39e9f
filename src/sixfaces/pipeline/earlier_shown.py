"""Pictures of other cases, for who reads a report that lays them beside its own.

They are not among the results of a verdict: whoever reads is shown what they may see of the other case now, and nothing
of what was erased.
"""

import hashlib

from sixfaces.domain.errors import RequestError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.personal import picture_name
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.visible import unsighted_cases
from sixfaces.report.earlier import filled

SHOWN_TO = frozenset({ApiRole.REVIEWER, ApiRole.ADMIN})
"""A station sees its own exhibits; a program has no use for pictures beside each other."""


def other_exhibit(transaction: Transaction, who: Principal, sha256: str, *, case_id: str) -> FiledExhibit | None:
    """The exhibit of these bytes in the tenant's case of this number, if it is there and they may know how it goes."""
    case = transaction.cases.by_case_id(case_id)
    if case is None or who.role not in SHOWN_TO or unsighted_cases(transaction, who, [case.id]):
        return None
    alike = (one for one in transaction.exhibits.with_bytes(sha256) if one.case_id == case.id)
    return next((one for one in alike if one.erased is None), None)


def with_earlier(service: Service, who: Principal, page: bytes) -> bytes:
    """A report's page with the pictures of other cases that this reader may see."""

    def read(sha256: str, name: str) -> bytes | None:
        if who.role not in SHOWN_TO:
            return None
        with service.records.begin(who.tenant, reading=True) as transaction:
            there = [one for one in transaction.exhibits.with_bytes(sha256) if one.erased is None]
            if not there or unsighted_cases(transaction, who, [one.case_id for one in there]):
                return None
            found = transaction.observations.newest(sha256)
        if found is None:
            return None
        record, place = found
        try:
            name = picture_name(who, record, name)
        except RequestError:  # it has no masked twin
            return None
        data = service.blobs.get(f"{place}/{name}")
        return data if data is not None and hashlib.sha256(data).hexdigest() == record.images[name] else None

    return filled(page, read)
