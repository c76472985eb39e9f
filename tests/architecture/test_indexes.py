"""The folders of the documents have an index that names every page in them."""

from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("folder", ["criteria", "decisions", "observers", "runbooks"])
def test_the_index_of_a_folder_names_every_page_in_it(folder: str) -> None:
    index = (DOCS / folder / "README.md").read_text("utf-8")
    pages = [page.name for page in (DOCS / folder).glob("*.md") if page.name != "README.md"]
    assert pages
    assert [page for page in pages if f"]({page})" not in index] == []
