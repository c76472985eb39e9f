"""Settings decide who signs content credentials: nobody, the installation, or a given chain."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sixfaces import bootstrap
from sixfaces.bootstrap import content_signing, notary
from sixfaces.config import Settings
from sixfaces.domain.errors import CustodyError, SettingsError
from sixfaces.vault.credential_keys import FILE, open_certificate


def set_to(folder: Path, **more: object) -> Settings:
    return Settings.model_validate({"data": folder, "custody_keys": folder / "keys", **more})


@pytest.fixture(autouse=True)
def installed() -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")


def test_the_installation_has_a_certificate_of_its_own_beside_the_custody_keys(tmp_path: Path) -> None:
    settings = set_to(tmp_path)
    first, second = (content_signing(settings, notary(settings)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.chain == second.chain
    assert (tmp_path / "keys" / FILE).is_file()


def test_a_setting_turns_them_off_and_no_key_is_made(tmp_path: Path) -> None:
    settings = set_to(tmp_path, content_credentials=False)
    assert content_signing(settings, notary(settings)) is None
    assert not (tmp_path / "keys" / FILE).exists()


def test_without_the_library_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "can_sign", lambda: False)
    assert content_signing(set_to(tmp_path), notary(set_to(tmp_path))) is None


def test_a_given_chain_signs_in_place_of_our_own(tmp_path: Path) -> None:
    given = open_certificate(tmp_path / "given", name="a known signer", now=datetime.now(UTC))
    path = tmp_path / "given" / FILE
    settings = set_to(tmp_path, credentials_key=path, credentials_chain=path)
    found = content_signing(settings, notary(settings))
    assert found is not None
    assert found.chain == given.chain
    assert not (tmp_path / "keys" / FILE).exists()


def test_a_key_without_its_chain_is_an_error_by_name(tmp_path: Path) -> None:
    settings = set_to(tmp_path, credentials_key=tmp_path / "key.pem")
    with pytest.raises(SettingsError) as wrong:
        content_signing(settings, notary(settings))
    assert wrong.value.code == "settings.credentials"


def test_a_file_that_is_not_there_is_an_error_by_name(tmp_path: Path) -> None:
    settings = set_to(tmp_path, credentials_key=tmp_path / "key.pem", credentials_chain=tmp_path / "chain.pem")
    with pytest.raises(CustodyError) as wrong:
        content_signing(settings, notary(settings))
    assert wrong.value.code == "custody.keys"
