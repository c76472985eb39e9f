"""Both verifiers know the same acts: one that only the product knows makes every bundle that has it worthless."""

import ast
from pathlib import Path

from sixfaces.domain.custody import Act


def test_the_strangers_verifier_knows_every_act() -> None:
    tree = ast.parse((Path(__file__).parents[3] / "docs" / "verify_bundle.py").read_text("utf-8"))
    (acts,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "ACTS"
    )
    assert set(ast.literal_eval(acts)) == set(Act)
