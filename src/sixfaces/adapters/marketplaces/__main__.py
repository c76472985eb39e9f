"""`python -m sixfaces.adapters.marketplaces [FILE...]`: checks the shipped mappings, or the files named."""

import sys
from pathlib import Path

from sixfaces.adapters.marketplaces.shelf import DATA, check
from sixfaces.domain.errors import RulebookError


def main(arguments: list[str]) -> int:
    """Print one line for each mapping; 1 if any is refused."""
    failures = 0
    for found in check([Path(one) for one in arguments] or sorted(DATA.glob("*.toml"))):
        if isinstance(found, RulebookError):
            failures += 1
            sys.stderr.write(f"{found.text.en}\n{found.text.zh}\n")
        else:
            sheets = ", ".join(sheet.name for sheet in found.sheets)
            kind = "template" if found.template else "complete"
            sys.stdout.write(f"{found.name}@{found.version} {kind} [{sheets}] {found.digest}\n")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
