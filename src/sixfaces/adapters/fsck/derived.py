"""Derived bytes that no record and no verdict names: what attempts left that were overtaken. Notes only."""

import re
from collections.abc import Iterator

from sixfaces.adapters.fsck.aside import Aside
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look

_NAMED = """
SELECT results FROM observations UNION SELECT results FROM verdicts
UNION SELECT place FROM reverification_spans WHERE place IS NOT NULL
"""
_ATTEMPT = re.compile(r"derived/.+?/[0-9a-f-]{36}\.\d+(?=/)")


def check_derived(look: Look) -> Iterator[Fault]:
    """One note for each attempt."""
    named = Aside()
    for (place,) in look.rows.ask(_NAMED):
        named.add(place)
    told = Aside()
    for key, _ in look.store.listed("derived/"):
        attempt = _ATTEMPT.match(key)
        place = attempt[0] if attempt else key
        if place not in named and told.add(place):
            yield fault("derived_orphaned", place)
