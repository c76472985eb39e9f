"""Chooses what stands behind the ports, by the settings. Nothing else knows both."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.key_files import box_keys_at, key_at, link_keys_at
from sixfaces.adapters.reuse.late import LateSearch
from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.identity import Tokens, TrustedIssuer
from sixfaces.domain.model import Say
from sixfaces.domain.ports import Comparer, Hints, Observatory, OutboundComparer, Stamper
from sixfaces.domain.records import Records
from sixfaces.domain.reuse import ReuseSearch
from sixfaces.domain.tracing import Tracer
from sixfaces.domain.webhook_ports import WebhookClient
from sixfaces.intake.accept import IntakeLimits
from sixfaces.intake.upload_rules import UploadLimits
from sixfaces.media.content_credentials import Signing, can_sign
from sixfaces.observe.item.comparer import JailedComparer
from sixfaces.observe.observatory import JailedObservatory
from sixfaces.observe.outbound.comparer import JailedOutbound
from sixfaces.pipeline.archive.judging_code import code_version
from sixfaces.pipeline.challenges import Keyring
from sixfaces.pipeline.claims.rules import claim_rules
from sixfaces.pipeline.custody import Notary
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.service import Measuring, Service
from sixfaces.pipeline.webhooks.egress import Egress, networks_of
from sixfaces.pipeline.webhooks.endpoints import Terms
from sixfaces.pipeline.webhooks.sending import Lanes
from sixfaces.telemetry import start_logging, tracer_of
from sixfaces.vault.challenge_keys import SigningKey, load_keys
from sixfaces.vault.credential_keys import given_certificate, open_certificate
from sixfaces.vault.custody_keys import PUBLIC, open_key
from sixfaces.vault.custody_keys import load_keys as load_custody_keys
from sixfaces.vault.link_tokens import LinkSigner
from sixfaces.vault.secret_box import SecretBox

if TYPE_CHECKING:
    from sixfaces.adapters.fsck.examine import Installation
    from sixfaces.domain.importing import Marketplace
    from sixfaces.pipeline.notices.sending import Post

_ONLY_LISTED = frozenset({"clients", "tenants"})
"""Fields of a trusted issuer that have no variable of their own."""


def started() -> Settings:
    """The settings of this process, with logging as they say. Raises SettingsError."""
    settings = read_settings()
    start_logging(settings.log_level, settings.log_format)
    return settings


def tokens(settings: Settings) -> Tokens | None:
    """Checks tokens of the identity providers that are trusted; None where none is. Raises SettingsError
    `settings.oidc`."""
    issuers = [*_first_issuer(settings), *(settings.oidc_issuers or ())]
    if not issuers:
        return None
    from sixfaces.adapters.oidc.trusting import checker_of

    return checker_of(issuers, is_insecure=settings.oidc_insecure)


def _first_issuer(settings: Settings) -> Iterator[TrustedIssuer]:
    """The one that has variables of its own."""
    named = {name: getattr(settings, f"oidc_{name}") for name in TrustedIssuer.model_fields if name not in _ONLY_LISTED}
    if settings.oidc_issuer is None:
        return
    try:
        yield TrustedIssuer.model_validate(named)
    except ValidationError as exc:
        from sixfaces.adapters.oidc.trusting import oidc_error

        wrong = exc.errors(include_url=False, include_input=False)[0]
        why = f"{'_'.join(map(str, wrong['loc']))} {wrong['msg']}".strip()
        raise oidc_error(why, why) from exc


@cache
def tracer() -> Tracer:
    """Tells of this process's work as the OTEL_* variables say; the same one whenever it is asked for."""
    return tracer_of(os.environ)


def observatory(*, masks: bool = False) -> Observatory:
    """Measures exhibits in a jail of this machine; `masks`: pictures get masked twins."""
    return JailedObservatory(masks=masks)


