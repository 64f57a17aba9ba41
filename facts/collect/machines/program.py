"""Runs a program of the user's PATH, without a terminal, for so many seconds at most, and keeps what it printed."""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from threading import Event, Thread
from typing import Any

import msgspec

from facts.collect.concurrency.progress import is_stopped

OUTPUT_LIMIT = 16 << 20
"""Bytes that are kept of each stream; the rest is read and forgotten."""


_GLANCE = 0.1
"""Seconds after which it is looked whether a program shall end early."""


class Ended(msgspec.Struct, frozen=True):
    """How a program ended: its exit status, negative for a signal; None when its time was over."""

    status: int | None
    output: bytes = b""
    errors: bytes = b""
    seconds: float = 0.0

    @property
    def text(self) -> bytes:
        """Return what it printed, the errors last."""
        return self.output + self.errors


class _Kept:
    """Takes what a stream prints, and keeps its beginning."""

    def __init__(self) -> None:
        self.body = bytearray()

    def write(self, chunk: bytes) -> None:
        self.body += chunk[: OUTPUT_LIMIT - len(self.body)]


def run_program(
    words: Sequence[str], seconds: float, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> Ended | None:
    """Return how `words` ended, after `seconds` at most; None when there is no such program.

    `stdin` is what it reads, `environment` is added to that of this process. The locale is C, so that its words can be
    understood. It gets a session of its own: it cannot ask the user for anything, and is killed with all it started, also
    when the work is stopped that it is part of (`facts.collect.concurrency.progress`).
    """
    try:
        import sh
    except ImportError:  # Windows
        return None
    started, output, errors, late = time.monotonic(), _Kept(), _Kept(), Event()
    settings: dict[str, Any] = {
        "_in": stdin,
        "_out": output,
        "_err": errors,
        "_env": {**os.environ, **(environment or {}), "LC_ALL": "C"},
        "_bg": True,
        "_bg_exc": False,
        "_no_out": True,
        "_no_err": True,
        "_tty_out": False,
        "_new_session": True,
        "_ok_code": range(256),
    }
    try:
        running = sh.Command(words[0])(*words[1:], **settings)
    except sh.CommandNotFound:
        return None

    def end() -> None:
        late.set()
        with suppress(ProcessLookupError):
            os.killpg(running.process.pgid, signal.SIGKILL)

    finished = Event()
    guard = Thread(target=copy_context().run, args=(_guard, finished, started + seconds, end), daemon=True)
    guard.start()
    try:
        running.wait()
        status = running.exit_code
    except sh.ErrorReturnCode as error:
        status = error.exit_code
    finally:
        finished.set()
    return Ended(
        None if late.is_set() else status,
        bytes(output.body),
        bytes(errors.body),
        round(time.monotonic() - started, 3),
    )


def _guard(finished: Event, deadline: float, end: Callable[[], None]) -> None:
    """Call `end` when a program is not `finished` at the `deadline` (of `time.monotonic`), or the work is stopped."""
    while not finished.wait(min(_GLANCE, max(0.0, deadline - time.monotonic()))):
        if is_stopped() or time.monotonic() >= deadline:
            end()
            return
