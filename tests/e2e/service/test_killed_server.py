"""`sixfaces serve` that is killed with everything it started, in the middle of work: a new start goes on with it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.records import Page
from tests.rig.product import ROOT, Product, until_true

CLIP = ROOT / "fixtures" / "media" / "genuine.mp4"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with Product(tmp_path) as product:
        yield product


def observing(product: Product) -> list[Job]:
    """Jobs that measure, and run."""
    with closing(SqlRecords(product.place.database)) as records, records.begin(None, reading=True) as tx:
        return list(tx.jobs.find(kind=JobKind.OBSERVE, state=JobState.RUNNING, page=Page(limit=9)))


def test_its_work_goes_on_within_ten_seconds_of_the_next_start(product: Product) -> None:
    server = product.serve(workers=1)
    asker = product.asker(server)
    case = asker.case()["id"]
    exhibit = asker.sealed(case, CLIP.read_bytes())["exhibit_id"]
    until_true(lambda: observing(product))
    server.kill()
    (held,) = observing(product)
    assert (held.subject, held.lost) == (exhibit, 0)
    server.start()
    until_true(lambda: [job.lost for job in observing(product)] == [1], within_s=10)
    server.kill()
    product.sound()
