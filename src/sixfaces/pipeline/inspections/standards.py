"""Which SOP and which grades an inspection goes by. What it began with it ends with, whatever came meanwhile."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from sixfaces.domain.inspection import Inspection
from sixfaces.domain.sop import GradeScheme, Sop
from sixfaces.pipeline.inspections import errors
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import SOPS

GENERAL = "general"


class Standards:
    """Where SOPs and grades are found. An edition is read once: it never changes."""

    def __init__(self, sops: Shelf[Sop] = SOPS, grades: Shelf[GradeScheme] = GRADES) -> None:
        self._sops, self._grades = sops, grades
        self._edition = lru_cache(maxsize=64)(sops.load)
        self._scheme = lru_cache(maxsize=16)(grades.load)

    def names(self) -> tuple[str, ...]:
        """All categories that there is an SOP for."""
        return self._sops.names()

    def for_category(self, category: str | None, on: date) -> Sop:
        """The SOP in force of the nearest category above: `electronics.phone.case` is inspected as
        `electronics.phone`, `electronics.tablet` as `electronics.general`. Raises InspectionError
        `inspection.no_sop`."""
        known = self.names()
        for name in categories_above(category or ""):
            if name in known:
                return self._sops.load(name, on=on)
        raise errors.no_sop(category, known)

    def named(self, name: str, on: date) -> Sop:
        """The SOP in force of this name. Raises InspectionError `inspection.no_sop`."""
        if name not in self.names():
            raise errors.no_sop(name, self.names())
        return self._sops.load(name, on=on)

    def of(self, inspection: Inspection) -> Sop:
        """The very SOP that an inspection began with. Raises InspectionError `inspection.sop_changed`."""
        name = f"{inspection.sop}@{inspection.sop_version}"
        found = self._edition(name)
        if found.digest != inspection.sop_digest:
            raise errors.changed(name)
        return found

    def grades(self, sop: Sop) -> GradeScheme:
        """The edition of the grades that an SOP names: what is pinned to the SOP is pinned to them."""
        return self._scheme(sop.scheme)


def categories_above(category: str) -> Iterator[str]:
    """A category, and those that it lies in, the nearest first; each with what is general in it."""
    parts = [part.strip().lower() for part in category.split(".")]
    while parts and parts[0]:
        yield ".".join(parts)
        yield ".".join((*parts, GENERAL))
        parts.pop()


STANDARDS = Standards()
"""The shipped ones."""
