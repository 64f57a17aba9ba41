"""The leases that macOS gives its virtual machines, /var/db/dhcpd_leases.

{
        name=prod-worker1
        ip_address=192.168.64.3
        hw_address=1,5a:94:ef:9:9:9
        lease=0x6657a1c2
}
"""

import re

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"\{[ \t]*\n[ \t]*(?:name|ip_address|hw_address)="
_LINE = re.compile(r"\s*(?:[{}]|(?:name|ip_address|hw_address|identifier|lease)=\S.*)\s*$")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read all leases that follow each other."""
    end = 0
    for index, line in lines.after(0):
        if not _LINE.match(line):
            break
        end = index + 1
    return command_reading(lines, end, setting, "cat /var/db/dhcpd_leases") if end else None
