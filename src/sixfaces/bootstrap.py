"""Chooses what stands behind the ports, by the settings. Nothing else knows both."""

import os

from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say
from sixfaces.domain.ports import Comparer, Observatory
from sixfaces.observe.item.comparer import JailedComparer
from sixfaces.observe.observatory import JailedObservatory
from sixfaces.pipeline.challenges import Keyring
from sixfaces.telemetry import start_logging
from sixfaces.vault.challenge_keys import load_keys


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
