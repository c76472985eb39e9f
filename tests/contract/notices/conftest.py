"""Notices over both databases, sent to a real mail server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest

from sixfaces.adapters.mail import SmtpMailer
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Happening, Party
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.notice import Notice
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.pipeline.claims.chronicling import Chronicled, Told, enter
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.notices.sending import Post
from sixfaces.pipeline.service import Service
from sixfaces.vault.link_tokens import LinkSigner
from tests.rig.workshop import new_case, open_workshop
from tests.servers.postgres import Postgres, postgres
from tests.servers.smtp import Smtp, smtp_server

SENDER = Address("售后服务", addr_spec="after-sales@shop.example")
SIGNER = LinkSigner(lambda: [b"k" * 32])
TERMS = LinkTerms("https://returns.example", SIGNER)
SOON = (timedelta(),) * 3
CONTACTS = {"buyer": "ming@mail.example", "seller": "shop@mail.example", "seller_language": "en"}


@dataclass
class Office:
    """An installation whose claims are told of, and one process's mail."""

    service: Service
    post: Post
    url: str

    def case(self, *, tenant: str = "main", **said: Any) -> FiledCase:  # noqa: ANN401 of CaseFile
        """A claim with contacts."""
        base: dict[str, Any] = {
            "case_id": f"C-{new_id()}",
            "order": {"order_id": "T-1", "items": [{"title": "衬衫", "price": "199.00", "currency": "CNY"}]},
            "claim": {"kind": "return_refund", "reason": "no_reason"},
            "contacts": CONTACTS,
        }
        return new_case(self.service, CaseFile.model_validate(base | said), tenant=tenant)

    def enter(self, case: FiledCase, what: Happening, **more: Any) -> Chronicled:  # noqa: ANN401 of Told
        """Something happens."""
        with self.service.records.begin(case.tenant) as tx:
            return enter(tx, case, "key:test", told=Told(what, Party.PLATFORM, **more))

    def notices(self, case: FiledCase) -> list[Notice]:
        """All of a case, the oldest first."""
        with self.service.records.begin(case.tenant, reading=True) as tx:
            found = tx.notices.find(NoticeQuery(case_id=case.id), Page(limit=100))
        return sorted(found, key=lambda one: one.id)

    def close(self) -> None:
        """Let go of the database."""
        assert isinstance(self.service.records, SqlRecords)
        self.service.records.close()


def post_to(smtp: Smtp, **more: Any) -> Post:  # noqa: ANN401 of Post
    """Mail to this server, with next to no wait between two attempts."""
    return Post(
        lambda: SmtpMailer(smtp.server(), SENDER, timeout_s=5.0), TERMS, **{"waits": SOON, **more}
    )  # fmt: skip


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL."""
    with postgres() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    """A mail server that takes everything."""
    with smtp_server() as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, smtp: Smtp) -> Iterator[Office]:
    """Over each database."""
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        url = server.database(tables=True)
    one = Office(open_workshop(tmp_path, url=url), post_to(smtp), url)
    yield one
    one.close()
