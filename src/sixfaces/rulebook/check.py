"""Checks every rulebook there is, so that a bad one is found when it is written and not when it is needed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.policy import Policy
from sixfaces.rulebook.loader import DATA, load_policy_file


def check(paths: Sequence[Path] = ()) -> Iterator[Policy | RulebookError]:
    """The policy of each file, or why it is refused; of all shipped files if none is named."""
    for path in paths or sorted(DATA.glob("*.toml")):
        try:
            yield load_policy_file(path)
        except RulebookError as error:
            yield error
