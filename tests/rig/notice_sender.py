"""A process that sends notices and does nothing else: `python -m tests.rig.notice_sender DATABASE_URL SMTP_PORT
LEASE_S`."""

import sys
import time
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from tempfile import TemporaryDirectory

from sixfaces.adapters.mail import MailServer, SmtpMailer
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.notices.sending import Post
from sixfaces.vault.link_tokens import LinkSigner
from tests.rig.workshop import open_workshop


def main(url: str, port: int, lease_s: float) -> None:
    """Until it is killed."""
    server = MailServer("127.0.0.1", port, starttls=False)
    sender = Address(addr_spec="after-sales@shop.example")
    terms = LinkTerms(None, LinkSigner(lambda: [b"k" * 32]))
    post = Post(lambda: SmtpMailer(server, sender), terms, lease=timedelta(seconds=lease_s))
    with TemporaryDirectory() as folder:
        service = open_workshop(Path(folder), url=url)
        while True:
            post.send_due(service)
            time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
