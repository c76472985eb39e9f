"""Statistics of the machine as one table for spreadsheets: a line for each figure, whichever it is."""

import csv
import io
from collections.abc import Iterator

from sixfaces.domain.statistics import Distribution, MachineStatistics
from sixfaces.domain.watching import Share
from sixfaces.pipeline.watching.suppliers import harmless

COLUMNS = (
    *("part", "month", "source", "rule", "said", "observer", "version", "other_version", "measure"),
    *("k", "n", "value", "low", "high", "confidence", "chance", "found"),
)
Line = dict[str, object]


def csv_of(found: MachineStatistics) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by; no cell is a formula. `part` says which figure a line is."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines_of(found):
        writer.writerow([harmless(line.get(name)) for name in COLUMNS])
    return sheet.getvalue().encode("utf-8-sig")


def lines_of(found: MachineStatistics) -> Iterator[Line]:
    """In the order of the parts."""
    for looked in found.months:
        yield {"part": "answered", "month": looked.month, "k": looked.answered, "n": looked.cases}
    for one in found.agreement:
        said = {"month": one.month, "source": one.source.value, "rule": one.rule, "said": one.said}
        yield {"part": "agreement", **said, **_share(one.agrees)}
    yield from _calibration(found)
    yield from _trends(found)
    yield from _drifts(found)
    yield from _left_out(found)


def _calibration(found: MachineStatistics) -> Iterator[Line]:
    for table in found.calibration:
        of: Line = {"source": table.source.value, "rule": table.rule}
        verdict = {"n": table.n, "value": table.error, "chance": table.chance, "found": table.found}
        yield {"part": "calibration", **of, **verdict}
        for one in table.bins:
            between = f"{one.low:g} to {one.high:g}"
            yield {"part": "reliability", **of, "measure": between, "confidence": one.sure, **_share(one.right)}


def _trends(found: MachineStatistics) -> Iterator[Line]:
    for trend in found.trends:
        of = {"observer": trend.observer, "version": trend.version, "measure": trend.measure}
        for month, told in trend.months.items():
            yield {"part": "trend", "month": month, **of, **_distribution(told)}


def _drifts(found: MachineStatistics) -> Iterator[Line]:
    for one in found.drifts:
        of = {"observer": one.observer, "version": one.version, "other_version": one.other, "measure": one.measure}
        told = {"value": one.distance, "chance": one.chance, "found": one.kind.value, "n": one.after.n}
        yield {"part": "drift", "month": one.since, **of, **told}


def _left_out(found: MachineStatistics) -> Iterator[Line]:
    left = found.left_out
    for name in ("blind", "unkept", "unreadable", "otherwise"):
        yield {"part": "left_out", "measure": name, "n": getattr(left, name)}
    for part in left.parts:
        yield {"part": "left_out", "measure": part.code, "version": part.part, "n": part.verdicts}


def _share(share: Share) -> Line:
    return {"k": share.k, "n": share.n, "value": share.value, "low": share.low, "high": share.high}


def _distribution(told: Distribution) -> Line:
    if told.share is not None:
        return _share(told.share)
    return {"n": told.n, "value": told.median, "low": told.low, "high": told.high}
