"""Entity tags and preconditions (RFC 9110 §13) of things that have a revision."""

import re

from starlette.requests import Request

from sixfaces.api.refusals import malformed
from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.refusals import match_needed, unknown_tag

_TAGS = re.compile(r'\s*(?:W/)?"[^"]*"\s*(?:,\s*(?:W/)?"[^"]*"\s*)*', re.ASCII)
_TAG = re.compile(r'(W/)?"([^"]*)"')
_LARGEST = 2**31


def etag(revision: int) -> str:
    """The tag of a revision."""
    return f'"{revision}"'


def weak_etag(revision: int) -> str:
    """The tag of what is read: beside the revision it shows a verdict, so that the same tag may come with other bytes,
    which a strong one must not."""
    return f'W/"{revision}"'


def expected(request: Request) -> Expected:
    """What the request says of the thing it edits. Raises `request.malformed`, `request.stale` for tags of nothing."""
    match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
    if none_match is not None and none_match.strip() != "*":
        raise malformed(Say(zh="写入时 If-None-Match 只能为 *", en="If-None-Match of a write can only be *"))
    there, revision = _matched(match)
    return Expected(revision=revision, there=there, absent=none_match is not None)


def tag_seen(request: Request) -> str:
    """The one tag of what was looked at, which must be said. Raises `request.match_needed`, `request.malformed`."""
    match = request.headers.get("if-match")
    if match is None or match.strip() == "*":
        raise match_needed()
    tags = [tag for _, tag in _TAG.findall(match)] if _TAGS.fullmatch(match) else []
    if len(tags) != 1:
        raise _unreadable()
    return str(tags[0])


def is_known(request: Request, tag: str) -> bool:
    """Whether the asker has this already (If-None-Match of a read)."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag.strip('"') in [found for _, found in _TAG.findall(given)]


def _matched(match: str | None) -> tuple[bool, int | None]:
    if match is None:
        return False, None
    if match.strip() == "*":
        return True, None
    if not _TAGS.fullmatch(match):
        raise _unreadable()
    tags = [tag for _, tag in _TAG.findall(match)]  # weak or not: both name the revision, which is what is edited
    if len(tags) != 1:
        raise _unreadable()
    if not re.fullmatch(r"[1-9][0-9]{0,9}", tags[0], re.ASCII) or int(tags[0]) > _LARGEST:
        raise unknown_tag()
    return True, int(tags[0])


def _unreadable() -> RequestError:
    return malformed(Say(zh="If-Match 应为一个 ETag", en="If-Match must be one entity tag"))
