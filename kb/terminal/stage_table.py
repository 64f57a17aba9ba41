"""The table that --profile prints: in come the stages of a diagnosis, out go its lines."""

from collections.abc import Iterable

from facts.model.stages import Stage

_MEGABYTE = 1e6


def stage_table(stages: Iterable[Stage]) -> str:
    """Return a line for each stage and one for all: seconds by the wall and of the CPU, and the most memory until then.

    >>> print(stage_table([Stage("read", 1.5, 1.25, 90_000_000), Stage("match", 0.5, 0.5, 120_000_000)]), end="")
    STAGE      WALL s     CPU s   PEAK MB
    read         1.50      1.25        90
    match        0.50      0.50       120
    all          2.00      1.75       120
    """
    rows = list(stages)
    every = Stage(
        "all",
        sum(each.wall for each in rows),
        sum(each.cpu for each in rows),
        max((each.peak for each in rows), default=0),
    )
    head = f"{'STAGE':8} {'WALL s':>8}  {'CPU s':>8}  {'PEAK MB':>8}\n"
    return head + "".join(
        f"{each.name:8} {each.wall:8.2f}  {each.cpu:8.2f}  {each.peak / _MEGABYTE:8.0f}\n" for each in (*rows, every)
    )
