"""Which code judges: the version of the package, and a digest of the rules' own code and of the facts that they read.

Two builds of one version may differ in their rules, while somebody works on them. A verdict names the code that gave it
by this, so that no answer is taken for one of the same code that is not.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from sixfaces import __version__

PACKAGES = ("sixfaces.criteria", "sixfaces.domain")
"""Rules import nothing else of ours; what policies say is told by their digests."""


_CODE = (".py", ".pyc")
"""Compiled files count where they are installed in place of sources: caches lie in folders of their own."""


@cache
def code_version() -> str:
    """Such as `1.2.0+rules.0123456789abcdef`."""
    digest = hashlib.sha256()
    for name in PACKAGES:
        for path, data in sorted(_sources(files(name), name)):
            digest.update(f"{path} {len(data)}\n".encode() + data)
    return f"{__version__}+rules.{digest.hexdigest()[:16]}"


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.name.endswith(_CODE):
            yield f"{name}/{one.name}", one.read_bytes()
        elif one.is_dir() and not one.name.startswith("_"):
            yield from _sources(one, f"{name}/{one.name}")
