"""Tart: `tart list` as table and JSON, `tart get` in both, and the address that `tart ip` prints.

Source Name         Disk Size State
local  prod-worker1 20   17   stopped
"""

import re

import msgspec

from facts.model.values import Coverage, CoverageState
from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

_KEY = r'"(?:CPU|Memory|Disk|DiskFormat|Display|OS|Size|State|Running|Source|Name|Accessed)"'
OPENING = (
    r"Source[ \t]+Name[ \t]+.*State|(?:OS[ \t]+)?CPU[ \t]+Memory[ \t]+Disk|\d+\.\d+\.\d+\.\d+[ \t]*$|[Nn]o IP address found|"
    rf"(?:\[[ \t]*\n?[ \t]*)?\{{[ \t]*\n?[ \t]*{_KEY}"
)
_LIST = (Coverage("vm", "*", CoverageState.COMPLETE),)
_LONGEST = 4000
"""Lines of JSON that are looked at: a list of VMs is shorter."""


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read whichever of the outputs starts at line 0."""
    top = lines.line(0) or ""
    named = setting.words[2] if setting.says("tart") and len(setting.words) > 2 else ""
    if top.startswith(("[", "{")):
        return _json(lines, setting, named)
    if top.startswith("Source"):
        end = 1
        for index, line in lines.after(1):
            if not re.match(r"(?:local|oci|OCI)\s+\S", line):
                break
            end = index + 1
        coverage = () if setting.filtered else _LIST
        return command_reading(lines, end, setting, "tart list", coverage=coverage)
    if re.match(r"(?:OS\s+)?CPU\s", top):
        return (
            command_reading(lines, 2, setting, "tart get", named)
            if re.match(r"(?:\w+\s+)?\d+\s+\d+", lines.line(1) or "")
            else None
        )
    return command_reading(lines, 1, setting, "tart ip", named) if setting.says("tart", "ip") else None


def _json(lines: Lines, setting: Setting, named: str) -> Reading | None:
    close = {"[": "]", "{": "}"}[(lines.line(0) or "")[0]]
    for index, line in lines.after(0):
        if index > _LONGEST or (index and line and not line[0].isspace() and line[0] != close):
            return None
        if line.rstrip().endswith(close) and (index == 0 or line.startswith(close)):
            try:
                value = msgspec.json.decode(lines.raw(0, index + 1))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return None
            if _is_list(value):
                return command_reading(lines, index + 1, setting, "tart list", coverage=_LIST)
            if isinstance(value, dict) and {"CPU", "Memory"} <= set(value):
                return command_reading(lines, index + 1, setting, "tart get", named)
            return None
    return None


def _is_list(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and "Name" in one and _STATE & set(one) for one in value)
    )


_STATE = {"State", "Running"}
