"""Output of `ping` (iputils, BSD, busybox), with or without its statistics.

PING 192.168.66.2 (192.168.66.2) 56(84) bytes of data.
From 192.168.66.3 icmp_seq=1 Destination Host Unreachable

--- 192.168.66.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1015ms
"""

import re

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"PING \S+ (?:\(|\d+ data)|PING \S+:|ping6?: |connect: Network is unreachable"

_HEAD = re.compile(r"PING (?P<host>[^\s:]+):? (?:\((?P<address>[^)]+)\))?")
_BODY = re.compile(
    r"\d+ bytes from |From \S+|Request timeout for |\S+ packets transmitted|\d+ packets |--- \S+ ping statistics|"
    r"ping6?: (?:sendto|sendmsg|recvmsg|local error|Warning)|no answer yet for |Reply from |\.+$|pipe \d+|"
    r"Vr HL TOS|\s*\d  \d  \d\d|\^C"
)
_END = re.compile(r"(?:rtt|round-trip) min/avg/max")
_TARGET = re.compile(r"ping6?: (?:cannot resolve |unknown host |bad address ')?(?P<host>[\w.:-]+?)'?(?::| |$)")
_NO_HOST = frozenset(("connect", "socket", "sendto", "usage", "invalid", "unknown", "bad", "cannot"))


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read one run of ping, or the one line with which it failed."""
    top = (lines.line(0) or "").strip()
    head = _HEAD.match(top)
    aimed = (
        next((word for word in reversed(setting.words[1:]) if not word.startswith("-")), "")
        if setting.says("ping")
        else ""
    )
    if head is None:
        found = _TARGET.match(top)
        host = found["host"] if found and found["host"] not in _NO_HOST else ""
        return command_reading(lines, 1, setting, "ping", host or aimed)
    end = 1
    for index, line in lines.after(1):
        if _END.match(line.strip()):
            end = index + 1
            break
        if line.strip() and not _BODY.match(line.strip()):
            break
        if line.strip():
            end = index + 1
    return command_reading(lines, end, setting, "ping", head["host"])
