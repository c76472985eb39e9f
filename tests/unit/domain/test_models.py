"""Models are closed and finite; errors have codes of their family."""

import json

import pytest
from pydantic import ValidationError

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import MediaError
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Measured

SAY = Say(zh="坏", en="bad")


def test_unknown_keys_are_errors() -> None:
    with pytest.raises(ValidationError, match="weybill"):
        CaseFile.model_validate_json('{"case_id": "C", "return_parcel": {"weybill": "1"}}')


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        CaseFile.model_validate_json('{"case_id": "C", "return_parcel": {"signed_at": "2026-01-01T00:00:00"}}')


@pytest.mark.parametrize("year", ["0001", "1899", "9000", "9999"])
def test_an_instant_from_the_ends_of_the_calendar_is_refused(year: str) -> None:
    with pytest.raises(ValidationError, match="must lie between the years 1900 and 9000"):
        CaseFile.model_validate({"case_id": "C", "return_parcel": {"signed_at": f"{year}-01-01T00:00:00Z"}})


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    window = {"opens_at": "2026-01-02T00:00:00Z", "closes_at": "2026-01-01T00:00:00Z"}
    with pytest.raises(ValidationError, match="closes_at lies before"):
        CaseFile.model_validate({"case_id": "C", "evidence_window": window})


@pytest.mark.parametrize("text", ['{"case_id": "a\\u0000b"}', '{"case_id": ""}', '{"case_id": "a\\nb"}'])
def test_identifiers_hold_no_control_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        CaseFile.model_validate_json(text)


def test_numbers_must_be_finite() -> None:
    with pytest.raises(ValidationError, match="finite"):
        CaseFile.model_validate({"case_id": "C", "return_parcel": {"weight_g": float("inf")}})


def test_a_fact_is_recognised_by_its_kind() -> None:
    measured = Measured.model_validate_json(json.dumps({"fact": {"kind": "take", "index": 0}}))
    assert measured.fact.kind == "take"
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        Measured.model_validate_json('{"fact": {"kind": "tale", "index": 0}}')


def test_an_error_carries_a_code_of_its_family() -> None:
    error = MediaError("media.truncated", SAY, SAY)
    assert error.code == "media.truncated"
    with pytest.raises(ValueError, match="cannot carry"):
        MediaError("intake.empty", SAY, SAY)
