"""Applying flips: each case whose verdict would be another gets the ordinary job that judges it, and nothing is edited.

A case that went on meanwhile, by new evidence, an edit or an erasure, is left alone: what it is judged by is no longer
what the run saw. A run by a policy has its cases judged by that from then on; one without ends that: they are judged by
what judges a new case, which is what such a run reckons by. What people have decided is not looked at here at all:
verdicts are the machine's.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.policy import Policy
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Flip
from sixfaces.pipeline.ids import new_id

PRIORITY = 8
"""As batches have: behind live evidence."""


class Bringing(NamedTuple):
    """What a run brings to bear: its id, its policy where one was asked for, exhibits a second at most; how many are
    to be judged before these."""

    run: str
    policy: Policy | None
    rate: float | None = None
    before: int = 0


def apply_flips(transaction: Transaction, tenant: str, flips: Iterable[Flip], *, bringing: Bringing) -> list[Job]:
    """Jobs for those of the cases that are still what they were. Doing it twice does it once."""
    jobs = []
    for flip in flips:
        job = _applied(transaction, tenant, flip, bringing=bringing)
        bringing = bringing._replace(before=bringing.before + flip.exhibits)
        jobs += [] if job is None else [job]
    return jobs


def _applied(transaction: Transaction, tenant: str, flip: Flip, *, bringing: Bringing) -> Job | None:
    case = transaction.cases.get(flip.case_id, lock=True)
    current = transaction.verdicts.current(flip.case_id) if case is not None else None
    if case is None or case.erased_at is not None or current is None or current.id != flip.verdict_id:
        return None
    if bringing.policy is None:
        transaction.reverifications.judge_as_ever(case.id, revision=case.revision)
    else:
        policy, revision = bringing.policy, case.revision
        transaction.reverifications.judge_under(case.id, revision=revision, policy=policy, run=bringing.run)
    now = transaction.now
    job = Job(
        id=new_id(),
        tenant=tenant,
        kind=JobKind.JUDGE,
        subject=case.id,
        priority=PRIORITY,
        not_before=now + timedelta(seconds=bringing.before / bringing.rate if bringing.rate else 0.0),
        created_at=now,
    )
    return transaction.jobs.add(job)
