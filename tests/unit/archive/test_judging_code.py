"""What judges is told apart by its code, not by its version alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from sixfaces import __version__
from sixfaces.domain.reverifying import Selection
from sixfaces.pipeline.archive import judging_code, runs
from sixfaces.pipeline.archive.judging_code import code_version
from sixfaces.pipeline.service import Service
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the rules are said to be."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "waybill.py").write_text("answer = 1")
    (folder / "data").mkdir()
    (folder / "data" / "words.py").write_text("said = 1")
    monkeypatch.setattr(judging_code, "files", lambda name: folder)
    return folder


def test_it_is_the_version_and_a_digest_of_the_rules_code() -> None:
    version, _, digest = code_version().partition("+rules.")
    assert (version, len(digest)) == (__version__, 16)
    assert code_version() == code_version.__wrapped__()


@pytest.mark.parametrize("path", ["waybill.py", "data/words.py", "another.py", "compiled.pyc"])
def test_a_change_of_any_rule_is_another_code(code: Path, path: str) -> None:
    before = code_version.__wrapped__()
    (code / path).write_text("answer = 2")
    assert code_version.__wrapped__() != before


def test_what_python_caches_is_no_change(code: Path) -> None:
    before = code_version.__wrapped__()
    (code / "__pycache__").mkdir()
    (code / "__pycache__" / "waybill.cpython-311.pyc").write_bytes(b"1")
    assert code_version.__wrapped__() == before


def test_cases_that_other_code_of_the_same_version_judged_are_asked_of_all_rules(service: Service) -> None:
    older, newer = (replace(service, code_version=f"1.0.0+rules.{digest}") for digest in ("aa", "bb"))
    file_exhibit(older, new_case(older), Sent(b"take"))
    run_all(runner_of(older))
    told = []
    for now in (older, newer):
        run, _ = runs.start_run(now, "main", runs.Wish(None, Selection()), by="test")
        run_all(runner_of(now))
        with now.records.begin("main", reading=True) as tx:
            told.append(tx.reverifications.progress(run.id).tally)
    assert [(tally.asked, tally.recoded) for tally in told] == [(0, 0), (1, 1)]
