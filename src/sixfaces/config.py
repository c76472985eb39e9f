"""Settings from the environment: every name starts with SIXFACES_, everything has a default."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may set. Unknown names are ignored, as the environment is not ours alone."""

    model_config = SettingsConfigDict(env_prefix="SIXFACES_", frozen=True, extra="ignore")

    lang: Literal["zh", "en"] | None = Field(
        default=None, title="Language", description="Language of messages and of the page as it opens."
    )
    out: Path = Field(default=Path("sixfaces-out"), title="Output", description="Folder that results go to.")
    policy: str | None = Field(default=None, title="Policy", description="Policy to judge by unless one is named.")
    challenge_keys: Path | None = Field(
        default=None, title="Challenge keys", description="File with the keys that sign challenge codes."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="error", title="Log level", description="Least level of log lines on stderr."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", title="Log format", description="How log lines look."
    )
