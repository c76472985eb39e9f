"""What every check looks at."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sixfaces.adapters.fsck.rows import Rows
from sixfaces.adapters.fsck.spool import Spool
from sixfaces.adapters.fsck.store import Store


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an installation. `is_quick` compares sizes and no digests of stored bytes. `counted` tells how much
    was looked at."""

    rows: Rows
    store: Store
    spool: Spool
    custody_keys: Path
    is_quick: bool = False
    counted: Counter[str] = field(default_factory=Counter)


def tree_of(text: object) -> dict[str, Any] | None:
    """A JSON object as a column holds it; None for anything else."""
    try:
        tree = json.loads(text) if isinstance(text, str | bytes) else None
    except ValueError:
        return None
    return tree if isinstance(tree, dict) else None
