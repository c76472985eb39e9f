"""An installation in which things are kept, held and erased: real records, real bytes, children that measure nothing
heavy. `sound` asks everybody who may know better: fsck, the audit of the log, and both verifiers of bundles."""

import importlib.util
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sixfaces.adapters.bytes import Bytes, open_blobs
from sixfaces.adapters.fsck.examine import Findings, Installation, examine
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.case import CaseFile, Claim, Order, ReturnParcel
from sixfaces.domain.erasing import EraseReason, Erasure, HoldReason, LegalHold
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.pipeline.auditing import Known, verify_installation
from sixfaces.pipeline.closing import close_case, reopen_case
from sixfaces.pipeline.custody import Notary, Subject, checkpoint_now
from sixfaces.pipeline.erasing import Wish, erase_case, erase_exhibit
from sixfaces.pipeline.exporting import Export, export_bundle
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.holding import HoldOrder, lift_hold, place_hold
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.vault.bundle import Trust, check_bundle
from sixfaces.vault.custody_keys import PUBLIC, load_keys, open_key
from tests.contract.fsck.building import MP4, Painting, hand_in
from tests.rig.installation import Person, new_person, open_service
from tests.rig.tables import with_tables

STATEMENT = "王女士：外包装破损，电话 13800138000"
WISH = Wish(EraseReason.DATA_SUBJECT_REQUEST, "key:admin")
SOON = timedelta(milliseconds=20)


@dataclass(frozen=True)
class Keeping:
    """One installation; `place` is where fsck finds it."""

    service: Service
    place: Installation
    notary: Notary
    who: Person

    def case(self, *films: bytes, waybill: str | None = None, closed: bool = True) -> str:
        """A case with these films, measured and judged, its id."""
        file = CaseFile(
            case_id=f"C-{new_id()}",
            order=Order(order_id="T-1"),
            claim=Claim(statement=STATEMENT),
            return_parcel=ReturnParcel(waybill=waybill),
        )
        with self.service.records.begin("main") as tx:
            case = file_case(tx, self.who.principal, file, expected=Expected()).case
        for film in films:
            hand_in(self.service, self.who, MP4 + film, case=case.id)
        self.work()
        if closed:
            self.close(case.id)
        return case.id

    def close(self, case: str) -> None:
        """Nothing more is to come."""
        with self.service.records.begin("main") as tx:
            close_case(tx, self.who.principal, case, expected=Expected())

    def reopen(self, case: str) -> None:
        """Let it go on."""
        with self.service.records.begin("main") as tx:
            reopen_case(tx, self.who.principal, case, expected=Expected())

    def hold(self, case: str, *, until: datetime | None = None) -> LegalHold:
        """Hold it."""
        with self.service.records.begin("main") as tx:
            return place_hold(tx, self.who.principal, case, order=HoldOrder(HoldReason.DISPUTE, "note", until))

    def lift(self, hold: LegalHold) -> None:
        """Let it go."""
        with self.service.records.begin("main") as tx:
            lift_hold(tx, self.who.principal, hold.case_id, hold_id=hold.id)

    def ask(self, case: str, *, exhibit: str | None = None, **more: Any) -> Erasure:  # noqa: ANN401 of Wish
        """Have a case or an exhibit erased, as soon as somebody works."""
        wish = WISH._replace(**more)
        with self.service.records.begin("main") as tx:
            if exhibit is not None:
                return erase_exhibit(tx, exhibit, wish=wish).erasure
            return erase_case(tx, case, wish=wish).erasure

    def erase(self, case: str, **more: Any) -> Erasure:  # noqa: ANN401 of `ask`
        """The same, and work."""
        asked = self.ask(case, **more)
        self.work()
        return self.erasure(asked.id)

    def erasure(self, id: str) -> Erasure:
        """As it stands."""
        with self.service.records.begin("main", reading=True) as tx:
            found = tx.erasures.get(id)
        assert found is not None
        return found

    def runner(self, *, lease_s: float = 5.0) -> Runner:
        """Somebody who works."""
        steps = steps_of(Painting())
        return Runner(self.service, steps, "test", lease=timedelta(seconds=lease_s), backoff=lambda failed: SOON)

    def work(self) -> None:
        """All that is due now."""
        runner = self.runner()
        while runner.work():
            pass

    def filed(self, case: str) -> FiledCase:
        """The case."""
        with self.service.records.begin("main", reading=True) as tx:
            found = tx.cases.get(case)
        assert found is not None
        return found

    def exhibits(self, case: str) -> list[FiledExhibit]:
        """All of the case, erased ones too."""
        with self.service.records.begin("main", reading=True) as tx:
            return list(tx.exhibits.of_case(case))

    def bundle(self, kind: str, id: str) -> bytes:
        """What a stranger is given."""
        subject = Subject("main", "case" if kind == "case" else "exhibit", id)
        return b"".join(export_bundle(self.service, self.notary, Export(subject, "key:test")))

    def sound(self, *cases: str, notes: frozenset[str] = frozenset()) -> Findings:
        """Nobody finds a fault; bundles of these cases hold for both verifiers."""
        checkpoint_now(self.service, self.notary)
        found = examine(self.place)
        assert [(one.code, one.place) for one in found.faults] == []
        assert {one.code for one in found.notes} <= notes
        audit = verify_installation(self.service.records, self.service.blobs, Known(self.notary.keys))
        assert [(one.code, one.place) for one in audit.faults] == []
        for case in cases:
            bundle = self.bundle("case", case)
            assert check_bundle(io.BytesIO(bundle), Trust(self.notary.keys)).faults == ()
            assert stranger()(bundle, self.place.custody_keys.read_bytes()) == []
        return found

    def holds_nothing_of(self, *texts: bytes) -> bool:
        """Whether no file of it holds one of these texts. SQLite and a folder only."""
        blobs = Path(self.place.blobs)
        files = [*blobs.rglob("*"), *blobs.parent.glob("records.sqlite*")]
        return not any(text in path.read_bytes() for path in files if path.is_file() for text in texts)


def keeping(folder: Path, *, url: str | None = None, store: Bytes | None = None, address: str | None = None) -> Keeping:
    """A new installation in the folder."""
    url = url or f"sqlite:///{folder / 'records.sqlite'}"
    with_tables(url)
    store = store or open_blobs(str(folder / "blobs"))
    service = replace(open_service(folder), records=SqlRecords(url), blobs=store.blobs, spool=store.spool)
    key = open_key(folder / "keys", now=datetime.now(UTC))
    notary = Notary(key, load_keys(folder / "keys" / PUBLIC))
    place = Installation(url, address or str(folder / "blobs"), folder / "keys" / PUBLIC)
    return Keeping(service, place, notary, new_person(service))


def stranger() -> Callable[[bytes, bytes], list[tuple[str, str]]]:
    """docs/verify_bundle.py, which shares nothing with the product: faults of a bundle under trusted keys."""
    path = Path(__file__).parents[2] / "docs" / "verify_bundle.py"
    spec = importlib.util.spec_from_file_location("verify_bundle", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda bundle, keys: list(module.Bundle(io.BytesIO(bundle), keys, None).faults)
