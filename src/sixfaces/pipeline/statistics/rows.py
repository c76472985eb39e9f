"""Rows of the archive as statistics read them: by what stands there, so that rules that are gone and facts of other
versions spoil nothing but themselves."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from sixfaces.criteria.registry import RULES
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.archive import Block
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence, History
from sixfaces.domain.exhibit import Role
from sixfaces.domain.judgement import Lacks
from sixfaces.domain.observation import Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, Requirement
from sixfaces.pipeline.archive.rows import FACTS, FRAMES, OBSERVED, Case, said_by, word_at
from sixfaces.pipeline.statistics.main_facts import KINDS, Seen, Valued, valued
from sixfaces.watching.agreeing import Spoken, spoken_of


class Said(NamedTuple):
    """One rule's answer on one exhibit, by the code that stands in the archive. `counts`: it decides something."""

    exhibit: int
    code: str
    answer: Answer
    counts: bool


class Measured(NamedTuple):
    """The video that speaks for the case: when it came, and its main facts."""

    at: datetime
    values: tuple[Valued, ...]


def said_in(block: Block, at: int) -> tuple[Said, ...]:
    """All answers. Raises KeyError, IndexError and ValueError for a row of another form."""
    case, codes, meanings = Case(block, at), block.head.codes, block.head.meanings
    uses, size = _uses(block.head.policies.get(case["policy_digest"], "{}")), len(block.head.codes)
    found = []
    for index in range(len(case["roles"])):
        for code, byte in zip(codes, case["told"][index * size : (index + 1) * size], strict=True):
            if byte:
                answer, lacks = said_by(byte, meanings)
                counts = _counts(uses.get(code, ""), Lacks(lacks))
                found.append(Said(index, code, Answer(answer), counts))
    return tuple(found)


def deciding(block: Block, at: int) -> frozenset[int]:
    """The exhibits that decide: unboxing videos, or all where there is none."""
    return frozenset(_videos(block, at)) or frozenset(range(len(Case(block, at)["roles"])))


def _videos(block: Block, at: int) -> Iterator[int]:
    roles = block.head.meanings.roles
    return (n for n, role in enumerate(Case(block, at)["roles"]) if word_at(roles, role) == Role.UNBOXING_VIDEO)


def spoken_in(block: Block, at: int) -> Spoken:
    """What the machine said of the case, by the answers that counted."""
    its = deciding(block, at)
    answers = [(one.code, one.answer) for one in said_in(block, at) if one.counts and one.exhibit in its]
    return spoken_of(Verdict(Case(block, at)["verdict"]), answers)


def measured_in(block: Block, at: int) -> Measured | None:
    """None without an unboxing video. Raises KeyError, TypeError and ValueError for facts of another form."""
    case = Case(block, at)
    video = next(_videos(block, at), None)
    if video is None:
        return None
    record = json.loads(case["frames"])[video]
    received = record["exhibit"].get("received_at")
    facts = {kind: _of(case[FACTS + kind], video) for kind in KINDS}
    observers: Mapping[str, str] = record.get("observers") or {}
    came = datetime.fromisoformat(received) if received else case["judged_at"]
    return Measured(came, tuple(valued(facts, observers)))


def sureness_in(block: Block, at: int) -> Iterator[tuple[str, Answer, float | None]]:
    """For each rule that counted in an exhibit that decides: its answer, and how sure it was: as sure as the least sure
    observation that its finding rests on, None where it rests on none. The rules are asked once more, with witnesses,
    by the policy that judged; whoever calls compares the answers.

    Raises pydantic.ValidationError where this version cannot read it; tells nothing where it cannot read the policy.
    """
    case = Case(block, at)
    policy = _policy(block.head.policies.get(case["policy_digest"], ""))
    if policy is None:
        return
    evidence, its = _evidence(case, block), deciding(block, at)
    counting = {(one.exhibit, one.code) for one in said_in(block, at) if one.counts}
    for index in sorted(its):
        seen = evidence.exhibits[index]
        for rule in RULES:
            if (index, rule.code.value) in counting and seen.exhibit.role in rule.roles:
                finding = rule.judge(evidence, seen, policy)
                yield rule.code.value, finding.answer, sure_of(finding, seen.record)


def sure_of(finding: Finding, record: Record) -> float | None:
    """As sure as the least sure observation that the finding cites; None where it cites none."""
    cited = [one.confidence for one in record.observations if one.id in finding.cites]
    return min(cited) if cited else None


def _evidence(case: Case, block: Block) -> Evidence:
    columns = [case[name] for name in block.names() if name.startswith(FACTS)]
    kinds = [OBSERVED.validate_json(data) for data in columns if data is not None]
    records = []
    for index, frame in enumerate(FRAMES.validate_json(case["frames"])):
        observations = sorted((one for kind in kinds for one in kind[index]), key=lambda one: int(one.id[1:]))
        records.append(frame.model_copy(update={"observations": tuple(observations)}))
    history = History.model_validate_json(case["history"])
    file = CaseFile.model_validate_json(case["case"])
    return Evidence(file, tuple(ExhibitEvidence(record) for record in records), history)


def _of(data: bytes | None, index: int) -> Sequence[Seen]:
    return () if data is None else json.loads(data)[index]


@lru_cache(maxsize=256)
def _uses(policy: str) -> Mapping[str, str]:
    """How the policy uses each rule, gone ones too. One of another form: as if it used none."""
    tree: Any = json.loads(policy)
    rules = tree.get("rules", {})
    return {code: rule.get("use", "") for code, rule in rules.items()}


def _counts(use: str, lacks: Lacks) -> bool:
    return use == Requirement.REQUIRED or (use == Requirement.REQUIRED_IF_KNOWN and lacks is not Lacks.CASE)


@lru_cache(maxsize=256)
def _policy(text: str) -> Policy | None:
    try:
        return Policy.model_validate_json(text)
    except ValidationError:
        return None
