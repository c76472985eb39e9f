"""As it runs: an admin makes an endpoint by the API, the server or its workers send to it, a receiver verifies."""

from pathlib import Path

import pytest

from sixfaces.config import Settings
from sixfaces.workers.duties import duties_of
from sixfaces.workers.embedded import embedded_workers
from sixfaces.workers.sending import sending_without_workers
from tests.contract.api.running import running
from tests.rig.installation import prepared
from tests.rig.webhook_receiver import Receiver


@pytest.mark.parametrize("workers", [1, 0], ids=["with workers inside", "with workers elsewhere"])
def test_what_a_server_sends_is_what_was_subscribed_to(tmp_path: Path, there: Receiver, workers: int) -> None:
    local = {"webhook_allow_http": True, "webhook_allowed_networks": "127.0.0.1/32"}
    settings = Settings.model_validate({"data": prepared(tmp_path), "port": 0, "workers": workers, **local})
    with (
        running(settings) as api,
        embedded_workers(api.service, workers, duties=duties_of(settings)),
        sending_without_workers(api.service, settings),
    ):
        new = {"url": there.url, "kinds": ["exhibit.sealed"]}
        made = api.ask("POST", "/v1/webhooks", key=api.admin, json=new).json()
        case = api.new_case()
        api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, content=b"a document").raise_for_status()
        (heard,) = there.wait(1)
        told = heard.verified(made["secret"])
        assert (told["type"], told["data"]["case"]) == ("exhibit.sealed", case["id"])


def test_a_process_that_has_no_way_out_leaves_sending_to_others(tmp_path: Path) -> None:
    settings = Settings(data=prepared(tmp_path), webhook_sender=False)
    assert "webhooks" not in {duty.name for duty in duties_of(settings)}
    assert "webhooks" in {duty.name for duty in duties_of(settings.model_copy(update={"webhook_sender": True}))}
