"""Content credentials of a pack's pictures and clips: what was done, from which sealed original, signed by who makes
the pack. PDF files and texts have none."""

from sixfaces.domain.pack import PackKind
from sixfaces.media.content_credentials import LARGEST_BYTES, Action, Made, Signing, signed
from sixfaces.media.formats import named

MIME = {PackKind.PAGE: "image/jpeg", PackKind.CLIP: "video/mp4"}


def grows(signing: Signing | None) -> int:
    """By how many bytes a file may grow."""
    return 0 if signing is None else LARGEST_BYTES


def credited_page(data: bytes, *, original: tuple[str, str], masked: bool, signing: Signing | None) -> bytes:
    """A page, drawn from pictures of an original: its digest and our name of its format. Raises CredentialsError."""
    actions = (Action.DRAWN, Action.RESIZED, *([Action.REDACTED] if masked else []))
    return _credited(data, PackKind.PAGE, made=_made(original, actions), signing=signing)


def credited_clip(data: bytes, *, original: tuple[str, str], copied: bool, signing: Signing | None) -> bytes:
    """A clip of an original; where its packets are the take's own, they still are. Raises CredentialsError."""
    actions = (Action.TRIMMED,) if copied else (Action.TRIMMED, Action.TRANSCODED)
    return _credited(data, PackKind.CLIP, made=_made(original, actions), signing=signing)


def _made(original: tuple[str, str], actions: tuple[Action, ...]) -> Made:
    sha256, form = original
    return Made(original_sha256=sha256, original_mime=named(form).mime, actions=actions)


def _credited(data: bytes, kind: PackKind, *, made: Made, signing: Signing | None) -> bytes:
    return data if signing is None else signed(data, MIME[kind], made=made, signing=signing)
