"""What is judged again from the archive comes out as if everything were judged from the start."""

import json
import random
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.criteria.judge import judge
from sixfaces.domain.answer import Verdict
from sixfaces.domain.archive import UNNAMED, Head
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import Flip, Selection
from sixfaces.domain.rules import Requirement
from sixfaces.pipeline.archive.rejudging import Rejudging, bringing_about
from sixfaces.pipeline.archive.rows import CODES, Case, head_of, row_of
from sixfaces.rulebook.loader import load_policy
from tests.rig.judged_cases import One, some_cases, verdict_on

NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)
CASES = 40


def part(cases: list[One], *, code_version: str = "test 1") -> bytes:
    rows = [row_of(verdict_on(one, at=NOW, code_version=code_version), one.judged) for one in cases]
    return ParquetParts().write(rows, head_of(one.judged for one in cases))


def rejudged(data: bytes, policy: Policy, *, code_version: str = "test 1") -> tuple[Rejudging, list[Flip]]:
    judging = Rejudging(lambda _: policy, code_version=code_version, observers="fake 1", selection=Selection())
    flips: list[Flip] = []
    for block in ParquetParts().read(data, part="p"):
        flips += judging.flips(block, only=set(block.column("id")), part="p")
    return judging, flips


def changed(policy: Policy, seed: int) -> Policy:
    """Some thresholds moved within their bounds, some rules used otherwise."""
    random_ = random.Random(seed)
    tree = policy.model_dump(mode="json")
    for group, fields in tree["thresholds"].items():
        for name, value in fields.items():
            if random_.random() < 0.08:
                info = type(getattr(policy.thresholds, group)).model_fields[name]
                low = next((m.ge for m in info.metadata if hasattr(m, "ge")), 0)
                high = next((m.le for m in info.metadata if hasattr(m, "le")), 1)
                new = random_.uniform(low, min(high, max(1.0, 4 * value)))
                fields[name] = round(new) if isinstance(value, int) else new
    for use in tree["rules"].values():
        if random_.random() < 0.1:
            use["use"] = random_.choice(list(Requirement)).value
    return Policy.model_validate({**tree, "digest": f"{seed:064x}"})


def whole(one: One, policy: Policy) -> str:
    evidence = Evidence(one.judged.case, tuple(map(ExhibitEvidence, one.judged.records)), one.judged.history)
    return judge(evidence, policy).verdict.value


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**9), st.sampled_from(["test 1", "another"]))
def test_any_change_of_the_policy_comes_out_as_judging_everything_anew(seed: int, code_version: str) -> None:
    cases = list(some_cases(CASES))
    policy = changed(load_policy("default"), seed)
    judging, flips = rejudged(part(cases), policy, code_version=code_version)
    found = {flip.number: flip.new.value for flip in flips}
    expected = {
        one.judged.case.case_id: verdict for one in cases if (verdict := whole(one, policy)) != one.report.verdict.value
    }
    assert found == expected
    assert all(set(flip.by) <= set(flip.rules) for flip in flips)
    tally = judging.counting.tally()
    for kind, share in tally.by_rule.items():
        by = [flip for flip in flips if flip.kind == kind]
        for code, its in share.items():
            mine = [flip for flip in by if code in (flip.by or ("-",))]
            assert (its.flips, its.stake.get("CNY")) == (len(mine), _sum(mine))
    assert judging.counting.cases == len(cases)


def _sum(flips: list[Flip]) -> Decimal | None:
    amounts = [flip.stake["CNY"] for flip in flips if "CNY" in flip.stake]
    return sum(amounts, Decimal()) if amounts else None


@pytest.mark.parametrize(
    ("old", "new", "rules", "by"),
    [
        ("accepted", "rejected", {"a": "met>not_met", "b": "met>cannot_tell"}, ("a",)),
        ("accepted", "needs_review", {"a": "met>-", "b": "met>cannot_tell"}, ("b",)),
        ("needs_review", "accepted", {"a": "cannot_tell>met", "b": "->met"}, ("a",)),
        ("needs_review", "rejected", {"a": "cannot_tell>not_met", "b": "cannot_tell>met"}, ("a",)),
        ("rejected", "accepted", {"a": "not_met>-", "b": "->met"}, ("a",)),
        ("rejected", "needs_review", {"a": "not_met>met", "b": "met>cannot_tell"}, ("a",)),
        ("accepted", "rejected", {"a": "met>-"}, ("a",)),
        ("accepted", "rejected", {}, ()),
    ],
)
def test_the_rules_that_bring_a_flip_about_are_told(
    old: str, new: str, rules: dict[str, str], by: tuple[str, ...]
) -> None:
    assert bringing_about(Verdict(old), Verdict(new), rules) == by


