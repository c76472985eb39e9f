"""Settings from the environment: every name starts with SIXFACES_, everything has a default."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say

_PREFIX = "SIXFACES_"


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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="error", title="Log level", description="Least level of log lines on stderr."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", title="Log format", description="How log lines look."
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError `settings.invalid`, which names the first wrong variable."""
    try:
        return Settings()
    except ValidationError as exc:
        wrong = exc.errors(include_url=False, include_input=False)[0]
        name = _PREFIX + "_".join(map(str, wrong["loc"])).upper()
        raise SettingsError(
            "settings.invalid",
            Say(zh=f"环境变量 {name} 的值无效：{wrong['msg']}。", en=f"{name} in the environment: {wrong['msg']}."),
            Say(zh="请更正或取消该环境变量。", en="Correct the variable or unset it."),
        ) from exc
