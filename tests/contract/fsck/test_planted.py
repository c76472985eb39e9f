"""The test of the test: every kind of corruption is planted in a sound installation, found, and named by its code."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.fsck.examine import Installation, examine, fsck
from sixfaces.adapters.fsck.fault import CODES, NOTES, fault
from sixfaces.adapters.fsck.hashing import Tree, leaf_of
from sixfaces.adapters.fsck.rows import instant
from sixfaces.domain.errors import RecordsError
from sixfaces.pipeline.persons import person_id
from tests.contract.fsck.building import archived, begun, index_of, scheduled
from tests.contract.fsck.erased import entered_for_nothing, erased

Spoil = Callable[[Installation], object]
MALLORY = "00000000-0000-8000-8000-000000000000"

PLANTED: dict[str, tuple[Spoil, set[str]]] = {}
NEWEST_CHECKPOINT = "size = (SELECT max(size) FROM checkpoints)"
SHARED = "SELECT sha256 FROM exhibits GROUP BY sha256 HAVING count(*) = 2"
WAITING = "SELECT id FROM exhibits WHERE observed_by IS NULL"
SUPERSEDED = "SELECT v.id FROM verdicts v JOIN cases c ON c.id = v.case_id AND c.revision > v.revision"
A_DELIVERY = "(SELECT min(id) FROM webhook_deliveries)"
A_NOTICE = "(SELECT min(id) FROM notices)"
AN_ACCEPT = "(SELECT min(seq) FROM log_entries WHERE act = 'accept')"


def planting(*codes: str) -> Callable[[Spoil], Spoil]:
    """Registers a kind of corruption under its function's name, with all codes that it brings about."""

    def register(spoil: Spoil) -> Spoil:
        PLANTED[spoil.__name__] = spoil, set(codes)
        return spoil

    return register


def sql(place: Installation, *statements: str, **values: object) -> list[tuple[Any, ...]]:
    """Edit the database as somebody who has the file; the rows that the last statement returns."""
    with closing(sqlite3.connect(place.database.removeprefix("sqlite:///"))) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        return [connection.execute(one, values).fetchall() for one in statements][-1]


def original(place: Installation) -> Path:
    """The bytes that are in two cases."""
    sha256: str = sql(place, SHARED)[0][0]
    return Path(place.blobs) / "originals" / "main" / sha256[:2] / sha256


def rewritten(path: Path, data: bytes) -> None:
    """Change a file that nobody may write."""
    path.chmod(0o644)
    path.write_bytes(data)


def results(place: Installation) -> str:
    """Where one verdict's results lie."""
    place_of: str = sql(place, "SELECT results FROM verdicts ORDER BY id LIMIT 1")[0][0]
    return place_of


def without_uniqueness(table: str) -> tuple[str, ...]:
    """Statements that make a table anew, with its rows and none of its rules."""
    return f"CREATE TABLE spare AS SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE spare RENAME TO {table}"


@planting("original_missing")
def original_is_gone(place: Installation) -> None:
    original(place).unlink()


@planting("original_changed")
def original_has_one_bit_changed(place: Installation) -> None:
    path = original(place)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    rewritten(path, bytes(data))


@planting("original_size", "original_changed")
def original_is_longer(place: Installation) -> None:
    rewritten(original(place), original(place).read_bytes() + b"\0")


@planting("original_unwatched")
def nobody_reads_an_original_again(place: Installation) -> None:
    sql(place, f"DELETE FROM originals WHERE sha256 = ({SHARED})")


@planting("person_misnamed")
def a_persons_id_is_said_to_be_somebody_elses(place: Installation) -> None:
    columns = "id, tenant, issuer, subject, role, first_seen_at, last_seen_at"
    told = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"
    for subject, id in (("alice", person_id("https://a.example", "alice")), ("bob", MALLORY)):
        row = f"VALUES ('{id}', 'main', 'https://a.example', '{subject}', 'reviewer', {told})"
        sql(place, f"INSERT INTO persons ({columns}) {row}")


@planting("exhibit_differs")
def exhibit_is_said_to_be_something_else(place: Installation) -> None:
    sql(place, f"UPDATE exhibits SET role = 'buyer_video' WHERE id = ({WAITING})")


