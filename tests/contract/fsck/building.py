"""A small installation by the product's own code: handed in, measured, judged and signed, with work still to do."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.adapters.bytes import Bytes, open_blobs
from sixfaces.adapters.fsck.examine import Installation
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.exhibit import MediaInfo, Role
from sixfaces.domain.observation import Record
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.reverifying import Selection
from sixfaces.domain.schedule import Every, Rhythm, ScheduleTerms
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.archive.runs import Wish, start_run
from sixfaces.pipeline.archive.schedules import add_schedule
from sixfaces.pipeline.custody import Notary, checkpoint_now
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.receiving import Going, take_over
from sixfaces.pipeline.sealing import seal_received
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import Wanted, create_upload
from sixfaces.pipeline.work.children import Allowance, Task, Watch, inside
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.report.serial import json_bytes
from sixfaces.vault.custody_keys import PUBLIC, load_keys, open_key
from tests.contract.fsck.claimed import claim
from tests.contract.fsck.sampled import sampled
from tests.rig.installation import Person, new_case, new_person, open_service
from tests.rig.tables import with_tables
from tests.rig.webhook_receiver import subscribed
from tests.rig.workshop import run_all, runner_of

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
"""What a video begins with; these are read no further."""
PICTURE = "moments/first.jpg"


class Painting:
    """Children without processes: each leaves a record that cites one picture."""

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        """As in the interface."""
        at, pictures = inside(Path(task.folder))
        data = b"a picture of " + task.exhibit.sha256.encode()
        (pictures / PICTURE).parent.mkdir(parents=True)
        (pictures / PICTURE).write_bytes(data)
        media = MediaInfo(duration_s=1.0, width=64, height=64, fps=29.97, codec="h264")
        images = {PICTURE: hashlib.sha256(data).hexdigest()}
        record = Record(exhibit=task.exhibit, media=media, observers={"假": "1"}, images=images)
        at.write_bytes(json_bytes(record))


def build(
    folder: Path, *, url: str | None = None, store: Bytes | None = None, address: str | None = None
) -> Installation:
    """Six cases: one whose goods were inspected and that was decided, two with verdicts that share bytes, one judged
    twice, one whose evidence waits to be measured, one that is being handed in. Two checkpoints, and entries after the
    last of them."""
    url = url or f"sqlite:///{folder / 'records.sqlite'}"
    with_tables(url)
    store = store or open_blobs(str(folder / "blobs"))
    records = SqlRecords(url)
    service = replace(open_service(folder), records=records, blobs=store.blobs, spool=store.spool)
    who = new_person(service)
    with records.begin("main") as tx:
        subscribed(tx, "https://shop.example/hook")
    key = open_key(folder / "keys", now=datetime.now(UTC))
    notary = Notary(key, load_keys(folder / "keys" / PUBLIC))
    sampled(service, claim(service, who))
    film = MP4 + b"one film in two cases"
    for data in (film, film, MP4 + "另一段".encode()):
        hand_in(service, who, data)
    measured(service)
    checkpoint_now(service, notary)
    twice = hand_in(service, who, MP4 + b"the first take")
    measured(service)
    hand_in(service, who, MP4 + b"the second take", case=twice)
    measured(service)
    checkpoint_now(service, notary)
    hand_in(service, who, MP4 + b"waits to be measured")
    hand_in(service, who, MP4 + b"half of", length=1000, parts=2)
    records.close()
    return Installation(url, address or str(folder / "blobs"), folder / "keys" / PUBLIC)


def hand_in(
    service: Service, who: Person, data: bytes, *, case: str | None = None, length: int | None = None, parts: int = 1
) -> str:
    """Upload bytes by as many writers, whole or as the beginning of more; the case's id."""
    case = case or new_case(service, who).id
    wanted = Wanted(case=case, role=Role.UNBOXING_VIDEO, name="取证.mp4", length=length or len(data))
    upload = create_upload(service, who.principal, wanted)
    size = len(data) // parts + 1
    for start in range(0, len(data), size):
        reception = take_over(service, who.principal, upload.id, going=Going(offset=start))
        try:
            reception.take(data[start : start + size])
            reception.finish()
            seal_received(service, reception)
        finally:
            reception.close()
    return case


def measured(service: Service) -> None:
    """Do all work there is."""
    run_all(runner_of(service, steps=steps_of(Painting())))


def archived(place: Installation) -> Path:
    """As if the day had ended; a file of the archive."""
    service = replace(open_service(Path(place.blobs).parent), parts=ParquetParts())
    with service.records.begin(None, reading=True) as tx:
        tomorrow = tx.now + timedelta(days=1)
    Archivist(service).write_some(tomorrow)
    return next((Path(place.blobs) / "archive").rglob("*.parquet"))


def begun(place: Installation) -> None:
    """A run over the archive that nobody works at."""
    run, _ = start_run(open_service(Path(place.blobs).parent), "main", Wish(None, Selection()), by="test")
    assert run.spans == 1


def scheduled(place: Installation) -> None:
    """A standing order for runs over the archive."""
    service = open_service(Path(place.blobs).parent)
    terms = ScheduleTerms(name="nightly", rhythm=Rhythm(every=Every.DAY, at="03:00"))
    with service.records.begin("main") as tx:
        add_schedule(tx, Principal(tenant="main", key_id=new_id(), role=ApiRole.ADMIN), terms)


def moved(place: Installation, old: Path, new: Path) -> Installation:
    """The installation after its folder was copied."""
    relocate: Callable[[str], str] = lambda text: text.replace(str(old), str(new))  # noqa: E731 a line as a function
    return place._replace(
        database=relocate(place.database),
        blobs=relocate(place.blobs),
        custody_keys=Path(relocate(str(place.custody_keys))),
    )


def index_of(place: Installation, results: str) -> dict[str, str]:
    """What a verdict's results name."""
    return dict(json.loads((Path(place.blobs) / results / "pictures.json").read_text()))
