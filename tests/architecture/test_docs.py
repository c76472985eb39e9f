"""The documents speak of what exists: links resolve, observers and rules have their pages, figures their commands."""

import re
from pathlib import Path

import pytest

from sixfaces.domain.rules import Criterion, RuleCode
from sixfaces.observe.registry import OBSERVERS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
PRIVATE = re.compile(r"(?<![\w./-])/(?:work|farm|root|tmp)/\w|pypi\.org|registry\.npm")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_our_pages_resolves(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_the_files_that_the_readme_says_to_read_exist() -> None:
    named = re.findall(r"^\d\. `([\w/.-]+)`", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(named) == 7
    assert [n for n in named if not (ROOT / n).exists()] == []


@pytest.mark.parametrize("observer", OBSERVERS, ids=lambda o: o.name)
def test_every_observer_has_its_page(observer: type) -> None:
    assert (ROOT / "docs" / "observers" / f"{observer.name}.md").exists()  # type: ignore[attr-defined]  # class variable


@pytest.mark.parametrize("criterion", Criterion)
def test_every_rule_is_described_on_its_criterions_page(criterion: Criterion) -> None:
    text = (ROOT / "docs" / "criteria" / f"{criterion}.md").read_text("utf-8")
    names = [code.value.partition(".")[2] for code in RuleCode if code.criterion is criterion]
    assert [n for n in names if f"`{n}`" not in text and f"`{criterion}.{n}`" not in text] == []


def test_no_tracked_text_names_a_private_path_or_a_registry() -> None:
    folders = ["src", "tests", "docs", "fixtures", "requirements"]
    texts = [p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in {".py", ".md", ".toml", ".txt", ".html"}]
    assert [str(p) for p in texts if p != Path(__file__) and PRIVATE.search(p.read_text("utf-8"))] == []


def test_every_bench_publishes_its_figures() -> None:
    page = (ROOT / "docs" / "benchmark.md").read_text("utf-8")
    benches = [p.stem for p in (ROOT / "tests" / "bench").glob("bench_*.py")]
    assert [b for b in benches if f"<!-- {b} -->" not in page] == []