@planting("exhibit_differs")
def exhibit_was_moved_to_another_case(place: Installation) -> None:
    first = "(SELECT min(entry) FROM exhibits)"
    sql(place, f"UPDATE exhibits SET case_id = (SELECT max(case_id) FROM exhibits) WHERE entry = {first}")


@planting("exhibit_unentered", "seal_without_exhibit")
def exhibit_points_at_an_entry_that_is_not_there(place: Installation) -> None:
    sql(place, f"UPDATE exhibits SET entry = 100000 WHERE id = ({WAITING})")


@planting("seal_without_exhibit", "sealed_without_exhibit", "job_without_subject")
def exhibit_is_gone(place: Installation) -> None:
    sql(place, f"DELETE FROM exhibits WHERE id = ({WAITING})")


@planting("row_unreadable", "exhibit_differs", "original_size")
def exhibit_row_is_garbage(place: Installation) -> None:
    sql(place, f"UPDATE exhibits SET exhibit = '{{' WHERE id = ({WAITING})")


@planting("record_missing", "observe_without_record")
def record_is_gone(place: Installation) -> None:
    sql(place, f"DELETE FROM observations WHERE sha256 = ({SHARED})")


@planting("record_changed")
def record_says_another_frame_rate(place: Installation) -> None:
    sql(place, f"UPDATE observations SET record = replace(record, '29.97', '30.0') WHERE sha256 = ({SHARED})")


@planting("record_changed", "take_differs")
def two_roots_are_told_of_one_take(place: Installation) -> None:
    facts = json.dumps([{"fact": {"kind": "groups", "form": "sixfaces.take/1", "root": root}} for root in "ab"])
    change = "UPDATE observations SET record = json_set(record, '$.observations', json(:facts))"
    sql(place, f"{change} WHERE sha256 = ({SHARED})", facts=facts)


@planting("record_unentered", "record_missing")
def record_is_said_to_be_by_others(place: Installation) -> None:
    sql(place, f"""UPDATE observations SET "by" = 'other 1' WHERE sha256 = ({SHARED})""")


@planting("picture_missing", "results_missing")
def picture_is_gone(place: Installation) -> None:
    (key,) = [key for name, key in index_of(place, results(place)).items() if name.endswith(".jpg")]
    (Path(place.blobs) / key).unlink()


@planting("picture_changed")
def picture_is_another(place: Installation) -> None:
    (key,) = [key for name, key in index_of(place, results(place)).items() if name.endswith(".jpg")]
    rewritten(Path(place.blobs) / key, b"another picture")


@planting("results_missing")
def page_is_gone(place: Installation) -> None:
    (Path(place.blobs) / index_of(place, results(place))["report.html"]).unlink()


@planting("results_missing")
def index_of_results_is_gone(place: Installation) -> None:
    (Path(place.blobs) / results(place) / "pictures.json").unlink()


@planting("report_changed")
def report_says_something_else(place: Installation) -> None:
    path = Path(place.blobs) / results(place) / "report.json"
    rewritten(path, path.read_bytes().replace(b"needs_review", b"accepted").replace(b"rejected", b"accepted"))


@planting("results_changed")
def page_for_people_says_something_else(place: Installation) -> None:
    path = Path(place.blobs) / index_of(place, results(place))["report.html"]
    rewritten(path, path.read_bytes() + b"<p>accepted</p>")


@planting("results_changed")
def page_and_its_digest_were_changed_together(place: Installation) -> None:
    page_for_people_says_something_else(place)
    path = Path(place.blobs) / results(place) / "digests.json"
    page = Path(place.blobs) / index_of(place, results(place))["report.html"]
    digests = json.loads(path.read_text()) | {"report.html": hashlib.sha256(page.read_bytes()).hexdigest()}
    rewritten(path, json.dumps(digests, sort_keys=True, separators=(",", ":")).encode())


@planting("results_changed")
def digests_of_results_are_gone(place: Installation) -> None:
    (Path(place.blobs) / results(place) / "digests.json").unlink()


