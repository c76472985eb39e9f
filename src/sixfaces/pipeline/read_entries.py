"""Read by a person: what the custody log is told before somebody is given evidence or what was found in it.

- an original: whoever gets its bytes
- a report, or a record with its pictures: persons, which are reviewers and admins. Stations see what they handed in,
  and batch jobs are programs
- that a case was unmasked, with the reason (`unmasking`)
- once an hour for each reader and thing: ranges, reloads and the pictures of one page are one reading. Within that time
  a request takes no lock of the log, and mostly asks it nothing
"""

from datetime import timedelta

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.service import Service

WINDOW = timedelta(hours=1)
PERSONS = frozenset({ApiRole.REVIEWER, ApiRole.ADMIN})


def enter_original(service: Service, who: Principal, exhibit: FiledExhibit) -> None:
    """They are given bytes of the original. Blocks."""
    _enter(service, who, exhibit.id, what={"what": "original", "sha256": exhibit.exhibit.sha256})


def enter_record(service: Service, who: Principal, exhibit: FiledExhibit) -> None:
    """They are shown what was measured of the exhibit, or pictures taken from it. Blocks."""
    if who.role in PERSONS:
        _enter(service, who, exhibit.id, what={"what": "record", "sha256": exhibit.exhibit.sha256})


def enter_report(service: Service, who: Principal, verdict: StoredVerdict) -> None:
    """They are shown the report of a verdict; entered at its case. Blocks."""
    if who.role in PERSONS:
        _enter(service, who, verdict.case_id, what={"what": "report", "verdict": verdict.id})


def enter_unmasking(service: Service, who: Principal, case_id: str, *, reason: str) -> None:
    """They are shown the personal data of a case. Blocks."""
    _enter(service, who, case_id, what={"what": "unmasked", "reason": reason})


def _enter(service: Service, who: Principal, subject: str, *, what: dict[str, str]) -> None:
    body = {**what, "role": who.role.value}
    reading = (who.tenant, who.actor, subject, *body.values())
    if service.readings.knows(reading):
        return
    deed = Deed(tenant=who.tenant, act=Act.READ, subject=subject, actor=who.actor, body=body)
    with service.records.begin(who.tenant, reading=True) as transaction:
        now, entered_at = transaction.now, transaction.custody.done_at(deed, since=transaction.now - WINDOW)
    if entered_at is None:
        entered_at = now
        with service.records.begin(who.tenant) as transaction:
            transaction.custody.append_once(deed, within=WINDOW)
    service.readings.remember(reading, seconds=(entered_at + WINDOW - now).total_seconds())
