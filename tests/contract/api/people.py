"""Who asks in the tests of the API, and what there is to ask for."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import httpx

from sixfaces.api.gate import Gate
from sixfaces.config import Settings
from sixfaces.domain.exhibit import Exhibit, Role
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.identity import Person
from sixfaces.domain.job import JobState
from sixfaces.domain.observation import Record, numbered
from sixfaces.domain.parcel_facts import Face, FaceFact
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Page
from sixfaces.domain.twins import twin_of
from sixfaces.domain.upload import Upload
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.keys import KeyOrder, make_key
from sixfaces.pipeline.persons import person_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.verify_case import Terms, judge_records
from sixfaces.pipeline.work.results import CaseResults, pictures_of
from sixfaces.report.serial import report_bytes
from sixfaces.rulebook.loader import load_policy
from tests.contract.api.watched import watched
from tests.golden.building import fact

PNG = bytes.fromhex("89504e470d0a1a0a") + b"not much of a picture"
FILM = b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 8
PICTURE = "faces/top.png"
TWIN = b"\x89PNG\r\n\x1a\n" + b"one flat colour"
PICTURES = {PICTURE: PNG, twin_of(PICTURE): TWIN}


@dataclass(frozen=True)
class Things:
    """One tenant's case with evidence, a verdict and a dead job; ids that address each of them."""

    case: str
    number: str
    exhibit: str
    verdict: str
    job: str
    upload: str
    station: str
    key: str
    person: str
    hold: str
    erasure: str
    spare: str
    """Another case, in which new evidence makes no verdict old."""
    alarm: str
    lot: str
    sample: str
    """That somebody else has taken."""
    planted: str
    webhook: str
    delivery: str
    link: str
    notice: str
    inspection: str
    """One that has begun."""
    run: str
    """Over the archive."""
    schedule: str
    """For such runs."""
    picture: str = PICTURE