@planting("verdict_twice", "verdict_unentered")
def verdict_stands_twice(place: Installation) -> None:
    copied = "INSERT INTO verdicts SELECT 'second', " + ", ".join(
        name for _, name, *_ in sql(place, "PRAGMA table_info(verdicts)") if name != "id"
    )
    sql(place, *without_uniqueness("verdicts"), f"{copied} FROM verdicts WHERE id = ({SUPERSEDED})")


@planting("verdict_ahead", "verdict_unentered")
def verdict_is_on_a_revision_to_come(place: Installation) -> None:
    sql(place, f"UPDATE verdicts SET revision = 99 WHERE id = ({SUPERSEDED})")


@planting("verdict_unentered")
def verdict_was_edited(place: Installation) -> None:
    sql(place, f"UPDATE verdicts SET verdict = 'accepted' WHERE id = ({SUPERSEDED})")


@planting("judge_without_verdict")
def earlier_verdict_is_gone(place: Installation) -> None:
    sql(place, f"DELETE FROM verdicts WHERE id = ({SUPERSEDED})")


@planting("judge_without_verdict", "verified_without_verdict", "case_verdict_differs", "case_forgotten")
def present_verdict_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM verdicts WHERE entry = (SELECT max(entry) FROM verdicts)")


@planting("case_verdict_differs")
def case_shows_a_verdict_that_it_has_not(place: Installation) -> None:
    sql(place, "UPDATE cases SET verdict = 'accepted' WHERE id = (SELECT min(case_id) FROM verdicts)")


@planting("case_forgotten")
def job_of_a_waiting_case_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM jobs WHERE state = 'ready'")


@planting("case_forgotten", "observe_without_record")
def job_is_done_without_its_result(place: Installation) -> None:
    sql(place, "UPDATE jobs SET state = 'done' WHERE state = 'ready'")


@planting("tenant_crossed", "verdict_unentered", "reference_dangling")
def verdict_is_of_another_tenant(place: Installation) -> None:
    sql(place, f"UPDATE verdicts SET tenant = 'other' WHERE id = ({SUPERSEDED})")


@planting("reference_dangling")
def event_points_nowhere(place: Installation) -> None:
    sql(place, "UPDATE events SET case_id = 'nowhere' WHERE id = (SELECT max(id) FROM events)")


@planting("log_hole", "head_differs")
def entry_is_gone(place: Installation) -> None:
    sql(place, f"DELETE FROM log_entries WHERE seq = {AN_ACCEPT}")


@planting("entry_changed")
def entry_was_edited(place: Installation) -> None:
    sql(place, f"UPDATE log_entries SET actor = 'somebody' WHERE seq = {AN_ACCEPT}")


@planting("entry_changed")
def entry_body_is_garbage(place: Installation) -> None:
    sql(place, f"UPDATE log_entries SET body = '[' WHERE seq = {AN_ACCEPT}")


@planting("entry_changed")
def first_entry_was_dated_a_little_back(place: Installation) -> None:
    sql(place, "UPDATE log_entries SET at = strftime('%Y-%m-%d %H:%M:%f000', at, '-0.002 seconds') WHERE seq = 0")


@planting("entry_changed", "entry_order")
def entry_was_dated_back(place: Installation) -> None:
    sql(
        place, "UPDATE log_entries SET at = '2020-01-01 00:00:00.000000' WHERE seq = (SELECT max(seq) FROM log_entries)"
    )


def forged(place: Installation) -> None:
    """Edit an entry and give it the leaf hash that it then has."""
    names = "tenant, act, subject, actor, body, at, seq"
    (row,) = sql(place, f"SELECT {names} FROM log_entries WHERE seq = {AN_ACCEPT}")
    told = dict(zip(names.split(", "), row, strict=True)) | {"actor": "somebody", "body": json.loads(row[4])}
    leaf = leaf_of({name: value for name, value in told.items() if name != "at"}, instant(row[5])).hex()
    sql(place, "UPDATE log_entries SET actor = 'somebody', leaf = :leaf WHERE seq = :seq", leaf=leaf, seq=row[6])


@planting("node_changed", "checkpoint_root")
def entry_was_forged_with_its_leaf(place: Installation) -> None:
    forged(place)


