"""Packs of an installation lead to its log: originals that were sealed, and the report of a verdict."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sixfaces.domain.custody import Act
from sixfaces.domain.errors import PackError, RequestError, StoreError
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.packing import from_service
from sixfaces.pipeline.packing.from_service import For, described, pack_for, pack_of_case_numbered
from sixfaces.pipeline.packing.making import Made as Packed
from sixfaces.pipeline.packing.making import make_pack, pack_digest
from sixfaces.pipeline.packing.material import Asked, Material
from sixfaces.rulebook.channels import CHANNELS
from tests.contract.custody.conftest import Stranger
from tests.rig.chronicle import Chronicle
from tests.rig.forging import files_of, lines, signed, with_lines
from tests.rig.pack_folders import FILM
from tests.rig.packed_cases import packed_case

pytest.importorskip("typst")

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MASKED = Asked(CHANNELS.load("paypal"), "en", NOW)
OPEN = MASKED._replace(masked=False)


NO_SEAL = {"custody.original_unsealed"}


def person(role: ApiRole) -> Principal:
    return Principal.model_validate({"tenant": "main", "key_id": new_id(), "role": role})


def sees_all() -> Principal:
    return person(ApiRole.ADMIN).model_copy(update={"sees_personal": True})


class Made(NamedTuple):
    """The installation, and a masked pack of its case."""

    log: Chronicle
    pack: bytes
    keys: bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    log = packed_case(tmp_path_factory.mktemp("packed"))
    _, pieces = pack_for(log.service, log.notary, For(person(ApiRole.ADMIN), log.cases[0].id), asked=MASKED)
    yield Made(log, b"".join(pieces), log.keys_file.read_bytes())
    log.close()


def test_a_stranger_finds_the_pack_sound_by_the_installations_keys(made: Made, stranger: Stranger) -> None:
    assert stranger(made.pack, made.keys, None) == set()
    acts = [json.loads(line)["act"] for line in lines(files_of(made.pack), "entries.jsonl")]
    assert acts == ["seal", "judge"]


def test_pictures_of_a_masked_pack_are_the_twins_that_the_log_holds(made: Made) -> None:
    files = files_of(made.pack)
    told, results = json.loads(files["pack.json"]), json.loads(files["results.json"])
    shows = next(one["shows"] for one in told["files"] if one["kind"] == "document")
    twins = {digest for name, digest in results.items() if "/masked/" in name}
    assert {one["picture"] for one in shows} == twins
    assert all(one["picture"] == one["file"] for one in shows)


def test_without_its_entries_the_pack_does_not_hold(made: Made, stranger: Stranger) -> None:
    files = files_of(made.pack)
    entries, proofs = lines(files, "entries.jsonl"), lines(files, "proofs.jsonl")
    no_seal = signed(with_lines(files, entries[1:], proofs[1:]), made.log.notary.key)
    assert stranger(no_seal, made.keys, None) == NO_SEAL
    no_verdict = signed(with_lines(files, entries[:1], proofs[:1]), made.log.notary.key)
    assert stranger(no_verdict, made.keys, None) == {"custody.report"}
    no_log = {name: data for name, data in files.items() if name not in {"entries.jsonl", "proofs.jsonl"}}
    assert stranger(signed(no_log, made.log.notary.key), made.keys, None) == {"custody.file_missing"}


def test_that_a_pack_was_taken_is_entered_with_its_digest_before_it_is_given(made: Made) -> None:
    who = person(ApiRole.REVIEWER)
    pack, _ = pack_for(made.log.service, made.log.notary, For(who, made.log.cases[0].id), asked=MASKED)
    with made.log.service.records.begin("main", reading=True) as tx:
        last = tx.custody.about(made.log.cases[0].id)[-1]
    assert (last.act, last.actor) == (Act.READ, who.actor)
    assert last.body["files_sha256"] == pack_digest(pack.pack)
    assert (last.body["what"], last.body["masked"], last.body["channel"]) == ("pack", "yes", "paypal@2026.1")


def test_personal_data_is_for_who_may_see_it(made: Made) -> None:
    case = made.log.cases[0].id
    with pytest.raises(RequestError, match=r"request\.personal"):
        pack_for(made.log.service, made.log.notary, For(person(ApiRole.BATCH), case), asked=OPEN)
    seen = described(made.log.service, For(sees_all(), case), asked=OPEN).pack
    masked = described(made.log.service, For(person(ApiRole.BATCH), case), asked=MASKED).pack
    assert (seen.masked, masked.masked) == (False, True)
    assert {s.picture for s in seen.files[-1].shows}.isdisjoint({s.picture for s in masked.files[-1].shows})


def test_another_tenants_case_is_not_there(made: Made) -> None:
    foreign = person(ApiRole.ADMIN).model_copy(update={"tenant": "other"})
    with pytest.raises(RequestError, match=r"request\.missing"):
        pack_for(made.log.service, made.log.notary, For(foreign, made.log.cases[0].id), asked=MASKED)


def test_the_command_finds_the_case_by_its_number(made: Made, stranger: Stranger) -> None:
    log = made.log
    number = log.cases[0].file.case_id
    _, pieces = pack_of_case_numbered(log.service, log.notary, number, tenant="main", asked=OPEN)
    assert stranger(b"".join(pieces), made.keys, None) == set()
    with pytest.raises(PackError, match=r"pack\.no_case"):
        pack_of_case_numbered(log.service, log.notary, "C-none", tenant="main", asked=OPEN)


def test_originals_of_a_case_lie_in_its_pack_where_they_are_asked_for(made: Made, stranger: Stranger) -> None:
    log, number = made.log, made.log.cases[0].file.case_id
    with pytest.raises(PackError, match=r"pack\.masked_original"):
        pack_of_case_numbered(log.service, log.notary, number, tenant="main", asked=MASKED._replace(enclose=True))
    full = OPEN._replace(enclose=True)
    told, pieces = pack_of_case_numbered(log.service, log.notary, number, tenant="main", asked=full)
    pack = b"".join(pieces)
    assert stranger(pack, made.keys, None) == set()
    assert all(one.enclosed for one in told.pack.originals)
    assert files_of(pack)[f"originals/{hashlib.sha256(FILM).hexdigest()}"] == FILM
    with log.service.records.begin("main", reading=True) as tx:
        (exhibit,) = tx.exhibits.of_case(log.cases[0].id)
        assert tx.custody.about(exhibit.id)[-1].body["files_sha256"] == pack_digest(told.pack)


def test_proofs_are_drawn_up_for_what_goes_in_and_for_nothing_else(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    log, asked = made.log, list[int]()
    with log.service.records.begin("main", reading=True) as tx:
        kind, every = type(tx.custody), len(tx.custody.about(log.cases[0].id))
    real = kind.inclusions

    def counted(self: Any, seqs: Sequence[int], size: int) -> Any:  # noqa: ANN401 whichever store keeps the log
        asked.extend(seqs)
        return real(self, seqs, size)

    monkeypatch.setattr(kind, "inclusions", counted)
    pack_for(log.service, log.notary, For(person(ApiRole.ADMIN), log.cases[0].id), asked=MASKED)
    assert len(asked) == 2 < every


def test_a_case_that_is_erased_while_its_pack_is_made_is_told_as_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = packed_case(tmp_path)
    case = log.cases[0].id

    def meanwhile(material: Material, asked: Asked) -> Packed:
        with log.service.records.begin("main") as tx:
            tx.erasures.spoil_verdicts(case, below=None)
        for key in list(log.service.blobs.list("derived/main")):
            log.service.blobs.remove(key)
        return make_pack(material, asked)

    monkeypatch.setattr(from_service, "make_pack", meanwhile)
    with pytest.raises(RequestError, match=r"request\.erased"):
        described(log.service, For(person(ApiRole.ADMIN), case), asked=MASKED)
    log.close()


def test_a_picture_that_was_changed_in_the_store_or_is_gone_stops_the_pack(made: Made) -> None:
    log = made.log
    with log.service.records.begin("main", reading=True) as tx:
        verdict = tx.verdicts.current(log.cases[0].id)
    assert verdict is not None
    index = json.loads(log.service.blobs.get(f"{verdict.results}/pictures.json") or b"{}")
    key = next(key for name, key in index.items() if "/moments/" in name)
    before = log.service.blobs.get(key)
    assert before is not None
    try:
        log.service.blobs.put(key, before + b"\0")
        with pytest.raises(StoreError, match=r"store\.corrupt"):
            described(log.service, For(sees_all(), log.cases[0].id), asked=OPEN)
        log.service.blobs.remove(key)
        with pytest.raises(StoreError, match=r"store\.corrupt"):
            described(log.service, For(sees_all(), log.cases[0].id), asked=OPEN)
    finally:
        log.service.blobs.put(key, before)
    assert (
        hashlib.sha256(before).hexdigest()
        in described(log.service, For(sees_all(), log.cases[0].id), asked=OPEN).pack.model_dump_json()
    )
