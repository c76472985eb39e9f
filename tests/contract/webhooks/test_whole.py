"""As it runs: an admin makes an endpoint by the API, the workers inside send to it, a receiver verifies."""

from pathlib import Path

from sixfaces.config import Settings
from sixfaces.workers.duties import duties_of
from sixfaces.workers.embedded import embedded_workers
from tests.contract.api.running import running
from tests.rig.installation import prepared
from tests.rig.webhook_receiver import Receiver


def test_what_workers_inside_a_server_send_is_what_was_subscribed_to(tmp_path: Path, there: Receiver) -> None:
    settings = Settings(
        data=prepared(tmp_path), port=0, webhook_allow_http=True, webhook_allowed_networks="127.0.0.1/32"
    )
    with running(settings) as api, embedded_workers(api.service, 1, duties=duties_of(settings)):
        new = {"url": there.url, "kinds": ["exhibit.sealed"]}
        made = api.ask("POST", "/v1/webhooks", key=api.admin, json=new).json()
        case = api.new_case()
        api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, content=b"a document").raise_for_status()
        (heard,) = there.wait(1)
        told = heard.verified(made["secret"])
        assert (told["type"], told["data"]["case"]) == ("exhibit.sealed", case["id"])