@planting("checkpoint_root")
def whole_tree_was_forged(place: Installation) -> None:
    forged(place)
    tree = Tree()
    for (leaf,) in sql(place, "SELECT leaf FROM log_entries ORDER BY seq"):
        for node in tree.add(bytes.fromhex(leaf)):
            sql(
                place,
                "UPDATE log_nodes SET hash = :hash WHERE level = :level AND position = :position",
                **node._asdict(),
            )


@planting("node_changed")
def node_was_edited(place: Installation) -> None:
    sql(place, "UPDATE log_nodes SET hash = zeroblob(32) WHERE level = 1 AND position = 1")


@planting("node_missing")
def node_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM log_nodes WHERE level = 2 AND position = 0")


@planting("node_unfounded")
def node_was_invented(place: Installation) -> None:
    sql(place, "INSERT INTO log_nodes VALUES (7, 9, zeroblob(32))")


@planting("head_differs")
def head_of_the_log_was_edited(place: Installation) -> None:
    sql(place, "UPDATE log_head SET size = size + 1")


@planting(
    "head_differs", "checkpoint_ahead", "node_unfounded", "exhibit_unentered", "verdict_unentered", "record_unentered"
)
def log_was_cut(place: Installation) -> None:
    sql(place, "DELETE FROM log_entries WHERE seq >= (SELECT max(size) - 6 FROM checkpoints)")


@planting("checkpoint_form")
def checkpoint_note_is_garbage(place: Installation) -> None:
    sql(place, f"UPDATE checkpoints SET note = 'fine' WHERE {NEWEST_CHECKPOINT}")


@planting("checkpoint_differs", "checkpoint_root")
def checkpoint_root_was_edited(place: Installation) -> None:
    sql(place, f"UPDATE checkpoints SET root = '{'0' * 64}' WHERE {NEWEST_CHECKPOINT}")


@planting("checkpoint_signature")
def checkpoint_was_dated_anew(place: Installation) -> None:
    ((at, note),) = sql(place, f"SELECT at, note FROM checkpoints WHERE {NEWEST_CHECKPOINT}")
    told = at.replace(" ", "T")
    assert told in note
    later = f"{told[:-1]}{(int(told[-1]) + 1) % 10}"
    sql(
        place,
        f"UPDATE checkpoints SET at = :at, note = :note WHERE {NEWEST_CHECKPOINT}",
        at=later.replace("T", " "),
        note=note.replace(told, later),
    )


@planting("checkpoint_key")
def key_is_a_strangers(place: Installation) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from sixfaces.vault.notes import VerifierKey

    stranger = VerifierKey("sixfaces.custody/stranger", Ed25519PrivateKey.generate().public_key())
    place.custody_keys.write_text(f"{stranger.text} - -\n")


@planting("checkpoint_key")
def key_had_been_retired(place: Installation) -> None:
    text = place.custody_keys.read_text().split()
    place.custody_keys.write_text(f"{text[0]} - 2020-01-01T00:00:00.000000Z\n")


@planting("keys_unreadable")
def keys_are_gone(place: Installation) -> None:
    place.custody_keys.unlink()


@planting("upload_beyond", "segments_gap")
def offset_was_raised(place: Installation) -> None:
    sql(place, """UPDATE uploads SET "offset" = length + 1 WHERE state = 'receiving'""")


@planting("upload_unsealed")
def complete_upload_has_no_job(place: Installation) -> None:
    sql(place, """UPDATE uploads SET state = 'received', length = "offset" WHERE state = 'receiving'""")


@planting("upload_overdue")
def upload_expired_long_ago(place: Installation) -> None:
    sql(place, "UPDATE uploads SET expires_at = '2020-01-01 00:00:00.000000' WHERE state = 'receiving'")


@planting("segments_gap")
def first_segment_is_gone(place: Installation) -> None:
    sql(place, 'DELETE FROM segments WHERE "start" = 0')


def spooled(place: Installation) -> Path:
    where: str = sql(place, 'SELECT place FROM segments WHERE "start" = 0')[0][0]
    return Path(place.blobs) / ".spool" / where


