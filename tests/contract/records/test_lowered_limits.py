"""A limit that is lowered bounds what comes in, and hides nothing that came in before."""

import json

import pytest
from pydantic import ValidationError

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.records.stored import stored
from sixfaces.domain.case import MOST_CODES, MOST_ITEMS, CaseFile
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.domain.upload import Upload
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import exhibit, filed, uploading

BEYOND = {
    "case_id": "C" * 300,
    "claim": {"statement": "词" * 9000},
    "order": {"items": [{"sku": "1", "quantity": 3_000_000, "serials": ["x"] * (MOST_CODES + 1)}] * (MOST_ITEMS + 1)},
}


def test_a_case_of_before_is_read_listed_and_changed(records: SqlRecords) -> None:
    file: CaseFile = stored(CaseFile).validate_python(BEYOND)
    with pytest.raises(ValidationError):
        CaseFile.model_validate(BEYOND)
    with records.begin("main") as tx:
        case = FiledCase(
            id=new_id(),
            tenant="main",
            file=file,
            revision=1,
            state=CaseState.OPEN,
            created_at=tx.now,
            updated_at=tx.now,
        )
        assert tx.cases.add(case)
    with records.begin("main") as tx:
        assert tx.cases.get(case.id) == case
        assert [one.id for one in tx.cases.find(CaseQuery(), Page())] == [case.id]
        assert tx.cases.change(case.id, state=CaseState.CLOSED).file == file


def test_an_upload_of_before_is_read(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        upload = uploading(tx, filed(tx))
    longer: Upload = stored(Upload).validate_python(upload.model_dump() | {"id": new_id(), "name": "長" * 5000})
    with records.begin("main") as tx:
        tx.uploads.add(longer)
    with records.begin("main", reading=True) as tx:
        assert tx.uploads.get(longer.id) == longer


@pytest.mark.parametrize(
    "spoil", [{"sha256": "no digest"}, {"bytes": "many"}, {"bytes": -1}, {"role": "judge"}, {"unknown": 1}]
)
def test_what_no_limit_explains_is_still_refused(spoil: dict[str, object]) -> None:
    sound = json.loads(exhibit().model_dump_json())
    assert stored(Exhibit).validate_python(sound) == exhibit()
    with pytest.raises(ValidationError):
        stored(Exhibit).validate_python(sound | spoil)
