"""Rows of the archive: a judged case as columns, and back.

What runs select by has a column each; so has each kind of fact, so that who asks for two kinds reads two columns.
Columns of facts hold JSON: for each exhibit of the case, in order, its observations of the kind.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.archive import Block, Head, Judged, Meanings, Row, SaidOf
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, History, LateEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.judgement import Lacks, Told, ToldOf
from sixfaces.domain.observation import Observation, Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import RuleCode

FACTS = "fact_"
"""Columns of facts are named by their kind."""

LEFT_OUT = frozenset({"groups", "moment", "regions"})
"""What no rule reads, and what is large: by which pictures are found again or clips proven, and which pictures there
are. It stays in the record, and in what a judging left beside its report."""

CODES = tuple(code.value for code in RuleCode)
MEANINGS = Meanings(
    tuple(one.value for one in Answer),
    tuple(one.value for one in Lacks),
    tuple(one.value for one in Role),
    tuple(one.value for one in Verdict),
)
"""By which this version writes."""

OBSERVED: TypeAdapter[list[list[Observation]]] = TypeAdapter(list[list[Observation]])
FRAMES: TypeAdapter[tuple[Record, ...]] = TypeAdapter(tuple[Record, ...])
NO_HISTORY = History(searched=True, pictures_compared=False)
_NO_HISTORY = NO_HISTORY.model_dump_json().encode()


def head_of(judged: Iterable[Judged], *, left_out: Iterable[str] = ()) -> Head:
    """What holds for rows of the same observers; `left_out`: as of the rows."""
    policies, observers = {}, ""
    for one in judged:
        observers = one.observers
        policies[one.policy.digest] = one.policy
    return Head(
        observers,
        CODES,
        {digest: policy.model_dump_json() for digest, policy in policies.items()},
        tuple(sorted(left_out)),
        MEANINGS,
    )


def row_of(verdict: StoredVerdict, judged: Judged, *, left_out: Collection[str] = ()) -> Row:
    """The row of one judged revision, without these kinds of facts."""
    return {
        "id": verdict.id,
        "case_id": verdict.case_id,
        "number": judged.case.case_id,
        "revision": verdict.revision,
        "judged_at": verdict.judged_at,
        "code_version": verdict.code_version,
        "policy": verdict.policy,
        "policy_version": verdict.policy_version,
        "policy_digest": verdict.policy_digest,
        "verdict": verdict.verdict.value,
        "platform": judged.case.platform,
        "categories": sorted({item.category for item in judged.case.order.items if item.category}),
        "stations": sorted(set(judged.stations)),
        "stake": _stake(judged.case),
        "exhibits": len(judged.records),
        "roles": bytes(MEANINGS.roles.index(record.exhibit.role) for record in judged.records),
        "verdicts": bytes(MEANINGS.verdicts.index(one.verdict) for one in judged.said),
        "told": b"".join(_told(one, CODES) for one in judged.said),
        "case": judged.case.model_dump_json(exclude_defaults=True).encode(),
        "history": judged.history.model_dump_json().encode(),
        "frames": FRAMES.dump_json(tuple(_frame(record) for record in judged.records)),
        **_facts(judged.records, left_out),
    }


def stake_of(text: str | None) -> Mapping[str, Decimal]:
    """The money at stake in a row, by currency."""
    return {} if not text else {currency: Decimal(amount) for currency, amount in json.loads(text).items()}


class UnknownWordError(ValueError):
    """A row has an answer, a role or a verdict that this version does not know."""


_Word = TypeVar("_Word", Answer, Lacks, Role, Verdict)


class Case:
    """One row of a block, read as far as it is asked for."""

    __slots__ = ("_at", "_block")

    def __init__(self, block: Block, at: int) -> None:
        self._block, self._at = block, at

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 a column's value
        return self._block.column(name)[self._at]

    @property
    def stands_for(self) -> tuple[tuple[str, ...], Meanings]:
        """The rules whose answers stand in `told`, in order, and what numbers mean: by that alone are bytes alike."""
        return self._block.head.codes, self._block.head.meanings

    def verdict(self) -> Verdict:
        """The verdict that was given. Raises UnknownWordError."""
        return _word(Verdict, self["verdict"])

    def told(self) -> tuple[ToldOf, ...]:
        """The answers that were given, without those of rules that this version does not know. Raises
        UnknownWordError."""
        head, data = self._block.head, self["told"]
        codes, size = known(head.codes), len(head.codes)
        return tuple(
            ToldOf(
                _word(Role, word_at(head.meanings.roles, role)),
                answers_in(data[index * size : (index + 1) * size], codes, head.meanings),
            )
            for index, role in enumerate(self["roles"])
        )

    def evidence(self) -> Evidence:
        """What judging saw. Raises pydantic.ValidationError where this version cannot read it."""
        history = self["history"]
        seen = tuple(
            LateEvidence(record, worded=False, load=_Later(self, index))
            for index, record in enumerate(FRAMES.validate_json(self["frames"]))
        )
        known_history = NO_HISTORY if history == _NO_HISTORY else History.model_validate_json(history)
        return Evidence(CaseFile.model_validate_json(self["case"]), seen, known_history)


class _Later:
    """The observations of one exhibit, by kind. What several exhibits of a case need is read once by each."""

    __slots__ = ("_case", "_index")

    def __init__(self, case: Case, index: int) -> None:
        self._case, self._index = case, index

    def __call__(self, kind: str) -> Sequence[Observation]:
        data = self._case[FACTS + kind]
        return () if data is None else OBSERVED.validate_json(data)[self._index]


_KNOWN: dict[tuple[str, ...], tuple[RuleCode | None, ...]] = {}


def known(codes: tuple[str, ...]) -> tuple[RuleCode | None, ...]:
    """The codes of a part as rules of this version; None for one that is gone."""
    if codes not in _KNOWN:
        of = {code.value: code for code in RuleCode}
        _KNOWN[codes] = tuple(of.get(code) for code in codes)
    return _KNOWN[codes]


_TOLD: dict[tuple[RuleCode, int, Meanings], Told] = {}


def answers_in(data: bytes, codes: Sequence[RuleCode | None], meanings: Meanings) -> tuple[Told, ...]:
    """Answers of one exhibit, a byte for each code: 0 where the rule said nothing. Raises UnknownWordError."""
    found = []
    for code, byte in zip(codes, data, strict=True):
        if byte and code is not None:
            key = (code, byte, meanings)
            if key not in _TOLD:
                answer, lacks = said_by(byte, meanings)
                _TOLD[key] = Told(code, _word(Answer, answer), _word(Lacks, lacks))
            found.append(_TOLD[key])
    return tuple(found)


def said_by(byte: int, meanings: Meanings) -> tuple[str, str]:
    """The answer that a byte stands for, and what was missing for it. Raises UnknownWordError."""
    lacks, answer = divmod(byte - 1, len(meanings.answers))
    return meanings.answers[answer], word_at(meanings.lacks, lacks)


def byte_of(answer: str, lacks: str, meanings: Meanings) -> int:
    """And back."""
    return 1 + len(meanings.answers) * meanings.lacks.index(lacks) + meanings.answers.index(answer)


def word_at(words: Sequence[str], at: int) -> str:
    """What a number stands for. Raises UnknownWordError."""
    if at >= len(words):
        raise UnknownWordError(f"number {at}")
    return words[at]


def _word(of: type[_Word], word: str) -> _Word:
    try:
        return of(word)
    except ValueError as exc:
        raise UnknownWordError(word[:60]) from exc


def policies_of(head: Head) -> Mapping[str, Policy]:
    """The policies by which rows were judged; one that this version cannot read is left out: then all rules run."""
    found = {}
    for digest, text in head.policies.items():
        try:
            found[digest] = Policy.model_validate_json(text)
        except ValidationError:
            continue
    return found


def _told(said: SaidOf, codes: Sequence[str]) -> bytes:
    of = {code: byte_of(answer, lacks, MEANINGS) for code, answer, lacks in said.answers}
    return bytes(of.get(code, 0) for code in codes)


def _frame(record: Record) -> Record:
    """A record without its facts. Pictures stay where they are: no rule asks for them."""
    return record.model_copy(update={"observations": (), "images": {}})


def _facts(records: Sequence[Record], left_out: Collection[str]) -> dict[str, bytes]:
    kinds = dict.fromkeys(one.fact.kind for record in records for one in record.observations)
    return {
        f"{FACTS}{kind}": OBSERVED.dump_json(
            [[one for one in record.observations if one.fact.kind == kind] for record in records]
        )
        for kind in kinds
        if kind not in left_out
    }


def _stake(case: CaseFile) -> str:
    """What the lines of the order come to, by currency."""
    sums: dict[str, Decimal] = {}
    for item in case.order.items:
        if item.price is not None and item.currency is not None:
            sums[item.currency] = sums.get(item.currency, Decimal()) + Decimal(item.price) * (item.quantity or 1)
    return json.dumps({currency: str(sums[currency]) for currency in sorted(sums)})


class Loose:
    """Rows that no part holds yet, as a block."""

    def __init__(self, rows: Sequence[Row], head: Head) -> None:
        self.head, self.count, self._rows = head, len(rows), rows

    def names(self) -> Sequence[str]:
        """As of any block."""
        return tuple(sorted({name for row in self._rows for name in row}))

    def column(self, name: str) -> Sequence[Any]:
        """As of any block."""
        return [row.get(name) for row in self._rows]
