"""The page on imports lists every field and happening that a mapping may name, and its example is a mapping."""

import re
from pathlib import Path

from sixfaces.adapters.marketplaces.kinds import case_fields, happening_fields, needed
from sixfaces.adapters.marketplaces.shelf import OWN, check, known
from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.errors import RulebookError

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "imports.md").read_text("utf-8")


def rows(heading: str) -> dict[str, str]:
    part = PAGE.partition(heading)[2].partition("\n###")[0]
    return dict(re.findall(r"^\| `([\w.]+)` \| (.*) \|$", part, re.MULTILINE))


def test_every_field_is_listed_with_our_words() -> None:
    listed = rows("### Fields of a case")
    assert set(listed) == set(case_fields())
    for path, kind in case_fields().items():
        assert [word for word in kind.words if f"`{word}`" not in listed[path]] == []


def test_every_happening_is_listed_with_its_fields() -> None:
    listed = rows("### Happenings")
    assert set(listed) == set(KINDS) - OWN
    for kind, told in listed.items():
        assert set(re.findall(r"`([\w.]+)`", told)) == set(happening_fields(kind))
        assert {path.partition(".")[0] for path in re.findall(r"\*\*`([\w.]+)`\*\*", told)} == needed(kind)


def test_every_platform_has_its_row() -> None:
    assert [name for name in known() if f"| `{name}` |" not in PAGE] == []


def test_the_example_is_fit(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "shop-2026.1.toml"
    path.write_text(text, encoding="utf-8")
    (found,) = check([path])
    assert not isinstance(found, RulebookError), found
    assert found.sheets[0].happenings[0].kind == "refund.paid"


def test_every_code_of_a_refusal_is_told() -> None:
    sources = (Path(__file__).resolve().parents[3] / "src" / "sixfaces").rglob("refus*.py")
    text = "".join(p.read_text("utf-8") for p in sources if p.parent.name in {"marketplaces", "importing"})
    codes = {f"import.{code}" for code in re.findall(r'BadCell\(\s*"(\w+)"', text)}
    codes |= set(re.findall(r'"(import\.\w+)"', text)) - {"import.zone_unknown"}
    assert len(codes) > 20
    assert sorted(code for code in codes if f"`{code}`" not in PAGE) == []
