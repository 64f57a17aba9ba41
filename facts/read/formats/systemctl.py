"""`systemctl status`: the state of a unit, and the journal lines at its end, which are that unit's log.

● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)
     Active: activating (auto-restart) (Result: exit-code) since Mon 2026-03-02 10:00:00 UTC; 3s ago
"""

import re

from facts.read.text.command import command_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.logs import cut_logs
from facts.snapshot.setting import Setting

_UNIT = r"[\w@.\\:-]+\.(?:service|socket|timer|mount|target|slice|scope|path|device|swap|automount)"
OPENING = rf"[ \t]*(?:[●×○◌↻✗*x]|\xe2\x97\x8f) {_UNIT}(?: - .*|[ \t]*$)|Unit {_UNIT} could not be found"

_TOP = re.compile(rf"\s*\S+ (?P<unit>{_UNIT})")
_FIELD = re.compile(
    r"\s+(?:Loaded|Active|Drop-In|Docs|Process|Main PID|Tasks|Memory|CPU|CGroup|Status|Trigger(?:s|edBy)?|Condition|Assert|IP|IO|FD Store|"
    r"Since|Where|What|Listen|Accepted|Error|Invocation|Follow|Device|Until): |\s+[├└│─]|\s+/\S+|\s+\S+\.conf|\s{6,}\S"
)
_JOURNAL = re.compile(
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ \S+(?:\[\d+\])?: |Hint: |Warning: |\s{6,}\S"
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the block of one unit."""
    found = _TOP.match(lines.line(0) or "")
    unit = found["unit"].removesuffix(".service") if found else ""
    fields, logs, gap = 1, 1, 0
    for index, line in lines.after(1):
        if not line.strip():
            gap += 1
            if gap > 1:
                break
        elif gap == 0 and _FIELD.match(line):
            fields = logs = index + 1
        elif _JOURNAL.match(line):
            logs = index + 1
        else:
            break
    status = command_observation(lines, fields, setting, "systemctl status", unit)
    text = lines.raw(0, logs)
    start = len(lines.raw(0, fields))
    journal = cut_logs(text, start, len(text), lines.source, lines.number + fields, setting)
    return Reading((status, *journal), (), logs)
