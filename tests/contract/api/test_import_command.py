"""`sixfaces import` against a running server: the answer for people and programs, and the rows to be repaired."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sixfaces.cli.main import app
from sixfaces.domain.people import ApiRole
from tests.contract.api.people import Api
from tests.contract.api.test_imports import case, event, row
from tests.unit.marketplaces.exports import TMALL, objects, table


def command(api: Api, file: Path, *more: str, role: ApiRole = ApiRole.BATCH) -> Result:
    host, port = api.address
    server = ("--server", f"http://{host}:{port}", "--key", api.held(role), "--lang", "en")
    return CliRunner().invoke(app, ["import", str(file), "--platform", "tmall", *server, *more])


def said(ran: Result) -> str:
    """What the command says: the server of these tests is of the same process, and logs to the same place."""
    return "\n".join(line for line in ran.stdout.splitlines() if "[info " not in line)


def written(folder: Path, data: bytes, name: str = "退款.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_file_is_imported_and_told_in_a_line(api: Api, tmp_path: Path) -> None:
    file = written(tmp_path, table(TMALL, row(), row(), encoding="gb18030"))
    dry = command(api, file, "--dry-run")
    assert (dry.exit_code, said(dry).splitlines()[0]) == (0, "A dry run: nothing was written.")
    ran = command(api, file)
    assert ran.exit_code == 0, ran.output
    assert said(ran).startswith("tmall-2026.1: 2 made, 0 changed, 0 unchanged")
    again = command(api, file, "--json")
    assert json.loads(said(again))["unchanged"] == 2


def test_refused_rows_lie_beside_the_file_and_are_imported_once_repaired(api: Api, tmp_path: Path) -> None:
    good, bad = row(), row(售后类型="也许", 宝贝标题="=1+1 衬衫")
    file = written(tmp_path, table(TMALL, good, bad, encoding="gb18030"))
    ran = command(api, file)
    assert ran.exit_code == 5, ran.output
    assert "3 售后类型 “也许”" in ran.stdout
    beside = tmp_path / "退款.csv.refused.csv"
    assert str(beside) in ran.stdout.replace("\n", "")
    with beside.open(encoding="utf-8-sig", newline="") as text:
        header, only = csv.reader(text)
    assert header[:3] == ["line", "column", "reason 原因"]
    assert only[:2] == ["3", "售后类型"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in only)
    beside.write_text(beside.read_text("utf-8-sig").replace("也许", "换货"), encoding="utf-8-sig")
    mended = command(api, beside)
    assert (mended.exit_code, said(mended).split(",")[0]) == (0, "tmall-2026.1: 1 made")
    file_of = case(api, bad["退款编号"])["file"]
    assert (file_of["claim"]["kind"], file_of["order"]["items"][0]["title"]) == ("exchange", "=1+1 衬衫")


def test_refused_records_of_json_are_laid_beside_as_they_were(api: Api, tmp_path: Path) -> None:
    bad = event(dispute_type="PERHAPS")
    ran = command(api, written(tmp_path, objects(event(), bad), "a.json"))
    assert ran.exit_code == 5
    (line,) = (tmp_path / "a.json.refused.ndjson").read_text("utf-8").splitlines()
    assert json.loads(line) == bad


@pytest.mark.parametrize(
    ("data", "more", "code"),
    [
        (b"a,b\n", (), "import.columns"),
        (b"a,b\n", ("--zone", "No/Where"), "import.zone_unknown"),
        (b"", (), "import.empty"),
    ],
)
def test_a_file_that_is_none_is_told_with_the_way_out(
    api: Api, tmp_path: Path, data: bytes, more: tuple[str, ...], code: str
) -> None:
    ran = command(api, written(tmp_path, data), *more)
    assert ran.exit_code == 2
    assert f"[{code}]" in ran.stderr


def test_a_key_that_may_not_and_a_server_that_is_away_are_told(api: Api, tmp_path: Path) -> None:
    file = written(tmp_path, table(TMALL, row()))
    ran = command(api, file, role=ApiRole.STATION)
    assert (ran.exit_code, "role" in ran.stderr) == (2, True)
    away = command(api, file, "--server", "http://127.0.0.1:1")
    assert (away.exit_code, "[import.server]" in away.stderr) == (2, True)
    missing = command(api, tmp_path / "none.csv")
    assert (missing.exit_code, "[import.unreadable]" in missing.stderr) == (2, True)


def test_mappings_are_checked_by_a_command(tmp_path: Path) -> None:
    fit = CliRunner().invoke(app, ["mappings", "--lang", "zh"])
    assert fit.exit_code == 0
    assert "✓ tmall 2026.1 天猫: refunds, orders  [列名未经确认]" in fit.stdout
    unfit = CliRunner().invoke(app, ["mappings", str(written(tmp_path, b"name = 1", "a-2026.1.toml"))])
    assert unfit.exit_code == 2
    assert "a-2026.1.toml" in unfit.stderr
