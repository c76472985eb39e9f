"""The Kubernetes manifests as a cluster gets them: folders read as kustomize reads them."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from tests.unit.deploy.yaml_files import DEPLOY, Tree, document, documents

KUBERNETES = DEPLOY / "kubernetes"


def kustomization(folder: Path) -> Tree:
    """What a folder says of itself."""
    return document(folder / "kustomization.yaml")


def resources(folder: Path) -> list[Tree]:
    """All objects of a folder and of those it names, with its patches applied."""
    told = kustomization(folder)
    found: list[Tree] = []
    for name in (*told.get("resources", ()), *told.get("components", ())):
        place = folder / name
        found += resources(place) if place.is_dir() else documents(place)
    for patch in patches(folder):
        (at,) = [i for i, one in enumerate(found) if named(one) == named(patch)]
        found[at] = merged(found[at], patch)
    return found


def patches(folder: Path) -> Iterator[Tree]:
    """Patches that a folder's components bring."""
    for name in kustomization(folder).get("components", ()):
        for patch in kustomization(folder / name).get("patches", ()):
            yield document(folder / name / patch["path"])


def named(one: Tree) -> tuple[str, str]:
    """Kind and name."""
    return one["kind"], one["metadata"]["name"]


def merged(one: Tree, patch: Tree) -> Tree:
    """A strategic merge: maps key by key, lists of named things by name."""
    result = deepcopy(one)
    for key, value in patch.items():
        if isinstance(value, dict):
            result[key] = merged(result.get(key, {}), value)
        elif isinstance(value, list) and all(isinstance(part, dict) and "name" in part for part in value):
            by_name = {part["name"]: part for part in result.get(key, [])}
            by_name |= {part["name"]: merged(by_name.get(part["name"], {}), part) for part in value}
            result[key] = list(by_name.values())
        else:
            result[key] = value
    return result
