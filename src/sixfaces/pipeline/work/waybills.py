"""Which of the codes read in an exhibit may be waybills: what an earlier opening of the same parcel is found by."""

import re

from sixfaces.criteria.consistency_numbers import normalised
from sixfaces.criteria.consistency_reading import other_numbers
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.observation import Record
from sixfaces.domain.reading_facts import CheckDigit, CodeFact

_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9]{8,40}")
"""Shorter ones are sizes, shelves and batch numbers; links and challenge codes are no single number."""


def waybills_in(record: Record) -> frozenset[str]:
    """Texts of codes that may be waybills. An article's number is none: thousands of parcels carry the same."""
    return frozenset(code.text for _, code in ExhibitEvidence(record).of(CodeFact) if _may_be(code))


def not_waybills(case: CaseFile) -> frozenset[str]:
    """Numbers that the case names as something else, in their plain form."""
    return frozenset(normalised(number) for number in other_numbers(case))


def _may_be(code: CodeFact) -> bool:
    article_or_pallet = code.carrier is None and code.check_digit is CheckDigit.OK
    if code.format in _RETAIL or code.check_digit is CheckDigit.FAILED or article_or_pallet:
        return False
    return _NUMBER.fullmatch(normalised(code.text)) is not None
