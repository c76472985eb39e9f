"""The digest by which everything of the rulebook is known: policies, SOPs, grades, tables and service times alike."""

import hashlib
import json
from typing import Any


def digest_of_tree(tree: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
