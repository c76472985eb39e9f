"""A lot that has been looked at."""

from datetime import UTC, datetime, timedelta

from sixfaces.domain.sampling import Level, Lot, LotOf, Strictness
from sixfaces.pipeline.ids import new_id
from sixfaces.watching.plans import plan_for

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def looked_at(strictness: Strictness, *, wrong: int = 0, aql: str = "1.0") -> Lot:
    """Of 1,200, at level II."""
    known = Strictness.NORMAL if strictness is Strictness.STOPPED else strictness
    return Lot.model_validate(
        {
            "id": new_id(), "tenant": "main", "of": LotOf.ACCEPTED, "policy": "default@1", "from": NOON,
            "until": NOON + timedelta(1), "level": Level.II, "aql": aql, "size": 1200, "population_sha256": "0" * 64,
            "seed": "1" * 64, "log_size": 1, "plan": plan_for(1200, Level.II, aql, strictness=known), "wrong": wrong,
            "drawn_at": NOON,
        }
    )  # fmt: skip
