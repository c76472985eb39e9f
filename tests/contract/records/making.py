"""Records to put into a database, each with no more said than a test needs."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile, Claim, Order, ReturnParcel
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, Quarantine, StoredVerdict
from sixfaces.domain.identity import Person
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.people import ApiKey, ApiRole, Station
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Segment, Upload
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.persons import person_id

MINUTE = timedelta(minutes=1)
WHY = Quarantine(
    code="media.crashed", text=Say(zh="解码器崩溃。", en="It crashed."), fix=Say(zh="换一份。", en="Another.")
)


def case_file(number: str = "C-1", **said: str | None) -> CaseFile:
    """A case of this number; `order_id`, `claim_id`, `opened_at` and `waybill` as given."""
    return CaseFile(
        case_id=number,
        order=Order(order_id=said.get("order_id")),
        claim=Claim.model_validate({"claim_id": said.get("claim_id"), "opened_at": said.get("opened_at")}),
        return_parcel=ReturnParcel(waybill=said.get("waybill")),
    )


def filed(tx: Transaction, number: str = "C-1", *, tenant: str = "main", **said: str | None) -> FiledCase:
    """A case that the transaction has added."""
    case = FiledCase(
        id=new_id(),
        tenant=tenant,
        file=case_file(number, **said),
        revision=1,
        state=CaseState.OPEN,
        created_at=tx.now,
        updated_at=tx.now,
    )
    assert tx.cases.add(case)
    return case


def digest(text: str) -> str:
    """SHA-256 of a word."""
    return hashlib.sha256(text.encode()).hexdigest()


def exhibit(word: str = "film", role: Role = Role.UNBOXING_VIDEO) -> Exhibit:
    """A film whose bytes are this word."""
    return Exhibit(sha256=digest(word), name=f"{word}.mp4", role=role, bytes=4, medium=Medium.VIDEO, format="mp4")


def sealed(tx: Transaction, case: FiledCase, word: str = "film", *, role: Role = Role.UNBOXING_VIDEO) -> FiledExhibit:
    """An exhibit that the transaction has sealed into the case."""
    (entry,) = tx.custody.append(deed(case.tenant, digest(word)))
    one = FiledExhibit(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        exhibit=exhibit(word, role),
        sealed_at=tx.now,
        entry=entry.seq,
    )
    tx.exhibits.add(one)
    return one


def deed(tenant: str = "main", subject: str = "film", **body: Any) -> Deed:  # noqa: ANN401 any JSON value
    """Something done to a subject."""
    return Deed(tenant=tenant, act=Act.SEAL, subject=subject, actor="test", body=body)


def record(word: str = "film") -> Record:
    """What was measured of a film: nothing."""
    return Record(exhibit=exhibit(word))


def verdict(case: FiledCase, at: datetime, *, code_version: str = "1", revision: int | None = None) -> StoredVerdict:
    """A verdict on the case's revision."""
    return StoredVerdict(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        revision=case.revision if revision is None else revision,
        code_version=code_version,
        policy="default",
        policy_version="1",
        policy_digest=digest("policy"),
        verdict=Verdict.ACCEPTED,
        results="derived/main/1",
        entry=0,
        judged_at=at,
    )


def uploading(tx: Transaction, case: FiledCase, *, length: int | None = 100) -> Upload:
    """An upload that the transaction has added, for an hour."""
    upload = Upload(
        id=new_id(),
        tenant=case.tenant,
        key_id=new_id(),
        case_id=case.id,
        role=Role.UNBOXING_VIDEO,
        name="film.mp4",
        length=length,
        created_at=tx.now,
        expires_at=tx.now + 60 * MINUTE,
    )
    tx.uploads.add(upload)
    return upload


def segment(upload: Upload, start: int, length: int, place: str = "1") -> Segment:
    """Bytes of the upload."""
    return Segment(upload_id=upload.id, start=start, length=length, place=place)


def job(tx: Transaction, *, tenant: str = "main", subject: str | None = None, **said: Any) -> Job:  # noqa: ANN401 fields of Job
    """A job to observe, which the transaction has not added."""
    return Job(
        **{
            "id": new_id(),
            "tenant": tenant,
            "kind": JobKind.OBSERVE,
            "subject": subject or new_id(),
            "not_before": tx.now,
            "created_at": tx.now,
            **said,
        }
    )


def key(tx: Transaction, *, tenant: str = "main") -> ApiKey:
    """A key that the transaction has added."""
    one = ApiKey(
        id=new_id(), tenant=tenant, role=ApiRole.STATION, name="a", secret_sha256=digest("s"), created_at=tx.now
    )
    tx.people.add_key(one)
    return one


def station(tx: Transaction, id: str = "S1", *, tenant: str = "main") -> Station:
    """A station that the transaction has not added."""
    return Station(id=id, tenant=tenant, name="Bay one", created_at=tx.now)


def is_conflict(error: RecordsError) -> bool:
    """Whether the work may be tried again."""
    return error.code == "records.conflict"


def person(tx: Transaction, tenant: str = "main", role: ApiRole = ApiRole.REVIEWER) -> Person:
    """Alice, as a token tells of her."""
    issuer = "https://login.example"
    return Person(
        id=person_id(issuer, "alice"),
        tenant=tenant,
        issuer=issuer,
        subject="alice",
        role=role,
        first_seen_at=tx.now,
        last_seen_at=tx.now,
    )
