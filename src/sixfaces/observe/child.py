"""The observing child: what runs in the jail. It reads one request, measures, and tells facts as they are found."""

import sys
import time
from collections.abc import Sequence

import cv2

from sixfaces.domain.errors import MediaError
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.observation import Measured, MediaFailure
from sixfaces.media import lockdown, share
from sixfaces.media.wire import PICTURE_NAME, ChildEnd, Kind, WireError
from sixfaces.observe import decoding
from sixfaces.observe.guard import Guarded
from sixfaces.observe.messages import Done, Finished, Plan, Planned, Request, Step, Told
from sixfaces.observe.observer import KeepPicture
from sixfaces.observe.registry import OBSERVERS


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    request = Request.model_validate_json(message.payload)
    started = time.perf_counter()
    kept: list[tuple[str, bytes]] = []
    guards = _guards(request, _keep(line, kept))
    line.send_model(Kind.PLAN, _plan(guards))
    if request.medium is Medium.VIDEO:
        lockdown.limit_cpu_for_now(share.VIDEO_HEADERS_CPU_S)
    try:
        decoding.decode_exhibit(request, guards, _outlet(line, request, kept))
    except MediaError as error:
        failure = MediaFailure(code=error.code, text=error.text, fix=error.fix)
        line.send_model(Kind.FAILURE, failure)
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def _guards(request: Request, keep: KeepPicture) -> list[Guarded]:
    """The observers that this medium can feed with something."""
    fed = decoding.TIERS[request.medium]
    return [Guarded(observer(keep)) for observer in OBSERVERS if observer.wants & fed]


def _plan(guards: list[Guarded]) -> Plan:
    """Decoding first, then the observers in the registry's order."""
    observers = (guard.observer for guard in guards)
    measured_by = (Planned(name=o.name, version=o.version, measures=o.measures) for o in observers)
    return Plan(observers=(Planned(name=decoding.NAME, version=decoding.VERSION), *measured_by))


def _keep(line: ChildEnd, kept: list[tuple[str, bytes]]) -> KeepPicture:
    """Pictures for people end in `.jpg`; other names are crops for a later child. `kept`: pictures, some dozens."""

    def keep(name: str, data: bytes) -> None:
        kind = Kind.PICTURE if PICTURE_NAME.fullmatch(name) else Kind.CROP
        if kind is Kind.PICTURE:
            kept.append((name, data))
        line.send_blob(kind, name, data)

    return keep


def _outlet(line: ChildEnd, request: Request, kept: Sequence[tuple[str, bytes]]) -> decoding.Outlet:
    def fact(observer: str, measured: Measured) -> None:
        line.send_model(Kind.FACT, Told(observer=observer, measured=measured))

    def step(step: Step) -> None:
        if step.share == 0.0:  # headers are read
            lockdown.limit_cpu(min(request.cpu_s, share.video_cpu_s(step.claimed_s)))
        line.send_model(Kind.PROGRESS, step)

    return decoding.Outlet(
        fact=fact,
        finished=lambda observer, took_s: line.send_model(Kind.FINISHED, Finished(observer=observer, took_s=took_s)),
        media=lambda info: line.send_model(Kind.MEDIA, info),
        step=step,
        kept=kept,
    )


if __name__ == "__main__":
    sys.exit("this module runs in the jail: see sixfaces.media.jail")
