"""A case that the product's own code has erased, in a copy of the sound installation, to plant corruption in."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, cast

from sixfaces.adapters.fsck.examine import Installation
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.erasing import EraseReason
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.pipeline.closing import close_case
from sixfaces.pipeline.erasing import Wish, erase_case
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.steps import steps_of
from tests.contract.fsck.building import Painting
from tests.rig.installation import new_person, open_service
from tests.rig.workshop import runner_of


class Gone(NamedTuple):
    """The erased case and its one exhibit."""

    case: str
    exhibit: str
    sha256: str


def erased(place: Installation) -> Gone:
    """Close a case that was measured and shares its bytes with no other, and erase it."""
    service = open_service(Path(place.blobs).parent)
    who = new_person(service, role=ApiRole.ADMIN).principal
    gone = _alone(service)
    with service.records.begin("main") as tx:
        close_case(tx, who, gone.case, expected=Expected())
        job = erase_case(tx, gone.case, wish=Wish(EraseReason.MISTAKE, who.actor)).job
        assert job is not None
        claimed = tx.jobs.claim(job.id, worker="test", lease=timedelta(minutes=1))
    assert claimed is not None
    runner_of(service, steps=steps_of(Painting())).run(claimed)
    cast(SqlRecords, service.records).close()
    return gone


def entered_for_nothing(place: Installation) -> None:
    """An `erase` entry on an exhibit that is there."""
    service = open_service(Path(place.blobs).parent)
    case, exhibit, sha256 = _alone(service)
    body = {"sha256": sha256, "case": case, "done": "ended"}
    with service.records.begin("main") as tx:
        tx.custody.append(Deed(tenant="main", act=Act.ERASE, subject=exhibit, actor="test", body=body))
    cast(SqlRecords, service.records).close()


def _alone(service: Service) -> Gone:
    with service.records.begin("main", reading=True) as tx:
        for case in tx.cases.find(CaseQuery(), Page()):
            its = tx.exhibits.of_case(case.id)
            if len(its) == 1 and its[0].observed_by and len(tx.exhibits.with_bytes(its[0].exhibit.sha256)) == 1:
                return Gone(case.id, its[0].id, its[0].exhibit.sha256)
    raise LookupError