def comparer(settings: Settings, *, masks: bool = False) -> Comparer:
    """Compares items with references in a jail of this machine; `masks` as of `observatory`. Raises SettingsError
    `settings.item_model`."""
    model = settings.item_model
    if model is not None and not (model.is_file() and os.access(model, os.R_OK)):
        raise SettingsError(
            "settings.item_model",
            Say(zh=f"SIXFACES_ITEM_MODEL 指向的 {model} 不是可读的文件。", en=f"SIXFACES_ITEM_MODEL: no file {model}."),
            Say(zh="请更正路径，或取消该环境变量。", en="Correct the path, or unset the variable."),
        )
    return JailedComparer(model=model, masks=masks)


def outbound_comparer() -> OutboundComparer:
    """Compares parcels with those of packing videos in a jail of this machine."""
    return JailedOutbound()


def keyring(settings: Settings) -> Keyring:
    """The public keys of challenge codes that this installation trusts; none unless a file is set."""
    return load_keys(settings.challenge_keys) if settings.challenge_keys else {}


def open_service(settings: Settings) -> Service:
    """Everything that a server or a worker stands on. The database must have been brought up to date before
    (`prepare`).

    Raises SettingsError where a setting names what cannot be, RecordsError or StoreError where it cannot be reached.
    """
    store, records = open_bytes(settings), open_records(settings)
    signing = challenge_key(settings)
    measuring = Measuring(
        observatory=observatory(masks=True),
        comparer=comparer(settings, masks=True),
        keyring={**keyring(settings), signing.key_id: signing.public},
        observers=observers_named,
        outbound=outbound_comparer(),
    )
    return Service(
        records=records,
        blobs=store.blobs,
        spool=store.spool,
        hints=open_hints(settings),
        measuring=measuring,
        code_version=code_version(),
        policy=settings.policy,
        direct=store.direct,
        uploads=upload_limits(settings),
        tracer=tracer(),
        rules=claim_rules(settings.rulebooks),
        parts=ParquetParts(),
        reuse=reuse_search(settings, records),
    )


def reuse_search(settings: Settings, records: Records) -> ReuseSearch | None:
    """Looks for pictures of earlier cases; None where the extra `reuse` is not installed."""
    if find_spec("usearch") is None:
        return None
    return LateSearch(records, settings.data.absolute() / "reuse")


def scratch_root(settings: Settings) -> Path:
    """Where the processes of an installation have a folder each for files of work in progress: in TMPDIR where that is
    set, as where the data folder is small, else in the data folder."""
    named = os.environ.get("TMPDIR")
    return Path(named) / f"sixfaces-{os.getuid()}" if named else settings.data.absolute() / "scratch"


def copies_root(settings: Settings) -> Path:
    """Where the processes of a machine keep originals that may be read again."""
    return scratch_root(settings) / "originals"


@contextmanager
def own_scratch(root: Path) -> Iterator[Path]:
    """The folder of this process for as long as the block lasts; what dead ones left goes. Raises SettingsError."""
    from sixfaces.adapters.scratch import own_scratch as own

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(own(root))
        except OSError as exc:
            raise SettingsError(
                "settings.data",
                Say(
                    zh=f"无法在 {root} 中建立临时文件夹：{exc.strerror}。",
                    en=f"No folder for files of work in progress in {root}: {exc.strerror}.",
                ),
                Say(
                    zh="请检查 SIXFACES_DATA 与 TMPDIR 及其权限。",
                    en="Check SIXFACES_DATA and TMPDIR, and who may write there.",
                ),
            ) from exc
        yield folder


def prepare(settings: Settings) -> None:
    """Make what an installation needs and does not have yet: its folder, its keys, the tables of its database."""
    from sixfaces.adapters.records.reached import is_newest

    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    challenge_key(settings, make=True)
    url = database_url(settings)
    if not is_newest(url):
        from sixfaces.adapters.records.migrating import migrate

        migrate(url)


def custody_folder(settings: Settings) -> Path:
    """Where the keys of the custody log are."""
    return settings.custody_keys or settings.data / "keys"


def notary(settings: Settings) -> Notary:
    """Who signs the custody log; its key is made at the first start. Raises SettingsError, CustodyError."""
    folder = custody_folder(settings)
    key = open_key(folder, now=datetime.now(UTC))
    return Notary(key, load_custody_keys(folder / PUBLIC), _stamper(settings))


