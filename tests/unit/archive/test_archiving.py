"""Every judged revision is in exactly one part, whatever dies, and what is erased is in none."""

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from sixfaces.domain.archive import Judged, Part, PartState
from sixfaces.domain.erasing import EraseReason
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import CaseState, FiledCase, StoredVerdict
from sixfaces.domain.reverifying import Selection
from sixfaces.pipeline.archive import archiving, filling, keeping
from sixfaces.pipeline.archive import rows as archive_rows
from sixfaces.pipeline.archive.archiving import Archivist, NotTakenError, blocks_of, rows_in
from sixfaces.pipeline.archive.joining import moved
from sixfaces.pipeline.archive.rows import Case
from sixfaces.pipeline.archive.spans import Asked, rejudged, spans_of
from sixfaces.pipeline.erasing import Wish, erase_case
from sixfaces.pipeline.ids import first_id_at, new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import entered_of
from sixfaces.pipeline.work.running import Runner
from sixfaces.vault.canonical import canonical_json
from tests.rig.workshop import Sent, file_exhibit, new_case, run_all, runner_of


def judged(service: Service, count: int) -> list[FiledCase]:
    """Cases with a verdict each."""
    cases = [new_case(service) for _ in range(count)]
    for number, case in enumerate(cases):
        file_exhibit(service, case, Sent(f"take {number}".encode()))
    run_all(runner_of(service))
    return cases


def run_some(runner: Runner) -> None:
    """Jobs that are due now; an erasure looks once more in an hour."""
    while runner.work():
        pass


def tomorrow(service: Service) -> datetime:
    with service.records.begin("main", reading=True) as tx:
        return tx.now + timedelta(days=1)


def archived(service: Service, *, most: int = 4096) -> list[Part]:
    Archivist(service, most=most).turn(until=tomorrow(service))
    return there(service)


def there(service: Service) -> list[Part]:
    with service.records.begin("main", reading=True) as tx:
        return list(tx.archive.parts())


def rows(service: Service) -> list[str]:
    """Ids of all verdicts in all parts."""
    blocks = [block for part in there(service) for block in blocks_of(service, part, id=part.id)]
    return sorted(id for block in blocks for id in block.column("id"))


def verdicts(service: Service, cases: list[FiledCase]) -> list[str]:
    with service.records.begin("main", reading=True) as tx:
        return sorted(one.id for case in cases for one in tx.verdicts.of_case(case.id) if one.erased_at is None)


def looked_at(service: Service) -> int:
    """Cases that a run over everything judges again."""
    asked = Asked(None, Selection())
    return sum(
        rejudged(service, "main", span=span, asked=asked).tally.cases for span, _ in spans_of(service, "main", asked)
    )


def test_ended_days_are_archived_and_what_is_not_yet_is_read_where_its_judging_left_it(service: Service) -> None:
    cases = judged(service, 3)
    assert looked_at(service) == 3
    (part,) = archived(service)
    assert rows(service) == verdicts(service, cases)
    assert (part.cases, part.exhibits, part.observers) == (3, 3, "fake 1")
    assert part.place.startswith(f"archive/main/{part.day}/")
    more = judged(service, 2)
    assert looked_at(service) == 5
    assert rows(service) == verdicts(service, cases), "this day has not ended"
    archived(service)
    assert rows(service) == verdicts(service, cases + more)


def test_archiving_twice_writes_nothing_twice(service: Service) -> None:
    judged(service, 3)
    assert archived(service) == archived(service)


def test_small_parts_of_a_day_are_joined_and_their_files_removed(service: Service) -> None:
    cases = judged(service, 2)
    first = archived(service, most=8)
    cases += judged(service, 1)
    joined = archived(service, most=16)
    assert len(joined) == 1
    assert rows(service) == verdicts(service, cases)
    assert service.blobs.get(first[0].place) is None
    assert [*service.blobs.list("archive/")] == [joined[0].place]


