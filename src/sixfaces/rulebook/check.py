"""Checks every rulebook there is, so that a bad one is found when it is written and not when it is needed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.channel import Channel
from sixfaces.domain.decision import DecisionTable
from sixfaces.domain.errors import RulebookError
from sixfaces.domain.policy import Policy
from sixfaces.domain.service_times import ServiceTimes
from sixfaces.domain.sop import GradeScheme, Sop
from sixfaces.rulebook import channels, decisions, grades, service_times, sops
from sixfaces.rulebook.loader import DATA, load_policy_file
from sixfaces.rulebook.source import parsed, refusal

Rulebook = Policy | DecisionTable | ServiceTimes | Sop | GradeScheme | Channel


class _Kind(NamedTuple):
    """Files of one kind: the folder they stand in, a key that only they have, how they are loaded."""

    folder: Path
    key: str
    load: Callable[[Path], Rulebook]


KINDS: Mapping[str, _Kind] = {
    "policy": _Kind(DATA, "thresholds", load_policy_file),
    "decisions": _Kind(decisions.DATA, "rows", decisions.TABLES.load_file),
    "service_times": _Kind(service_times.DATA, "clocks", service_times.SERVICE_TIMES.load_file),
    "sops": _Kind(sops.DATA, "steps", sops.SOPS.load_file),
    "grades": _Kind(grades.DATA, "grades", grades.GRADES.load_file),
    "channels": _Kind(channels.DATA, "sources", channels.CHANNELS.load_file),
}
"""By what the command calls them; all but policies stand in a folder of that name."""
OWN = ("decisions", "service_times")
"""Kinds of which an installation may have its own."""


def check(paths: Sequence[Path] = ()) -> Iterator[Rulebook | RulebookError]:
    """What each file holds, or why it is refused; all shipped files if none is named."""
    for path in paths or shipped():
        try:
            yield _loaded(path)
        except RulebookError as error:
            yield error


def _loaded(path: Path) -> Rulebook:
    found = KINDS[kind_of_file(path)].load(path)
    if isinstance(found, ServiceTimes):
        service_times.check_calendar(found, path)
    return found


def checked_own(folder: Path) -> None:
    """Read every decision table and all service times in the folders `decisions` and `service_times` of a folder of an
    installation's own. Raises RulebookError for the first that is not fit, and where there is neither folder."""
    folders = [folder / kind for kind in OWN]
    if not any(one.is_dir() for one in folders):
        raise refusal(
            "no_folder", folder, zh="其中没有 decisions 或 service_times 文件夹",
            en="it has neither a folder `decisions` nor a folder `service_times`.",
        )  # fmt: skip
    for path in (path for one in folders for path in sorted(one.glob("*.toml"))):
        found = _loaded(path)
        if path.stem != f"{found.name}-{found.version}":
            raise refusal(
                "file_name", path, zh=f"文件名须为 {found.name}-{found.version}.toml",
                en=f"it must be called {found.name}-{found.version}.toml.",
            )  # fmt: skip


def shipped() -> list[Path]:
    """Every file that comes along, policies first."""
    return [path for kind in KINDS.values() for path in sorted(kind.folder.glob("*.toml"))]


def kind_of_file(path: Path) -> str:
    """Which kind a file is: by its folder, or by the key that only its kind has; else it is a policy. Raises
    RulebookError where it cannot be read."""
    if path.resolve().parent.name in KINDS:
        return path.resolve().parent.name
    tree = parsed(path)
    return next((name for name, kind in KINDS.items() if kind.key in tree), "policy")


def kind_of(one: Rulebook) -> str:
    """Which kind a loaded rulebook is, in the same words."""
    match one:
        case DecisionTable():
            return "decisions"
        case ServiceTimes():
            return "service_times"
        case Sop():
            return "sops"
        case GradeScheme():
            return "grades"
        case Channel():
            return "channels"
    return "policy"