def content_signing(settings: Settings, notary: Notary) -> Signing | None:
    """Who signs content credentials of what is made from evidence: the key and chain that are given, else the
    installation's own, made at the first use. None where they are switched off or what they need is not installed.

    Raises SettingsError for a key without a chain, CustodyError for what cannot be used.
    """
    key, chain = settings.credentials_key, settings.credentials_chain
    if not settings.content_credentials or not can_sign():
        return None
    if (key is None) != (chain is None):
        raise SettingsError(
            "settings.credentials",
            Say(
                zh="SIXFACES_CREDENTIALS_KEY 与 SIXFACES_CREDENTIALS_CHAIN 必须同时设置。",
                en="SIXFACES_CREDENTIALS_KEY and SIXFACES_CREDENTIALS_CHAIN go together.",
            ),
            Say(zh="请补上另一项，或两项都不设置。", en="Set the other one as well, or neither."),
        )
    if key is not None and chain is not None:
        signer = given_certificate(key, chain)
        return Signing(signer.chain, signer.sign)
    return signing_in(custody_folder(settings), notary.key.name, settings)


def signing_in(folder: Path, name: str, settings: Settings) -> Signing | None:
    """The same by the certificate in a folder, made at the first use; `name` is that of the key beside it."""
    if not settings.content_credentials or not can_sign():
        return None
    signer = open_certificate(folder, name=name, now=datetime.now(UTC))
    return Signing(signer.chain, signer.sign)


def _stamper(settings: Settings) -> Stamper | None:
    if settings.tsa is None:
        return None
    from sixfaces.adapters.timestamping import TimestampAuthority

    try:
        return TimestampAuthority(settings.tsa, settings.tsa_chain.read_bytes() if settings.tsa_chain else b"")
    except OSError as exc:
        raise SettingsError(
            "settings.tsa_chain",
            Say(
                zh=f"SIXFACES_TSA_CHAIN 指向的 {settings.tsa_chain} 无法读取。",
                en=f"SIXFACES_TSA_CHAIN: {settings.tsa_chain} cannot be read.",
            ),
            Say(zh="请更正路径，或取消该环境变量。", en="Correct the path, or unset the variable."),
        ) from exc


def upload_limits(settings: Settings) -> UploadLimits:
    """How much may be handed in, by whom."""
    every = IntakeLimits(settings.largest_video, settings.largest_file)
    of_tenants = {
        tenant: IntakeLimits(own.largest_video or every.video_bytes, own.largest_file or every.other_bytes)
        for tenant, own in settings.tenant_limits.items()
    }
    keep = timedelta(seconds=settings.upload_expiry_s)
    return UploadLimits(
        every,
        of_tenants,
        settings.tenant_bytes,
        keep=keep,
        links=timedelta(seconds=settings.link_s),
        spool_bytes=settings.spool_bytes,
        least_rate=settings.upload_rate,
        grace_s=settings.upload_grace_s,
    )


def challenge_key(settings: Settings, *, make: bool = False) -> SigningKey:
    """Signs challenge codes. Raises SettingsError."""
    return key_at(settings.challenge_signing_key or settings.data / "keys" / "challenge.pem", make=make)


@cache
def observers_named() -> str:
    """All that measures, with versions: what a stored record must have been made by to be current."""
    from sixfaces.observe import decoding
    from sixfaces.observe.cover import messages as masking
    from sixfaces.observe.registry import OBSERVERS
    from sixfaces.observe.second_looks import SECOND_LOOKS

    first = ((observer.name, observer.version) for observer in OBSERVERS)
    second = ((look.observer, look.version) for look in SECOND_LOOKS)
    every = ((decoding.NAME, decoding.VERSION), *first, *second, (masking.NAME, masking.VERSION))
    return ", ".join(f"{n} {v}" for n, v in every)


