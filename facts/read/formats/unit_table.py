"""`systemctl list-units` and `systemctl --failed`: the units in a table.

  UNIT             LOAD   ACTIVE SUB     DESCRIPTION
● kubelet.service  loaded failed failed  kubelet: The Kubernetes Node Agent
"""

import re

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"[ \t]*UNIT[ \t]+LOAD[ \t]+ACTIVE[ \t]+SUB[ \t]"

_ROW = re.compile(r"\W{0,4}\s*\S+\.[a-z]+\s+(?:loaded|not-found|masked|error|bad-setting)\s+[a-z]+\s+[a-z-]+(?:\s|$)")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the rows below the header, up to the first line that is none."""
    end = 1
    for index, line in lines.after(1):
        if not _ROW.match(line):
            break
        end = index + 1
    return command_reading(lines, end, setting, "systemctl list-units")
