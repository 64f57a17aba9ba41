"""Output of `ping` (iputils, BSD, busybox), with or without its statistics.

PING 192.168.66.2 (192.168.66.2) 56(84) bytes of data.
From 192.168.66.3 icmp_seq=1 Destination Host Unreachable

--- 192.168.66.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1015ms
"""

import re
from itertools import pairwise

from facts.read.text.command import command_reading
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"PING \S+ (?:\(|\d+ data)|PING \S+:|ping6?: |connect: Network is unreachable|\d+ bytes from \S+: |--- \S+ ping statistics"

_HEAD = re.compile(r"PING (?P<host>[^\s:]+):? (?:\((?P<address>[^)]+)\))?")
_BODY = re.compile(
    r"\d+ bytes from |From \S+|Request timeout for |\S+ packets transmitted|\d+ packets |--- \S+ ping statistics|"
    r"ping6?: (?:sendto|sendmsg|recvmsg|local error|Warning)|no answer yet for |Reply from |\.+$|pipe \d+|"
    r"Vr HL TOS|\s*\d  \d  \d\d|\^C"
)
_END = re.compile(r"(?:rtt|round-trip) min/avg/max")
_TARGET = re.compile(r"ping6?: (?:cannot resolve |unknown host |bad address ')?(?P<host>[\w.:-]+?)'?(?::| |$)")
_PART = re.compile(r"\d+ bytes from (?P<from>\S+?):? |--- (?P<of>\S+) ping statistics")
_SIZE = re.compile(r"\) (\d+)\(\d+\) bytes of data|: (\d+) data bytes")
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
    part = _PART.match(top)
    if head is None and part is not None:  # somebody left the first lines out
        if not setting.says("ping"):
            return None
        return command_reading(lines, _end(lines), setting, _sized(setting, ""), part["from"] or part["of"])
    if head is None:
        found = _TARGET.match(top)
        host = found["host"] if found and found["host"] not in _NO_HOST else ""
        return command_reading(lines, 1, setting, "ping", host or aimed)
    return command_reading(lines, _end(lines), setting, _sized(setting, top), head["host"])


def _end(lines: Lines) -> int:
    end = 1
    for index, line in lines.after(1):
        if _END.match(line.strip()):
            end = index + 1
            break
        if line.strip() and not _BODY.match(line.strip()):
            break
        if line.strip():
            end = index + 1
    return end


def _sized(setting: Setting, top: str) -> str:
    """Return the command with the bytes that it sends in each packet, where they differ from the 56 of all that are told nothing."""
    options = dict(pairwise(setting.words)) if setting.says("ping") else {}
    told = _SIZE.search(top)
    size = (told[1] or told[2]) if told else options.get("-s", "")
    return f"ping -s {size}" if size.isdecimal() and size != "56" else "ping"
