"""Loads policies: versioned TOML files, each naming a complete policy or what it changes in another one.

1. A file is found by name and version (`data/tmall-2026.1.toml`), or by the day it must be in force.
2. `extends = "default@2026.1"` starts from that policy's rules and thresholds; what the file states replaces them,
   one by one. Title and dates are always the file's own; that values are unconfirmed is inherited until it says no.
3. The whole is validated against `domain.policy.Policy`: every rule has a use, every threshold lies in its bounds.
4. The digest covers the resolved policy, so that the same digest means the same judging whatever the files look like.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.rulebook.complaints import complaint
from sixfaces.rulebook.digests import digest_of_tree
from sixfaces.rulebook.editions import editions
from sixfaces.rulebook.source import Source, read_source, refusal, wrong

DATA = Path(__file__).parent / "data"

_NO_DIGEST = "0" * 64


def policy_names(folder: Path = DATA) -> tuple[str, ...]:
    """The names of all policies there are, sorted."""
    return tuple(sorted({path.stem.partition("-")[0] for path in folder.glob("*-*.toml")}))


def policyeditions(folder: Path = DATA) -> tuple[str, ...]:
    """All policies there are as `name@version`, sorted."""
    return tuple(sorted(path.stem.replace("-", "@", 1) for path in folder.glob("*-*.toml")))


def policy_asked_for(asked: str) -> Policy:
    """The policy that a person names: `name`, `name@version`, or the path of a file, which has a `/` or ends in .toml.

    Errors: RulebookError.
    """
    return load_policy_file(Path(asked)) if "/" in asked or asked.endswith(".toml") else load_policy(asked)


def load_policy(name: str, *, on: date | None = None, folder: Path = DATA) -> Policy:
    """The policy called `name`, or exactly `name@version`.

    Without a version the newest edition in force on the day `on`; without a day the newest there is.
    Errors: RulebookError.
    """
    wanted, _, version = name.partition("@")
    paths = editions(wanted, version, folder)
    if not paths:
        known = ", ".join(policyeditions(folder))
        raise RulebookError(
            "rulebook.unknown",
            Say(zh=f"没有名为 {name[:80]!r} 的规则。", en=f"There is no policy called {name[:80]!r}."),
            Say(
                zh=f"可用的规则：{known}；也可给出自己的规则文件的路径，例如 ./mine.toml。",
                en=f"The policies are: {known}; a file of your own is named by its path, such as ./mine.toml.",
            ),
        )
    if on is None:
        return load_policy_file(paths[0])
    for path in paths:
        policy = load_policy_file(path)
        if policy.effective_from <= on <= (policy.effective_until or date.max):
            return policy
    raise refusal(
        "not_in_force", paths[-1], zh=f"没有在 {on.isoformat()} 生效的版本", en=f"no edition is in force on "
        f"{on.isoformat()}."
    )  # fmt: skip


def load_policy_file(path: Path) -> Policy:
    """The policy in one file; what it extends is looked for beside it and among the shipped ones.

    Errors: RulebookError.
    """
    return _validated(_resolved(path, ()), path)


def policy_digest(policy: Policy) -> str:
    """SHA-256, in hexadecimal, of the policy's canonical JSON without the digest itself."""
    return digest_of_tree(policy.model_dump(mode="json", exclude={"digest"}))


def _resolved(path: Path, via: Sequence[Path]) -> dict[str, Any]:
    """2. The file's table with everything it extends filled in."""
    if path in via:
        chain = " → ".join(p.name for p in (*via, path))
        raise refusal("cycle", path, zh=f"extends 形成循环（{chain}）", en=f"extends goes round in a circle ({chain}).")
    source = read_source(path)
    base: dict[str, Any] = {"rules": {}, "thresholds": {}}
    if source.extends is not None:
        base = _resolved(_base_of(source), (*via, path))
    groups = {**base["thresholds"]}
    for group, entries in source.thresholds.items():
        groups[group] = {**groups.get(group, {}), **entries}
    doubts: dict[str, Any] = {key: base[key] for key in ("template", "unconfirmed") if key in base}
    own = {key: value for key, value in source.table.items() if key != "extends"}
    return {**doubts, **own, "rules": {**base["rules"], **source.rules}, "thresholds": groups}


def _base_of(source: Source) -> Path:
    """2. The file that `extends` names."""
    extends = source.extends or ""
    name, _, version = extends.partition("@")
    for folder in (source.path.parent, DATA):
        if version and (found := editions(name, version, folder)):
            return found[0]
    known = ", ".join(policy_names())
    raise wrong(
        source.path, "extends", given=extends,
        zh=f"找不到该规则；须写成 名称@版本（名称：{known}）",
        en=f"no such policy; write name@version (names: {known})",
    )  # fmt: skip


def _validated(table: dict[str, Any], path: Path) -> Policy:
    """3. and 4. The policy, or the complaint about the first fields that are wrong."""
    groups: dict[str, dict[str, dict[str, Any]]] = table["thresholds"]
    plain = {group: {name: entry["value"] for name, entry in entries.items()} for group, entries in groups.items()}
    reasons = {
        f"{group}.{name}": entry["reason"] for group, entries in groups.items() for name, entry in entries.items()
    }
    try:
        policy = Policy.model_validate({**table, "thresholds": plain, "reasons": reasons, "digest": _NO_DIGEST})
    except ValidationError as error:
        raise complaint(error, path) from error
    if path.parent == DATA and path.stem != f"{policy.name}-{policy.version}":
        raise wrong(
            path, "name", given=policy.name,
            zh=f"文件名须为 {policy.name}-{policy.version}.toml",
            en=f"the file must be called {policy.name}-{policy.version}.toml",
        )  # fmt: skip
    if policy.effective_until is not None and policy.effective_until < policy.effective_from:
        raise wrong(
            path, "effective_until", given=policy.effective_until.isoformat(),
            zh=f"早于生效日期 {policy.effective_from}", en=f"lies before effective_from, {policy.effective_from}",
        )  # fmt: skip
    return policy.model_copy(update={"digest": policy_digest(policy)})
