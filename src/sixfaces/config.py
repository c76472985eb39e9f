"""Settings from the environment: every name starts with SIXFACES_, everything has a default."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableSetting

from sixfaces.domain.errors import SettingsError
from sixfaces.domain.identity import ALGORITHMS, Claim, Names, TrustedIssuer, Url
from sixfaces.domain.model import Model, Say
from sixfaces.domain.people import ApiRole, TenantId

_PREFIX = "SIXFACES_"


Bytes = Annotated[int, Field(ge=1, le=2**62)]
Days = Annotated[int, Field(ge=1, le=3660)]
Seconds = Annotated[int, Field(ge=1, le=10 * 366 * 24 * 3600)]
_ORIGIN = r"[a-z][a-z0-9+.-]*://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
Origins = Annotated[str, Field(pattern=rf"^({_ORIGIN}( *, *{_ORIGIN})*)?$", max_length=10_000)]
Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}/(second|minute|hour)$")]


def _networks(text: str) -> str:
    """Checked here, so that a wrong one is told by its variable."""
    for part in text.split(","):
        if part.strip():
            ip_network(part.strip())
    return text


Networks = Annotated[str, Field(max_length=10_000), AfterValidator(_networks)]


class TenantLimits(Model):
    """Limits of one tenant that differ from those of the installation, in bytes."""

    largest_video: Bytes | None = None
    largest_file: Bytes | None = None


class Settings(BaseSettings):
    """What an installation may set. Unknown names are ignored, as the environment is not ours alone."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    lang: Literal["zh", "en"] | None = Field(
        default=None, title="Language", description="Language of messages and of the page as it opens."
    )
    out: Path = Field(default=Path("sixfaces-out"), title="Output", description="Folder that results go to.")
    policy: str | None = Field(default=None, title="Policy", description="Policy to judge by unless one is named.")
    challenge_keys: Path | None = Field(
        default=None, title="Challenge keys", description="File with the keys that sign challenge codes."
    )
    item_model: Path | None = Field(
        default=None, title="Item model", description="ONNX model of your own that compares items with references."
    )
    secrets: Path | None = Field(
        default=None,
        title="Secrets",
        description="Folder with files for settings that may not stand in the environment, each named as its variable"
        " in small letters, such as sixfaces_database_url.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="error", title="Log level", description="Least level of log lines on stderr."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", title="Log format", description="How log lines look."
    )

    data: Path = Field(
        default=Path("sixfaces-data"),
        title="Data",
        description="Folder of an installation: keys, the spool, and what no other setting puts elsewhere.",
    )
    database_url: str | None = Field(
        default=None,
        title="Database",
        description="SQLAlchemy URL, such as postgresql+psycopg://user@host/name. Default: SQLite in the data folder.",
    )
    blobs: str | None = Field(
        default=None,
        title="Bytes",
        description="Where evidence is kept: a folder or s3://bucket/prefix. Default: a folder in the data folder.",
    )
    s3_endpoint: str | None = Field(
        default=None, title="S3 endpoint", description="Address of an S3 store that is not Amazon's."
    )
    s3_copies_bytes: Annotated[int, Field(ge=0, le=2**62)] = Field(
        default=2 << 30,
        title="Copies of originals",
        description="Bytes of originals from a bucket that a server keeps on its disk, checked, for up to an hour, so"
        " that who looks through a video fetches it once; 0 keeps none.",
    )
    s3_keep_s: Seconds | None = Field(
        default=None,
        title="Locked for",
        description="Seconds for which object lock holds each original of a bucket (COMPLIANCE: nobody can end it"
        " sooner), such as 15552000 for 180 days. Without it nothing is locked, and every receipt says so.",
    )
    blobs_require_protected: bool = Field(
        default=False,
        title="Protected bytes only",
        description="Whether to refuse to start over a store that was found not to keep all it should.",
    )
    queue: str = Field(
        default="memory://",
        title="Queue",
        description="What carries hints to workers: memory:// (this process), redis://host or amqp://host.",
    )
    workers: Annotated[int, Field(ge=0, le=64)] = Field(
        default=1, title="Workers", description="Workers inside `sixfaces serve`; 0 where others do the work."
    )

    host: str = Field(default="127.0.0.1", title="Host", description="Address that `sixfaces serve` listens on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8686, title="Port", description="Port that `sixfaces serve` listens on; 0 takes a free one."
    )
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]{1,500})?$")] = Field(
        default="",
        title="Public address",
        description="Address under which others reach the API, for links on labels and in notices, such as"
        " https://returns.example.com. Default: that of the request.",
    )
    trusted_proxies: str = Field(
        default="",
        title="Trusted proxies",
        description="Addresses, with commas between, whose X-Forwarded-For is believed. Default: nobody's.",
    )

    largest_video: Bytes = Field(default=8 << 30, title="Largest video", description="Bytes of one video.")
    largest_file: Bytes = Field(
        default=256 << 20, title="Largest other file", description="Bytes of one photo or document."
    )
    tenant_bytes: Bytes = Field(
        default=64 << 30,
        title="Open uploads of a tenant",
        description="Bytes that one tenant's unfinished uploads take.",
    )
    spool_bytes: Bytes | None = Field(
        default=None,
        title="Spool",
        description="Bytes that the unfinished uploads of all tenants take together. Default: as many as there is room"
        " for.",
    )
    tenant_limits: dict[TenantId, TenantLimits] = Field(
        default_factory=dict,
        title="Limits of tenants",
        description='JSON for tenants whose limits differ, such as {"shop-a": {"largest_video": 1000000000}}.',
    )
    allowed_origins: Origins = Field(
        default="",
        title="Allowed origins",
        description="Origins of web pages, with commas between, that may upload by tus and read what became of it, such"
        " as https://shop.example. Default: none.",
    )
    upload_expiry_s: Seconds = Field(
        default=7 * 24 * 3600, title="Upload expiry", description="Seconds without a byte after which an upload ends."
    )
    link_s: Annotated[int, Field(ge=60, le=3600)] = Field(
        default=900,
        title="Addresses of the store",
        description="Seconds for which an address is good that takes one part straight to the bucket.",
    )

    upload_rate: Bytes = Field(
        default=1024,
        title="Least upload rate",
        description="Bytes a second that a request with an upload must bring, on average over each"
        " SIXFACES_UPLOAD_GRACE_S seconds; a slower one ends with 408, and what it brought is kept.",
    )
    upload_grace_s: Annotated[int, Field(ge=1, le=3600)] = Field(
        default=30,
        title="Grace of slow uploads",
        description="Seconds over which the least rate of an upload is an average.",
    )

    largest_body: Bytes = Field(
        default=1 << 20, title="Largest body", description="Bytes of a request's body, uploads apart."
    )
    largest_import: Bytes = Field(
        default=1 << 30, title="Largest import", description="Bytes of one marketplace's export handed to an import."
    )
    rulebooks: Path | None = Field(
        default=None,
        title="Rulebooks",
        description="Folder with folders `decisions` and `service_times`: decision tables and service times of your"
        " own, each named as those that come along, such as tmall-2026.2.toml; they go before these.",
    )
    mappings: Path | None = Field(
        default=None,
        title="Mappings",
        description="Folder with mappings of your own for imports from marketplaces, each named as those that come"
        " along, such as tmall-2026.2.toml; they go before these.",
    )
    largest_head: Annotated[int, Field(ge=1024, le=1 << 20)] = Field(
        default=16_384, title="Largest head", description="Bytes of a request's line and headers together."
    )
    slowest_s: Annotated[int, Field(ge=1, le=30)] = Field(
        default=15,
        title="Slowest request",
        description="Seconds for a request's head, for its body (uploads apart), and between two pieces of an upload.",
    )
    rate: Rate = Field(default="6000/minute", title="Rate", description="Requests of one key.")
    rate_unknown: Rate = Field(
        default="300/minute",
        title="Rate of strangers",
        description="Refused requests of one address without a good key; tokens that cannot be checked while their"
        " provider is away are counted apart.",
    )
    answers_s: Seconds = Field(
        default=60 * 24 * 3600,
        title="Kept answers",
        description="Seconds for which a repeated Idempotency-Key gets the first answer again.",
    )
    session_s: Annotated[int, Field(ge=60, le=30 * 24 * 3600)] = Field(
        default=12 * 3600,
        title="Signed-in browsers",
        description="Seconds after which somebody who signed in on the pages does so again.",
    )

    events_days: Days = Field(
        default=30,
        title="Kept events",
        description="Days after which the events of cases are removed; who resumes from an older one is told so.",
    )
    jobs_days: Days = Field(
        default=30, title="Kept jobs", description="Days after which done jobs are removed; failed ones stay."
    )
    uploads_days: Days = Field(
        default=30, title="Kept uploads", description="Days after its expiry after which an ended upload is forgotten."
    )

    custody_keys: Path | None = Field(
        default=None,
        title="Custody keys",
        description="Folder with the keys that sign the custody log. Default: made in the data folder.",
    )
    content_credentials: bool = Field(
        default=True,
        title="Content credentials",
        description="Whether pictures and clips of packs carry content credentials (C2PA).",
    )
    credentials_key: Path | None = Field(
        default=None,
        title="Key of content credentials",
        description="P-256 key (PEM) that signs content credentials. Default: made with the custody keys.",
    )
    credentials_chain: Path | None = Field(
        default=None,
        title="Certificates of content credentials",
        description="PEM file with the certificate of that key first and what leads to its authority.",
    )
    tsa: str | None = Field(
        default=None, title="Time stamps", description="Address of an RFC 3161 authority that stamps checkpoints."
    )
    tsa_chain: Path | None = Field(
        default=None,
        title="Certificates of the time stamps",
        description="PEM file with the authority's root certificate and what leads to it.",
    )
    checkpoint_s: Seconds = Field(
        default=60, title="Checkpoints", description="Seconds between two signed states of the custody log."
    )
    stamp_s: Seconds = Field(
        default=300, title="Stamps", description="Seconds between two checkpoints that an authority is asked to stamp."
    )
    scrub_days: Annotated[int, Field(ge=0, le=3660)] = Field(
        default=30,
        title="Originals read again",
        description="Days within which each stored original is read and compared again; 0 leaves that to others.",
    )
    scrub_rate: Bytes = Field(
        default=8 << 20, title="Rate of reading again", description="Bytes a second that this reading takes at most."
    )
    challenge_signing_key: Path | None = Field(
        default=None,
        title="Challenge signing key",
        description="Ed25519 key (PKCS 8 PEM) that signs challenge codes. Default: made in the data folder.",
    )
    challenge_slot_s: Annotated[int, Field(ge=10, le=30)] = Field(
        default=10, title="Challenge slot", description="Seconds for which one challenge code is shown."
    )

    oidc_issuer: Url | None = Field(
        default=None,
        title="Identity provider",
        description="Issuer whose tokens are taken beside keys, exactly as tokens name it, such as"
        " https://login.example/realms/shop.",
    )
    oidc_audience: Names | None = Field(
        default=None,
        title="Audience",
        description="For whom tokens must be: this service as the provider knows it. Several have commas between.",
    )
    oidc_roles_claim: Claim = Field(
        default="roles",
        title="Claim of roles",
        description="Where tokens tell roles; dots lead into nested claims, as in realm_access.roles.",
    )
    oidc_roles: dict[str, ApiRole] = Field(
        default_factory=dict,
        title="Roles",
        description="JSON that says which role a value of that claim stands for. By default sixfaces.station,"
        " sixfaces.reviewer, sixfaces.batch and sixfaces.admin stand for these four.",
    )
    oidc_tenant: TenantId | None = Field(
        default=None, title="Tenant of tokens", description="The one tenant that the provider's tokens are for."
    )
    oidc_tenant_claim: Claim | None = Field(
        default=None,
        title="Claim of the tenant",
        description="Where tokens tell their tenant; instead of one tenant for all. Only for a provider that may speak"
        " for every tenant.",
    )
    oidc_station_claim: Claim | None = Field(
        default=None,
        title="Claim of the station",
        description="Where tokens of the role station tell which it is. Without it tokens have no such role.",
    )
    oidc_jwks_url: Url | None = Field(
        default=None,
        title="Keys of the provider",
        description="Address of its public keys, where it does not tell it by OpenID Connect discovery.",
    )
    oidc_algorithms: Names = Field(
        default=ALGORITHMS, title="Algorithms", description="How tokens may be signed, of these, with commas between."
    )
    oidc_issuers: tuple[TrustedIssuer, ...] | None = Field(
        default=None,
        title="Further identity providers",
        description="JSON list of providers beside that one or instead of it, with the fields issuer, audience,"
        " clients, algorithms, jwks_url, roles_claim, roles, tenant or tenant_claim with tenants, and station_claim.",
    )
    oidc_leeway_s: Annotated[int, Field(ge=0, le=300)] = Field(
        default=30,
        title="Leeway",
        description="Seconds by which the clocks of a provider and of this server may differ.",
    )
    oidc_insecure: bool = Field(
        default=False,
        title="Insecure identity providers",
        description="Whether providers may be asked by plain HTTP: whoever is on the line can then become anybody.",
    )

    webhook_sender: bool = Field(
        default=True,
        title="Webhooks and mail sent here",
        description="Whether this process sends webhooks and mail; `false` for workers that have no way out, as servers"
        " send them too.",
    )
    webhook_allow_http: bool = Field(
        default=False,
        title="Webhooks without TLS",
        description="Whether webhooks may go to http addresses; what they tell can then be read on the way.",
    )
    webhook_allowed_networks: Networks = Field(
        default="",
        title="Private networks of webhooks",
        description="Networks, with commas between, that webhooks may go to though they are not public, such as"
        " 10.20.0.0/16. Default: none.",
    )

    smtp_url: SecretStr | None = Field(
        default=None,
        title="Mail server",
        description="Where notices to buyers and sellers go, as smtp://user:password@host:587 (STARTTLS; only"
        " ?starttls=false does without) or smtps://user:password@host:465. Default: no mail is sent.",
    )
    mail_from: Annotated[str, Field(max_length=300)] | None = Field(
        default=None,
        title="Sender of mail",
        description="The address that notices come from, such as After-sales <after-sales@example.com>.",
    )

    @property
    def distributed(self) -> bool:
        """Whether workers get their hints from a broker, so that they may run elsewhere."""
        return not self.queue.startswith("memory:")


