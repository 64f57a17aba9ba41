"""Lists of VMs as the VM managers print them; the file of a manager says what its list looks like.

NAME           STATUS     SSH                CPUS    MEMORY    DISK
prod-worker1   Stopped    127.0.0.1:60022    2       4GiB      20GiB
"""

import re2

from facts.cluster.virtual_machine import vm_managers
from facts.model.values import Coverage, CoverageState
from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = "|".join(manager.HEADER for manager in vm_managers().values() if manager.HEADER)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a header and the rows below it."""
    top = lines.line(0) or ""
    manager = next(each for each in vm_managers().values() if each.HEADER and re2.match(each.HEADER, top))
    end = 1
    for index, line in lines.after(1):
        if not manager.ROW.match(line):
            break
        end = index + 1
    coverage = () if setting.filtered else (Coverage("vm", "*", CoverageState.COMPLETE),)
    return command_reading(lines, end, setting, manager.LISTS[0], coverage=coverage)