@planting("spool_missing")
def spooled_bytes_are_gone(place: Installation) -> None:
    spooled(place).unlink()


@planting("spool_short")
def spooled_bytes_were_cut(place: Installation) -> None:
    path = spooled(place)
    rewritten(path, path.read_bytes()[:-1])


@planting("sealed_without_exhibit")
def sealed_upload_leads_nowhere(place: Installation) -> None:
    sql(place, "UPDATE uploads SET exhibit_id = NULL WHERE id = (SELECT min(id) FROM uploads)")


@planting("job_overdue")
def lease_ran_out_long_ago(place: Installation) -> None:
    sql(place, "UPDATE jobs SET state = 'running', lease_until = '2020-01-01 00:00:00.000000' WHERE state = 'ready'")


@planting("job_unheld")
def job_runs_without_a_lease(place: Installation) -> None:
    sql(place, "UPDATE jobs SET state = 'running', lease_until = NULL WHERE state = 'ready'")


@planting("job_twice")
def job_stands_twice(place: Installation) -> None:
    copied = "INSERT INTO jobs SELECT 'second', " + ", ".join(
        name for _, name, *_ in sql(place, "PRAGMA table_info(jobs)") if name != "id"
    )
    sql(place, "DROP INDEX uq_jobs_ready", f"{copied} FROM jobs WHERE state = 'ready'")


@planting("job_without_subject", "case_forgotten")
def job_is_of_nobody(place: Installation) -> None:
    sql(place, "UPDATE jobs SET subject = 'nobody' WHERE state = 'ready'")


@planting("job_without_subject")
def span_of_a_run_is_gone(place: Installation) -> None:
    begun(place)
    sql(place, "DELETE FROM reverification_spans")


@planting("delivery_unscheduled")
def delivery_waits_for_nothing(place: Installation) -> None:
    sql(place, f"UPDATE webhook_deliveries SET next_attempt_at = NULL WHERE id = {A_DELIVERY}")


@planting("delivery_unscheduled")
def delivery_has_ended_and_goes_on(place: Installation) -> None:
    sql(place, f"UPDATE webhook_deliveries SET state = 'delivered' WHERE id = {A_DELIVERY}")


@planting("delivery_overdue")
def delivery_was_due_long_ago(place: Installation) -> None:
    sql(place, f"UPDATE webhook_deliveries SET next_attempt_at = '2020-01-01 00:00:00.000000' WHERE id = {A_DELIVERY}")


@planting("delivery_twice")
def delivery_tells_of_an_event_that_was_told(place: Installation) -> None:
    others = "SELECT subject FROM webhook_deliveries WHERE kind = 'exhibit.sealed' ORDER BY id DESC LIMIT 1"
    first = "SELECT min(id) FROM webhook_deliveries WHERE kind = 'exhibit.sealed'"
    sql(place, f"UPDATE webhook_deliveries SET subject = ({others}) WHERE id = ({first})")


@planting("delivery_missing")
def delivery_is_gone(place: Installation) -> None:
    first = "SELECT min(id) FROM webhook_deliveries WHERE kind = 'evidence.judged'"
    sql(
        place,
        f"DELETE FROM webhook_deliveries WHERE id = ({first})",
        "UPDATE webhook_endpoints SET updated_at = '2020-01-01 00:00:00.000000'",
    )


@planting("row_unreadable")
def delivery_tells_of_something_else(place: Installation) -> None:
    told = "replace(payload, '\"type\"', '\"kind\"')"
    sql(place, f"UPDATE webhook_deliveries SET payload = {told} WHERE id = {A_DELIVERY}")


@planting("row_unreadable")
def secret_lies_in_plain(place: Installation) -> None:
    sql(place, "UPDATE webhook_endpoints SET secret = 'whsec_x'")


@planting("notice_unscheduled")
def notice_waits_for_nothing(place: Installation) -> None:
    sql(place, f"UPDATE notices SET next_attempt_at = NULL WHERE id = {A_NOTICE}")


@planting("notice_unscheduled")
def notice_has_ended_and_goes_on(place: Installation) -> None:
    sql(place, f"UPDATE notices SET state = 'sent' WHERE id = {A_NOTICE}")


