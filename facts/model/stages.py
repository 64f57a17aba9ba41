"""Where time and memory go: the stages of a diagnosis, measured only when somebody asks for it.

    with measured() as profile:
        with stage("read"): ...
    profile.stages

A stage within another counts for itself only.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which getrusage(2) counts the resident set: bytes on macOS, KiB on Linux."""


class Stage(msgspec.Struct, frozen=True):
    """What one stage took: seconds by the wall and of this process's CPU, and the most memory held until its end.

    Shapes: `peak` is the largest resident set of the process so far, in bytes; the stage after which it grows took it.
    """

    name: str
    wall: float
    cpu: float
    peak: int


class Profile:
    """The stages so far."""

    def __init__(
        self, wall: Callable[[], float] = time.perf_counter, cpu: Callable[[], float] = time.process_time
    ) -> None:
        """Start with none; `wall` and `cpu` are clocks in seconds."""
        self._wall, self._cpu = wall, cpu
        self._taken: dict[str, Stage] = {}
        self._inner = [(0.0, 0.0)]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in the order in which they ended first; one that ran several times is there once, with the sum."""
        return tuple(self._taken.values())

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        self._inner.append((0.0, 0.0))
        wall, cpu = self._wall(), self._cpu()
        try:
            yield
        finally:
            wall, cpu = self._wall() - wall, self._cpu() - cpu
            within = self._inner.pop()
            around = self._inner[-1]
            self._inner[-1] = (around[0] + wall, around[1] + cpu)
            before = self._taken.get(name, Stage(name, 0.0, 0.0, 0))
            self._taken[name] = Stage(name, before.wall + wall - within[0], before.cpu + cpu - within[1], peak_memory())


_PROFILE: ContextVar[Profile | None] = ContextVar("profile", default=None)


@contextmanager
def measured() -> Iterator[Profile]:
    """Give the profile of the stages that run within."""
    profile = Profile()
    token = _PROFILE.set(profile)
    try:
        yield profile
    finally:
        _PROFILE.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Run a stage; it is measured where `measured` asks for it, else nothing is done."""
    profile = _PROFILE.get()
    if profile is None:
        yield
        return
    with profile.stage(name):
        yield


def peak_memory() -> int:
    """Return the largest resident set of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