def _secrets_folder() -> str | None:
    """Raises SettingsError `settings.secrets` where a folder is named and not there."""
    named = os.environ.get(f"{_PREFIX}SECRETS")
    if not named or Path(named).is_dir():
        return named or None
    raise SettingsError(
        "settings.secrets",
        Say(zh=f"SIXFACES_SECRETS 指向的文件夹 {named} 不存在。", en=f"SIXFACES_SECRETS: there is no folder {named}."),
        Say(zh="请更正路径，或取消该环境变量。", en="Correct the path, or unset the variable."),
    )


def _no_json(error: UnreadableSetting) -> SettingsError:
    """A variable of several values that cannot be read at all."""
    fields = (name for name in Settings.model_fields if f'"{name}"' in str(error))
    name = _PREFIX + next(fields, "").upper()
    return SettingsError(
        "settings.invalid",
        Say(zh=f"环境变量 {name} 的值不是有效的 JSON。", en=f"{name} in the environment is not valid JSON."),
        Say(zh="请更正或取消该环境变量。", en="Correct the variable or unset it."),
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError `settings.invalid`, which names the first wrong variable."""
    try:
        return Settings(_secrets_dir=_secrets_folder())
    except UnreadableSetting as exc:
        raise _no_json(exc) from None  # its cause quotes the value
    except ValidationError as exc:
        wrong = exc.errors(include_url=False, include_input=False)[0]
        name = _PREFIX + "_".join(map(str, wrong["loc"])).upper()
        raise SettingsError(
            "settings.invalid",
            Say(zh=f"环境变量 {name} 的值无效：{wrong['msg']}。", en=f"{name} in the environment: {wrong['msg']}."),
            Say(zh="请更正或取消该环境变量。", en="Correct the variable or unset it."),
        ) from exc
