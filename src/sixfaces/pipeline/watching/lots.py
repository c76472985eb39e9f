"""Draws lots of what the machine said by itself, and ends them (ISO 2859-1).

1. stream    lots of one kind by one edition of a policy, one after the other: the last one says how strict the next is
2. lot       all that was said in a period; the order is entered in custody, with the digest of its ids and a number
             that the server draws
3. sample    chosen by the root of the log after that entry, which nobody can know before, and entered with it
4. planted   known cases are mixed in, one for every ten, and given out like all others; those of ended lots that
             nobody has taken go, so that they never pile up
5. end       when all of the sample is answered: the lot is accepted or not, the stream goes on
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.model import Instant, Model, Say
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sampling import (
    Level,
    Lot,
    LotOf,
    LotOutcome,
    PlantedCase,
    PlantedFor,
    SampleItem,
    Stream,
    Strictness,
)
from sixfaces.domain.watching_records import Between, Said
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching import errors
from sixfaces.watching.plans import AQLS, plan_for
from sixfaces.watching.switching import ENOUGH, after, drawn, order_of, outcome_of, population_digest, turned

MOST = 200_000
ONE_IN = 10
MOST_PLANTED = 200
Edition = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}@[0-9A-Za-z.]{1,20}$")]
Aql = Annotated[str, Field(pattern="^(" + "|".join(one.replace(".", r"\.") for one in AQLS) + ")$")]


class LotOrder(Model):
    """What is to be drawn from. `policy` is an edition `name@version`: of the policy for `accepted`, of the decision
    table for `closed`. `may_reduce`: reduced inspection is welcome where the switching score allows it."""

    of: LotOf
    policy: Edition
    from_: Instant = Field(alias="from")
    until: Instant
    level: Level = Level.II
    aql: Aql = "1.0"
    may_reduce: bool = False


def draw(transaction: Transaction, who: Principal, order: LotOrder) -> Lot:
    """1 to 4. Raises WatchingError `watching.period`, `watching.stopped`, `watching.lot_open`, `watching.empty`,
    `watching.too_many`, `watching.lot_overlaps`, `watching.lot_gap`, `watching.other_plan`."""
    if order.until <= order.from_ or order.until > transaction.now:
        raise errors.bad_period(Say(zh="结束不晚于开始，或晚于现在", en="it ends before it begins, or in the future"))
    stream = ready(transaction.samples.stream(order.of, order.policy, lock=True), order)
    said = transaction.watching.said(order.of, order.policy, Between(order.from_, order.until))
    if not said:
        raise errors.empty_lot()
    if len(said) > MOST:
        raise errors.too_many(MOST)
    lot = _lot(transaction, who, order, said=said, stream=stream)
    if all(one.open_lot is None for one in transaction.samples.streams()):
        transaction.samples.drop_planted()
    items = [*_sampled(lot, said), *_planted(transaction, lot)]
    if not transaction.samples.add(lot, items):
        raise errors.lot_overlaps()
    goes_on = {"open_lot": lot.id, "until": lot.until, "level": lot.level, "aql": lot.aql}
    transaction.samples.keep_stream(stream.model_copy(update=goes_on))
    transaction.custody.append(drawing_of(lot, who.actor))
    return lot


def ready(stream: Stream, order: LotOrder) -> Stream:
    """1. As strict as the order's lot is inspected. Raises as `draw`."""
    if stream.strictness is Strictness.STOPPED:
        raise errors.stopped()
    if stream.open_lot is not None:
        raise errors.lot_open(stream.open_lot)
    if stream.aql is not None and (stream.level, stream.aql) != (order.level, order.aql):
        raise errors.other_plan(stream)
    if stream.until is not None and order.from_ < stream.until:
        raise errors.lot_overlaps()
    if stream.until is not None and order.from_ > stream.until:
        raise errors.lot_gap(stream.until)
    if order.may_reduce and stream.strictness is Strictness.NORMAL and stream.score >= ENOUGH:
        return turned(stream, Strictness.REDUCED)
    if stream.strictness is Strictness.REDUCED and not order.may_reduce:
        return turned(stream, Strictness.NORMAL)
    return stream


def _lot(transaction: Transaction, who: Principal, order: LotOrder, *, said: Sequence[Said], stream: Stream) -> Lot:
    """2."""
    id, population = new_id(), population_digest(one.id for one in said)
    (entry,) = transaction.custody.append(_ordering(id, who, order, population=population))
    size = entry.seq + 1
    return Lot.model_validate(
        {
            "id": id,
            "tenant": who.tenant,
            "of": order.of,
            "policy": order.policy,
            "from": order.from_,
            "until": order.until,
            "level": order.level,
            "aql": order.aql,
            "size": len(said),
            "population_sha256": population,
            "seed": transaction.custody.root(size),
            "log_size": size,
            "plan": plan_for(len(said), order.level, order.aql, strictness=stream.strictness),
            "drawn_at": transaction.now,
        }
    )


def _sampled(lot: Lot, said: Sequence[Said]) -> list[SampleItem]:
    """3."""
    of = {one.id: one for one in said}
    return [_item(lot, of[id], None) for id in drawn(of, lot.plan.size, lot.seed)]


