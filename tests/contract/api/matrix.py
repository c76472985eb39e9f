"""Who may do what: every operation of the API, stated here by hand and compared with the OpenAPI file.

A row: the roles that may, how the operation addresses own, foreign and missing things, and what it is sent.
"""

from dataclasses import dataclass, field
from typing import Any

from sixfaces.domain.people import ApiRole
from tests.contract.api.people import Things

STATION, REVIEWER, BATCH, ADMIN = ApiRole.STATION, ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN
ALL = frozenset(ApiRole)
READERS = frozenset({REVIEWER, BATCH, ADMIN})
REVIEWERS = frozenset({REVIEWER, ADMIN})
ADMINS = frozenset({ADMIN})
IMPORTERS = frozenset({BATCH, ADMIN})
INSPECTORS = frozenset({STATION, REVIEWER, ADMIN})
NOBODY: frozenset[ApiRole] = frozenset()
"""No key is asked for."""

TUS = {"Tus-Resumable": "1.0.0"}
NEW_UPLOAD = {**TUS, "Upload-Length": "4", "Sixfaces-Case": "{number}"}
DIRECT = {"case": "{number}", "role": "document", "name": "a", "length": 4, "sha256": "0" * 64}
PARTS = {"parts": [{"number": 1, "sha256": "0" * 64}]}
ALL_PARTS = {"parts": [{"number": 1, "etag": "a"}]}
NOT_DIRECT = frozenset({409, 501})
"""The store of the tests is a folder, which takes no uploads of its own."""
WEBHOOK = {"url": "https://shop.example/hook", "kinds": ["exhibit.sealed"]}
OCCURRED = {"what": {"kind": "replied", "by": "seller"}, "source": "seller"}
CARRIED = {"waybill": "none", "status": "lost", "at": "2026-06-01T00:00:00Z", "reference": "1"}
INSPECTED = {"case": "01999999-9999-7999-8999-999999999999", "sop": "general"}
REFERRED = {"to": "supplier", "until": "2026-06-01T00:00:00Z"}
NEEDS_MATCH = frozenset({428})
EXPORT = "退款编号,订单编号\nM-1,M-1\n".encode()
PERIOD = {"from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
SHIPPED = {"items": [{"day": "2026-01-01", "sku": "none", "units": 1}]}
STREAM = {"of": "accepted", "policy": "none@1"}
LOT = {**STREAM, **PERIOD}
SCHEDULE = {"name": "nightly", "rhythm": {"every": "day", "at": "03:00"}, "days": 30}
KNOWN = {"for": "reviewers", "truth": {"verdict": "rejected"}}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True)
class Row:
    """One operation. `path` has the names of fields of `Things` in braces; `own` are the statuses that a good request
    for an own thing may get; `changes`: asking for an own thing would spoil it for the other cells."""

    method: str
    path: str
    roles: frozenset[ApiRole]
    own: frozenset[int] = frozenset({200})
    changes: bool = False
    sends: dict[str, Any] = field(default_factory=dict)
    not_for_station: bool = False
    """A station of the tenant that did not hand the thing in does not see it."""
    personal: bool = False
    """It shows personal data, which a batch job does not get unless its key says so, and a reviewer for a reason."""

    def closed_to(self, role: ApiRole | None) -> bool:
        """Whether a key of this role, of which nothing else was said, gets 403 for its own thing."""
        return (role is not None and role not in self.roles) or (self.personal and role in (BATCH, REVIEWER))

    @property
    def addresses(self) -> bool:
        """Whether it names a thing that somebody owns."""
        names_case = "{number}" in str(self.sends) and self.method == "POST"
        may_make = self.method == "PUT" and "{schedule}" not in self.path
        return names_case or ("{" in self.path and "policy" not in self.path and not may_make)

    def url(self, things: Things | None) -> str:
        """The address of these things; of things that nobody has for None."""
        missing = dict.fromkeys(vars_of(self.path), MISSING) | MISSING_NAMES
        values = (
            {
                **vars(things),
                "policy": "default",
                "sop_policy": "apparel",
                "grades_policy": "abcd",
                "push_policy": "tmall",
                "channel": "court",
            }
            if things
            else missing
        )
        return self.path.format(**{name: values[name] for name in vars_of(self.path)})


MISSING = "01999999-9999-7999-8999-999999999999"
MISSING_NAMES = {"station": "S-NONE", "number": "C-none", "picture": "faces/none.png", "policy": "none"}
MISSING_NAMES |= {"sop_policy": "none", "grades_policy": "none", "push_policy": "tmall", "channel": "court"}


def vars_of(path: str) -> list[str]:
    """The names in braces."""
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def get(path: str, roles: frozenset[ApiRole] = ALL, **more: Any) -> Row:  # noqa: ANN401 of Row
    """A read."""
    return Row("GET", path, roles, **more)


