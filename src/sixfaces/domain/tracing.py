"""What is told of one piece of work to those who follow it from process to process. Who tells nothing costs nothing."""

from contextlib import AbstractContextManager
from typing import Literal, Protocol

Told = str | int | float | bool
"""What may be told: ids of ours, counts, seconds, names that stand in our code. Never what people wrote."""


class Span(Protocol):
    """Something that takes time, while it does."""

    def tell(self, **what: Told | None) -> None:
        """More about it; None tells nothing. Names become `sixfaces.<name>`."""
        ...

    def answered(self, method: str, route: str, *, status: int) -> None:
        """It was a request, of this route, with this answer."""
        ...

    def fail(self, code: str) -> None:
        """It went wrong."""
        ...


class Tracer(Protocol):
    """Tells of work as spans. Nothing of it ever raises, or waits for somebody."""

    def begun(
        self, name: str, *, kind: Literal["request", "job"], by: str | None = None
    ) -> AbstractContextManager[Span]:
        """A span that begins something in this process; `by`: the W3C `traceparent` of what brought it about."""
        ...

    def span(self, name: str, **what: Told | None) -> AbstractContextManager[Span]:
        """A span within what is going on in this thread or task; nothing where that is not traced."""
        ...

    def carried(self) -> str | None:
        """The `traceparent` of what is going on, for what follows from it; None where that is not traced."""
        ...

    def close(self) -> None:
        """Send what is still to be sent, for a few seconds at most."""
        ...


class Untold:
    """Implements Span: of nothing."""

    def tell(self, **what: Told | None) -> None:
        """Nothing."""

    def answered(self, method: str, route: str, *, status: int) -> None:
        """Nothing."""

    def fail(self, code: str) -> None:
        """Nothing."""

    def __enter__(self) -> "Untold":
        return self

    def __exit__(self, *_: object) -> None:
        return None


NOTHING = Untold()


class Untraced:
    """Implements Tracer: tells nothing."""

    def begun(self, name: str, *, kind: Literal["request", "job"], by: str | None = None) -> Untold:
        """Nothing."""
        return NOTHING

    def span(self, name: str, **what: Told | None) -> Untold:
        """Nothing."""
        return NOTHING

    def carried(self) -> str | None:
        """Nothing."""
        return None

    def close(self) -> None:
        """Nothing."""


UNTRACED = Untraced()
