"""Who may see personal data, and what everybody else is shown instead.

A principal with `sees_personal` sees all as it is, and who unmasks a case (`unmasking`) that case. Everybody else
sees texts masked (`domain.personal`) and the masked twins of pictures, and gets no original bytes but those that their
own station handed in. What has no twin is refused, never shown. Masks of texts are made on reading, so that a better
rule covers old reports as well.
"""

import hashlib
import json
from typing import TypeVar

from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.masked import AmbiguousEditError, masked_model, restored
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Record
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report
from sixfaces.domain.twins import twin_of
from sixfaces.pipeline.refusals import erased, missing, not_for_them, not_masked, not_told_apart
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import INDEX, changed, entered_of, held_digests
from sixfaces.report.page import html_report
from sixfaces.report.serial import read_report, report_bytes

M = TypeVar("M", bound=Model)


def shown(who: Principal, one: M) -> M:
    """The thing as they may see it: what may be answered, and nothing to work with, for a mask is no value."""
    return one if who.sees_personal else masked_model(one)


def sent_by(who: Principal, file: CaseFile, known: CaseFile) -> CaseFile:
    """What they mean by a case file that they send after they were shown `known`, perhaps masked: what they left as it
    was shown stays as it is. Raises `request.personal` where they would have to see what is covered to say it."""
    if who.sees_personal:
        return file
    try:
        tree = restored(file.model_dump(mode="json"), known=known.model_dump(mode="json"))
    except AmbiguousEditError:
        raise not_told_apart() from None
    return CaseFile.model_validate_json(json.dumps(tree))


def check_originals(who: Principal) -> None:
    """Raises `request.personal` for who may not have original bytes of whatever exhibit, as a bundle holds them."""
    if not who.sees_personal:
        raise not_for_them()


def check_original(who: Principal, exhibit: FiledExhibit) -> None:
    """The same of one exhibit: a station may have what it handed in."""
    if who.role is not ApiRole.STATION or who.station is None or exhibit.station != who.station:
        check_originals(who)


def picture_name(who: Principal, record: Record, name: str) -> str:
    """The name under which they are given a picture. Raises `request.missing`, and `request.not_masked` for one that
    was made before there were twins, or whose twin could not be made."""
    if name not in record.images:
        raise missing()
    if who.sees_personal:
        return name
    if twin_of(name) not in record.images:
        raise not_masked()
    return twin_of(name)


def picture_names(who: Principal, record: Record) -> list[str]:
    """The pictures that they can ask for, each by the name that facts cite."""
    if who.sees_personal:
        return list(record.images)
    return [name for name in record.images if twin_of(name) != name and twin_of(name) in record.images]


class MaskedResults:
    """A verdict's results for those who may not see personal data: made of the stored report and the twins, each held
    to the digest in the custody log. Raises `request.erased`."""

    def __init__(self, service: Service, verdict: StoredVerdict, transaction: Transaction) -> None:
        if verdict.erased_at is not None:
            raise erased(verdict.id, verdict.erased_at)
        self._blobs = service.blobs
        told = entered_of(transaction, verdict)
        self._is_entered = "results_sha256" in told
        self._digests = held_digests(service.blobs, verdict, told)
        index = service.blobs.get(f"{verdict.results}/{INDEX}")
        self._keys: dict[str, str] = json.loads(index) if index is not None else {}

    def report(self) -> Report:
        """The report with its texts masked. Raises `request.missing`, `store.corrupt`."""
        data = self._file("report.json")
        if data is None:
            raise missing()
        return masked_model(read_report(data))

    def file(self, name: str) -> bytes:
        """`report.json` or `report.html`. Raises as `report`."""
        report = self.report()
        return report_bytes(report) if name == "report.json" else html_report(report, pictures=self._twin).encode()

    def _twin(self, path: str) -> bytes | None:
        """The twin of a picture by its path beside report.json, as the page reads it."""
        pictures, _, rest = path.partition("/")
        exhibit, _, name = rest.partition("/")
        return self._file(f"{pictures}/{exhibit}/{twin_of(name)}")

    def _file(self, name: str) -> bytes | None:
        key = self._keys.get(name)
        data = None if key is None else self._blobs.get(key)
        if data is None:
            return None
        is_held = self._is_entered or name in self._digests
        if is_held and hashlib.sha256(data).hexdigest() != self._digests.get(name):
            raise changed()
        return data
