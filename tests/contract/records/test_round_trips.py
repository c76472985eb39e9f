"""Whatever a domain model may say comes back from the database as it was."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.case import CaseFile, Claim, Order, OrderItem, ReturnParcel
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import JobState
from sixfaces.domain.model import Say
from sixfaces.domain.records import KeptAnswer
from sixfaces.pipeline.ids import new_id
from sixfaces.vault.canonical import entry_bytes
from sixfaces.vault.merkle import leaf_hash
from tests.contract.records.making import MINUTE, digest, filed, job, uploading


def maps(one: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Maps with such values."""
    return st.dictionaries(texts, one, max_size=3)


EACH = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))])
instants = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001 zones are added
told = st.datetimes(datetime(1900, 1, 2), datetime(8999, 12, 30), timezones=zones)  # noqa: DTZ001 zones are added
"""Instants that people hand in: all that are not refused."""
grams = st.none() | st.floats(min_value=1e-300, max_value=2e6)
says = st.builds(Say, zh=texts, en=texts)
reasons = st.builds(Quarantine, code=texts, text=says, fix=says)
items = st.builds(
    OrderItem,
    sku=st.none() | names,
    title=st.none() | texts,
    serials=st.lists(names, max_size=3),
    price=st.none() | st.decimals(0, 10**9, places=4).map(Decimal),
    weight_g=grams,
)
orders = st.builds(
    Order, order_id=st.none() | names, placed_at=st.none() | told, items=st.lists(items, max_size=3)
)  # fmt: skip
files = st.builds(
    CaseFile,
    case_id=names,
    order=orders,
    claim=st.builds(Claim, claim_id=st.none() | names, statement=st.none() | texts),
    return_parcel=st.builds(ReturnParcel, waybill=st.none() | names, weight_g=grams),
    received_at=st.dictionaries(names, told, max_size=3),
)
leaves = texts | st.integers(-(2**53) + 1, 2**53 - 1)
bodies = st.dictionaries(texts, st.recursive(leaves, lambda one: maps(one) | st.lists(one), max_leaves=9), max_size=3)
fractions = st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(leaves | fractions | st.none() | st.booleans(), lambda one: maps(one) | st.lists(one))
trees = st.dictionaries(texts, anything, max_size=3)


@EACH
@given(file=files)
def test_case_files(records: SqlRecords, file: CaseFile) -> None:
    with records.begin("main") as tx:
        case = filed(tx, new_id())
    with records.begin("main") as tx:
        changed = tx.cases.change(case.id, file=file.model_copy(update={"case_id": f"{case.id} {file.case_id}"}))
        assert changed.file.model_copy(update={"case_id": file.case_id}) == file
        assert tx.cases.get(case.id) == changed


@EACH
@given(reason=reasons, name=texts, length=st.none() | st.integers(0, 2**62), expires_at=instants)
def test_uploads_and_jobs(
    records: SqlRecords, reason: Quarantine, name: str, length: int | None, expires_at: datetime
) -> None:
    with records.begin("main") as tx:
        upload = uploading(tx, filed(tx, new_id())).model_copy(
            update={"id": new_id(), "name": name, "length": length, "expires_at": expires_at, "refusal": reason}
        )
        tx.uploads.add(upload)
        assert tx.uploads.get(upload.id) == upload
        held = tx.jobs.claim(tx.jobs.add(job(tx)).id, worker=name, lease=MINUTE)
        assert held is not None
        assert tx.jobs.end(held, JobState.DEAD, reason=reason)
        ended = tx.jobs.get(held.id)
        assert ended is not None
        assert (ended.reason, ended.worker) == (reason, name)


@EACH
@given(subject=texts, actor=texts, body=bodies)
def test_deeds_and_the_bytes_that_were_hashed(
    records: SqlRecords, subject: str, actor: str, body: dict[str, object]
) -> None:
    with records.begin("main") as tx:
        told = tx.custody.append(Deed(tenant="main", act=Act.READ, subject=subject, actor=actor, body=body))
    with records.begin("main", reading=True) as tx:
        read = tx.custody.entries(first=told[0].seq, limit=1)
    assert read == told
    assert leaf_hash(entry_bytes(read[0])).hex() == read[0].leaf


@EACH
@given(kind=texts, body=trees, headers=st.dictionaries(texts, texts, max_size=3), raw=st.binary(max_size=50))
def test_events_and_answers(
    records: SqlRecords, kind: str, body: dict[str, object], headers: dict[str, str], raw: bytes
) -> None:
    answer = KeptAnswer(request_sha256=digest("q"), status=200, headers=headers, body=raw)
    key = new_id()
    with records.begin("main") as tx:
        case = filed(tx, key)
        tx.events.tell(case.id, kind, body)
        (event,) = tx.events.since(0, case_id=case.id)
        assert (event.kind, event.body, event.at) == (kind, body, tx.now)
        tx.answers.begin(key, digest("q"))
        tx.answers.keep(key, answer, lasting=MINUTE)
        assert tx.answers.begin(key, digest("q")) == answer
