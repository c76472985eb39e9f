"""How a face's stretch of view counts under a policy: one way of judging, for the rule and for the page."""

import math

from sixfaces.domain.parcel_facts import FaceFact, FaceMoment
from sixfaces.domain.policy import FaceThresholds

_TOLERANCE = 1e-6
"""Cosines and shares are kept in thousandths; a limit stated in degrees must not fail by a float's last digit."""


def judged(fact: FaceFact, limits: FaceThresholds) -> FaceFact:
    """The fact with the best view and the dwell that these limits leave of it.

    With a series, `dwell_s` is the time in which all limits on a view hold at once, and the best view is one of those
    in which they do, if there is any; else the fact's own view stands, with what is wrong with it. Without a series
    the fact is as it was measured.
    """
    if fact.series is None:
        return fact
    rows = [row for row in fact.series.rows() if _holds(row, limits)]
    if not rows:
        return fact
    dwell = round(sum(row.for_s for row in rows), 3)
    if any(row.at_s == fact.best_s for row in rows):
        return fact.model_copy(update={"dwell_s": dwell})
    best = max(rows, key=lambda row: (row.view_cos, -row.at_s))
    view = {name: getattr(best, name) for name in ("view_cos", "uncovered", "in_frame", "edge_px", "sharpness")}
    return fact.model_copy(update={**view, "dwell_s": dwell, "best_s": best.at_s})


def _holds(view: FaceMoment, limits: FaceThresholds) -> bool:
    """Whether one moment meets every limit on a view."""
    return (
        view.view_cos >= math.cos(math.radians(limits.view_deg)) - _TOLERANCE
        and view.uncovered >= limits.uncovered - _TOLERANCE
        and view.in_frame >= limits.in_frame - _TOLERANCE
        and view.edge_px >= limits.edge_px - _TOLERANCE
        and view.sharpness >= limits.sharpness - _TOLERANCE
    )
