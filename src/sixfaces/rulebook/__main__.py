"""`python -m sixfaces.rulebook [FILE...]`: checks the shipped rulebooks, or the files named."""

import sys
from pathlib import Path

from sixfaces.domain.errors import RulebookError
from sixfaces.rulebook.check import check, kind_of


def main(arguments: list[str]) -> int:
    """Print one line for each rulebook, with the kind it is of; 1 if any is refused."""
    failures = 0
    for result in check([Path(argument) for argument in arguments]):
        if isinstance(result, RulebookError):
            failures += 1
            sys.stderr.write(f"{result.text.en}\n{result.text.zh}\n{result.fix.en}\n")
        else:
            template = "template" if getattr(result, "template", False) else "complete"
            sys.stdout.write(f"{kind_of(result)} {result.name}@{result.version} {template} {result.digest}\n")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
