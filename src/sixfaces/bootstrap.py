"""Chooses what stands behind the ports, by the settings. Nothing else knows both."""

from sixfaces.config import Settings, read_settings
from sixfaces.domain.ports import Observatory
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


def keyring(settings: Settings) -> Keyring:
    """The public keys of challenge codes that this installation trusts; none unless a file is set."""
    return load_keys(settings.challenge_keys) if settings.challenge_keys else {}
