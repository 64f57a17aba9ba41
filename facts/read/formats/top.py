"""`kubectl top nodes` and `kubectl top pods`.

NAME      CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%
worker1   3900m        97%    3100Mi          80%
"""

import re

import msgspec

from facts.read.text.command import command_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"(?:NAMESPACE[ \t]+)?(?:POD[ \t]+)?NAME[ \t]+CPU\("

_ROW = re.compile(r"[a-z0-9]\S*\s+(?:\S+\s+){0,2}(?:\d+m?|<unknown>)\s+(?:\d+%|\d+[KMGT]i|<unknown>)")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of either; only that of nodes has percent columns. `namespace` is that of the command."""
    top = lines.line(0) or ""
    end = 1
    for index, line in lines.after(1):
        if not _ROW.match(line):
            break
        end = index + 1
    found = command_observation(
        lines, end, Setting(host=setting.host, role=setting.role), f"kubectl top {'nodes' if '%' in top else 'pods'}"
    )
    if setting.namespace not in ("", "*") and "%" not in top:
        found = msgspec.structs.replace(found, attributes=found.attributes | {"namespace": setting.namespace})
    return Reading((found,), (), end)
