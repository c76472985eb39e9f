"""Packs by an insider with the installation's key: what they say of outcome and pictures is held against the log."""

import importlib.util
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.packing.from_service import For, pack_for
from sixfaces.pipeline.packing.material import Asked
from sixfaces.rulebook.channels import CHANNELS
from sixfaces.vault.canonical import canonical_json
from tests.contract.custody.conftest import Stranger
from tests.rig.chronicle import Chronicle
from tests.rig.forging import Files, files_of, signed
from tests.rig.packed_cases import packed_case

pytest.importorskip("typst")

ASKED = Asked(CHANNELS.load("paypal"), "en", datetime(2026, 6, 1, tzinfo=UTC))
PROGRAM = Path(__file__).parents[3] / "docs" / "verify_bundle.py"


class Made(NamedTuple):
    """The installation, the files of a pack of its case, and the keys that a stranger trusts."""

    log: Chronicle
    files: Files
    keys: bytes

    def forged(self, change: Callable[[dict[str, Any]], None]) -> bytes:
        """The pack with another pack.json, signed by the installation's key."""
        told = json.loads(self.files["pack.json"])
        change(told)
        return signed({**self.files, "pack.json": canonical_json(told)}, self.log.notary.key)


def admins_pack(log: Chronicle) -> Files:
    who = Principal.model_validate({"tenant": "main", "key_id": new_id(), "role": ApiRole.ADMIN})
    return files_of(b"".join(pack_for(log.service, log.notary, For(who, log.cases[0].id), asked=ASKED)[1]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    log = packed_case(tmp_path_factory.mktemp("forged"))
    yield Made(log, admins_pack(log), log.keys_file.read_bytes())
    log.close()


def remarks(pack: bytes, keys: bytes) -> list[str]:
    spec = importlib.util.spec_from_file_location("verify_bundle", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.Bundle(io.BytesIO(pack), keys)
    assert found.faults == []
    told: list[str] = found.remarks
    return told


@pytest.mark.parametrize(
    "other",
    [{"verdict": "accepted"}, {"policy": "none@1"}, {"policy_sha256": "f" * 64}],
    ids=["outcome", "policy", "digest_of_the_policy"],
)
def test_another_outcome_than_the_logs_does_not_hold(other: dict[str, str], made: Made, stranger: Stranger) -> None:
    pack = made.forged(lambda told: told.update(other))
    assert pack != signed(made.files, made.log.notary.key)
    assert stranger(pack, made.keys, None) == {"custody.report"}


def pictures(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for file in told["files"] for one in file["shows"]]


def test_what_is_said_of_a_picture_must_be_so(made: Made, stranger: Stranger) -> None:
    def untouched(told: dict[str, Any]) -> None:
        pictures(told)[0].update(did=[], file="f" * 64)

    def report(told: dict[str, Any]) -> None:
        pictures(told)[0]["picture"] = told["report_sha256"]

    def nothing(told: dict[str, Any]) -> None:
        next(file for file in told["files"] if file["kind"] == "document")["shows"] = []

    for change in (untouched, report, nothing):
        assert stranger(made.forged(change), made.keys, None) == {"custody.pack_source"}


def test_a_picture_of_another_original_is_none_of_this_one(made: Made, stranger: Stranger) -> None:
    told, results = json.loads(made.files["pack.json"]), json.loads(made.files["results.json"])
    name = next(name for name, one in results.items() if one == pictures(told)[0]["picture"])
    moved = {**{n: d for n, d in results.items() if n != name}, f"pictures/{'0' * 16}/faces/top.jpg": results[name]}
    forged = signed({**made.files, "results.json": canonical_json(moved)}, made.log.notary.key)
    assert stranger(forged, made.keys, None) == {"custody.report", "custody.pack_source"}


def broken(path: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:  # noqa: ANN401 any JSON
    def change(told: dict[str, Any]) -> None:
        inner: Any = told
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        broken(("originals", 0, "bytes"), []),
        broken(("originals", 0, "sha256"), {}),
        broken(("originals", 0), "x"),
        broken(("originals",), {}),
        broken(("files", 0, "name"), 1),
        broken(("files", 0, "shows"), "x"),
        broken(("files", 0, "kind"), []),
        broken(("files", 0), []),
        broken(("verdict",), 0),
        broken(("policy",), []),
    ],
)
def test_a_pack_of_another_form_is_named_and_breaks_nothing(
    change: Callable[[dict[str, Any]], None], made: Made, stranger: Stranger
) -> None:
    assert stranger(made.forged(change), made.keys, None) == {"custody.pack_form"}


def test_pictures_and_results_of_another_form_too(made: Made, stranger: Stranger) -> None:
    def listed(told: dict[str, Any]) -> None:
        pictures(told)[0]["original"] = []

    assert stranger(made.forged(listed), made.keys, None) == {"custody.pack_form"}
    results = canonical_json({**json.loads(made.files["results.json"]), "x": []})
    forged = signed({**made.files, "results.json": results}, made.log.notary.key)
    assert stranger(forged, made.keys, None) == {"custody.pack_form"}


def test_a_key_that_was_retired_before_the_checkpoint_signs_no_pack(made: Made, stranger: Stranger) -> None:
    pack = signed(made.files, made.log.notary.key)
    key = made.keys.decode().split("\n")[0].split()[0]
    retired = f"{key} 2020-01-01T00:00:00.000000Z 2020-02-01T00:00:00.000000Z\n".encode()
    assert stranger(pack, retired, None) == {"custody.key_retired"}
    no_log = {n: d for n, d in made.files.items() if n not in {"checkpoint.txt", "entries.jsonl", "proofs.jsonl"}}
    assert stranger(signed(no_log, made.log.notary.key), retired, None) == {"custody.key_retired"}
    since = f"{key} 2020-01-01T00:00:00.000000Z 2999-01-01T00:00:00.000000Z\n".encode()
    assert any("retired on 2999-01-01" in one for one in remarks(pack, since))
    assert not any("retired" in one for one in remarks(pack, made.keys))


def test_what_became_of_an_original_is_in_the_pack_and_said(tmp_path: Path) -> None:
    log = packed_case(tmp_path)
    keys = log.keys_file.read_bytes()
    with log.service.records.begin("main", reading=True) as tx:
        (exhibit,) = tx.exhibits.of_case(log.cases[0].id)
    digest = exhibit.exhibit.sha256

    def after(act: Act, **body: str) -> list[str]:
        deed = Deed(tenant="main", act=act, subject=exhibit.id, actor="worker:w", body={"sha256": digest, **body})
        with log.service.records.begin("main") as tx:
            tx.custody.append(deed)
        told = remarks(signed(admins_pack(log), log.notary.key), keys)
        return [one for one in told if one.startswith(f"Of the original {digest}")]

    (damaged,) = after(Act.DAMAGE, found="changed")
    assert "found damaged on" in damaged
    assert after(Act.DAMAGE, found="whole") == []
    (erased,) = after(Act.ERASE, reason="request", done="begun")
    assert "erased on" in erased
    log.close()


def test_what_stays_a_word_is_said(made: Made) -> None:
    told = remarks(signed(made.files, made.log.notary.key), made.keys)
    assert told == ["What was left out, masked, or done to pictures, and for whom, is its maker's word."]
