"""Judged cases for tests and benches of the archive: a few hundred different records, judged for real, and rows of them
in any number."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sixfaces.domain.archive import Judged
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import History
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.observation import Measured, Record, numbered
from sixfaces.domain.policy import Policy
from sixfaces.domain.report import Report
from sixfaces.pipeline.archive.keeping import judged_from
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.verify_case import Terms, judge_records
from sixfaces.rulebook.loader import load_policy
from tests.golden.building import CLOSES, SIGNED, WAYBILL, exhibit
from tests.golden.genuine import MEDIA, genuine

OBSERVERS = "fake 1"
PLATFORMS = ("tmall", "shopee", None)
CATEGORIES = ("electronics.phone", "apparel", "books")
HISTORY = History(searched=True, pictures_compared=False)


class One(NamedTuple):
    """A judged case before it has a verdict's row."""

    judged: Judged
    report: Report


def facts(random_: random.Random, waybill: str) -> list[Measured]:
    """An honest take's facts, some of them left out, less sure, shorter or otherwise."""
    honest = [one if isinstance(one, Measured) else Measured.model_validate({"fact": one}) for one in genuine()]
    found = []
    for one in honest:
        chance = random_.random()
        if chance < 0.04:
            continue
        text = one.model_dump_json().replace(WAYBILL, waybill)
        kept = Measured.model_validate_json(text)
        if chance < 0.12:
            kept = kept.model_copy(update={"confidence": round(random_.uniform(0.3, 1.0), 3)})
        found.append(kept)
    return found


def case_file(number: int, waybill: str, random_: random.Random) -> CaseFile:
    """A case with goods, a platform and money at stake."""
    later = timedelta(seconds=number)
    item = {
        "sku": "S1",
        "quantity": 1,
        "category": random_.choice(CATEGORIES),
        "price": f"{random_.randint(9, 900)}.50",
    }
    return CaseFile.model_validate(
        {
            "case_id": f"C-{number}",
            "platform": random_.choice(PLATFORMS),
            "order": {
                "order_id": f"T-2026-{number:06}",
                "items": [{**item, "currency": random_.choice(("CNY", "USD"))}],
            },
            "return_parcel": {"waybill": waybill, "signed_at": SIGNED + later} if random_.random() < 0.95 else {},
            "evidence_window": {"opens_at": SIGNED, "closes_at": CLOSES},
        }
    )


def records_of(number: int, random_: random.Random, waybill: str) -> tuple[Record, ...]:
    """Mostly one unboxing video; some cases have a second one, or only a photo."""
    found = []
    for index in range(2 if random_.random() < 0.15 else 1):
        role = Role.BUYER_PHOTO if random_.random() < 0.04 else Role.UNBOXING_VIDEO
        sha256, name = f"{number * 4 + index:064x}", f"take-{index}.mp4"
        made = exhibit(media=MEDIA, role=role, sha256=sha256, name=name).record
        told = (("test", "1", one) for one in facts(random_, waybill))
        found.append(made.model_copy(update={"observations": numbered(told)}))
    return tuple(found)


def waybill_of(number: int) -> str:
    """The number that is printed on the parcel of a case."""
    return f"SF{7_000_000_000_000 + number * 7919}"


def judged_case(number: int, *, policy: Policy | None = None, seed: int = 0) -> One:
    """One case, judged; the same number gives the same."""
    random_ = random.Random(f"{seed} {number}")
    waybill = waybill_of(number)
    file = case_file(number, waybill, random_)
    policy = policy or load_policy("default")
    records = records_of(number, random_, waybill)
    report = judge_records(file, records, terms=Terms(policy=policy, history=HISTORY))
    judged = judged_from(file, records, comparisons={}, history=HISTORY, outcome=(report, policy))
    return One(judged.model_copy(update={"observers": OBSERVERS, "stations": ("bench-1",)}), report)


@cache
def some_cases(count: int) -> Sequence[One]:
    """Different cases, judged once."""
    return tuple(judged_case(number) for number in range(count))


def verdict_on(one: One, *, at: datetime, code_version: str = "test 1", case_id: str | None = None) -> StoredVerdict:
    """The verdict's row, with an id of its time."""
    id = new_id()
    policy = one.judged.policy
    return StoredVerdict(
        id=first_id_at(at) + id[13:],
        tenant="main",
        case_id=case_id or id,
        revision=1,
        code_version=code_version,
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
        verdict=one.report.verdict,
        results=f"derived/main/cases/{id}/1/{id}.1",
        entry=1,
        judged_at=at,
    )