@planting("notice_overdue")
def notice_was_due_long_ago(place: Installation) -> None:
    sql(place, f"UPDATE notices SET next_attempt_at = '2020-01-01 00:00:00.000000' WHERE id = {A_NOTICE}")


A_LOT = "(SELECT min(id) FROM lots)"


@planting("lot_differs")
def lot_was_drawn_from_fewer(place: Installation) -> None:
    sql(place, f"""UPDATE lots SET lot = replace(lot, '"size":2', '"size":3') WHERE id = {A_LOT}""")


@planting("lot_differs")
def lot_is_gone_with_its_samples(place: Installation) -> None:
    sql(place, f"DELETE FROM sample_items WHERE lot = {A_LOT}", f"DELETE FROM lots WHERE id = {A_LOT}")


@planting("sample_differs")
def sample_was_exchanged_for_a_nicer_one(place: Installation) -> None:
    sql(place, f"UPDATE sample_items SET subject = '{MALLORY}' WHERE answer IS NULL")


@planting("sample_differs")
def sample_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM sample_items WHERE answer IS NULL")


@planting("sample_differs")
def answer_was_made_to_agree(place: Installation) -> None:
    sql(place, "UPDATE sample_items SET answer = 'accepted' WHERE answer = 'rejected'")


@planting("sample_differs")
def lot_has_ended_before_its_samples(place: Installation) -> None:
    sql(place, f"UPDATE lots SET outcome = 'accepted' WHERE id = {A_LOT}")


@planting("row_unreadable")
def lot_cannot_be_read(place: Installation) -> None:
    sql(place, f"UPDATE lots SET lot = '[' WHERE id = {A_LOT}")


@planting("notice_of_nothing")
def notice_tells_of_nothing(place: Installation) -> None:
    sql(place, f"UPDATE notices SET about = 'nothing' WHERE id = {A_NOTICE}")


@planting("row_unreadable")
def notice_is_for_nobody(place: Installation) -> None:
    sql(place, f"UPDATE notices SET party = 'carrier' WHERE id = {A_NOTICE}")


@planting("row_unreadable")
def link_ended_before_it_began(place: Installation) -> None:
    sql(place, "UPDATE links SET expires_at = '2020-01-01 00:00:00.000000'")


@planting("database_damaged")
def pages_were_overwritten(place: Installation) -> None:
    path = Path(place.database.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((root, size),) = connection.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'events'"
        )
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


@planting("tombstone_unentered", "original_survived")
def exhibit_is_said_to_be_erased(place: Installation) -> None:
    stone = '{"erasure": "x", "reason": "mistake", "by": "somebody", "at": "2026-01-01T00:00:00Z"}'
    sql(place, f"UPDATE exhibits SET erased = '{stone}' WHERE id = ({WAITING})")


@planting("tombstone_unentered")
def report_was_done_away_with_as_if_it_were_erased(place: Installation) -> None:
    sql(place, f"UPDATE verdicts SET erased_at = '2026-01-01 00:00:00' WHERE id = ({SUPERSEDED})")
    (row,) = sql(place, SUPERSEDED.replace("v.id", "v.results"))
    shutil.rmtree(Path(place.blobs) / row[0])


@planting("erase_without_tombstone")
def entry_says_that_what_is_there_was_erased(place: Installation) -> None:
    entered_for_nothing(place)


@planting("original_survived")
def erased_bytes_came_back(place: Installation) -> None:
    sha256 = erased(place).sha256
    (Path(place.blobs) / "originals" / "main" / sha256[:2] / sha256).write_bytes(b"from a backup")


@planting("derived_survived")
def picture_of_what_was_erased_came_back(place: Installation) -> None:
    path = Path(place.blobs) / "derived" / "main" / erased(place).sha256 / "late.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"of a worker that was paused")


@planting("part_missing")
def part_of_the_archive_is_gone(place: Installation) -> None:
    archived(place).unlink()


@planting("part_changed")
def part_of_the_archive_has_one_bit_changed(place: Installation) -> None:
    path = archived(place)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    rewritten(path, bytes(data))


@planting("part_differs")
def part_is_said_to_hold_more_rows(place: Installation) -> None:
    archived(place)
    sql(place, "UPDATE archive_parts SET cases = cases + 1")


