"""`sixfaces reverify` on an installation: what flips, by which rule, with the money at stake; nothing is written."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sixfaces.cli import reverify as command
from sixfaces.cli.main import app
from sixfaces.cli.reverify_applying import Recorded
from sixfaces.domain.archive import Span
from sixfaces.domain.case import CaseFile
from sixfaces.domain.custody import Act
from sixfaces.domain.records import Page
from sixfaces.domain.reverifying import RunState
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.archive.spans import Asked, Judging, spans_of
from sixfaces.pipeline.service import Service
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of
from tests.unit.archive.test_archiving import tomorrow


@pytest.fixture
def installed(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Three judged cases, two of them archived, in the folder that the command looks into."""
    monkeypatch.setenv("SIXFACES_DATA", str(tmp_path))
    for number in range(3):
        item = {"category": "books", "price": "10.50", "currency": "CNY", "quantity": 2}
        file = CaseFile.model_validate({"case_id": f"=C-{number}", "platform": "tmall", "order": {"items": [item]}})
        file_exhibit(service, new_case(service, file), Sent(f"take {number}".encode()))
        run_all(runner_of(service))
        if number == 1:
            Archivist(service).turn(until=tomorrow(service))
    return service


@pytest.fixture
def of_one_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is of the workers' version, as it is in an installation: a run is applied by its own code alone."""
    monkeypatch.setattr("sixfaces.bootstrap.code_version", lambda: "test 1")
    monkeypatch.setattr("sixfaces.bootstrap.observers_named", lambda: "fake 1")


def ran(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["reverify", "--json", "--workers", "1", *arguments])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def lenient(folder: Path) -> str:
    """A policy that requires nothing of its own but one rule that cannot be told."""
    from sixfaces.domain.rules import RuleCode

    rules = "\n".join(f'"{code.value}" = {{ use = "advisory", reason = "test" }}' for code in RuleCode)
    path = folder / "lenient-2099.1.toml"
    path.write_text(
        'name = "lenient"\nversion = "2099.1"\nextends = "default@2026.1"\neffective_from = 2026-01-01\n'
        f'title = {{ zh = "宽", en = "lenient" }}\n[rules]\n{rules}\n',
        "utf-8",
    )
    return str(path)


