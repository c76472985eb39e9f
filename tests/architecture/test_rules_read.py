"""The thresholds that each rule reads are those that it is said to read: by the rules' own code."""

import dataclasses
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from sixfaces.criteria.facts_read import FACTS_READ
from sixfaces.criteria.reads import READS
from sixfaces.criteria.registry import RULES
from sixfaces.criteria.rule import Rule
from sixfaces.domain.observation import Fact
from sixfaces.domain.policy import Thresholds
from sixfaces.pipeline.archive.rows import LEFT_OUT
from sixfaces.pipeline.statistics.main_facts import KINDS

GROUPS = {name: frozenset(field.annotation.model_fields) for name, field in Thresholds.model_fields.items()}  # type: ignore[union-attr]  # groups are models


def reachable(start: Callable[..., object]) -> frozenset[str]:
    """Names that occur in any code which a rule may come to: what it names, and what that names."""
    names: set[str] = set()
    seen: set[int] = set()
    todo: list[Any] = [start]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, types.FunctionType):
            mine = {name for code in codes(one.__code__) for name in code.co_names}
            names |= mine if one.__module__.startswith("sixfaces") else set()
            todo += [one.__globals__[name] for name in mine if name in one.__globals__]
            todo += [cell.cell_contents for cell in one.__closure__ or ()]
        todo += parts(one)
    return frozenset(names)


def parts(one: object) -> list[Any]:
    """What may hold code: classes of ours, wrapped functions, tables of functions."""
    if isinstance(one, type):
        return [v for base in one.__mro__ if base.__module__.startswith("sixfaces") for v in vars(base).values()]
    if isinstance(one, functools.partial):
        return [one.func, *one.args, *one.keywords.values()]
    if isinstance(one, property | functools.cached_property | classmethod | staticmethod):
        return [getattr(one, name) for name in ("fget", "func", "__func__") if getattr(one, name, None)]
    if isinstance(one, tuple | list | set | frozenset):
        return list(one)
    if isinstance(one, dict):
        return list(one.values())
    if dataclasses.is_dataclass(one) and type(one).__module__.startswith("sixfaces"):
        return [getattr(one, field.name) for field in dataclasses.fields(one)]
    return [one.__wrapped__] if hasattr(one, "__wrapped__") else []


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.value)
def test_a_rule_is_said_to_read_every_threshold_that_its_code_names(rule: Rule) -> None:
    names = reachable(rule.judge)
    read = {f"{group}.{field}" for group in names & set(GROUPS) for field in names & GROUPS[group]}
    assert read == set(READS[rule.code]), "criteria/reads.py must say what this rule's code names"


def test_every_rule_is_in_the_table() -> None:
    assert set(READS) == {rule.code for rule in RULES}


def test_every_kind_of_fact_that_a_rule_reads_is_in_the_table_and_in_the_archive() -> None:
    kinds = {fact.__name__: fact.model_fields["kind"].default for fact in get_args(get_args(Fact)[0])}
    read = {kinds[name] for rule in RULES for name in reachable(rule.judge) & kinds.keys()}
    assert "code" in read
    assert not read - FACTS_READ, "criteria/facts_read.py must say what rules' code names"
    assert not FACTS_READ & LEFT_OUT, "what rules read is kept"
    assert not LEFT_OUT.intersection(KINDS), "what statistics read is kept"
