"""`python -m sixfaces.rulebook [FILE...]`: checks the shipped rulebooks, or the files named."""

import sys
from pathlib import Path

from sixfaces.domain.errors import RulebookError
from sixfaces.rulebook.check import check


def main(arguments: list[str]) -> int:
    """Print one line for each policy; 1 if any is refused."""
    failures = 0
    for result in check([Path(argument) for argument in arguments]):
        if isinstance(result, RulebookError):
            failures += 1
            sys.stderr.write(f"{result.text.en}\n{result.text.zh}\n{result.fix.en}\n")
        else:
            kind = "template" if result.template else "complete"
            sys.stdout.write(f"{result.name}@{result.version} {kind} {result.digest}\n")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
