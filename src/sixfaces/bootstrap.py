"""Chooses what stands behind the ports, by the settings. Nothing else knows both."""

import os
from datetime import timedelta
from pathlib import Path

from sixfaces import __version__
from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.key_files import key_at
from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say
from sixfaces.domain.ports import Comparer, Hints, Observatory
from sixfaces.domain.records import Records
from sixfaces.intake.accept import IntakeLimits
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.observe.item.comparer import JailedComparer
from sixfaces.observe.observatory import JailedObservatory
from sixfaces.pipeline.challenges import Keyring
from sixfaces.pipeline.service import Measuring, Service
from sixfaces.telemetry import start_logging
from sixfaces.vault.challenge_keys import SigningKey, load_keys


def started() -> Settings:
    """The settings of this process, with logging as they say. Raises SettingsError."""
    settings = read_settings()
    start_logging(settings.log_level, settings.log_format)
    return settings


def observatory() -> Observatory:
    """Measures exhibits in a jail of this machine."""
    return JailedObservatory()


def comparer(settings: Settings) -> Comparer:
    """Compares items with references in a jail of this machine. Raises SettingsError `settings.item_model`."""
    model = settings.item_model
    if model is not None and not (model.is_file() and os.access(model, os.R_OK)):
        raise SettingsError(
            "settings.item_model",
            Say(zh=f"SIXFACES_ITEM_MODEL 指向的 {model} 不是可读的文件。", en=f"SIXFACES_ITEM_MODEL: no file {model}."),
            Say(zh="请更正路径，或取消该环境变量。", en="Correct the path, or unset the variable."),
        )
    return JailedComparer(model=model)


def keyring(settings: Settings) -> Keyring:
    """The public keys of challenge codes that this installation trusts; none unless a file is set."""
    return load_keys(settings.challenge_keys) if settings.challenge_keys else {}


def open_service(settings: Settings) -> Service:
    """Everything that a server or a worker stands on. The database must have been brought up to date before
    (`prepare`).

    Raises SettingsError where a setting names what cannot be, RecordsError or StoreError where it cannot be reached.
    """
    store = open_bytes(settings)
    signing = challenge_key(settings)
    measuring = Measuring(
        observatory=observatory(),
        comparer=comparer(settings),
        keyring={**keyring(settings), signing.key_id: signing.public},
        observers=observers_named(),
    )
    return Service(
        records=open_records(settings),
        blobs=store.blobs,
        spool=store.spool,
        hints=open_hints(settings),
        measuring=measuring,
        code_version=__version__,
        policy=settings.policy,
        direct=store.direct,
        uploads=upload_limits(settings),
    )


def prepare(settings: Settings) -> None:
    """Make what an installation needs and does not have yet: its folder, its keys, the tables of its database."""
    from sixfaces.adapters.records.migrating import migrate

    settings.data.mkdir(parents=True, exist_ok=True)
    challenge_key(settings, make=True)
    migrate(database_url(settings))


def custody_folder(settings: Settings) -> Path:
    """Where the keys of the custody log are."""
    return settings.custody_keys or settings.data / "keys"


def upload_limits(settings: Settings) -> UploadLimits:
    """How much may be handed in, by whom."""
    every = IntakeLimits(settings.largest_video, settings.largest_file)
    of_tenants = {
        tenant: IntakeLimits(own.largest_video or every.video_bytes, own.largest_file or every.other_bytes)
        for tenant, own in settings.tenant_limits.items()
    }
    keep = timedelta(seconds=settings.upload_expiry_s)
    return UploadLimits(files=every, of_tenants=of_tenants, open_bytes=settings.tenant_bytes, keep=keep)


def challenge_key(settings: Settings, *, make: bool = False) -> SigningKey:
    """Signs challenge codes. Raises SettingsError."""
    return key_at(settings.challenge_signing_key or settings.data / "keys" / "challenge.pem", make=make)


def observers_named() -> str:
    """All that measures, with versions: what a stored record must have been made by to be current."""
    from sixfaces.observe import decoding
    from sixfaces.observe.registry import OBSERVERS
    from sixfaces.observe.second_looks import SECOND_LOOKS

    first = ((observer.name, observer.version) for observer in OBSERVERS)
    second = ((look.observer, look.version) for look in SECOND_LOOKS)
    return ", ".join(f"{n} {v}" for n, v in ((decoding.NAME, decoding.VERSION), *first, *second))


def database_url(settings: Settings) -> str:
    """Where the records are: as set, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data / 'records.sqlite').absolute()}"


def open_records(settings: Settings) -> Records:
    """The database."""
    from sixfaces.adapters.records.store import SqlRecords

    return SqlRecords(database_url(settings))


def open_bytes(settings: Settings) -> Bytes:
    """The store of bytes, probed, and the spool beside it; that of a store elsewhere lies in the data folder."""
    from sixfaces.adapters.bytes import open_blobs

    if settings.blobs is None or "://" not in settings.blobs:
        return open_blobs(str(settings.blobs or settings.data / "blobs"))
    return open_blobs(settings.blobs, spool=settings.data / "spool")


def open_hints(settings: Settings) -> Hints:
    """Carries hints to workers."""
    from sixfaces.adapters.hints import hints_by

    return hints_by(settings.queue)