ROWS = (
    get("/healthz", NOBODY),
    get("/readyz", NOBODY),
    get("/metrics", NOBODY),
    get("/s/{case}", NOBODY),
    Row("OPTIONS", "/v1/uploads", NOBODY, own=frozenset({204})),
    Row("PUT", "/v1/cases/by-number/{number}", ALL, sends={"json": {"case_id": "{number}"}}),
    get("/v1/cases/by-number/{number}"),
    get("/v1/cases/{case}"),
    get("/v1/cases"),
    Row("POST", "/v1/cases/{spare}/close", READERS, changes=True),
    Row("POST", "/v1/cases/{spare}/reopen", READERS, changes=True),
    get("/v1/cases/{case}/holds", READERS),
    Row("POST", "/v1/cases/{case}/holds", REVIEWERS, frozenset({201}), sends={"json": {"reason": "dispute"}}),
    Row("DELETE", "/v1/cases/{case}/holds/{hold}", ADMINS, changes=True),
    Row("POST", "/v1/cases/{case}/erase", ADMINS, frozenset({409}), sends={"json": {"reason": "mistake"}}),
    Row("POST", "/v1/exhibits/{exhibit}/erase", ADMINS, frozenset({409}), sends={"json": {"reason": "mistake"}}),
    Row("POST", "/v1/reverifications", IMPORTERS, own=frozenset({202}), sends={"json": {"policy": "default"}}),
    get("/v1/reverifications", READERS),
    get("/v1/reverifications/{run}", READERS),
    get("/v1/reverifications/{run}/flips", READERS),
    get("/v1/reverifications/{run}/flips.csv", READERS),
    get("/v1/reverifications/{run}/flips.parquet", READERS),
    Row("POST", "/v1/reverifications/{run}/pause", IMPORTERS, own=frozenset({200, 409}), changes=True),
    Row("POST", "/v1/reverifications/{run}/resume", IMPORTERS, own=frozenset({200, 409}), changes=True),
    Row("POST", "/v1/reverifications/{run}/cancel", IMPORTERS, own=frozenset({200, 409}), changes=True),
    Row("POST", "/v1/reverifications/{run}/apply", IMPORTERS, own=frozenset({202, 409}), changes=True),
    Row("POST", "/v1/reverification-schedules", IMPORTERS, own=frozenset({201, 409}), sends={"json": SCHEDULE}),
    get("/v1/reverification-schedules", READERS),
    get("/v1/reverification-schedules/{schedule}", READERS),
    Row("PUT", "/v1/reverification-schedules/{schedule}", IMPORTERS, sends={"json": SCHEDULE}),
    Row("DELETE", "/v1/reverification-schedules/{schedule}", IMPORTERS, changes=True),
    get("/v1/erasures", READERS),
    get("/v1/erasures/{erasure}", READERS),
    get("/v1/retention", READERS),
    Row("PUT", "/v1/retention", ADMINS, sends={"json": {"roles": {"buyer_photo": 90}}}),
    get("/v1/session"),
    Row("POST", "/v1/session", ALL),
    Row("DELETE", "/v1/session", ALL, own=frozenset({204})),
    get("/v1/review-queue", READERS),
    get("/v1/cases/{case}/claim", READERS),
    get("/v1/cases/{case}/label.pdf"),
    get("/v1/cases/{case}/label.png"),
    get("/v1/cases/{case}/chronicle", READERS),
    Row("POST", "/v1/cases/{case}/chronicle", READERS, frozenset({201}), sends={"json": OCCURRED}),
    get("/v1/cases/{case}/recommendation", READERS, own=frozenset({422})),
    get("/v1/cases/{case}/decisions", READERS),
    Row("POST", "/v1/cases/{case}/decisions", REVIEWERS, NEEDS_MATCH, sends={"json": {}}),
    Row("POST", "/v1/inspections", INSPECTORS, frozenset({404}), sends={"json": INSPECTED}),
    get("/v1/inspections"),
    get("/v1/inspections/agreement", READERS),
    get("/v1/inspections/{inspection}"),
    Row("POST", "/v1/inspections/{inspection}/answers", INSPECTORS, NEEDS_MATCH, sends={"json": {"step": "item"}}),
    Row("POST", "/v1/inspections/{inspection}/suspend", INSPECTORS, NEEDS_MATCH),
    Row("POST", "/v1/inspections/{inspection}/resume", INSPECTORS, NEEDS_MATCH),
    Row("POST", "/v1/inspections/{inspection}/hand-over", INSPECTORS, NEEDS_MATCH, sends={"json": {"to": "station:S"}}),
    Row("POST", "/v1/inspections/{inspection}/abandon", INSPECTORS, NEEDS_MATCH),
    Row("POST", "/v1/inspections/{inspection}/conclude", INSPECTORS, NEEDS_MATCH, sends={"json": {"outcome": "used"}}),
    Row("POST", "/v1/inspections/{inspection}/refer", INSPECTORS, NEEDS_MATCH, sends={"json": REFERRED}),
    Row("POST", "/v1/inspections/{inspection}/second-look", INSPECTORS, frozenset({409}), sends={"json": {}}),
    get("/v1/inspections/{inspection}/comparison", READERS, own=frozenset({409})),
    get("/v1/sops"),
    get("/v1/sops/{sop_policy}"),
    get("/v1/grades"),
    get("/v1/grades/{grades_policy}"),
    get("/v1/cases/{case}/links", READERS),
    Row("POST", "/v1/cases/{case}/links", READERS, frozenset({201}), sends={"json": {"party": "buyer"}}),
    Row("DELETE", "/v1/cases/{case}/links", READERS, changes=True),
    Row("DELETE", "/v1/cases/{case}/links/{link}", READERS, frozenset({204}), changes=True),
    get("/v1/notices", READERS),
    get("/v1/notices/{notice}", READERS),
    Row("POST", "/v1/notices/{notice}/replay", READERS),
    get("/v1/notice-rule", READERS),
    Row("PUT", "/v1/notice-rule", ADMINS, sends={"json": {"off": ["settled"]}}),
    Row("POST", "/v1/carrier-events", READERS, sends={"json": CARRIED}),
    Row("POST", "/v1/imports", IMPORTERS, sends={"content": EXPORT, "params": {"platform": "tmall"}}),
    Row("POST", "/v1/push/{push_policy}", IMPORTERS, sends={"json": {"refund_id": "M-1", "tid": "M-1"}}),
    get("/v1/measures", READERS, sends={"params": PERIOD}),
    get("/v1/statistics/machine", READERS, sends={"params": PERIOD}),
    get("/v1/statistics/machine.csv", READERS, sends={"params": PERIOD}),
    get("/v1/alarms", READERS),
    get("/v1/alarms/{alarm}", READERS),
    Row("POST", "/v1/alarms/{alarm}/acknowledge", REVIEWERS, frozenset({200, 409}), sends={"json": {"note": "Seen."}}),
    Row("POST", "/v1/shipped-units", READERS, sends={"json": SHIPPED}),
    Row("POST", "/v1/lots", frozenset({BATCH, ADMIN}), frozenset({422}), sends={"json": LOT}),
    get("/v1/lots", frozenset({BATCH, ADMIN})),
    get("/v1/lots/{lot}", frozenset({BATCH, ADMIN})),
    Row("POST", "/v1/lots/{lot}/void", ADMINS, changes=True),
    get("/v1/sampling-streams", frozenset({BATCH, ADMIN})),
    Row("POST", "/v1/sampling-streams/resume", ADMINS, frozenset({409}), sends={"json": STREAM}),
    Row("POST", "/v1/samples/next", frozenset({REVIEWER})),
    get("/v1/samples/{sample}", frozenset({REVIEWER}), own=frozenset({404})),
    Row(
        "POST",
        "/v1/samples/{sample}/answer",
        frozenset({REVIEWER}),
        frozenset({404}),
        sends={"json": {"answer": "accepted"}},
    ),
    Row("POST", "/v1/planted", ADMINS, frozenset({404}), sends={"json": {"case_id": MISSING, **KNOWN}}),
    get("/v1/planted", ADMINS),
    get("/v1/planted/scores", ADMINS),
    Row("DELETE", "/v1/planted/{planted}", ADMINS, changes=True),
    get("/v1/suppliers", READERS, sends={"params": PERIOD}),
    get("/v1/suppliers/{number}/defects", READERS, own=frozenset({404}), sends={"params": PERIOD}),
    get("/v1/suppliers/{number}/defects.csv", READERS, own=frozenset({404}), sends={"params": PERIOD}),
    get("/v1/scan", sends={"params": {"code": "C-none"}}),
    get("/v1/cases/{case}/exhibits"),
    get("/v1/cases/{case}/events"),
    get("/v1/cases/{case}/verdicts", not_for_station=True),
    get("/v1/cases/{case}/report", not_for_station=True),
    get("/v1/cases/{case}/report.html", not_for_station=True),
    get("/v1/cases/{case}/verdicts/{verdict}/report", not_for_station=True),
    get("/v1/cases/{case}/verdicts/{verdict}/report.html", not_for_station=True),
    get("/v1/cases/{case}/custody", READERS),
    get("/v1/cases/{case}/custody.zip", READERS, personal=True),
    get("/v1/channels"),
    Row(
        "POST",
        "/v1/cases/{case}/packs",
        ALL,
        frozenset({409}),
        sends={"json": {"channel": "court"}},
        not_for_station=True,
    ),
    get("/v1/cases/{case}/packs/{channel}.zip", own=frozenset({409}), not_for_station=True),
    get("/v1/exhibits/{exhibit}", not_for_station=True),
    get("/v1/exhibits/{exhibit}/original", not_for_station=True, personal=True),
    Row("HEAD", "/v1/exhibits/{exhibit}/original", ALL, not_for_station=True, personal=True),
    get("/v1/originals/damaged", READERS),
    get("/v1/exhibits/{exhibit}/observations", not_for_station=True),
    get("/v1/exhibits/{exhibit}/faces", not_for_station=True),
    get("/v1/exhibits/{exhibit}/matches", REVIEWERS),
    get("/v1/exhibits/{exhibit}/pictures", not_for_station=True),
    get("/v1/exhibits/{exhibit}/pictures/{picture}", not_for_station=True),
    get("/v1/exhibits/{exhibit}/custody", not_for_station=True),
    get("/v1/checkpoints/newest"),
    get("/v1/checkpoints/covering", sends={"params": {"size": 1}}),
    get("/v1/checkpoints/consistency", sends={"params": {"old": 1, "new": 1}}),
    get("/v1/checkpoints/keys"),
    get("/v1/stations"),
    Row("POST", "/v1/stations", ADMINS, frozenset({201, 409}), sends={"json": {"id": "S-9", "name": "bay"}}),
    Row("DELETE", "/v1/stations/{station}", ADMINS, changes=True),
    get("/v1/stations/{station}/challenge", not_for_station=True),
    get("/v1/stations/{station}/challenge.svg", not_for_station=True),
    get("/v1/stations/{station}/challenge.png", not_for_station=True),
    get("/v1/keys", ADMINS),
    Row("POST", "/v1/keys", ADMINS, frozenset({201}), sends={"json": {"role": "batch", "name": "one"}}),
    Row("DELETE", "/v1/keys/{key}", ADMINS, changes=True),
    get("/v1/persons", ADMINS),
    get("/v1/persons/{person}", ADMINS),
    Row("POST", "/v1/persons/{person}/block", ADMINS),
    Row("POST", "/v1/persons/{person}/unblock", ADMINS),
    get("/v1/webhooks", ADMINS),
    Row("POST", "/v1/webhooks", ADMINS, frozenset({201, 409}), sends={"json": WEBHOOK}),
    get("/v1/webhooks/{webhook}", ADMINS),
    Row("PATCH", "/v1/webhooks/{webhook}", ADMINS, sends={"json": {"enabled": True}}),
    Row("DELETE", "/v1/webhooks/{webhook}", ADMINS, changes=True),
    Row("POST", "/v1/webhooks/{webhook}/rotate", ADMINS),
    Row("POST", "/v1/webhooks/{webhook}/test", ADMINS, frozenset({202})),
    Row("POST", "/v1/webhooks/{webhook}/replay", ADMINS, sends={"json": {"since": "2026-01-01T00:00:00Z"}}),
    get("/v1/webhooks/{webhook}/deliveries", ADMINS),
    get("/v1/webhooks/{webhook}/deliveries/{delivery}", ADMINS),
    Row("POST", "/v1/webhooks/{webhook}/deliveries/{delivery}/replay", ADMINS),
    get("/v1/rulebooks"),
    get("/v1/rulebooks/{policy}"),
    get("/v1/jobs", READERS),
    get("/v1/jobs/{job}", READERS),
    Row("POST", "/v1/jobs/{job}/replay", READERS, changes=True),
    Row(
        "POST",
        "/v1/cases/{spare}/exhibits",
        ALL,
        frozenset({201}),
        sends={"content": b"film", "params": {"name": "a.mp4"}},
    ),
    Row("POST", "/v1/uploads", ALL, frozenset({201}), sends={"headers": NEW_UPLOAD}),
    get("/v1/uploads/{upload}", not_for_station=True),
    Row("HEAD", "/v1/uploads/{upload}", ALL, sends={"headers": TUS}, not_for_station=True),
    Row(
        "PATCH",
        "/v1/uploads/{upload}",
        ALL,
        changes=True,
        sends={"headers": {**TUS, **OCTETS, "Upload-Offset": "0"}, "content": b"12"},
        not_for_station=True,
    ),
    Row("DELETE", "/v1/uploads/{upload}", ALL, changes=True, sends={"headers": TUS}, not_for_station=True),
    Row("POST", "/v1/uploads/direct", ALL, frozenset({501}), sends={"json": DIRECT}),
    Row("POST", "/v1/uploads/{upload}/parts", ALL, NOT_DIRECT, sends={"json": PARTS}, not_for_station=True),
    Row(
        "POST",
        "/v1/uploads/{upload}/complete",
        ALL,
        NOT_DIRECT,
        sends={"json": ALL_PARTS},
        not_for_station=True,
    ),
)
