"""Runs all benches, or those named, and writes docs/benchmark.md: `python -m tests.bench [NAME...]`.

A section is replaced when its bench runs; the others stay. Each bench prints markdown: a heading, tables, words.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmark.md"
INTRO = """# Figures

Each section names its command and says when and where it was measured. Times on shared machines are noisy: what is
compared was measured in the same run and stands as a ratio. `make bench` measures everything again.
"""


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def _sections() -> dict[str, str]:
    if not PAGE.exists():
        return {}
    parts = re.split(r"<!-- (bench_\w+) -->\n", PAGE.read_text("utf-8"))
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def main(wanted: list[str]) -> int:
    """Run the benches and write the page; the exit code counts the benches that failed."""
    sections, failed = _sections(), 0
    available = sorted(p.stem for p in Path(__file__).parent.glob("bench_*.py"))
    for name in wanted or available:
        sys.stderr.write(f"{name} ...\n")
        command = [sys.executable, "-m", f"tests.bench.{name}"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            failed += 1
            continue
        measured = f"`python -m tests.bench.{name}`, {datetime.datetime.now(datetime.UTC).date()}, {_machine()}"
        sections[name] = f"{done.stdout.strip()}\n\n{measured}"
    body = "".join(f"\n<!-- {name} -->\n{text}\n" for name, text in sorted(sections.items()))
    PAGE.write_text(INTRO + body, "utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