def test_the_cases_of_these_tests_are_of_every_verdict() -> None:
    assert {one.report.verdict.value for one in some_cases(CASES)} >= {"accepted", "needs_review", "rejected"}


def test_the_same_policy_by_the_same_code_asks_no_rule_and_flips_nothing() -> None:
    judging, flips = rejudged(part(list(some_cases(CASES))), load_policy("default"))
    assert (judging.counting.asked, flips) == (0, [])


def test_other_code_asks_every_rule_and_the_same_rules_flip_nothing() -> None:
    judging, flips = rejudged(part(list(some_cases(CASES))), load_policy("default"), code_version="another")
    assert (judging.counting.asked, flips) == (judging.counting.exhibits, [])


def test_one_changed_byte_of_a_part_is_found_or_changes_nothing_that_is_read() -> None:
    data = bytearray(part(list(some_cases(4))))
    data[len(data) // 2] ^= 1
    data[-20] ^= 1
    with pytest.raises(ArchiveError) as caught:
        rejudged(bytes(data), load_policy("default"), code_version="another")
    assert caught.value.code == "archive.corrupt"


def test_a_part_of_a_later_version_is_named_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.adapters.archive.parquet.FORM", "sixfaces.archive/2")
    data = part(list(some_cases(2)))
    monkeypatch.undo()
    with pytest.raises(ArchiveError) as caught:
        rejudged(data, load_policy("default"))
    assert (caught.value.code, "sixfaces.archive/2" in caught.value.text.en) == ("archive.newer", True)


def test_observations_that_this_version_does_not_know_are_named_and_not_skipped() -> None:
    one = some_cases(1)[0]
    row = dict(row_of(verdict_on(one, at=NOW), one.judged))
    row["fact_code"] = row["fact_code"].replace(b'"reads"', b'"votes"')
    data = ParquetParts().write([row], head_of([one.judged]))
    with pytest.raises(ArchiveError) as caught:
        rejudged(data, load_policy("default"), code_version="another")
    assert caught.value.code == "archive.newer"


@pytest.mark.parametrize("word", ["answers", "lacks", "roles"])
def test_words_of_a_later_version_in_a_row_are_named_and_not_mistaken(word: str) -> None:
    one = some_cases(1)[0]
    row, head = dict(row_of(verdict_on(one, at=NOW), one.judged)), head_of([one.judged])
    later = tuple(f"later_{name}" for name in getattr(head.meanings, word))
    head = head._replace(meanings=head.meanings._replace(**{word: later}))
    with pytest.raises(ArchiveError) as caught:
        rejudged(ParquetParts().write([row], head), strict())
    assert (caught.value.code, str(row["number"]) in caught.value.text.en) == ("archive.newer", True)


def test_a_verdict_or_a_number_that_this_version_does_not_know_is_named() -> None:
    one = some_cases(1)[0]
    for other in ({"verdict": "undecided"}, {"told": b"\xc8" * len(CODES) * len(one.judged.records)}):
        row = dict(row_of(verdict_on(one, at=NOW), one.judged)) | other
        with pytest.raises(ArchiveError) as caught:
            rejudged(ParquetParts().write([row], head_of([one.judged])), strict())
        assert caught.value.code == "archive.newer"


def test_parts_that_do_not_say_what_numbers_mean_are_read_as_they_were_written() -> None:
    data = part(list(some_cases(3)))
    table = pq.read_table(pa.BufferReader(data))
    told = json.loads(table.schema.metadata[b"sixfaces"])
    del told["meanings"]
    into = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({"sixfaces": json.dumps(told)}), into)
    (old,) = ParquetParts().read(bytes(into.getvalue()), part="p")
    (new,) = ParquetParts().read(data, part="p")
    assert old.head.meanings == UNNAMED
    assert [Case(old, at).told() for at in range(3)] == [Case(new, at).told() for at in range(3)]


def strict() -> Policy:
    """Every rule decides, whatever it is told of."""
    tree = load_policy("default").model_dump(mode="json")
    for use in tree["rules"].values():
        use["use"] = Requirement.REQUIRED.value
    return Policy.model_validate({**tree, "digest": "5" * 64})


def test_a_policy_that_cannot_be_read_any_more_makes_every_rule_run() -> None:
    one = some_cases(1)[0]
    data = ParquetParts().write([row_of(verdict_on(one, at=NOW), one.judged)], Head("fake 1", CODES, {}))
    judging, flips = rejudged(data, load_policy("default"))
    assert (judging.counting.asked, flips) == (judging.counting.exhibits, [])
