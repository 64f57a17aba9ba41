"""The state of a machine as `df`, `free` and `timedatectl` show it.

Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/sda1       20480000 19865600    614400  97% /
"""

import re

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"Filesystem[ \t].*Mounted|[ \t]+total[ \t]+used[ \t]+free|[ \t]*Local time: "

_ROWS = (
    ("df", re.compile(r"Filesystem\s"), re.compile(r".*(?:\d%|\s-)\s+/\S*.*$|\S+$|\s+\d+.*%\s+/")),
    ("free", re.compile(r"\s+total\s"), re.compile(r"(?:Mem|Swap|Total|Low|High|-/\+ buffers/cache):\s")),
    (
        "timedatectl",
        re.compile(r"\s*Local time:"),
        re.compile(r"\s*(?:[A-Z][A-Za-z ]+|System clock synchronized|[a-z ]*NTP[\w ]*): ?"),
    ),
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a header and the rows below it; None when there are none."""
    top = lines.line(0) or ""
    command, _, row = next(each for each in _ROWS if each[1].match(top))
    end = 1
    for index, line in lines.after(1):
        if not row.match(line):
            break
        end = index + 1
    return command_reading(lines, end, setting, command) if end > 1 else None
