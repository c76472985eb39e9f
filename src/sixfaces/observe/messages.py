"""What parent and child say to each other on the wire while an exhibit is observed (kinds: sixfaces.media.wire)."""

from sixfaces.domain.exhibit import Medium, Seconds
from sixfaces.domain.model import Model, Text, Unit
from sixfaces.domain.observation import Measured


class Request(Model):
    """REQUEST: the medium at `path` is to be observed, as the form that our own sniffing named."""

    path: Text
    format: Text
    medium: Medium
    cpu_s: int


class Planned(Model):
    """One observer with the version whose facts follow, and the kinds of facts that stay open if they do not."""

    name: Text
    version: Text
    measures: tuple[Text, ...] = ()


class Plan(Model):
    """PLAN: all observers of this exhibit, in the order that the record keeps."""

    observers: tuple[Planned, ...]


class Told(Model):
    """FACT: one fact by one of the planned observers."""

    observer: Text
    measured: Measured


class Finished(Model):
    """FINISHED: one of the planned observers has told all that it will, and was at work for so long."""

    observer: Text
    took_s: Seconds = 0.0


class Step(Model):
    """PROGRESS: how far decoding is, and once, at its beginning, the length that the file claims."""

    share: Unit | None = None
    claimed_s: Seconds | None = None


class Done(Model):
    """DONE: nothing more will come."""

    decode_s: Seconds
