"""What the sweep does for other parts, and how often."""

from collections.abc import Sequence
from datetime import timedelta

from sixfaces import bootstrap
from sixfaces.adapters.checked_copies import sweep_copies
from sixfaces.adapters.scratch import sweep_scratch
from sixfaces.config import Settings
from sixfaces.pipeline.archive.archiving import archive_days
from sixfaces.pipeline.archive.scheduling import start_scheduled
from sixfaces.pipeline.custody import checkpoint_now, stamp_now
from sixfaces.pipeline.pruning import Keep, prune
from sixfaces.pipeline.retention import apply_retention
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.straying import remove_strays
from sixfaces.pipeline.uploading import sweep_uploads
from sixfaces.pipeline.watching.alarming import sweep_alarms
from sixfaces.pipeline.work.follow_course import sweep_turns
from sixfaces.pipeline.work.scrubbing import Pace, Scrub
from sixfaces.pipeline.work.sweep import Duty

UPLOADS_S = 30.0
CLOCKS_S = 5.0
ALARMS_S = 3600.0
SCRATCH_S = 300.0
RETENTION_S = 600.0
PRUNE_S = 60.0
WEBHOOKS_S = 1.0
NOTICES_S = 2.0
SCRUB_S = 60.0
STRAYS_S = 3600.0
ARCHIVE_S = 600.0
SCHEDULES_S = 20.0


def duties_of(settings: Settings) -> Sequence[Duty]:
    """Every process that works does all of these; each does no harm where two do it at once. Raises SettingsError."""
    notary = bootstrap.notary(settings)

    def checkpoint(service: Service) -> None:
        checkpoint_now(service, notary)

    def stamp(service: Service) -> None:
        stamp_now(service, notary)

    events, jobs, uploads = (
        timedelta(days=days) for days in (settings.events_days, settings.jobs_days, settings.uploads_days)
    )
    keep = Keep(events, jobs, max(uploads, timedelta(seconds=settings.answers_s)))  # answers tell of uploads
    copies = bootstrap.copies_root(settings)
    root = bootstrap.scratch_root(settings)  # before this process has a folder of its own there
    every: tuple[Duty, ...] = (
        Duty("scratch", SCRATCH_S, lambda service: sweep_scratch(root), apart=True),
        Duty("copies", SCRATCH_S, lambda service: sweep_copies(copies), apart=True),
        Duty("uploads", UPLOADS_S, sweep_uploads, apart=True),
        Duty("clocks", CLOCKS_S, sweep_turns),
        Duty("alarms", ALARMS_S, sweep_alarms, apart=True),
        Duty("retention", RETENTION_S, apply_retention, apart=True),
        Duty("archive", ARCHIVE_S, archive_days, apart=True),
        Duty("schedules", SCHEDULES_S, start_scheduled, apart=True),
        Duty("strays", STRAYS_S, remove_strays, apart=True),
        Duty("prune", PRUNE_S, lambda service: prune(service, keep), apart=True),
        Duty("checkpoint", settings.checkpoint_s, checkpoint, apart=True),
    )
    if settings.webhook_sender:
        every = (*every, Duty("webhooks", WEBHOOKS_S, bootstrap.webhook_lanes(settings).start_due, apart=True))
        every = (*every, Duty("notices", NOTICES_S, bootstrap.post(settings).send_due, apart=True))
    if settings.scrub_days:
        scrub = Scrub(Pace(timedelta(days=settings.scrub_days), settings.scrub_rate))
        every = (*every, Duty("scrub", SCRUB_S, scrub.turn, apart=True))
    if notary.stamper is None:
        return every
    return (*every, Duty("stamp", settings.stamp_s, stamp, apart=True))
