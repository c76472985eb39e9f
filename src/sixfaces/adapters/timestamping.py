"""Timestamps by an RFC 3161 authority over HTTP. What it answers is checked before it is kept."""

import httpx

from sixfaces.adapters.deadline import Deadline
from sixfaces.vault.faults import custody_error
from sixfaces.vault.stamps import stamped_at

LARGEST_ANSWER = 2**20
TIMEOUT_S = 10.0
"""For each step on the line."""
WHOLE_S = 30.0
"""For the whole answer, its head too: one that comes a byte at a time is none."""


class TimestampAuthority:
    """Implements `domain.ports.Stamper`. `chain` is PEM: the authority's root, and what leads to it unless the
    authority sends it along."""

    def __init__(self, url: str, chain: bytes, *, timeout_s: float = TIMEOUT_S) -> None:
        self.chain = chain
        self._url, self._timeout_s = url, timeout_s

    def stamp(self, note: str) -> bytes:
        """As in the interface. A fresh nonce keeps an old answer from being given again."""
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

        builder = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256)
        request = builder.nonce(nonce=True).cert_request(cert_request=True).build()
        answer = self._asked(request.as_bytes())
        stamped_at(answer, note, chain=self.chain)
        if decode_timestamp_response(answer).tst_info.nonce != request.nonce:
            raise custody_error("stamp", f"{self._url}: nonce")
        return answer

    def _asked(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        answer = b""
        try:
            with (
                Deadline(WHOLE_S) as deadline,
                httpx.Client(timeout=self._timeout_s, headers=headers) as client,
                client.stream("POST", self._url, content=query, extensions={"trace": deadline.watch}) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise custody_error("stamp_away", f"{self._url}: HTTP {response.status_code}")
                for piece in response.iter_bytes():
                    answer += piece
                    if len(answer) > LARGEST_ANSWER:
                        raise custody_error("stamp", f"{self._url}: > {LARGEST_ANSWER}")
                if deadline.is_over:  # a line that was cut looks like the end of an answer without a length
                    raise custody_error("stamp_away", f"{self._url}: > {WHOLE_S:g} s")
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise custody_error("stamp_away", f"{self._url}: {type(exc).__name__}") from exc
        return answer
