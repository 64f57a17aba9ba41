"""The output of a command as an observation: its raw text, and where and at what it was aimed."""

from facts.model.values import Coverage, Observation, ObservationKind
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting


def command_observation(lines: Lines, length: int, setting: Setting, command: str, target: str = "") -> Observation:
    """Return the first `length` lines as the output of `command`; `df` and `free` keep their options, which set units."""
    typed = " ".join((command, *(word for word in setting.words[1:] if word.startswith("-"))))
    keep = command in ("df", "free") and setting.says(command)
    attributes = setting.command_attributes(typed if keep else command, target)
    return Observation(ObservationKind.COMMAND, lines.source, lines.raw(0, length), attributes, lines.number)


def command_reading(
    lines: Lines, length: int, setting: Setting, command: str, target: str = "", *, coverage: tuple[Coverage, ...] = ()
) -> Reading:
    """Return a reading that is one command's output."""
    return Reading((command_observation(lines, length, setting, command, target),), coverage, length)
