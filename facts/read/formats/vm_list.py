"""VMs as `limactl list`, `virsh list` and `multipass list` show them."""

import re

from facts.model.values import Coverage, CoverageState
from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"NAME[ \t]+STATUS[ \t]+SSH[ \t]|[ \t]*Id[ \t]+Name[ \t]+State[ \t]*$|Name[ \t]+State[ \t]+IPv4[ \t]+Image"

_ROWS = {
    "NAME": ("limactl list", re.compile(r"[\w.-]+\s+(?:Running|Stopped|Broken|Unknown|Paused|\S+)\s+\S")),
    "Id": ("virsh list", re.compile(r"\s*-{5,}|\s*(?:-|\d+)\s+\S+\s+\S")),
    "Name": (
        "multipass list",
        re.compile(r"[\w-]+\s+(?:Running|Stopped|Deleted|Suspended|Starting|Unknown)\s|\s{20,}\S"),
    ),
}


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a header and the rows below it."""
    command, row = _ROWS[(lines.line(0) or "").split()[0]]
    end = 1
    for index, line in lines.after(1):
        if not row.match(line):
            break
        end = index + 1
    coverage = () if setting.filtered else (Coverage("vm", "*", CoverageState.COMPLETE),)
    return command_reading(lines, end, setting, command, coverage=coverage)
