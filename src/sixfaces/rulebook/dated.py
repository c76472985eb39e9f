"""Loads rulebook files of every kind but policies: a whole model in one file, with dates and a digest.

A file may be built on another of its kind: `extends = "default@2026.1"` starts from that file's keys; each that is
stated replaces the whole of what was there.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Model, Say
from sixfaces.rulebook.complaints import complaint
from sixfaces.rulebook.digests import digest_of_tree
from sixfaces.rulebook.editions import editions, names, version_of
from sixfaces.rulebook.source import parsed, refusal, wrong

M = TypeVar("M", bound=Model)
Tree = dict[str, Any]

_NO_DIGEST = "0" * 64
_DEEPEST = 5
"""So many files may be built on each other."""


_SHIPPED: dict[Path, Any] = {}
"""What shipped files hold, read once: a frozen model each."""


def _unchanged(tree: Tree, path: Path) -> Tree:
    return tree


class Shelf(NamedTuple, Generic[M]):
    """Where files of one kind stand, what they are, and what is done to a file's keys before they are that. `own`: a
    folder of an installation's own, whose editions go before those that come along."""

    folder: Path
    model: type[M]
    what: Say
    shaped: Callable[[Tree, Path], Tree] = _unchanged
    check: Callable[[M, Path], None] = lambda one, path: None
    own: Path | None = None

    def names(self) -> tuple[str, ...]:
        """The names of all that there are, sorted."""
        return tuple(sorted({name for folder in self._folders() for name in names(folder)}))

    def load(self, name: str, *, on: date | None = None) -> M:
        """The edition of `name`, or exactly `name@version`, that is in force on a day; without one the newest.

        Errors: RulebookError.
        """
        wanted, _, version = name.partition("@")
        for path in self._editions(wanted, version):
            found = self._shipped(path)
            if on is None or _in_force(found, on):
                return found
        known = ", ".join(self.names())
        raise RulebookError(
            "rulebook.unknown",
            Say(
                zh=f"没有名为 {name[:80]!r} 的{self.what.zh}。", en=f"There is no {self.what.en} called {name[:80]!r}."
            ),
            Say(zh=f"可用的有：{known}。", en=f"There are: {known}."),
        )

    def in_force(self, name: str, on: date) -> M:
        """The edition of `name` that began last before or on a day; the first where all begin later. Errors:
        RulebookError."""
        found = [self._shipped(path) for path in self._editions(name, "")]
        if not found:
            return self.load(name, on=on)  # which says what there is
        begun = [one for one in found if _starts(one) <= on]
        in_force = [one for one in begun if _in_force(one, on)]
        return (in_force or begun or [min(found, key=_starts)])[0]

    def _folders(self) -> tuple[Path, ...]:
        return (self.folder,) if self.own is None else (self.own, self.folder)

    def _editions(self, name: str, version: str) -> list[Path]:
        """The newest first; of one version that of the installation."""
        every = [path for folder in self._folders() for path in editions(name, version, folder)]
        return sorted(every, key=version_of, reverse=True)

    def _shipped(self, path: Path) -> M:
        """A file that does not change while the product runs."""
        found: M = _SHIPPED.get(path) or self.load_file(path)
        _SHIPPED[path] = found
        return found

    def load_file(self, path: Path) -> M:
        """What one file holds. Errors: RulebookError."""
        tree = self.shaped(self._resolved(path, 0), path)
        try:
            found = self.model.model_validate({**tree, "digest": _NO_DIGEST})
        except ValidationError as error:
            raise complaint(error, path) from error
        _check_dates(found, path)
        self.check(found, path)
        return found.model_copy(update={"digest": digest_of(found)})

    def _resolved(self, path: Path, depth: int) -> Tree:
        tree = dict(parsed(path))
        extends = tree.pop("extends", None)
        if extends is None:
            return tree
        name, _, version = str(extends).partition("@")
        found = next((one for folder in (path.parent, self.folder) for one in editions(name, version, folder)), None)
        if found is None or not version or depth >= _DEEPEST:
            raise wrong(path, "extends", given=extends, zh="找不到该文件，或引用过深", en="no such file, or too deep")
        return {**self._resolved(found, depth + 1), **tree}


def digest_of(one: Model) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON without the digest itself."""
    return digest_of_tree(_ordered(one.model_dump(mode="json", exclude={"digest"}, by_alias=True), one))


def _ordered(plain: Any, one: Any) -> Any:  # noqa: ANN401 any JSON value
    """Sets have no order of their own: their members are sorted."""
    if isinstance(one, set | frozenset):
        return sorted(plain, key=str)
    if isinstance(one, Model):
        inner = {info.alias or name: getattr(one, name) for name, info in type(one).model_fields.items()}
        return {key: _ordered(value, inner[key]) for key, value in plain.items()}
    if isinstance(one, dict):
        return {key: _ordered(value, given) for (key, value), given in zip(plain.items(), one.values(), strict=True)}
    if isinstance(one, list | tuple):
        return [_ordered(value, given) for value, given in zip(plain, one, strict=True)]
    return plain


def _starts(one: Model) -> date:
    start: date = getattr(one, "effective_from", date.min)
    return start


def _in_force(one: Model, on: date) -> bool:
    start = _starts(one)
    end: date | None = getattr(one, "effective_until", None)
    return start <= on <= (end or date.max)


def _check_dates(one: Model, path: Path) -> None:
    start, end = getattr(one, "effective_from", None), getattr(one, "effective_until", None)
    if start is not None and end is not None and end < start:
        raise refusal("dates", path, zh="失效日期早于生效日期", en="it ends before it begins.")