def by_another_version(service: Service, codes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Archive what there is, as a version does whose rules are these."""
    with monkeypatch.context() as patched:
        patched.setattr(archive_rows, "CODES", codes)
        Archivist(service, most=16).write_some(tomorrow(service))


def told(service: Service) -> dict[str, dict[str, int]]:
    """By verdict, the answers of its first exhibit as they stand, by the rules that they stand for."""
    found: dict[str, dict[str, int]] = {}
    for part in there(service):
        for block in blocks_of(service, part, id=part.id):
            of = zip(block.column("id"), block.column("told"), strict=True)
            found |= {id: dict(zip(block.head.codes, bytes_, strict=False)) for id, bytes_ in of}
    return found


def test_parts_of_versions_with_other_rules_are_joined_and_say_what_they_said(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = archive_rows.CODES
    cases = judged(service, 1)
    by_another_version(service, (*reversed(codes[1:]), "quality.gone"), monkeypatch)
    cases += judged(service, 1)
    by_another_version(service, codes, monkeypatch)
    before = told(service)
    (part,) = archived(service, most=16)
    after = told(service)
    assert [*after] == verdicts(service, cases)
    for id, answers in before.items():
        assert any(answers.values())
        assert after[id] == dict.fromkeys({*codes, "quality.gone"}, 0) | answers
    (block,) = blocks_of(service, part, id=part.id)
    assert len({Case(block, at).told() for at in range(2)}) == 2, "one of them has a rule more"
    assert looked_at(service) == 2


def test_a_part_whose_numbers_stand_for_other_words_is_joined_by_what_they_mean(service: Service) -> None:
    cases = judged(service, 1)
    Archivist(service, most=16).write_some(tomorrow(service))
    (part,) = there(service)
    (block,) = blocks_of(service, part, id=part.id)
    said = [Case(block, 0).told()]
    (row,) = rows_in(block)
    names = block.head.meanings
    other = block.head._replace(
        meanings=names._replace(
            answers=("unclear", *reversed(names.answers)), lacks=("light", *names.lacks), roles=("sketch", *names.roles)
        )
    )
    replaced(service, part, service.parts.write([moved(row, under=block.head, to=other)], other))
    assert looked_at(service) == 1
    cases += judged(service, 1)
    Archivist(service, most=16).write_some(tomorrow(service))
    (part,) = archived(service, most=16)
    (block,) = blocks_of(service, part, id=part.id)
    assert block.column("id") == verdicts(service, cases)
    assert [Case(block, 0).told()] == said


def replaced(service: Service, part: Part, data: bytes) -> None:
    """Other bytes in the place of a part's, on record as these."""
    service.blobs.put(part.place, data)
    told = part.model_copy(update={"id": new_id(), "sha256": hashlib.sha256(data).hexdigest()})
    with service.records.begin("main") as tx:
        tx.archive.began(told.model_copy(update={"state": PartState.WRITING}))
        assert tx.archive.holds(told, tx.archive.held(part.id), instead_of=[part.id])
        tx.archive.forget(part.id)


def test_a_small_part_that_cannot_be_read_holds_up_neither_other_days_nor_tidying(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [archived_as(service, observers="fake 0"), archived_as(service, observers="fake 0")]
    good = [archived_as(service, observers="fake 2"), archived_as(service, observers="fake 2")]
    service.blobs.put(bad[0].place, b"?")
    monkeypatch.setattr(archiving, "MOST_GROUPS", 1)
    archived(service, most=16)
    assert {part.id for part in bad} <= {part.id for part in there(service)}
    (joined,) = [part for part in there(service) if part.observers == "fake 2"]
    assert joined.cases == 2
    assert [service.blobs.get(part.place) for part in good] == [None, None]


def archived_as(service: Service, *, observers: str) -> Part:
    """A part of one case, as if these observers had looked at it."""
    before = {part.id for part in there(service)}
    judged(service, 1)
    kept = judged_on_by(observers)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archiving, "judged_on", kept)
        Archivist(service, most=16).write_some(tomorrow(service))
    (part,) = [part for part in there(service) if part.id not in before]
    return part


def judged_on_by(observers: str) -> Callable[[Service, StoredVerdict], Judged]:
    def judged_on(service: Service, verdict: StoredVerdict) -> Judged:
        found = keeping.judged_on(service, verdict)
        assert found is not None
        return found.model_copy(update={"observers": observers})

    return judged_on


def test_judgings_whose_rows_are_long_are_held_one_by_one_and_never_joined_beyond_what_is_held(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = judged(service, 3)
    held: list[int] = []

    class Counted(filling.Filling):
        def add(self, verdict: StoredVerdict, judged: Judged) -> None:
            super().add(verdict, judged)
            held.append(sum(len(rows) for rows in self._rows.values()))

    monkeypatch.setattr(archiving, "Filling", Counted)
    monkeypatch.setattr(archiving, "MOST_BYTES", 1)
    monkeypatch.setattr(archiving, "JOINED_BYTES", 1)
    assert len(archived(service, most=16)) == 3
    assert held == [1, 1, 1]
    assert rows(service) == verdicts(service, cases)
    monkeypatch.setattr(archiving, "JOINED_BYTES", 2**20)
    assert len(archived(service, most=16)) == 1
    assert rows(service) == verdicts(service, cases)


def test_a_writer_that_died_before_its_part_counted_leaves_nothing_behind(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(service, 2)
    archivist = Archivist(service)
    with monkeypatch.context() as patched:
        patched.setattr("sixfaces.adapters.records.archive.SqlArchive.holds", lambda *_, **__: False)
        with pytest.raises(NotTakenError):
            archivist.write_some(tomorrow(service))
    assert len([*service.blobs.list("archive/")]) == 1
    assert looked_at(service) == 2
    archived(service)
    monkeypatch.setattr("sixfaces.pipeline.archive.archiving.DEAD", timedelta(seconds=-1))
    archivist.tidy()
    assert [*service.blobs.list("archive/")] == [part.place for part in there(service)]


def test_a_part_that_is_missing_or_another_is_named_and_stops_the_run(service: Service) -> None:
    judged(service, 2)
    (part,) = archived(service)
    data = service.blobs.get(part.place) or b""
    for wrong in (data[:-1] + b"?", b"", None):
        if wrong is None:
            service.blobs.remove(part.place)
        else:
            service.blobs.put(part.place, wrong)
        with pytest.raises(ArchiveError) as caught:
            looked_at(service)
        assert (caught.value.code, part.id in caught.value.text.en) == ("archive.corrupt", True)


def test_a_part_of_fewer_rows_than_are_on_record_is_named(service: Service) -> None:
    cases = judged(service, 2)
    (part,) = archived(service)
    (block,) = blocks_of(service, part, id=part.id)
    row = next(row for row in rows_in(block) if row["case_id"] == cases[0].id)
    data = service.parts.write([row], block.head)
    service.blobs.put(part.place, data)
    told = part.model_copy(update={"sha256": hashlib.sha256(data).hexdigest(), "state": PartState.THERE})
    with service.records.begin("main") as tx:
        ids = sorted(tx.archive.held(part.id))
        new = told.model_copy(update={"id": new_id()})
        tx.archive.began(new.model_copy(update={"state": PartState.WRITING}))
        assert tx.archive.holds(new, ids, instead_of=[part.id])
    with pytest.raises(ArchiveError) as caught:
        looked_at(service)
    assert (caught.value.code, "1 of 2" in caught.value.text.en) == ("archive.corrupt", True)


def test_only_the_newest_verdict_on_a_case_is_judged_again(service: Service) -> None:
    (case,) = judged(service, 1)
    file_exhibit(service, case, Sent(b"another", name="more.mp4"))
    run_all(runner_of(service))
    assert len(verdicts(service, [case])) == 2
    assert looked_at(service) == 1
    archived(service)
    assert (looked_at(service), len(rows(service))) == (1, 2)


def test_a_run_looks_at_nothing_that_was_judged_after_it_began(service: Service) -> None:
    judged(service, 2)
    with service.records.begin("main", reading=True) as tx:
        began = first_id_at(tx.now + timedelta(milliseconds=1))
    judged(service, 1)
    asked = Asked(None, Selection(), newest=began)
    spans = [span for span, _ in spans_of(service, "main", asked)]
    assert sum(rejudged(service, "main", span=span, asked=asked).tally.cases for span in spans) == 2


def test_what_is_erased_leaves_its_part_at_once(service: Service) -> None:
    _, case, _ = cases = judged(service, 3)
    (part,) = archived(service)
    with service.records.begin("main") as tx:
        tx.cases.change(case.id, state=CaseState.CLOSED)
        erase_case(tx, case.id, wish=Wish(EraseReason.DATA_SUBJECT_REQUEST, "test"))
    run_some(runner_of(service))
    assert rows(service) == verdicts(service, cases)
    assert len(rows(service)) == 2
    assert service.blobs.get(part.place) is None
    assert looked_at(service) == 2


def test_the_last_case_of_a_part_takes_the_part_with_it(service: Service) -> None:
    (case,) = judged(service, 1)
    archived(service)
    with service.records.begin("main") as tx:
        tx.cases.change(case.id, state=CaseState.CLOSED)
        erase_case(tx, case.id, wish=Wish(EraseReason.DATA_SUBJECT_REQUEST, "test"))
    run_some(runner_of(service))
    assert [*service.blobs.list("archive/")] == []
    assert there(service) == []


def test_one_judging_that_cannot_be_read_holds_up_no_other(service: Service) -> None:
    cases = judged(service, 3)
    with service.records.begin("main", reading=True) as tx:
        (verdict,) = tx.verdicts.of_case(cases[1].id)
    kept = service.blobs.get(f"{verdict.results}/judged.json.gz") or b""
    service.blobs.put(f"{verdict.results}/judged.json.gz", kept[:-9])
    archived(service)
    assert rows(service) == [id for id in verdicts(service, cases) if id != verdict.id]
    with pytest.raises(ArchiveError) as caught:
        looked_at(service)
    assert (caught.value.code, verdict.id in caught.value.text.en) == ("archive.unjudged", True)
    service.blobs.put(f"{verdict.results}/judged.json.gz", kept)
    archived(service)
    assert looked_at(service) == 3


def test_more_judgings_that_cannot_be_read_than_fit_into_a_part_hold_up_nothing_behind_them(service: Service) -> None:
    cases = judged(service, 5)
    ids = verdicts(service, cases)
    with service.records.begin("main", reading=True) as tx:
        for verdict in tx.archive.several(ids[:3]):
            service.blobs.put(f"{verdict.results}/judged.json.gz", b"?")
    archived(service, most=2)
    assert rows(service) == ids[3:]


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_judging_that_was_altered_is_neither_judged_again_nor_archived(service: Service, is_listed: bool) -> None:
    cases = judged(service, 2)
    with service.records.begin("main", reading=True) as tx:
        (verdict,) = tx.verdicts.of_case(cases[0].id)
    tree = json.loads(gzip.decompress(service.blobs.get(f"{verdict.results}/judged.json.gz") or b""))
    tree["case"]["case_id"] = "C-FORGED"
    data = gzip.compress(json.dumps(tree).encode())
    service.blobs.put(f"{verdict.results}/judged.json.gz", data)
    if is_listed:
        digests = json.loads(service.blobs.get(f"{verdict.results}/digests.json") or b"")
        digests["judged.json.gz"] = hashlib.sha256(data).hexdigest()
        service.blobs.put(f"{verdict.results}/digests.json", json.dumps(digests).encode())
    with pytest.raises(ArchiveError) as caught:
        looked_at(service)
    assert (caught.value.code, verdict.id in caught.value.text.en) == ("archive.unjudged", True)
    archived(service)
    assert rows(service) == [id for id in verdicts(service, cases) if id != verdict.id]


def test_a_judging_of_a_later_version_asks_for_that_version_and_for_no_backup(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_later(one: Judged) -> bytes:
        return gzip.compress(json.dumps(one.model_dump(mode="json") | {"format": "sixfaces.judged/2"}).encode())

    with monkeypatch.context() as patched:
        patched.setattr("sixfaces.pipeline.work.judge_case.judged_bytes", of_later)
        judged(service, 1)
    with pytest.raises(ArchiveError) as caught:
        looked_at(service)
    assert caught.value.code == "archive.newer"
    assert archived(service) == []


def test_what_was_judged_before_it_was_kept_is_counted_and_not_archived(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = judged(service, 2)
    with service.records.begin("main", reading=True) as tx:
        (verdict,) = tx.verdicts.of_case(cases[0].id)
    service.blobs.remove(f"{verdict.results}/judged.json.gz")
    with pytest.raises(ArchiveError, match=r"archive\.unjudged"):
        looked_at(service)  # it was kept, and is lost
    digests = json.loads(service.blobs.get(f"{verdict.results}/digests.json") or b"")
    del digests["judged.json.gz"]
    without = canonical_json(digests)
    service.blobs.put(f"{verdict.results}/digests.json", without)
    entered, real, old = {"results_sha256": hashlib.sha256(without).hexdigest()}, entered_of, verdict.id
    monkeypatch.setattr(keeping, "entered_of", lambda tx, verdict: entered if verdict.id == old else real(tx, verdict))
    for _ in range(2):
        asked = Asked(None, Selection())
        ((span, _),) = spans_of(service, "main", asked)
        tally = rejudged(service, "main", span=span, asked=asked).tally
        assert (tally.cases, tally.unread) == (1, 1)
        archived(service)