def _planted(transaction: Transaction, lot: Lot) -> list[SampleItem]:
    """4. Only of what can be answered: a case without a known verdict is no evidence to judge."""
    if lot.of is not LotOf.ACCEPTED:
        return []
    standing = transaction.planting.find(Page(limit=MOST_PLANTED), for_=PlantedFor.REVIEWERS, standing=True)
    known = {one.id: one for one in standing if one.truth.verdict is not None}
    chosen = [known[id] for id in drawn(known, -(-lot.plan.size // ONE_IN), lot.seed)]
    return [_item(lot, Said(one.id, one.case_id, str(one.truth.verdict)), one) for one in chosen]


def _item(lot: Lot, said: Said, planted: PlantedCase | None) -> SampleItem:
    return SampleItem(
        id=new_id(),
        tenant=lot.tenant,
        lot=None if planted else lot.id,
        planted=planted.id if planted else None,
        case_id=said.case_id,
        of=lot.of,
        subject=said.id,
        said=said.said,
        order=order_of(lot.seed, said.id),
    )


def end_if_looked_at(transaction: Transaction, lot_id: str, by: str) -> Lot | None:
    """5. The lot, if it has ended with this."""
    lot = transaction.samples.lot(lot_id, lock=True)
    items = transaction.samples.items(lot_id)
    if lot is None or lot.outcome is not None or any(one.answered_at is None for one in items):
        return None
    wrong = sum(one.answer != one.said for one in items)
    ended = lot.model_copy(update={"wrong": wrong, "ended_at": transaction.now})
    outcome = outcome_of(ended)
    ended = ended.model_copy(update={"outcome": outcome})
    transaction.samples.end(ended)
    stream = transaction.samples.stream(lot.of, lot.policy, lock=True)
    before = stream.model_copy(update={"strictness": lot.plan.strictness, "open_lot": None})
    transaction.samples.keep_stream(after(before, ended, outcome))
    transaction.custody.append(_ended(ended, by, outcome=outcome))
    return ended


def void(transaction: Transaction, who: Principal, lot_id: str) -> Lot:
    """Somebody ends a lot of which not all can be looked at any more, such as of erased cases: nothing comes of it, how
    strict the next one is stays. Raises RequestError `request.missing`, WatchingError `watching.lot_ended`."""
    lot = transaction.samples.lot(lot_id, lock=True)
    if lot is None:
        raise missing()
    if lot.outcome is not None:
        raise errors.lot_ended()
    ended = lot.model_copy(update={"outcome": LotOutcome.VOID, "ended_at": transaction.now})
    transaction.samples.end(ended)
    stream = transaction.samples.stream(lot.of, lot.policy, lock=True)
    transaction.samples.keep_stream(stream.model_copy(update={"open_lot": None}))
    transaction.custody.append(_ended(ended, who.actor, outcome=LotOutcome.VOID))
    return ended


def resume(transaction: Transaction, who: Principal, of: LotOf, *, policy: str) -> Stream:
    """Somebody says that the cause was mended: lots are inspected again, tightened. Raises WatchingError
    `watching.not_stopped`."""
    stream = transaction.samples.stream(of, policy)
    if stream.strictness is not Strictness.STOPPED:
        raise errors.not_stopped()
    stream = turned(stream, Strictness.TIGHTENED)
    transaction.samples.keep_stream(stream)
    body = {"what": "resumed", "of": of.value, "policy": policy}
    transaction.custody.append(Deed(tenant=who.tenant, act=Act.SAMPLE, subject="stream", actor=who.actor, body=body))
    return stream


def _ordering(id: str, who: Principal, order: LotOrder, *, population: str) -> Deed:
    """What was asked for, before anybody can know the sample: whoever asks again gets another number."""
    body = {
        "what": "ordered", "of": order.of.value, "policy": order.policy, "from": _text(order.from_),
        "until": _text(order.until), "population_sha256": population, "nonce": secrets.token_hex(32),
    }  # fmt: skip
    return Deed(tenant=who.tenant, act=Act.SAMPLE, subject=id, actor=who.actor, body=body)


def drawing_of(lot: Lot, actor: str) -> Deed:
    """The lot as custody keeps it."""
    plan = lot.plan
    body = {
        "what": "drawn", "of": lot.of.value, "policy": lot.policy, "from": _text(lot.from_), "until": _text(lot.until),
        "population_sha256": lot.population_sha256, "size": lot.size, "seed": lot.seed, "log_size": lot.log_size,
        "letter": plan.letter, "sample": plan.size, "accept": plan.accept, "strictness": plan.strictness.value,
        "aql": lot.aql,
    }  # fmt: skip
    return Deed(tenant=lot.tenant, act=Act.SAMPLE, subject=lot.id, actor=actor, body=body)


def _ended(lot: Lot, actor: str, *, outcome: LotOutcome) -> Deed:
    body = {"what": "ended", "wrong": lot.wrong, "outcome": outcome.value}
    return Deed(tenant=lot.tenant, act=Act.SAMPLE, subject=lot.id, actor=actor, body=body)


def _text(at: datetime) -> str:
    return at.isoformat()
