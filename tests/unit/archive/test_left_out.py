"""What no rule reads is not in the archive; should a rule read it one day, that is not taken for unmeasured."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.domain.archive import JUDGED, Judged
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.reverifying import Selection, Tally
from sixfaces.pipeline.archive import archiving, filling, keeping, spans
from sixfaces.pipeline.archive.archiving import Archivist, blocks_of
from sixfaces.pipeline.archive.keeping import judged_bytes, judged_on
from sixfaces.pipeline.archive.rows import FACTS, LEFT_OUT, head_of, row_of
from sixfaces.pipeline.archive.spans import Asked, rejudged, spans_of
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import DIGESTS
from tests.rig.judged_cases import some_cases, verdict_on
from tests.unit.archive.test_archiving import archived, judged, there

NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)


def columns(service: Service) -> Iterator[tuple[frozenset[str], tuple[str, ...]]]:
    for part in there(service):
        for block in blocks_of(service, part, id=part.id):
            yield frozenset(block.names()), block.head.left_out


def tally(service: Service) -> Tally:
    (span,) = [span for span, _ in spans_of(service, "main", Asked(None, Selection()))]
    return rejudged(service, "main", span=span, asked=Asked(None, Selection())).tally


def from_judgings(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[StoredVerdict]:
    """What is read of judgings from here on."""
    seen: list[StoredVerdict] = []
    real = judged_on

    def told(service: Service, verdict: StoredVerdict) -> Judged | None:
        seen.append(verdict)
        return real(service, verdict)

    monkeypatch.setattr(spans, "judged_on", told)
    return seen


@pytest.fixture
def cases(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[FiledCase]:
    """Two, of which what judging saw is of real records, though it was not entered."""
    monkeypatch.setattr(keeping, "entered_of", lambda transaction, verdict: {})
    made = judged(service, 2)
    for case, one in zip(made, some_cases(2), strict=True):
        with service.records.begin("main", reading=True) as tx:
            (verdict,) = tx.verdicts.of_case(case.id)
        service.blobs.put(f"{verdict.results}/{JUDGED}", judged_bytes(one.judged.model_copy(update={"stations": ()})))
        service.blobs.remove(f"{verdict.results}/{DIGESTS}")
    return made


def test_rows_have_no_column_of_it_and_the_part_says_so() -> None:
    one = some_cases(1)[0]
    whole = row_of(verdict_on(one, at=NOW), one.judged)
    row = row_of(verdict_on(one, at=NOW), one.judged, left_out=LEFT_OUT)
    assert whole.keys() - row.keys() == {"fact_moment"}
    data = ParquetParts().write([row], head_of([one.judged], left_out=LEFT_OUT))
    (block,) = ParquetParts().read(data, part="p")
    assert (block.head.left_out, "fact_moment" in block.names()) == (tuple(sorted(LEFT_OUT)), False)


def test_what_a_rule_reads_by_now_is_taken_from_what_judgings_left(
    service: Service, cases: list[FiledCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(service)
    seen = from_judgings(service, monkeypatch)
    before = tally(service)
    assert seen == []
    monkeypatch.setattr(spans, "FACTS_READ", frozenset({"moment"}))
    assert tally(service) == before
    assert len(seen) == len(cases) == before.cases


def test_parts_of_before_are_read_and_leave_it_out_once_they_are_written_anew(
    service: Service, cases: list[FiledCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(filling, "LEFT_OUT", frozenset())
        (part,) = archived(service)
    before = tally(service)
    ((names, left_out),) = columns(service)
    assert left_out == ()
    kind = min(name for name in names if name.startswith(FACTS)).removeprefix(FACTS)
    monkeypatch.setattr(archiving, "LEFT_OUT", frozenset({kind}))
    monkeypatch.setattr(spans, "FACTS_READ", frozenset({kind}))
    Archivist(service).rewrite([part])
    ((names, left_out),) = columns(service)
    assert (left_out, FACTS + kind in names) == ((kind,), False)
    assert tally(service) == before, "rules that read it find it where judgings left it"
