"""Folds failures that say the same, and tells where they stand: how often, first and last line, last words, recovered."""

import re
from functools import cached_property

import msgspec

from facts.model.failure import ErrorClass, Failure, Hints, Level
from facts.read.failures.lines.candidates import EXIT, RECOVERY
from facts.read.failures.lines.clocks import clock_of
from facts.read.failures.recoveries import Recovery, Told, recovery_of

NEAR = 10
"""Lines before the end of a process in which the last error is its last words."""

QUIET = 1_800.0
"""Seconds without a failure after which a log that goes on shows that what failed before is over."""

LONG = 4 * QUIET
"""Seconds after which an error that was not said again is over, whatever else fails since."""

QUIET_LINES = 3
"""Lines that a log must have after its last failure, so that it shows that."""

MAXIMUM_FAILURES = 1_000
"""Different failures that one text may give; what comes later counts for none."""

MAXIMUM_MARKS = 5_000
"""Ends of processes, and lines of work that goes well, that are kept of one text: the first half and the last."""

_ROWS = 100
"""Lines of one record that are kept, besides its first one."""

MAXIMUM_LINES = 1_000
"""Lines of one failure that are kept."""

_EXITED = re.compile(
    rb"Main process exited|restart counter is at|exited with code [1-9]|exit status [1-9]|exit code:? [1-9]|Back-off restarting|Exited \([1-9]|npm ERR!|ELIFECYCLE",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"(?i)(?:aborting|exiting|giving up|shutting down|could not create any TCP/IP sockets|failed listening on port .*|database system is shut down|"
    r"plugin '\w+' (?:init function|registration).*|plugin initialization aborted with error .*|unknown/unsupported storage engine.*|failed to initialize .*|data dictionary initialization failed|"
    r"the designated data directory .*|stopping|terminating)\W*(?:aborting)?\W*$"
)
"""What is said of the end without a reason."""

_REASONLESS = frozenset((ErrorClass.UNKNOWN, ErrorClass.CRASHED))
"""Classes of what is said of the end: that it comes, or, for the word "aborted", that it is a crash."""

_SEVERE = frozenset((Level.ERROR, Level.FATAL))


class _Place:
    """A failure with where it was said."""

    __slots__ = ("count", "failure", "line", "lines", "start", "until")

    def __init__(self, failure: Failure, lines: range, start: int) -> None:
        self.failure, self.count = failure, failure.count
        self.start = start  # the byte at which it was said last
        self.line = self.until = lines.start
        self.lines = list(lines)


