"""The take's groups of pictures: the root of the hash tree over them, by which clips of it are proven (docs/clips.md).

Hashing all packets costs next to nothing beside decoding them. Files whose packets depend on who takes them apart, and
such as cannot be read at all, have no groups: nothing is told of them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from sixfaces.domain.errors import ClipError, MediaError
from sixfaces.domain.facts import GroupsFact
from sixfaces.domain.groups import Groups
from sixfaces.domain.hash_tree import root_of
from sixfaces.domain.observation import Measured
from sixfaces.media import formats
from sixfaces.media.group_reading import CONTAINERS, read_groups
from sixfaces.observe.observer import KeepPicture, Observer, Tier

_FORMS = {form.mime: form for form in map(formats.named, CONTAINERS)}


class TakeGroups(Observer):
    """Hashes a video's packets, group by group."""

    name: ClassVar[str] = "groups"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.FILE})
    measures: ClassVar[tuple[str, ...]] = ("groups",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._found: Groups | None = None

    def file(self, path: Path, mime: str) -> None:
        """Read all packets once, if the file is a video of a kind that holds them as they were written."""
        form = _FORMS.get(mime)
        if form is not None:
            try:
                self._found = read_groups(path, form.name, demuxer=form.demuxer, offset=False)
            except (ClipError, MediaError):  # why it cannot be read is told by who decodes it
                self._found = None

    def finish(self) -> Iterable[Measured]:
        """One fact about the whole take."""
        found = self._found
        if found is not None:
            root = root_of(found.leaf_hashes()).hex()
            fact = GroupsFact(groups=len(found), root=root, codec=found.codec, parameters=found.parameters)
            yield Measured(fact=fact)
