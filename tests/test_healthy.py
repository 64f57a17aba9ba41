"""Texts of what is well: no rule may take them for a fault, whether or not their file says whose they are."""

from pathlib import Path

import pytest

from tests.healthy.alarms import KNOWN, alarms, corpus, known
from tests.healthy.checks import commands
from tests.healthy.make import LONGEST, shortened


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_what_is_well_gives_only_the_false_alarms_that_are_known(path: Path) -> None:
    """A false alarm that is not listed is a fault of the rules; one that no longer occurs has to leave the list."""
    found = alarms(path)
    name = path.relative_to(KNOWN.parent).as_posix()
    listed = {rule for file, rule in known() if file == name}
    assert [alarm for alarm in found if alarm.rule not in listed] == []
    assert listed - {alarm.rule for alarm in found} == set(), f"mended: take them out of {KNOWN.name}"


def test_every_known_false_alarm_is_of_a_file_of_the_corpus() -> None:
    """What is listed for a file that is gone would stay listed for ever."""
    assert {file for file, _ in known()} <= {path.relative_to(KNOWN.parent).as_posix() for path in corpus()}


def test_a_text_that_is_too_long_keeps_whole_lines_of_its_beginning_and_its_end() -> None:
    """A short one stays as it is."""
    lines = [f"line {number}\n" for number in range(LONGEST)]
    short = shortened("".join(lines)).splitlines(keepends=True)
    assert set(short) <= set(lines)
    assert (short[0], short[-1]) == (lines[0], lines[-1])
    assert len("".join(short)) <= LONGEST
    assert shortened("a\nb\n") == "a\nb\n"


def test_the_commands_of_a_shell_line_are_told_apart() -> None:
    """What ssh runs elsewhere counts, and so does each part of a pipe."""
    line = "ssh w1 'sudo crictl ps -a'; kubectl -n shop get pods -o wide | grep web"
    assert commands(line) == ["crictl ps", "kubectl get pods", "grep web"]