def database_url(settings: Settings) -> str:
    """Where the records are: as set, or SQLite in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data / 'records.sqlite').absolute()}"


def open_records(settings: Settings) -> Records:
    """The database."""
    from sixfaces.adapters.records.store import SqlRecords

    return SqlRecords(database_url(settings), tracer=tracer())


def open_bytes(settings: Settings) -> Bytes:
    """The store of bytes, probed, and the spool in it, so that several servers share an upload."""
    from sixfaces.adapters.bytes import open_blobs

    place = settings.blobs or str(settings.data / "blobs")
    if not place.startswith("s3://"):
        if "://" in place:
            raise _bad_blobs()
        return open_blobs(place, require_protected=settings.blobs_require_protected)
    from sixfaces.adapters.checked_copies import CheckedCopies
    from sixfaces.adapters.s3_client import access_of

    try:
        keep = timedelta(seconds=settings.s3_keep_s) if settings.s3_keep_s is not None else None
        access = access_of(place, endpoint=settings.s3_endpoint, keep=keep)
    except ValueError:
        raise _bad_blobs() from None
    copies = CheckedCopies(copies_root(settings), most_bytes=settings.s3_copies_bytes)
    return open_blobs(place, access=access, copies=copies, require_protected=settings.blobs_require_protected)


def webhook_terms(settings: Settings) -> Terms:
    """Where webhooks may go, and what keeps their secrets: a key beside those of the custody log, which servers and
    workers share; it is made before the first endpoint, and never later."""
    egress = Egress(settings.webhook_allow_http, networks_of(settings.webhook_allowed_networks))
    keys = partial(box_keys_at, custody_folder(settings) / "webhooks.key")
    return Terms(egress, SecretBox(partial(keys, make=False), partial(keys, make=True)))


def webhook_lanes(settings: Settings) -> Lanes:
    """Sends webhooks from this process."""
    terms = webhook_terms(settings)

    def client() -> WebhookClient:
        from sixfaces.adapters.webhook_client import HttpWebhookClient

        return HttpWebhookClient(terms.egress)

    return Lanes(client, terms.box)


def link_terms(settings: Settings) -> LinkTerms:
    """Where links to how a claim stands begin, and what signs them: a key beside those of the custody log, which
    servers and workers share; it is made with the first link."""
    signer = LinkSigner(partial(link_keys_at, custody_folder(settings) / "links.key"))
    return LinkTerms(settings.public_url or None, signer)


def post(settings: Settings) -> "Post":
    """Sends notices from this process. Raises SettingsError `settings.smtp_url`, `settings.mail_from`."""
    from sixfaces.pipeline.notices.sending import Post

    if settings.smtp_url is None:
        return Post(None, link_terms(settings))
    from sixfaces.adapters.mail import SmtpMailer, sender_of, server_of

    server, sender = server_of(settings.smtp_url.get_secret_value()), sender_of(settings.mail_from or "")
    return Post(lambda: SmtpMailer(server, sender), link_terms(settings))


def marketplace(
    settings: Settings, platform: str, *, zone: str | None = None, currency: str | None = None
) -> "Marketplace":
    """Reads a platform's files by its mapping. `zone` and `currency`: of files that name none, before what the mapping
    says. Raises RulebookError, ImportFileError `import.zone_unknown`."""
    from sixfaces.adapters.marketplaces.reading import Given, MappedMarketplace, zone_of
    from sixfaces.adapters.marketplaces.shelf import load

    return MappedMarketplace(load(platform, settings.mappings), Given(zone_of(zone), currency))


def place_of(settings: Settings, *, custody_keys: Path | None = None) -> "Installation":
    """Where the parts of the installation are, for `sixfaces fsck`, which opens them in its own way."""
    from sixfaces.adapters.fsck.examine import Installation

    blobs = settings.blobs or str(settings.data / "blobs")
    keys = custody_keys or custody_folder(settings) / PUBLIC
    return Installation(database_url(settings), blobs, keys, s3_endpoint=settings.s3_endpoint)


def _bad_blobs() -> SettingsError:
    return SettingsError(
        "settings.blobs",
        Say(zh="SIXFACES_BLOBS 不是可用的位置。", en="SIXFACES_BLOBS names no place that can be used."),
        Say(zh="请写成文件夹路径或 s3://存储桶/前缀。", en="Write a folder's path or s3://bucket/prefix."),
    )


def open_hints(settings: Settings) -> Hints:
    """Carries hints to workers."""
    from sixfaces.adapters.hints import hints_by

    return hints_by(settings.queue)