@planting("part_lost", "part_differs")
def verdict_is_said_to_be_in_a_part_that_nobody_knows(place: Installation) -> None:
    archived(place)
    sql(place, f"UPDATE verdicts SET part = '{MALLORY}' WHERE id = (SELECT max(id) FROM verdicts WHERE part <> '')")


@planting("schedule_overdue", "schedule_differs")
def schedule_has_waited_for_long(place: Installation) -> None:
    scheduled(place)
    sql(place, "UPDATE reverification_schedules SET next_at = '2020-01-01 00:00:00.000000'")


@planting("schedule_differs")
def schedule_names_a_run_that_is_not_there(place: Installation) -> None:
    scheduled(place)
    run = f"""replace(schedule, '"run":null', '"run":"{MALLORY}"')"""
    sql(place, f"UPDATE reverification_schedules SET schedule = {run}")


@planting("row_unreadable")
def schedule_is_of_no_rhythm(place: Installation) -> None:
    scheduled(place)
    sql(place, "UPDATE reverification_schedules SET schedule = replace(schedule, '\"day\"', '\"hour\"')")


@planting("part_survived", "tombstone_unentered")
def verdict_is_said_to_be_erased_and_stays_in_its_part(place: Installation) -> None:
    archived(place)
    newest = "(SELECT max(id) FROM verdicts WHERE part <> '')"
    sql(place, f"UPDATE verdicts SET erased_at = '2026-01-01 00:00:00.000000' WHERE id = {newest}")


@planting("record_survived", "record_changed", "record_missing", "observe_without_record")
def record_of_what_was_erased_came_back(place: Installation) -> None:
    sha256 = erased(place).sha256
    sql(place, f"UPDATE observations SET sha256 = '{sha256}' WHERE sha256 = ({SHARED})")


@planting("claim_survived")
def claim_of_an_erased_case_came_back(place: Installation) -> None:
    sql(place, f"""UPDATE cases SET file = '{{"claim": {{"statement": "x"}}}}' WHERE id = '{erased(place).case}'""")


@planting("erasure_overdue")
def erasure_never_ended(place: Installation) -> None:
    erased(place)
    sql(place, "UPDATE erasures SET state = 'begun', ended_at = NULL, began_at = '2026-01-01 00:00:00'")


@planting("erasure_overdue")
def erasure_was_asked_for_and_nobody_is_at_it(place: Installation) -> None:
    erased(place)
    sql(
        place,
        "UPDATE erasures SET state = 'asked', began_at = NULL, ended_at = NULL, asked_at = '2026-01-01 00:00:00'",
        "DELETE FROM jobs WHERE kind = 'erase'",
    )


@planting("grade_differs")
def inspection_is_said_to_have_found_nothing(place: Installation) -> None:
    sql(place, """UPDATE qc_verdicts SET verdict = replace(verdict, '"outcome":"used"', '"outcome":"swapped"')""")


@planting("grade_differs")
def qc_verdict_has_another_number_in_the_log(place: Installation) -> None:
    sql(place, """UPDATE qc_verdicts SET verdict = replace(verdict, '"entry":', '"entry":1')""")


@planting("grade_differs")
def qc_verdict_is_found_as_another_than_it_says(place: Installation) -> None:
    sql(place, """UPDATE qc_verdicts SET verdict = replace(verdict, '"tenant":"main"', '"tenant":"other"')""")


@planting("grade_without_row", "inspection_unfounded")
def qc_verdict_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM qc_verdicts")


@planting("grade_unentered", "grade_without_row")
def qc_verdict_has_another_id(place: Installation) -> None:
    sql(place, f"UPDATE qc_verdicts SET id = '{MALLORY}'")


@planting("inspection_open")
def inspection_with_a_verdict_goes_on(place: Installation) -> None:
    sql(place, "UPDATE inspections SET state = 'open'")


@planting("row_unreadable")
def qc_verdict_cannot_be_read(place: Installation) -> None:
    sql(place, "UPDATE qc_verdicts SET verdict = '['")


