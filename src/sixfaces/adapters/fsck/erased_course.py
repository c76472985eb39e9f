"""The course of claims of which a case or an exhibit was erased: no words are left on it, and none are gone that were
not erased.

Rows say themselves since when their words are gone. What they hold then is not what custody has the digest of: whoever
compares the two passes them over, and they are held against the erasure here instead.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of
from sixfaces.adapters.fsck.rows import instant
from sixfaces.domain.chronicle import Happening
from sixfaces.domain.erased_words import wordless
from sixfaces.domain.inspection import StepAnswer
from sixfaces.domain.model import Model

_OF_CASE = "SELECT id, case_id, erased_at FROM {table} ORDER BY id"
_ASKED = {
    **{table: _OF_CASE.format(table=table) for table in ("chronicle", "qc_verdicts", "decisions")},
    "inspection_answers": (
        "SELECT answers.id, inspections.case_id, answers.erased_at FROM inspection_answers AS answers"
        " JOIN inspections ON inspections.tenant = answers.tenant AND inspections.id = answers.inspection"
        " ORDER BY answers.id"
    ),
}
_CASES = "SELECT id FROM cases WHERE erased_at IS NOT NULL"
_OF_EXHIBITS = (
    "SELECT case_id, id, sha256, CAST(erased AS TEXT) FROM exhibits WHERE case_id IN ("
    "SELECT case_id FROM exhibits WHERE erased IS NOT NULL) ORDER BY id"
)
_ANSWERS = (
    "SELECT answers.id, inspections.case_id, CAST(answers.answer AS TEXT) FROM inspection_answers AS answers"
    " JOIN inspections ON inspections.tenant = answers.tenant AND inspections.id = answers.inspection"
    " WHERE answers.erased_at IS NULL ORDER BY answers.id"
)
_CHRONICLE = "SELECT id, case_id, recorded_at, what FROM chronicle WHERE erased_at IS NULL ORDER BY id"
_HAPPENING: TypeAdapter[Happening] = TypeAdapter(Happening)
_ANSWER = TypeAdapter(StepAnswer)

M = TypeVar("M", bound=Model)


def check_erased_course(look: Look, entered: Collection[str]) -> Iterator[Fault]:
    """`entered`: cases of which the log says that something was erased."""
    cases = {id for (id,) in look.rows.ask(_CASES)}
    gone = _gone(look)
    for table, asked in _ASKED.items():
        for id, case_id, erased_at in look.rows.ask(asked):
            if erased_at is None and case_id in cases:
                yield fault("claim_survived", f"{table} {id}")
            elif erased_at is not None and not ((case_id in cases or case_id in gone) and case_id in entered):
                yield fault("tombstone_unentered", f"{table} {id}")
    if gone:
        yield from _survived(look, {case: names for case, names in gone.items() if case not in cases})


def _gone(look: Look) -> dict[str, dict[str, datetime]]:
    """By case the digests and ids of exhibits that are erased, and since when; without those of whose bytes the case
    has another exhibit, for what was written may be of that one."""
    rows = [(case_id, id, sha256, tree_of(erased)) for case_id, id, sha256, erased in look.rows.ask(_OF_EXHIBITS)]
    kept = {(case_id, sha256) for case_id, _, sha256, erased in rows if erased is None}
    gone: dict[str, dict[str, datetime]] = {}
    for case_id, id, sha256, erased in rows:
        if erased is not None:
            at = instant(erased["at"])
            its = {} if (case_id, sha256) in kept else {id: at, sha256: at}
            gone.setdefault(case_id, {}).update(its)
    return gone


def _survived(look: Look, gone: Mapping[str, Mapping[str, datetime]]) -> Iterator[Fault]:
    """Words on an exhibit that is gone, written while it was there."""
    for id, case_id, text in look.rows.ask(_ANSWERS):
        if any(name in text for name in gone.get(case_id, ())) and _says(_ANSWER, text):
            yield fault("claim_survived", f"inspection_answers {id}")
    for id, case_id, recorded_at, text in look.rows.ask(_CHRONICLE):
        at = instant(recorded_at)
        if any(name in text and at <= went for name, went in gone.get(case_id, {}).items()) and _says(_HAPPENING, text):
            yield fault("claim_survived", f"chronicle {id}")


def _says(kind: TypeAdapter[M], text: str) -> bool:
    """Whether anybody's words stand there. What cannot be read is told elsewhere."""
    try:
        told = kind.validate_json(text)
    except ValidationError:
        return False
    return wordless(told) != told
