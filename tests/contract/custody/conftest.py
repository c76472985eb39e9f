"""An installation with a log of three cases, made once for all tests of this process, and a verifier by strangers."""

import importlib.util
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rig.chronicle import Chronicle, chronicle

FILMS = ((b"first take" * 250_000, b"a photo"), (b"second take",), (b"a photo", b"third take"))
"""The first is longer than two blocks; the photo is in two cases."""

Stranger = Callable[[bytes, bytes | None, bytes | None], set[str]]
"""Checks a bundle by keys and a witness' note; returns the codes of what does not hold."""


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chronicle]:
    """Read only: tests that change an installation copy or make one."""
    made = chronicle(tmp_path_factory.mktemp("log"), FILMS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def bundle(log: Chronicle) -> bytes:
    """The first case, by the checkpoint that was signed when it had been filed."""
    return log.bundle(0)


@pytest.fixture(scope="session")
def stranger() -> Stranger:
    """docs/verify_bundle.py, which shares nothing with the product."""
    path = Path(__file__).parents[3] / "docs" / "verify_bundle.py"
    spec = importlib.util.spec_from_file_location("verify_bundle", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def check(bundle: bytes, keys: bytes | None, witness: bytes | None) -> set[str]:
        return {code for code, _ in module.Bundle(io.BytesIO(bundle), keys, witness).faults}

    return check
