"""How long a tenant keeps evidence, as its admins say, and asking for the erasure of what has been kept long enough."""

import structlog

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.erasing import EraseReason, Expired, Retention
from sixfaces.domain.errors import RecordsError, RequestError
from sixfaces.domain.job import Job
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.erasing import Wish, erase_case, erase_exhibit
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

BY = "retention"
"""As the custody log names who acted where only time has passed."""

MOST = 100
"""Cases, and exhibits, of one tenant that are asked for in one round."""

SUBJECT = "retention"


def set_retention(transaction: Transaction, who: Principal, retention: Retention) -> Retention:
    """From now on evidence of the tenant is kept so long; that it was said, and by whom, is entered."""
    transaction.holds.keep_retention(retention)
    days = {} if retention.days is None else {"days": retention.days}
    roles = {role.value: "for ever" if days is None else days for role, days in sorted(retention.roles.items())}
    body = {"what": "retention", **days, "roles": roles}
    transaction.custody.append(Deed(tenant=who.tenant, act=Act.AMEND, subject=SUBJECT, actor=who.actor, body=body))
    return retention


def apply_retention(service: Service) -> int:
    """Ask for the erasure of what has been kept long enough and nobody holds; returns how much that was. The rest of a
    long list comes in the next round. Safe to run anywhere, at any time, twice at once."""
    with service.records.begin(None, reading=True) as transaction:
        retentions = transaction.holds.retentions()
    asked = 0
    for tenant, retention in sorted(retentions.items()):
        with service.records.begin(tenant, reading=True) as transaction:
            expired = [*transaction.holds.expired_cases(retention, limit=MOST)]
            if len(expired) < MOST:
                whole = {one.case_id for one in expired}
                single = transaction.holds.expired_exhibits(retention, limit=MOST)
                expired += [one for one in single if one.case_id not in whole]
        asked += sum(_asked(service, one) for one in expired)
    return asked


def _asked(service: Service, one: Expired) -> bool:
    """False where it is held, or was erased, by now."""
    wish = Wish(EraseReason.RETENTION_EXPIRED, BY)
    try:
        with service.records.begin(one.tenant) as transaction:
            if one.exhibit_id is None:
                job = erase_case(transaction, one.case_id, wish=wish).job
            else:
                job = erase_exhibit(transaction, one.exhibit_id, wish=wish).job
    except (RequestError, RecordsError) as exc:
        log.warning("not_erased", case=one.case_id, code=exc.code)
        return False
    _hint(service, job)
    return job is not None


def _hint(service: Service, job: Job | None) -> None:
    if job is not None:
        service.hints.hint(job.id, priority=job.priority)
