"""report.json as bytes, and reading them back."""

import json

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.errors import ReportError
from sixfaces.domain.rules import Criterion, RuleCode
from sixfaces.report import serial
from sixfaces.report.serial import read_report, report_bytes
from tests.unit.report.specimens import criteria, report


def test_a_written_report_reads_back_as_itself() -> None:
    written = report_bytes(report())
    assert report_bytes(read_report(written)) == written


def test_the_keys_are_those_of_the_contract() -> None:
    tree = json.loads(report_bytes(report()))
    assert tree["schema"] == "sixfaces.report/1"
    assert list(tree["criteria"]) == ["consistency", "completeness", "validity", "timeliness"]
    assert {"case_id", "verdict", "criteria", "exhibits", "rulebook", "observers", "timing"} <= set(tree)
    found = tree["criteria"]["completeness"]["findings"][0]
    assert {"code", "answer", "text", "exhibit", "spans", "cites", "value", "threshold", "fix"} <= set(found)
    shown = tree["exhibits"][0]
    assert {"sha256", "name", "role", "bytes", "media", "faces", "stages", "takes", "codes", "absences"} <= set(shown)
    assert shown["faces"]["bottom"]["answer"] == "not_met"
    assert shown["codes"][0] == {
        "format": "Code128", "text": "SF1234567890123", "reads": 14, "from_s": 12.3, "to_s": 14.0
    }  # fmt: skip


def test_numbers_are_rounded_and_zero_has_no_sign() -> None:
    judged = criteria()
    first = judged[Criterion.VALIDITY].findings[0].model_copy(update={"value": 1 / 3, "margin": -0.00001})
    judged[Criterion.VALIDITY] = judged[Criterion.VALIDITY].model_copy(update={"findings": (first,)})
    tree = json.loads(report_bytes(report(criteria=judged)))
    found = tree["criteria"]["validity"]["findings"][0]
    assert found["value"] == 0.3333
    assert str(found["margin"]) == "0.0"


def test_words_of_both_languages_are_written_as_they_are() -> None:
    assert "无法判断".encode() in report_bytes(
        report(notes=({"zh": "无法判断", "en": "cannot tell"},)),
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[1]", b"null", b"{", b"[" * 100_000, b'{"schema": "sixfaces.report/1"}'],
    ids=["empty", "not utf-8", "list", "null", "cut short", "deep", "no case"],
)
def test_what_is_no_report_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(ReportError) as refused:
        read_report(data)
    assert refused.value.code in ("report.unreadable", "report.unknown_schema")


def test_a_schema_younger_than_this_program_is_named() -> None:
    with pytest.raises(ReportError, match=r"sixfaces\.report/9") as refused:
        read_report(b'{"schema": "sixfaces.report/9"}')
    assert refused.value.code == "report.unknown_schema"


def test_an_older_schema_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def lift(tree: dict[str, object]) -> dict[str, object]:
        return {**tree, "schema": "sixfaces.report/1", "case_id": tree["case"]} | {"case": None}

    def without_case(tree: dict[str, object]) -> dict[str, object]:
        lifted = lift(tree)
        del lifted["case"]
        return lifted

    monkeypatch.setitem(serial.LIFTS, "sixfaces.report/0", without_case)
    tree = json.loads(report_bytes(report()))
    old = {**tree, "schema": "sixfaces.report/0", "case": tree["case_id"]}
    del old["case_id"]
    assert read_report(json.dumps(old).encode()) == read_report(report_bytes(report()))


def test_a_report_keeps_every_rule_code_it_was_given() -> None:
    back = read_report(report_bytes(report()))
    codes = {f.code for judged in back.criteria.values() for f in judged.findings}
    assert codes == set(RuleCode)
    assert back.criteria[Criterion.COMPLETENESS].answer is Answer.NOT_MET
