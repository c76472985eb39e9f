"""The course of claims whose case was erased: no words are left in it, and none are gone that were not erased.

Rows say themselves since when their words are gone. What they hold then is not what custody has the digest of: whoever
compares the two passes them over, and they are held against the erasure here instead.
"""

from collections.abc import Collection, Iterator

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look

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


def check_erased_course(look: Look, entered: Collection[str]) -> Iterator[Fault]:
    """`entered`: cases of which the log says that something was erased."""
    cases = {id for (id,) in look.rows.ask(_CASES)}
    for table, asked in _ASKED.items():
        for id, case_id, erased_at in look.rows.ask(asked):
            if erased_at is None and case_id in cases:
                yield fault("claim_survived", f"{table} {id}")
            elif erased_at is not None and not (case_id in cases and case_id in entered):
                yield fault("tombstone_unentered", f"{table} {id}")
