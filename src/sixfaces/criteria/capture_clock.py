"""When was this recorded? The statements about the time of capture, weighed against each other and the receipt.

1. Statements of trust `none` are no statements. A valid challenge code is a strong one: our own signature dates it.
2. The best trusted statements speak; weaker ones are not heard beside a strong one, so that a wrong device clock
   changes nothing where something better is known.
3. Statements of the same rank that differ by more than the clock slack and the length of the recording (of which some
   recorders state the end) contradict each other: no time is believed.
4. A device clock (weak or fair) is believed only where it agrees with the receipt: not later, and not older than the
   policy's `receipt_within_s`. An empty battery's 1970, or a date typed in, is thereby not believed.
5. Where the device gave local time without its zone, the true instant lies within the zones of the world.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import CaptureTimeFact, TimeSource, TimeTrust
from sixfaces.domain.policy import TimeThresholds
from sixfaces.domain.reading_facts import ChallengeFact, Signature

ZONE_EAST_S = 14 * 3600.0
ZONE_WEST_S = 12 * 3600.0
"""Offsets of local time from UTC that exist on Earth (IANA time zone database: Kiritimati, Baker Island)."""

SOURCES = {
    TimeSource.CONTAINER: Words(zh="设备时钟（文件头）", en="the device's clock (file header)"),
    TimeSource.EXIF: Words(zh="设备时钟（EXIF）", en="the device's clock (EXIF)"),
    TimeSource.CHALLENGE: Words(zh="动态验证码", en="a signed challenge code"),
    TimeSource.PROVENANCE: Words(zh="来源凭证", en="content credentials"),
}

_RANK = {TimeTrust.WEAK: 0, TimeTrust.FAIR: 0, TimeTrust.STRONG: 1}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: recording started between `earliest` and `latest`, in seconds since 1970.

    Seconds and not datetimes, because a forged year 1 or 9999 must not overflow; `said` is the instant as stated.
    """

    earliest: float
    latest: float
    said: datetime
    trust: TimeTrust
    source: TimeSource
    cite: str


class Doubt(Enum):
    """Why no time of capture is believed."""

    NONE_STATED = "none_stated"
    CONTRADICTION = "contradiction"
    NO_RECEIPT = "no_receipt"
    AFTER_RECEIPT = "after_receipt"
    LONG_BEFORE_RECEIPT = "long_before_receipt"


@dataclass(frozen=True, slots=True)
class Capture:
    """The believed time of the start of recording, or why there is none (`doubt`)."""

    statements: tuple[Statement, ...]
    doubt: Doubt | None = None

    @property
    def earliest(self) -> float:
        """The earliest start that agrees with all statements heard, in seconds since 1970; only without doubt."""
        return max(s.earliest for s in self.statements)

    @property
    def latest(self) -> float:
        """The latest start that agrees with all statements heard; not before `earliest`."""
        return max(self.earliest, min(s.latest for s in self.statements))

    @property
    def strong(self) -> bool:
        """Whether the time rests on a signature of ours and not on a device's clock."""
        return any(s.trust is TimeTrust.STRONG for s in self.statements)

    @property
    def cites(self) -> tuple[str, ...]:
        """The observations that state it."""
        return tuple(s.cite for s in self.statements)

    @property
    def said(self) -> str:
        """The time as stated, for people."""
        return instant_text(self.statements[0].said)

    @property
    def source(self) -> Words:
        """What the time rests on, in words."""
        return SOURCES[self.statements[0].source]


def received_at(evidence: Evidence, seen: ExhibitEvidence) -> datetime | None:
    """When the exhibit was received, by the ledger or, failing that, as the case states it under the file's name."""
    return seen.exhibit.received_at or evidence.case.received_at.get(seen.exhibit.name)


def capture(evidence: Evidence, seen: ExhibitEvidence, times: TimeThresholds) -> Capture:
    """The time of capture of an exhibit, by the steps above."""
    received = received_at(evidence, seen)
    key = (capture, received, times.clock_slack_s, times.receipt_within_s)
    return seen.once(key, lambda: _capture(seen, received, times))


def _capture(seen: ExhibitEvidence, received: datetime | None, times: TimeThresholds) -> Capture:
    # 1. and 2.
    stated = statements(seen)
    if not stated:
        return Capture((), Doubt.NONE_STATED)
    rank = max(_RANK[s.trust] for s in stated)
    heard = tuple(s for s in stated if _RANK[s.trust] == rank)
    # 3.
    lasted = (seen.media and seen.media.duration_s) or 0.0  # some recorders state the end of the recording
    if max(s.earliest for s in heard) > min(s.latest for s in heard) + times.clock_slack_s + lasted:
        return Capture(heard, Doubt.CONTRADICTION)
    # 4.
    return Capture(heard, None if rank else _against_receipt(heard, received, times))


def _against_receipt(heard: Sequence[Statement], received: datetime | None, times: TimeThresholds) -> Doubt | None:
    """4. Why device clocks are not believed, if they are not."""
    if received is None:
        return Doubt.NO_RECEIPT
    return receipt_doubt(heard, received, times)


def receipt_doubt(heard: Sequence[Statement], received: datetime, times: TimeThresholds) -> Doubt | None:
    """Whether statements lie after the receipt, or too long before it; both ends are included."""
    at = received.timestamp()
    if any(s.earliest > at + times.clock_slack_s for s in heard):
        return Doubt.AFTER_RECEIPT
    if any(s.latest < at - times.receipt_within_s for s in heard):
        return Doubt.LONG_BEFORE_RECEIPT
    return None


def statements(seen: ExhibitEvidence) -> list[Statement]:
    """1. and 5. Everything in the record that states a time of capture and has any trust, in record order."""
    stated = []
    for observation, fact in seen.of(CaptureTimeFact):
        if fact.trust is not TimeTrust.NONE:
            at = fact.instant.timestamp()
            earliest, latest = (at, at) if fact.zone_known else (at - ZONE_EAST_S, at + ZONE_WEST_S)
            stated.append(Statement(earliest, latest, fact.instant, fact.trust, fact.source, observation.id))
    for observation, code in seen.of(ChallengeFact):
        if code.signature is Signature.VALID:
            into = observation.span.start.seconds if observation.span else 0.0
            earliest, latest = code.slot_from.timestamp() - into, code.slot_to.timestamp() - into
            source = TimeSource.CHALLENGE
            stated.append(Statement(earliest, latest, code.slot_from, TimeTrust.STRONG, source, observation.id))
    return stated


def instant_text(instant: datetime) -> str:
    """An instant as people compare it: to the second, with its zone."""
    return instant.isoformat(sep=" ", timespec="seconds")


def length(seconds: float) -> Words:
    """A length of time in the unit people would use."""
    size = abs(seconds)
    if size < 120:
        return Words(zh=f"{size:.0f} 秒", en=f"{size:.0f} s")
    if size < 7200:
        return Words(zh=f"{size / 60:.0f} 分钟", en=f"{size / 60:.0f} min")
    if size < 172800:
        hours = f"{size / 3600:.1f}".removesuffix(".0")
        return Words(zh=f"{hours} 小时", en=f"{hours} h")
    days = f"{size / 86400:.1f}".removesuffix(".0")
    return Words(zh=f"{days} 天", en=f"{days} days")
