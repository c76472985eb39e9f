"""Whatever was measured, the rules of validity and timeliness answer, and a lack of facts never speaks for anybody."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.criteria.judge import judge
from sixfaces.criteria.registry import RULES
from sixfaces.criteria.timeliness import TIMELINESS
from sixfaces.criteria.validity import VALIDITY
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import EarlierTake, EarlierUse, History
from sixfaces.domain.exhibit import MediaInfo, Role
from sixfaces.domain.facts import (
    CaptureTimeFact,
    ContainerFact,
    DecodeFact,
    EditListFact,
    FingerprintFact,
    ProvenanceFact,
    ProvenanceState,
    ReencodeHintFact,
    TimeSource,
    TimeTrust,
    ToolKind,
    ToolTagFact,
    UnmeasuredFact,
    UsabilityFact,
)
from sixfaces.domain.model import EARLIEST, LATEST, Model, Say
from sixfaces.domain.observation import Measured, MediaFailure
from sixfaces.domain.parcel_facts import RecaptureFact, SealFact
from sixfaces.domain.reading_facts import ChallengeFact, CodeFact, Signature
from sixfaces.domain.rules import RuleCode
from tests.golden.building import OTHER_SHA, RECEIVED, SHA, SIGNED, WAYBILL, evidence, exhibit, span
from tests.golden.facts_of_validity import NO_FINGERPRINTS, captured, decoded, fingerprints, recapture, seal, usable
from tests.golden.policies import POLICY
from tests.golden.reading_findings import judged

DAY = timedelta(days=1)
UNIT = st.floats(0, 1, allow_nan=False)
SECONDS = st.floats(0, 1e6, allow_nan=False)
LONG = st.sampled_from(["x", "", "9" * 4000, "line\nline"])
ZONES = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
NEAR = st.datetimes(datetime(2026, 6, 18), datetime(2026, 6, 25), timezones=st.just(UTC))  # noqa: DTZ001 zones are added
TIMES = NEAR | st.datetimes(timezones=ZONES)
TOLD = NEAR | st.datetimes(
    EARLIEST.replace(tzinfo=None) + DAY, LATEST.replace(tzinfo=None) - 2 * DAY, timezones=ZONES
)  # fmt: skip
"""Instants that people hand in: refused near the ends of the calendar, which instants found in files are not."""
KINDS = st.sampled_from(["decode", "usability", "seal", "challenge", "capture_time", "provenance", "fingerprint"])


@st.composite
def usability(draw: st.DrawFn) -> UsabilityFact:
    steps = draw(st.lists(st.tuples(UNIT | st.just(-1.0), UNIT, UNIT, UNIT, UNIT), max_size=5))
    sharpness, luma, dark, bright, noise = zip(*steps, strict=True) if steps else ((),) * 5
    return UsabilityFact(
        step_s=draw(st.floats(0.1, 2)), sharpness=sharpness, luma=luma, dark=dark, bright=bright, noise=noise
    )


FACTS: st.SearchStrategy[Model] = st.one_of(
    st.builds(ContainerFact, format=LONG),
    st.builds(EditListFact, entries=st.integers(0, 9), hidden_s=SECONDS, benign=st.booleans(), detail=LONG),
    st.builds(ToolTagFact, field=LONG, value=LONG, tool=st.sampled_from(ToolKind)),
    st.builds(ReencodeHintFact, hint=LONG, detail=LONG, strength=UNIT),
    st.builds(ProvenanceFact, state=st.sampled_from(ProvenanceState), issuer=st.none() | LONG,
              problems=st.lists(LONG, max_size=5).map(tuple)),
    st.builds(CaptureTimeFact, source=st.sampled_from(TimeSource), instant=TIMES, zone_known=st.booleans(),
              trust=st.sampled_from(TimeTrust), field=LONG),
    st.builds(DecodeFact, frames=st.integers(0, 9), corrupt_frames=st.integers(0, 20), covered_s=SECONDS,
              expected_s=st.none() | SECONDS, stopped_by=st.none() | LONG),
    usability(),
    st.builds(fingerprints, st.just("ab" * 32)) | st.just(NO_FINGERPRINTS),
    st.builds(RecaptureFact, likelihood=UNIT, signs=st.lists(LONG, max_size=3).map(tuple)),
    st.builds(SealFact, intact=st.sampled_from(Answer)),
    st.builds(ChallengeFact, station=LONG, slot_from=TIMES, slot_to=TIMES, signature=st.sampled_from(Signature)),
    st.builds(CodeFact, format=st.just("Code128"), text=st.just(WAYBILL), reads=st.integers(1, 9)),
    st.builds(UnmeasuredFact, of=st.lists(KINDS, max_size=3).map(tuple), code=LONG, detail=LONG),
)  # fmt: skip
SPANS = st.none() | st.tuples(SECONDS, SECONDS).map(lambda ends: span(min(ends), max(ends)))
MEASURED = st.builds(Measured, fact=FACTS, span=SPANS, confidence=UNIT)
HISTORIES = st.builds(
    History,
    searched=st.booleans(),
    uses=st.lists(st.builds(EarlierUse, exhibit=st.sampled_from([SHA, OTHER_SHA]), other_case=LONG,
                            other_exhibit=st.just(OTHER_SHA), bits=st.integers(0, 256)), max_size=2).map(tuple),
    takes=st.lists(st.builds(EarlierTake, waybill=st.sampled_from([WAYBILL, "9" * 4000]), case_id=LONG,
                             exhibit=st.sampled_from([SHA, OTHER_SHA])), max_size=2).map(tuple),
)  # fmt: skip
CASES = st.fixed_dictionaries(
    {
        "return_parcel": st.fixed_dictionaries({}, optional={"signed_at": TOLD, "waybill": st.just(WAYBILL)}),
        "evidence_window": st.fixed_dictionaries({}, optional={"closes_at": TOLD}),
        "received_at": st.fixed_dictionaries({}, optional={"unboxing.mp4": TOLD}),
    }
)
FAILURES = st.none() | st.builds(
    MediaFailure, code=LONG, text=st.just(Say(zh="坏" * 4000, en="bad" * 1000)), fix=st.just(Say(zh="修", en="Fix."))
)
MEDIA = st.none() | st.builds(
    MediaInfo, width=st.integers(1, 9000), height=st.integers(1, 9000), fps=st.none() | SECONDS, codec=st.just("h264")
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(MEASURED, max_size=10), CASES, HISTORIES, st.tuples(MEDIA, FAILURES, st.none() | TIMES))
def test_every_rule_answers_whatever_was_measured(
    facts: list[Measured], case: dict[str, Any], history: History, about: tuple[Any, Any, Any]
) -> None:
    media, failure, received = about
    seen = exhibit(*facts, media=media, failure=failure, received_at=received)
    known = evidence(seen, history=history, **case)
    for rule in (*VALIDITY, *TIMELINESS):
        finding = judged(rule.judge, known)
        assert finding.code is rule.code
        assert finding == rule.judge(known, seen, POLICY)
        assert len(finding.text.en) < 2000
    whole = judge(known, POLICY)
    assert sum(len(judged.findings) for judged in whole.criteria.values()) == len(
        [rule for rule in RULES if Role.UNBOXING_VIDEO in rule.roles]
    )


NEEDED: dict[RuleCode, type[Model]] = {
    RuleCode.DECODES: DecodeFact,
    RuleCode.SHARPNESS: UsabilityFact,
    RuleCode.EXPOSURE: UsabilityFact,
    RuleCode.NOT_RECAPTURED: RecaptureFact,
    RuleCode.ORIGINAL: ContainerFact,
    RuleCode.NOT_REUSED: FingerprintFact,
    RuleCode.PROVENANCE: ProvenanceFact,
    RuleCode.FIRST_OPENING: SealFact,
    RuleCode.CHALLENGE: ChallengeFact,
}


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(MEASURED, max_size=10), HISTORIES)
def test_without_the_fact_that_a_rule_needs_it_is_never_met(facts: list[Measured], history: History) -> None:
    for rule in (*VALIDITY, *TIMELINESS):
        needed = NEEDED.get(rule.code)
        if needed is not None:
            seen = exhibit(*(m for m in facts if not isinstance(m.fact, needed)))
            assert judged(rule.judge, evidence(seen, history=history)).answer is not Answer.MET
    timeless = exhibit(*(m for m in facts if not isinstance(m.fact, CaptureTimeFact | ChallengeFact)))
    for rule in TIMELINESS:
        if rule.code in (RuleCode.RECORDED_AFTER_SIGNING, RuleCode.CLOCK, RuleCode.CHALLENGE):
            assert judged(rule.judge, evidence(timeless)).answer is not Answer.MET


RANK = {Answer.NOT_MET: 0, Answer.CANNOT_TELL: 1, Answer.MET: 2}
LADDERS: dict[RuleCode, Any] = {
    RuleCode.DECODES: lambda x: exhibit(decoded(covered_s=60 * x)),
    RuleCode.RESOLUTION: lambda x: exhibit(
        media=MediaInfo(width=2000, height=1 + int(x * 700), fps=30.0, codec="h264")
    ),
    RuleCode.SHARPNESS: lambda x: exhibit(usable(10, sharpness=(x, x / 2) * 5)),
    RuleCode.EXPOSURE: lambda x: exhibit(usable(10, dark=(1 - x,) * 10)),
    RuleCode.NOT_RECAPTURED: lambda x: exhibit(recapture(1 - x)),
    RuleCode.FIRST_OPENING: lambda x: exhibit(seal(Answer.MET, x)),
    RuleCode.RECORDED_AFTER_SIGNING: lambda x: exhibit(captured(SIGNED + timedelta(hours=8 * x - 5))),
    RuleCode.SUBMITTED_IN_WINDOW: lambda x: exhibit(received_at=RECEIVED + timedelta(days=5 * (1 - x))),
    RuleCode.OPENED_PROMPTLY: lambda x: exhibit(
        captured(SIGNED + timedelta(days=1.9 + 0.3 * (1 - x))), received_at=SIGNED + timedelta(days=2.3)
    ),
}
BY_CODE = {rule.code: rule for rule in RULES}


@pytest.mark.parametrize("code", LADDERS, ids=lambda code: code.value)
def test_a_better_measure_never_gives_a_worse_answer(code: RuleCode) -> None:
    steps = [judged(BY_CODE[code].judge, evidence(LADDERS[code](i / 200))) for i in range(201)]
    ranks = [RANK[finding.answer] for finding in steps]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1] == RANK[Answer.MET]
    margins = [finding.margin for finding in steps]
    if code is not RuleCode.FIRST_OPENING:
        known = [margin for margin in margins if margin is not None]
        assert known == sorted(known)