class Positions:
    """The failures of one text so far."""

    def __init__(self, text: bytes, hints: Hints) -> None:
        """Take the text that is read, and what is known of it."""
        self._text = text
        self._hints = hints
        self._places: dict[tuple[str, ...], _Place] = {}
        self._exits: list[int] = []
        self._recoveries: list[Recovery] = []
        self._mentions: list[tuple[int, int, bytes]] = []
        self._mentioned: dict[bytes, int] = {}
        """Where each kind of line that only mentions trouble stands last."""
        self._line, self._offset = 1, 0
        self._end, self._end_line = -1, 0
        """Where the last failure so far ends."""
        self._quiet_until = 0
        """The line that ends the last quiet time so far: the trouble before it is over."""

    def note(self, start: int, end: int, signs: int) -> None:
        """Take note of a line that shows the end of a process, or that work goes well again."""
        if signs & RECOVERY and len(self._recoveries) < MAXIMUM_MARKS:
            recovery = recovery_of(self._text[start : min(end, start + 1_000)], self._number(start))
            if recovery is not None:
                self._recoveries.append(recovery)
        if (
            signs & EXIT
            and len(self._exits) < MAXIMUM_MARKS
            and _EXITED.search(self._text, start, min(end, start + 2_000))
        ):
            self._exits.append(self._number(start))

    def mention(self, start: int, end: int, kind: bytes) -> None:
        """Take note of a record that has words of failure and states none that counts: a warning, an information."""
        if len(self._mentions) < MAXIMUM_MARKS:
            self._mentions.append((start, end, kind))
            self._mentioned[kind] = start

    def add(self, failure: Failure, start: int, end: int) -> None:
        """Count `failure`, which stands in `text[start:end]`."""
        key = _key(failure)
        place = self._places.get(key)
        line = self._number(start)
        if self._end >= 0 and line - self._end_line > QUIET_LINES and self._was_quiet(start):
            self._quiet_until = line
        self._end, self._end_line = end, line
        lines = self._numbers(start, end)  # the trace of an exception is a part of it
        if place is None:
            if len(self._places) >= MAXIMUM_FAILURES:
                return
            raw = self._text[start : min(end, start + 4_000)].split(b"\n", 1)[0].decode("utf-8", "replace")
            self._places[key] = _Place(msgspec.structs.replace(failure, text=raw.rstrip("\r")[:1_000]), lines, start)
            return
        if place.until < self._quiet_until:  # the trouble before is over, and this is another
            place.count = 0
        place.until, place.start = line, start
        if len(place.lines) < MAXIMUM_LINES:
            place.lines.extend(lines)
        place.count = max(place.count + 1, failure.count) if failure.count > 1 else place.count + 1

    def told(self) -> Told:
        """Return what the text tells, its failures in the order in which they were said first."""
        spoken = self._last_words()
        places = [place for place in self._places.values() if not self._yields(place, spoken)]
        last = max((place.start for place in self._places.values()), default=-1)
        quiet = last >= 0 and self._goes_on(last) >= QUIET
        mentions = tuple((self._numbers(start, end), self._line_at(start)) for start, end, _ in self._mentions)
        past = {kind for kind, start in self._mentioned.items() if self._goes_on(start) >= QUIET}
        return Told(
            tuple(self._finished(place, spoken, over=quiet or self._is_over(place, spoken)) for place in places),
            tuple(tuple(place.lines) for place in places),
            tuple(self._recoveries),
            mentions,
            frozenset(
                number
                for (numbers, _), (start, _, kind) in zip(mentions, self._mentions, strict=True)
                if kind in past or (quiet and start < last)
                for number in numbers
            ),
        )

    def _was_quiet(self, start: int) -> bool:
        """Whether the text went on for `QUIET` seconds between the last failure and the one at byte `start`."""
        after = clock_of(self._line_at(self._end + 1))
        now = clock_of(self._line_at(start))
        return after is not None and now is not None and after[0] == now[0] and now[1] - after[1] >= QUIET

    def _is_over(self, place: _Place, spoken: set[_Place]) -> bool:
        """Whether a quiet time came after it, or one in which others failed: a long one, where it was no mere warning.

        Last words stay what they are.
        """
        if place.until < self._quiet_until:
            return True
        lasting = place in spoken or place.failure.level is Level.FATAL
        limit = LONG if place.failure.level in _SEVERE else QUIET
        return not lasting and self._goes_on(place.start) >= limit

    def _goes_on(self, start: int) -> float:
        """Return for how many seconds the text goes on after the line at byte `start`; 0 when it does not tell."""
        lines, then = self._ending
        if self._hints.ends or len(self._places) >= MAXIMUM_FAILURES or then is None or start >= lines:
            return 0.0
        said = clock_of(self._line_at(start))
        return then[1] - said[1] if said is not None and said[0] == then[0] else 0.0

    @cached_property
    def _ending(self) -> tuple[int, tuple[str, float] | None]:
        """The byte at which the last `QUIET_LINES` lines begin, and the time that the last of them tells."""
        end, then = len(self._text.rstrip()), None
        for _ in range(QUIET_LINES):
            start = self._text.rfind(b"\n", 0, max(end, 0)) + 1
            then = then or clock_of(self._line_at(start))
            end = start - 1
        return end + 1, then

    def _last_words(self) -> set[_Place]:
        """Return the last error before each end of a process, as far as it stands near."""
        ends = list(self._exits)
        if self._hints.ends:
            ends.append(self._line + self._text.count(b"\n", self._offset) + 1)
        severe = [place for place in self._places.values() if place.failure.level in _SEVERE]
        spoken = set()
        for end in ends:
            before = [place for place in severe if end - NEAR <= place.until < end]
            if before:
                spoken.add(max(before, key=lambda place: (not place.failure.weak, place.until)))
        return spoken

    def _yields(self, place: _Place, spoken: set[_Place]) -> bool:
        """Whether `place` says only that the process ends; then the error above it is the last word, and fatal."""
        failure = place.failure
        if failure.error not in _REASONLESS or not _EMPTY.match(failure.detail):
            return False
        before = [other for other in self._places.values() if _explains(other, place)]
        if not before:
            return False
        cause = max(before, key=lambda other: other.until)
        cause.failure = msgspec.structs.replace(cause.failure, level=Level.FATAL)
        spoken.add(cause)
        return True

    def _finished(self, place: _Place, spoken: set[_Place], *, over: bool = False) -> Failure:
        failure = place.failure
        last = failure.last or place in spoken
        state = "recovered" if over else failure.state or ("retried" if place.count > 1 and not last else "")
        return msgspec.structs.replace(
            failure,
            count=place.count,
            line=place.line,
            until=place.until,
            last=last,
            state=state,
        )

    def _line_at(self, start: int) -> bytes:
        end = self._text.find(b"\n", start, start + 1_000)
        return self._text[start : end if end >= 0 else start + 1_000]

    def _numbers(self, start: int, end: int) -> range:
        """Return the numbers of the lines of a record."""
        number = self._number(start)
        return range(number, number + 1 + min(self._text.count(b"\n", start, end - 1), _ROWS))

    def _number(self, start: int) -> int:
        if start >= self._offset:
            self._line += self._text.count(b"\n", self._offset, start)
        else:  # a record may start before the line that was noted last
            self._line -= self._text.count(b"\n", start, self._offset)
        self._offset = start
        return self._line


def _explains(place: _Place, end: _Place) -> bool:
    """Whether `place` may be why `end` says that the process ends."""
    return (
        end.line - NEAR <= place.until < end.line
        and (
            place.failure.component == end.failure.component or not (place.failure.component and end.failure.component)
        )
        and place.failure.level in _SEVERE
        and place.failure.error is not ErrorClass.UNKNOWN
    )


def _key(failure: Failure) -> tuple[str, ...]:
    return (
        failure.component, failure.node, failure.namespace, failure.pod, failure.container, failure.level, failure.operation, failure.error,
        failure.object_kind, failure.object, failure.peer, failure.by, failure.code,
    )  # fmt: skip
