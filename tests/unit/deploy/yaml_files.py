"""The YAML of deploy/ as plain trees: read safely, and no key of a map twice."""

from importlib import import_module
from pathlib import Path
from typing import Any

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
Tree = dict[str, Any]

_yaml: Any = import_module("yaml")  # it tells mypy nothing


class _StrictLoader(_yaml.SafeLoader):  # type: ignore[misc]  # its module has no types
    """PyYAML lets a second key of one name win silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401 of PyYAML
        """A map without a key that stands twice."""
        keys = [key.value for key, _ in node.value if key.value != "<<"]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice"
        return super().construct_mapping(node, deep=deep)


def documents(path: Path) -> list[Tree]:
    """All documents of a file."""
    return list(_yaml.load_all(path.read_text("utf-8"), Loader=_StrictLoader))


def document(path: Path) -> Tree:
    """The one document of a file."""
    (found,) = documents(path)
    return found
