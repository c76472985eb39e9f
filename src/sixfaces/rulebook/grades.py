"""Schemes of grades: `data/grades/NAME-VERSION.toml`, refused where a grade could not be told or not be translated.

1. Grades have names of their own; only the last holds for everything, so that every article has a grade.
2. A crosswalk names a scheme that there is, every grade of its own and only grades of that one; that one leads back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sixfaces.domain.model import Say
from sixfaces.domain.sop import GradeRule, GradeScheme
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.editions import editions
from sixfaces.rulebook.saying import check_says
from sixfaces.rulebook.source import parsed, wrong

DATA = Path(__file__).parent / "data" / "grades"


def _checked(scheme: GradeScheme, path: Path) -> None:
    check_says(scheme, path)
    _check_grades(scheme, path)
    for other in scheme.crosswalk:
        _check_crosswalk(scheme, other, path=path)


def _check_grades(scheme: GradeScheme, path: Path) -> None:
    """1."""
    names = [one.grade for one in scheme.grades]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise wrong(path, "grades", given=twice, zh="等级重复", en="two grades have one name")
    for one in scheme.grades[:-1]:
        if not one.most and not one.unused:
            raise wrong(
                path, f"grades.{one.grade}", given="{}",
                zh="须写明 most 或 unused", en="needs most or unused: the last alone holds always",
            )  # fmt: skip
    last = scheme.grades[-1]
    if last.most or last.unused:
        raise wrong(
            path, f"grades.{last.grade}", given=_conditions(last),
            zh="最后一级须无条件成立", en="the last grade must hold for everything",
        )  # fmt: skip


def _conditions(rule: GradeRule) -> dict[str, Any]:
    return rule.model_dump(mode="json", include={"most", "unused"})


def _check_crosswalk(scheme: GradeScheme, other: str, *, path: Path) -> None:
    """2. The other is read as it stands: to check it would be to check this one."""
    field, mapped = f"crosswalk.{other}", scheme.crosswalk[other]
    tree = _tree_of(other, path)
    if tree is None:
        raise wrong(path, field, given=other, zh="没有这套等级", en="there is no such scheme")
    own, theirs = {one.grade for one in scheme.grades}, set(_grades_in(tree))
    if set(mapped) != own:
        lacking = sorted(set(mapped) ^ own)
        raise wrong(path, field, given=lacking, zh="须恰好列出本套每一级", en="must name every grade of its own")
    unknown = sorted(set(mapped.values()) - theirs)
    if unknown:
        raise wrong(path, field, given=unknown, zh="对方没有这一级", en="the other scheme has no such grade")
    if scheme.name not in tree.get("crosswalk", {}):
        raise wrong(path, field, given=other, zh="对方没有对应回来", en="the other scheme does not lead back")


def _tree_of(name: str, path: Path) -> dict[str, Any] | None:
    found = (one for folder in (path.parent, DATA) for one in editions(name, "", folder))
    first = next(found, None)
    return None if first is None else parsed(first)


def _grades_in(tree: dict[str, Any]) -> Iterator[str]:
    return (str(one.get("grade")) for one in tree.get("grades", ()))


GRADES: Shelf[GradeScheme] = Shelf(DATA, GradeScheme, Say(zh="等级体系", en="scheme of grades"), check=_checked)
"""All schemes of grades that are shipped."""
