"""The last seconds of small frames, with what was measured between them: cheap for all, in full on demand."""

from dataclasses import replace

from sixfaces.observe.continuity_motion import Change, Field, Look, Motion, Step


class Reel:
    """Frames and steps by number; step `i` leads from frame `i` to frame `i + 1`. Old ones are let go."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.count = 0
        self._looks: dict[int, Look] = {}
        self._changes: dict[int, Change] = {}
        self._motions: dict[int, Motion] = {}
        self._steps: dict[int, Step] = {}

    def push(self, look: Look, change: Change | None) -> None:
        """The next frame and its comparison with the last one, None for the first."""
        self._looks[self.count] = look
        if change is not None:
            self._changes[self.count - 1] = change
        self.count += 1

    def compared(self, look: Look) -> Change | None:
        """A new frame against the last one held."""
        return self.field.change(self._looks[self.count - 1], look) if self.count else None

    def forget(self, first: int) -> None:
        """Let go of frames before number `first`."""
        for store in (self._looks, self._changes, self._motions, self._steps):
            for number in [n for n in store if n < first]:
                del store[number]

    def look(self, i: int) -> Look:
        """Frame `i`."""
        return self._looks[i]

    def has(self, i: int) -> bool:
        """Whether frame `i` is still held."""
        return i in self._looks

    def change(self, i: int) -> Change:
        """The cheap comparison of step `i`."""
        return self._changes[i]

    def changes(self, numbers: range) -> list[Change]:
        """Those of the steps `numbers` that are held, in that order."""
        return [self._changes[n] for n in numbers if n in self._changes]

    def motion(self, i: int) -> Motion | None:
        """The motion of step `i`, None where the reel does not reach."""
        if i not in self._motions:
            if not (self.has(i) and self.has(i + 1)):
                return None
            self._motions[i] = self.field.motion(self._looks[i], self._looks[i + 1])
        return self._motions[i]

    def step(self, i: int) -> Step | None:
        """Step `i` in full, None where the reel does not reach."""
        if i not in self._steps:
            own = self.motion(i)
            if own is None:
                return None
            self._steps[i] = self.field.step(
                self._looks[i], self._looks[i + 1], before=self.motion(i - 1), own=own, after=self.motion(i + 1)
            )
        return self._steps[i]

    def spliced_look(self, a: int, b: int) -> Look:
        """Frame `b` at the time when it would come if the frames between `a` and `b` had been removed."""
        return replace(self._looks[b], at_s=self._looks[a].at_s + self._changes[a].step_s)

    def spliced(self, a: int, b: int) -> Step:
        """The step there would then be."""
        first, second = self._looks[a], self.spliced_look(a, b)
        own = self.field.motion(first, second)
        return self.field.step(first, second, before=self.motion(a - 1), own=own, after=self.motion(b))