@dataclass(frozen=True)
class Api:
    """A running API and the installation behind it."""

    service: Service
    settings: Settings
    client: httpx.Client = field(repr=False)
    address: tuple[str, int]
    gate: Gate = field(repr=False)
    _held: dict[ApiRole, str] = field(default_factory=dict)

    def key(self, role: ApiRole, *, tenant: str = "main", **more: Any) -> str:  # noqa: ANN401 of KeyOrder
        """The text of a new key."""
        with self.service.records.begin(tenant) as tx:
            _, text = make_key(tx, tenant, KeyOrder(role, "test", **more))
        return text

    def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 of httpx
        """One request; `key` None asks as nobody."""
        headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    @cached_property
    def admin(self) -> str:
        """An admin of the tenant main."""
        return self.key(ApiRole.ADMIN)

    def held(self, role: ApiRole) -> str:
        """A key of the tenant main; a station's is of the station that handed everything in."""
        if role not in self._held:
            self._held[role] = self.key(role, **({"station": self.own.station} if role is ApiRole.STATION else {}))
        return self._held[role]

    @cached_property
    def other_station(self) -> str:
        """A key of another station of the tenant main."""
        answer = self.ask("POST", "/v1/stations", key=self.admin, json={"id": "S-OTHER", "name": "bay"})
        assert answer.status_code == 201
        return self.key(ApiRole.STATION, station="S-OTHER")

    @cached_property
    def stranger(self) -> str:
        """An admin of another tenant."""
        return self.key(ApiRole.ADMIN, tenant="other")

    @cached_property
    def own(self) -> Things:
        """Things of the tenant main, handed in by its station S-MAIN."""
        return things(self, "main")

    @cached_property
    def foreign(self) -> Things:
        """Things of the tenant other."""
        return things(self, "other")

    def new_case(self, key: str | None = None, **said: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
        """A case as the API tells it."""
        number = f"C-{new_id()}"
        answer = self.ask(
            "PUT", f"/v1/cases/by-number/{number}", key=key or self.admin, json={"case_id": number} | said
        )
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told


def things(api: Api, tenant: str) -> Things:
    """Hand in a film by the API, then put beside it what workers would have made of it."""
    admin = api.key(ApiRole.ADMIN, tenant=tenant)
    station = f"S-{tenant.upper()}"
    assert api.ask("POST", "/v1/stations", key=admin, json={"id": station, "name": "bay"}).status_code == 201
    by_station = api.key(ApiRole.STATION, tenant=tenant, station=station)
    made = api.ask("POST", "/v1/keys", key=admin, json={"role": "batch", "name": "spare"}).json()
    case = api.new_case(by_station)
    sealed = api.ask(
        "POST", f"/v1/cases/{case['id']}/exhibits", key=by_station, params={"name": "film.mp4"}, content=FILM
    )
    assert sealed.status_code == 201, sealed.text
    exhibit = sealed.json()["exhibit_id"]
    verdict, job, upload = _worked(api, tenant, case["id"], exhibit=exhibit, key_id=made["id"], station=station)
    return Things(
        case=case["id"],
        number=case["file"]["case_id"],
        exhibit=exhibit,
        verdict=verdict,
        job=job,
        upload=upload,
        station=station,
        key=made["id"],
        person=_known_person(api, tenant),
        **_kept(api, admin),
        spare=api.new_case(by_station)["id"],
        inspection=begun_inspection(api, admin),
        run=begun_run(api, admin),
        schedule=made_schedule(api, admin),
        **watched(api.service, tenant),
        **told_elsewhere(api, admin),
        **told_both_sides(api, admin, case["id"]),
    )


def begun_inspection(api: Api, admin: str) -> str:
    """An inspection, by the admin, of goods without a category."""
    case = api.new_case(admin)["id"]
    made = api.ask("POST", "/v1/inspections", key=admin, json={"case": case, "sop": "general"})
    assert made.status_code == 201, made.text
    id: str = made.json()["inspection"]["id"]
    return id


def begun_run(api: Api, admin: str) -> str:
    """A run over the archive that rests."""
    made = api.ask("POST", "/v1/reverifications", key=admin, json={})
    assert made.status_code == 202, made.text
    id: str = made.json()["id"]
    assert api.ask("POST", f"/v1/reverifications/{id}/pause", key=admin).status_code == 200
    return id


def made_schedule(api: Api, admin: str) -> str:
    """A schedule for runs over the archive."""
    new = {"name": "nightly", "rhythm": {"every": "day", "at": "03:00"}, "days": 30}
    made = api.ask("POST", "/v1/reverification-schedules", key=admin, json=new)
    assert made.status_code == 201, made.text
    id: str = made.json()["id"]
    return id


def _kept(api: Api, admin: str) -> dict[str, str]:
    """A hold that was lifted, and an erasure that nobody has begun, of a case of their own."""
    case = f"/v1/cases/{api.new_case(admin)['id']}"
    hold = api.ask("POST", f"{case}/holds", key=admin, json={"reason": "other"}).json()["id"]
    lifted = api.ask("DELETE", f"{case}/holds/{hold}", key=admin)
    closed = api.ask("POST", f"{case}/close", key=admin)
    erasure = api.ask("POST", f"{case}/erase", key=admin, json={"reason": "mistake"})
    assert (lifted.status_code, closed.status_code, erasure.status_code) == (200, 200, 202), erasure.text
    return {"hold": hold, "erasure": erasure.json()["id"]}


def _known_person(api: Api, tenant: str) -> str:
    """Somebody who has asked by a token."""
    issuer = "https://login.example"
    with api.service.records.begin(tenant) as tx:
        person = Person(
            id=person_id(issuer, f"{tenant}-reviewer"),
            tenant=tenant,
            issuer=issuer,
            subject=f"{tenant}-reviewer",
            role=ApiRole.REVIEWER,
            first_seen_at=tx.now,
            last_seen_at=tx.now,
        )
        tx.people.seen(person)
    return person.id


def told_elsewhere(api: Api, admin: str) -> dict[str, str]:
    """An endpoint of webhooks, and a delivery to it."""
    new = {"url": "https://shop.example/hook", "kinds": ["case.needs_review"]}
    made = api.ask("POST", "/v1/webhooks", key=admin, json=new)
    assert made.status_code == 201, made.text
    tried = api.ask("POST", f"/v1/webhooks/{made.json()['id']}/test", key=admin)
    assert tried.status_code == 202, tried.text
    return {"webhook": made.json()["id"], "delivery": tried.json()["id"]}


def told_both_sides(api: Api, admin: str, case: str) -> dict[str, str]:
    """A link to the case, and a notice of another one."""
    link = api.ask("POST", f"/v1/cases/{case}/links", key=admin, json={"party": "seller"})
    assert link.status_code == 201, link.text
    other = api.new_case(admin, contacts={"buyer": "buyer@shop.example"})["id"]
    entry = {"what": {"kind": "settled"}, "source": "platform"}
    assert api.ask("POST", f"/v1/cases/{other}/chronicle", key=admin, json=entry).status_code == 201
    (notice,) = api.ask("GET", "/v1/notices", key=admin, params={"case_id": other}).json()["items"]
    return {"link": link.json()["id"], "notice": notice["id"]}


def _worked(api: Api, tenant: str, case_id: str, *, exhibit: str, key_id: str, station: str) -> tuple[str, str, str]:
    """A record with a picture, a verdict with its report, a dead job, an upload that has not begun."""
    service = api.service
    with service.records.begin(tenant) as tx:
        filed, case = tx.exhibits.get(exhibit), tx.cases.get(case_id)
        assert filed is not None
        assert case is not None
        place = f"derived/{tenant}/{filed.exhibit.sha256}/test"
        record = _record(filed.exhibit)
        tx.observations.keep(record, by=service.measuring.observers, results=place)
        tx.exhibits.observed(filed.id, by=service.measuring.observers)
        verdict = _verdict(service, case, record, place=place)
        assert tx.verdicts.add(verdict)
        (waiting,) = tx.jobs.find(kind=None, state=JobState.READY, page=Page(limit=1))
        claimed = tx.jobs.claim(waiting.id, worker="test", lease=timedelta(minutes=1))
        assert claimed is not None
        assert tx.jobs.end(claimed, JobState.DEAD)
        upload = Upload(
            id=new_id(),
            tenant=tenant,
            key_id=key_id,
            station=station,
            case_id=case.id,
            role=Role.UNBOXING_VIDEO,
            name="next.mp4",
            length=10,
            created_at=tx.now,
            expires_at=tx.now + timedelta(hours=1),
        )
        tx.uploads.add(upload)
    return verdict.id, waiting.id, upload.id


def _record(exhibit: Exhibit) -> Record:
    top = FaceFact(
        face=Face.TOP, view_cos=0.9, dwell_s=1.0, uncovered=1.0, in_frame=1.0, edge_px=300, sharpness=0.9, best_s=1.0,
        image=PICTURE,
    )  # fmt: skip
    return Record(
        exhibit=exhibit,
        observations=numbered([("test", "1", fact(top, 0, 1))]),
        images={name: hashlib.sha256(data).hexdigest() for name, data in PICTURES.items()},
    )


def _verdict(service: Service, case: FiledCase, record: Record, *, place: str) -> StoredVerdict:
    """A report in the store, and the verdict that names it."""
    policy = load_policy("default")
    report = judge_records(case.file, (record,), terms=Terms(policy))
    for name, data in PICTURES.items():
        service.blobs.put(f"{place}/{name}", data)
    results = CaseResults(service.blobs, f"{place}/judged", pictures_of(record, place))
    results.put("report.json", report_bytes(report))
    results.put("report.html", b"<!doctype html><title>report</title>")
    results.finish()
    return StoredVerdict(
        id=new_id(),
        tenant=case.tenant,
        case_id=case.id,
        revision=case.revision,
        code_version=service.code_version,
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
        verdict=report.verdict,
        results=f"{place}/judged",
        entry=0,
        judged_at=case.updated_at,
    )
