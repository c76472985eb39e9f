"""Where links to how a claim stands begin, and what signs them."""

from typing import NamedTuple

from sixfaces.domain.notice import Link
from sixfaces.vault.link_tokens import LinkSigner


class LinkTerms(NamedTuple):
    """`base` None: nobody has said under which address others reach this installation, and mails have no links."""

    base: str | None
    signer: LinkSigner

    def url(self, link: Link, *, base: str | None = None) -> str:
        """The address of a link, with its token; `base`: where nothing else was said. Raises SettingsError
        `settings.link_key`."""
        place = (self.base or base or "").rstrip("/")
        return f"{place}/s/{link.case_id}?t={self.signer.token(link)}&lang={link.language}"
