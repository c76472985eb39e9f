"""Installations for statistics of the machine: judged cases of chosen months with chosen facts, and words of people."""

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.archive import JUDGED
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Assessed, Party, Side
from sixfaces.domain.evidence import History
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.parcel_facts import FaceFact, SealFact
from sixfaces.domain.policy import Policy
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.archive.keeping import judged_bytes, judged_from
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.verify_case import Terms, judge_records
from sixfaces.rulebook.loader import load_policy
from tests.contract.records.making_claims import occurrence
from tests.golden.building import CLOSES, RECEIVED, SIGNED, WAYBILL, exhibit
from tests.golden.genuine import MEDIA, genuine
from tests.rig.workshop import new_case

HISTORY = History(searched=True, pictures_compared=False)
Changed = Callable[[Measured], Measured | None]
"""What becomes of an observation of the honest take; None leaves it out."""


class Take(NamedTuple):
    """A case that is to be judged: when it came, who measured it, and what is other than in the honest take."""

    at: datetime
    changed: Changed = lambda one: one
    observer: str = "parcel"
    version: str = "1"
    policy: str = "default 2026.1"
    """By which name and version of the default policy's rules."""


class Filed(NamedTuple):
    """The case and its verdict."""

    case: FiledCase
    verdict: StoredVerdict


def month(number: int, *, day: int = 3) -> datetime:
    """A day of the month of this number, from January 2026 on."""
    return datetime(2026 + number // 12, 1 + number % 12, day, 12, tzinfo=UTC)


def judged(service: Service, take: Take) -> Filed:
    """Judge the take for real, and keep what judging leaves behind, without a part."""
    later = take.at - RECEIVED
    case = new_case(service, _file(f"C-{new_id()}", later))
    number = int(case.id[-10:], 16)
    base = exhibit(media=MEDIA, sha256=f"{number:064x}", received_at=take.at).record
    facts = [one if isinstance(one, Measured) else Measured.model_validate({"fact": one}) for one in genuine()]
    kept = [one for fact in facts if (one := take.changed(_moved(fact, later))) is not None]
    observations = numbered((take.observer, take.version, one) for one in kept)
    record = base.model_copy(update={"observations": observations, "observers": {take.observer: take.version}})
    by, policy = f"{take.observer} {take.version}", _policy(take.policy)
    return keep(service, case, record, at=take.at, observers=by, policy=policy)


def keep(
    service: Service, case: FiledCase, record: Record, *, at: datetime, observers: str, policy: Policy | None = None
) -> Filed:
    """The verdict on one record."""
    policy = policy or load_policy("default")
    report = judge_records(case.file, (record,), terms=Terms(policy=policy, history=HISTORY))
    told = judged_from(case.file, (record,), comparisons={}, history=HISTORY, outcome=(report, policy))
    id = new_id()
    verdict = StoredVerdict(
        id=first_id_at(at) + id[13:], tenant="main", case_id=case.id, revision=1, code_version=f"test {observers}",
        policy=policy.name, policy_version=policy.version, policy_digest=policy.digest, verdict=report.verdict,
        results=f"derived/main/cases/{case.id}/1/{id}.1", entry=1, judged_at=at,
    )  # fmt: skip
    service.blobs.put(f"{verdict.results}/{JUDGED}", judged_bytes(told.model_copy(update={"observers": observers})))
    with service.records.begin("main") as tx:
        assert tx.verdicts.add(verdict)
    return Filed(case, verdict)


def _policy(asked: str) -> Policy:
    name, _, version = asked.partition(" ")
    policy = load_policy("default")
    if (policy.name, policy.version) == (name, version):
        return policy
    digest = hashlib.sha256(asked.encode()).hexdigest()
    return policy.model_copy(update={"name": name, "version": version, "digest": digest})


def assess(service: Service, filed: Filed, side: Side, *, after: timedelta = timedelta(hours=1)) -> str:
    """A person's word on the evidence; the id of its entry."""
    with service.records.begin("main") as tx:
        what = Assessed(of=Party.SELLER, side=side, text="looked")
        entry = occurrence(tx, filed.case, what, recorded_at=filed.verdict.judged_at + after)
        assert tx.chronicle.add(entry)
    return entry.id


def archived(service: Service) -> int:
    """Write all days into parts; how many."""
    return Archivist(service).turn(until=datetime(2036, 1, 1, tzinfo=UTC), turns=10_000)


def faces_sure(confidence: float) -> Changed:
    """All faces as sure as this."""

    def changed(one: Measured) -> Measured:
        return one.model_copy(update={"confidence": confidence}) if isinstance(one.fact, FaceFact) else one

    return changed


def faces_sharp(chance: random.Random, shift: float = 0.0) -> Changed:
    """Faces of differing sharpness, all of them sharp enough for the policy."""

    def changed(one: Measured) -> Measured:
        if not isinstance(one.fact, FaceFact):
            return one
        sharp = min(1.0, 0.6 + 0.3 * chance.random() + shift)
        return one.model_copy(update={"fact": one.fact.model_copy(update={"sharpness": round(sharp, 3)})})

    return changed


def no_bottom(one: Measured) -> Measured | None:
    """The bottom is never shown."""
    return None if isinstance(one.fact, FaceFact) and one.fact.face.value == "bottom" else one


def unsealed(one: Measured) -> Measured | None:
    """Nobody measured the seal."""
    return None if isinstance(one.fact, SealFact) else one


def _moved(one: Measured, later: timedelta) -> Measured:
    """The same, filmed so much later."""
    moved = {name: getattr(one.fact, name) + later for name in _INSTANTS if hasattr(one.fact, name)}
    return one.model_copy(update={"fact": one.fact.model_copy(update=moved)}) if moved else one


_INSTANTS = ("instant", "slot_from", "slot_to")


def _file(number: str, later: timedelta) -> CaseFile:
    return CaseFile.model_validate(
        {
            "case_id": number,
            "order": {"order_id": "T1", "items": [{"sku": "S1", "quantity": 1}]},
            "return_parcel": {"waybill": WAYBILL, "signed_at": SIGNED + later},
            "evidence_window": {"opens_at": SIGNED + later, "closes_at": CLOSES + later},
        }
    )
