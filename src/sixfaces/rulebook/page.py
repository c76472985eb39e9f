"""The tables of docs/rulebook.md: `python -m sixfaces.rulebook.page docs/rulebook.md` writes them into the page."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from sixfaces.domain.policy import Policy
from sixfaces.rulebook.loader import load_policy, policy_names
from sixfaces.rulebook.source import FIELDS, unit_of

START, END = "<!-- tables: written by python -m sixfaces.rulebook.page -->\n", "<!-- end of tables -->\n"


def tables() -> str:
    """All tables of the page, as markdown."""
    default = load_policy("default")
    policies = [load_policy(name) for name in policy_names()]
    return "\n".join([*_policies(policies), "", *_rules(default), "", *_thresholds(default), ""])


def written(page: str) -> str:
    """The page with its tables as they must be."""
    head, _, rest = page.partition(START)
    return head + START + tables() + END + rest.partition(END)[2]


def _policies(policies: list[Policy]) -> Iterator[str]:
    yield "## Policies"
    yield ""
    yield "| policy | 中文 | in force from | state | unconfirmed |"
    yield "|---|---|---|---|---|"
    for policy in policies:
        state = "template" if policy.template else "complete"
        doubts = "<br>".join(policy.unconfirmed) or "–"
        yield f"| `{policy.name}@{policy.version}` | {policy.title.zh} | {policy.effective_from} | {state} | {doubts} |"


def _rules(policy: Policy) -> Iterator[str]:
    yield f"## Rules in `{policy.name}`"
    yield ""
    yield "| rule | use | on the ground of | reason |"
    yield "|---|---|---|---|"
    for code, rule in policy.rules.items():
        yield f"| `{code.value}` | {rule.use.value} | {' '.join(rule.cites)} | {rule.reason} |"


def _thresholds(policy: Policy) -> Iterator[str]:
    yield f"## Thresholds in `{policy.name}`"
    yield ""
    yield "| threshold | meaning | unit | bounds | value | reason |"
    yield "|---|---|---|---|---|---|"
    values = policy.thresholds.model_dump()
    for group, fields in FIELDS.items():
        for name, info in fields.items():
            meaning = f"{info.title}. {info.description}"
            reason = policy.reasons[f"{group}.{name}"]
            low, high = _bounds(info)
            value = values[group][name]
            bounds = f"{low:.7g} to {high:.7g}"
            yield f"| `{group}.{name}` | {meaning} | {unit_of(info)} | {bounds} | {value:.7g} | {reason} |"


def _bounds(info: FieldInfo) -> tuple[float, float]:
    """The hard limits of a threshold."""
    low = next(float(each.ge) for each in info.metadata if hasattr(each, "ge"))
    high = next(float(each.le) for each in info.metadata if hasattr(each, "le"))
    return low, high


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(written(target.read_text("utf-8")), "utf-8")
