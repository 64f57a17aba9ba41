"""What a line states, before its reason is looked for: the one value that all shapes give."""

import msgspec

from facts.model.failure import ErrorClass, Level


class Statement(msgspec.Struct, frozen=True):
    """The parts of a line that its shape tells apart.

    `message` is what the program says, `error` what it quotes as the reason (a field, the causes of a trace). `level`
    is None when the line has none. `source` is where in the program the line was written (a file, a logger, a
    package). `reason`, `code`, `object_kind`, `object`, `peer` and `operation` are given where the shape itself tells
    them, and outrank what the text tells. With `last`, the process ends with this line; with `certain`, only failures
    are written in this shape.
    """

    message: str
    error: str = ""
    level: Level | None = None
    component: str = ""
    source: str = ""
    reason: ErrorClass | None = None
    code: str = ""
    operation: str = ""
    object_kind: str = ""
    object: str = ""
    peer: str = ""
    node: str = ""
    namespace: str = ""
    pod: str = ""
    state: str = ""
    count: int = 1
    last: bool = False
    certain: bool = False

    @property
    def chain(self) -> str:
        """The message and the error as one chain."""
        return f"{self.message}: {self.error}" if self.error else self.message
