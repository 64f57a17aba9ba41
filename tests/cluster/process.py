"""Programs that run in the background and end with whoever started them, whatever happens to it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

_PR_SET_PDEATHSIG = 1
_PAUSE = 0.02
"""Seconds between two looks at something that can only be asked for."""


class StartError(Exception):
    """A program ended, or was not ready in time; says which, with the end of what it printed."""


class Program:
    """A program of the cluster that runs, with its output in `log`."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name, self.process, self.log = name, process, log

    @classmethod
    def start(cls, command: Sequence[str | Path], log: Path) -> Self:
        """Start `command` as the leader of a process group of its own, which a Ctrl-C here does not reach."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=log.parent,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(log.parent)},
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one prctl
            )
        return cls(log.stem, process, log)

    def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return as soon as `ready` says so. Raises StartError when the program ends, or `seconds` are over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise StartError(f"{self.name} ended with {self.process.returncode}: {self._last_lines()}")
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} was not ready within {seconds:.0f} s: {self._last_lines()}")
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """End the program and what it started, at once: nothing that it keeps is needed afterwards."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_ports(count: int) -> list[int]:
    """Return `count` TCP ports of the loopback interface that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