def test_it_says_what_flips_with_rules_and_money_and_writes_no_verdict(installed: Service, tmp_path: Path) -> None:
    told = ran("--policy", lenient(tmp_path), "--diff", str(tmp_path / "diff.csv"))
    assert (told["cases"], told["flips"]) == (3, {"rejected>needs_review": 3})
    assert told["stake"] == {"rejected>needs_review": {"CNY": "63.00"}}
    with (tmp_path / "diff.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["case"] for row in rows] == ["'=C-0", "'=C-1", "'=C-2"]
    assert [rows[0][name] for name in ("stake", "amount", "currency")] == ["21.00 CNY", "21.00", "CNY"]
    with installed.records.begin("main", reading=True) as tx:
        assert len(tx.archive.steps(Span("", "~"), limit=10)) == 3


def test_the_diff_as_parquet_says_the_same(installed: Service, tmp_path: Path) -> None:
    ran("--policy", lenient(tmp_path), "--diff", str(tmp_path / "diff.parquet"))
    table = pq.read_table(tmp_path / "diff.parquet").to_pylist()
    assert [(row["case"], row["old"], row["new"]) for row in table] == [
        (f"=C-{number}", "rejected", "needs_review") for number in range(3)
    ]
    assert table[0]["stake"] == [{"currency": "CNY", "amount": Decimal("21.0000")}]
    assert table[0]["categories"] == ["books"]
    assert table[0]["by"] == ["validity.resolution"]
    assert {"rule": "validity.resolution", "old": "not_met", "new": "-"} in table[0]["rules"]


def test_each_rule_has_its_share_of_the_flips_and_of_the_money(installed: Service, tmp_path: Path) -> None:
    told = ran("--policy", lenient(tmp_path))
    share = {
        "flips": 3,
        "changes": {"not_met>-": 3},
        "stake": {"CNY": "63.00"},
        "examples": ["=C-0", "=C-1", "=C-2"],
    }
    assert told["by_rule"] == {"rejected>needs_review": {"validity.resolution": share}}
    assert told["rules"]["validity.resolution"] == share["changes"]
    assert told["rules"]["completeness.one_take"] == {"cannot_tell>-": 3}
    assert told["unflipped"] == {}


def test_rules_that_count_otherwise_where_the_verdict_stays_are_told(installed: Service, tmp_path: Path) -> None:
    path = Path(lenient(tmp_path))
    rule = '"validity.resolution" = { use = "advisory", reason = "test" }'
    path.write_text(path.read_text("utf-8").replace(rule, rule.replace("advisory", "required")), "utf-8")
    told = ran("--policy", str(path))
    assert (told["flips"], told["rules"], "validity.resolution" in told["unflipped"]) == ({}, {}, False)
    assert told["unflipped"]["completeness.one_take"] == {"cannot_tell>-": 3}


def test_a_case_that_is_judged_anew_while_a_dry_run_goes_on_is_looked_at_as_it_was(
    installed: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = spans_of

    def planned(service: Service, tenant: str, asked: Asked) -> list[tuple[Span, int]]:
        spans = list(real(service, tenant, asked))
        with installed.records.begin("main", reading=True) as tx:
            case = tx.cases.by_case_id("=C-2")
        assert case is not None
        file_exhibit(installed, case, Sent(b"another take", name="more.mp4"))
        run_all(runner_of(installed))
        return spans

    monkeypatch.setattr(command, "spans_of", planned)
    assert ran()["cases"] == 3


def test_a_selection_that_can_match_nothing_is_refused_and_one_that_matches_nothing_is_said(installed: Service) -> None:
    backwards = ["reverify", "--since", "2026-02-01", "--until", "2026-01-01"]
    refused = CliRunner().invoke(app, backwards)
    assert (refused.exit_code, "--until" in refused.output) == (2, True)
    for chosen in (["--tenant", "nobody"], ["--station", "X"]):
        done = CliRunner().invoke(app, ["reverify", "--workers", "1", "--lang", "en", *chosen])
        assert (done.exit_code, "Nothing that was judged matches" in done.output) == (0, True)


def test_selections_narrow_what_is_looked_at(installed: Service) -> None:
    chosen = {
        ("--platform", "shopee"): 0,
        ("--platform", "tmall"): 3,
        ("--category", "books"): 3,
        ("--category", "apparel"): 0,
        ("--verdict", "accepted"): 0,
        ("--of-policy", "tmall"): 3,
        ("--since", "2000-01-01"): 3,
        ("--until", "2000-01-01"): 0,
        ("--station", "X"): 0,
    }
    assert {given: ran(*given)["cases"] for given in chosen} == chosen


@pytest.mark.usefixtures("of_one_version")
def test_applying_leaves_jobs_for_the_workers_and_is_entered_in_custody(installed: Service, tmp_path: Path) -> None:
    told = ran("--policy", lenient(tmp_path), "--apply")
    assert told["jobs"] == 3
    run_all(runner_of(installed))
    with installed.records.begin("main", reading=True) as tx:
        assert len(tx.archive.steps(Span("", "~"), limit=10)) == 6
        run = runs.run_of(tx, str(told["run"]))
        (entry,) = [one for one in tx.custody.entries(first=0, limit=999) if one.subject == run.id]
    assert run.policy is not None
    assert (run.state, run.by, run.policy.name) == (RunState.APPLIED, "command line", "lenient")
    assert (entry.act, entry.actor) == (Act.AMEND, "system")
    assert entry.body == {"what": "reverification", "flips": 3, "policy_digest": run.policy.digest}


@pytest.mark.usefixtures("of_one_version")
def test_applying_that_is_interrupted_rests_and_is_finished_by_workers(
    installed: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sixfaces.pipeline.archive.spans.MOST", 1)
    monkeypatch.setattr("sixfaces.cli.reverify_applying.apply_by", _interrupted)
    counted: list[Span] = []

    def count(recorded: Recorded, span: Span, judging: Judging) -> None:
        counted.append(span)
        if len(counted) == 2:
            raise KeyboardInterrupt
        real(recorded, span, judging)

    real = Recorded.count
    monkeypatch.setattr(Recorded, "count", count)
    arguments = ["reverify", "--workers", "1", "--policy", lenient(tmp_path), "--apply"]
    assert CliRunner().invoke(app, arguments).exit_code != 0
    with installed.records.begin("main") as tx:
        (run,) = tx.reverifications.find(Page())
        assert (run.state, tx.reverifications.progress(run.id).done) == (RunState.PAUSED, 1)
        runs.resume(tx, run.id)
    run_all(runner_of(installed))
    with installed.records.begin("main", reading=True) as tx:
        assert runs.run_of(tx, run.id).state is RunState.DONE
        assert tx.reverifications.progress(run.id).tally.flipped == 3


@pytest.mark.usefixtures("of_one_version")
def test_applying_that_cannot_write_its_diff_fails_and_flips_nothing(installed: Service, tmp_path: Path) -> None:
    arguments = ["reverify", "--workers", "1", "--policy", lenient(tmp_path), "--apply", "--diff", "/nowhere/diff.csv"]
    assert CliRunner().invoke(app, arguments).exit_code == 1
    run_all(runner_of(installed))
    with installed.records.begin("main", reading=True) as tx:
        (run,) = tx.reverifications.find(Page())
        assert len(tx.archive.steps(Span("", "~"), limit=10)) == 3
    assert run.failure is not None
    assert (run.state, run.failure.code) == (RunState.FAILED, "output.unwritable")


def _interrupted(*_: object) -> None:
    raise AssertionError("nothing is applied that was not judged to the end")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--policy", "nobody"], 2),
        (["--verdict", "perhaps"], 2),
        (["--since", "yesterday"], 2),
        (["--diff", "/nowhere/diff.csv"], 1),
        (["--diff", "diff.docx"], 1),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(installed: Service, arguments: list[str], code: int) -> None:
    done = CliRunner().invoke(app, ["reverify", "--workers", "1", *arguments])
    assert done.exit_code == code
    assert not isinstance(done.exception, ArithmeticError)


def test_a_part_that_cannot_be_read_is_named_and_leaves_no_diff(installed: Service, tmp_path: Path) -> None:
    (path,) = (tmp_path / "blobs" / "archive").rglob("*.parquet")
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-9])
    for more in ([], ["--apply"]):
        done = CliRunner().invoke(app, ["reverify", "--workers", "1", "--diff", str(tmp_path / "diff.csv"), *more])
        assert (done.exit_code, "[archive.corrupt]" in done.output, path.stem in done.output) == (2, True, True)
    assert not list(tmp_path.glob("*diff*"))
    with installed.records.begin("main", reading=True) as tx:
        assert [run.state for run in tx.reverifications.find(Page())] == [RunState.FAILED]


def test_people_are_told_in_their_language(installed: Service, tmp_path: Path) -> None:
    for lang, words in (("zh", "不采信 → 待人工复核: 3"), ("en", "rejected → needs_review: 3")):
        done = CliRunner().invoke(app, ["reverify", "--workers", "1", "--policy", lenient(tmp_path), "--lang", lang])
        assert words in done.stdout


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--since", "0001-01-01"),
        ("--until", "9999-12-31T23:59:59+14:00"),
        ("--category", "x" * 9000),
        ("--verdict", "no"),
    ],
)
def test_a_selection_that_cannot_be_is_told_by_the_option_it_is_of(option: str, value: str) -> None:
    done = CliRunner().invoke(app, ["reverify", option, value])
    assert done.exit_code == 2
    assert f"Invalid value for {option}:" in done.output
    assert len(done.output) < 500