@planting("decide_differs")
def decision_pays_more(place: Installation) -> None:
    sql(place, "UPDATE decisions SET decision = replace(decision, '按约定', '按约定加倍')")


@planting("decide_without_row")
def decision_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM payments", "DELETE FROM decisions")


@planting("decide_unentered", "decide_without_row")
def decision_has_another_id(place: Installation) -> None:
    sql(place, f"UPDATE decisions SET id = '{MALLORY}'")


@planting("record_differs")
def promise_has_other_words(place: Installation) -> None:
    sql(place, "UPDATE chronicle SET what = replace(what, '三日', '三十日')")


@planting("record_differs")
def reply_came_earlier(place: Installation) -> None:
    sql(place, "UPDATE chronicle SET at = '2026-06-01 00:00:00.000000' WHERE kind = 'replied'")


@planting("record_without_row")
def reply_is_gone(place: Installation) -> None:
    sql(place, "DELETE FROM chronicle WHERE kind = 'replied'")


@planting("record_not_entered", "record_without_row")
def reply_has_another_id(place: Installation) -> None:
    sql(place, f"UPDATE chronicle SET id = '{MALLORY}' WHERE kind = 'replied'")


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_and_named(place: Installation, name: str) -> None:
    spoil, codes = PLANTED[name]
    spoil(place)
    assert {one.code.removeprefix("fsck.") for one in fsck(place)} == codes


def test_every_fault_that_can_be_told_was_planted() -> None:
    planted = {code for _, codes in PLANTED.values() for code in codes}
    assert {code.removeprefix("fsck.") for code in CODES} == planted | NOTES


def test_every_fault_stands_on_its_page_in_both_languages() -> None:
    page = (Path(__file__).parents[3] / "docs" / "fsck.md").read_text("utf-8")
    rows = re.findall(r"^\| `(fsck\.\w+)` \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    told = [fault(code.removeprefix("fsck."), "X").text for code in CODES]
    assert rows == [
        (code, say.en.removesuffix(": X."), say.zh.removesuffix("：X。")) for code, say in zip(CODES, told, strict=True)
    ]


def test_the_place_of_a_fault_says_which_row_or_key(place: Installation) -> None:
    path = original(place)
    path.unlink()
    (found,) = fsck(place)
    assert found.place == path.relative_to(place.blobs).as_posix()
    assert found.place in found.text.en
    assert found.place in found.text.zh
    assert "restore" in found.fix.en


def test_a_quick_look_sees_what_is_gone_but_not_what_was_changed(place: Installation) -> None:
    original_has_one_bit_changed(place)
    assert fsck(place, is_quick=True) == ()
    original_is_longer(place)
    assert [one.code for one in fsck(place, is_quick=True)] == ["fsck.original_size"]


def test_leftovers_are_notes_and_no_faults(place: Installation) -> None:
    stray = hashlib.sha256(b"stray").hexdigest()
    part = "archive/main/2026-01-01/x/0.parquet"
    for key in (f"originals/main/{stray[:2]}/{stray}", "derived/main/cases/x/1/0.json", ".spool/nobody/1-0-0", part):
        path = Path(place.blobs) / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"stray")
    erased(place)
    sql(place, "UPDATE erasures SET state = 'waiting', waits_until = '2999-01-01 00:00:00'")
    sql(place, "UPDATE jobs SET state = 'dead' WHERE state = 'ready'")
    found = examine(place)
    assert found.faults == ()
    assert {one.code.removeprefix("fsck.") for one in found.notes} == NOTES


def test_a_row_that_no_check_can_read_ends_that_check_and_no_other(place: Installation) -> None:
    sql(place, "UPDATE log_entries SET at = 'yesterday' WHERE seq = 0")
    original(place).unlink()
    assert {one.code for one in fsck(place)} == {"fsck.row_unreadable", "fsck.original_missing"}


def test_where_there_is_no_database_that_is_said(place: Installation) -> None:
    with pytest.raises(RecordsError) as caught:
        fsck(place._replace(database="sqlite:////nowhere/records.sqlite"))
    assert caught.value.code == "records.unreadable"
    with pytest.raises(RecordsError):
        fsck(place._replace(database="oracle://host"))
