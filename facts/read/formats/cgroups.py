"""The controllers of the kernel's control groups, of version 1 and of version 2.

#subsys_name    hierarchy       num_cgroups     enabled
memory          0               112             0
"""

import re

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

_NAME = r"(?:cpuset|cpuacct|cpu|io|memory|hugetlb|pids|rdma|misc|dmem)"
OPENING = rf"#subsys_name[ \t]+hierarchy[ \t]+num_cgroups[ \t]+enabled|{_NAME}(?: {_NAME})+[ \t]*$"
_ROW = re.compile(r"\w+\s+\d+\s+\d+\s+[01]\s*$")
_FILE = re.compile(r"cgroup\.(?:controllers|subtree_control)")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the table of /proc/cgroups, or the line of a file whose name the command above tells."""
    if not (lines.line(0) or "").startswith("#"):
        file = _FILE.search(" ".join(setting.words))
        return command_reading(lines, 1, setting, f"cat {file[0]}") if file else None
    end = 1
    for index, line in lines.after(1):
        if not _ROW.match(line):
            break
        end = index + 1
    return command_reading(lines, end, setting, "cat /proc/cgroups") if end > 1 else None
