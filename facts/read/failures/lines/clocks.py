"""Reads when a line was printed: in comes the head of a line, out go seconds that compare with others of its form.

Stamps: RFC 3339 and its kin, klog (`E0302 08:00:00`), syslog (`Mar  2 08:00:00`, without a year), seconds since 1970.
"""

import re
from datetime import UTC, datetime

_HEAD = 160
"""Bytes of a line in which its time stands."""

_MONTHS = {
    name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
_STAMP = re.compile(
    rb"(?P<year>\d{4})[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)[T ](?P<time>\d\d:\d\d:\d\d)|"
    rb"\b[IWEF](?P<glogmonth>\d\d)(?P<glogday>\d\d) (?P<glog>\d\d:\d\d:\d\d)|"
    rb"\b(?P<name>[A-Z][a-z]{2}) +(?P<dayofname>\d{1,2}) (?P<syslog>\d\d:\d\d:\d\d)|"
    rb"\"(?:ts|time|timestamp)\": ?(?P<epoch>\d{10})(?P<milli>\d{3})?\b"
)
_LEAP_YEAR = 2000
"""Stands for the year that syslog and klog do not tell."""


def clock_of(line: bytes) -> tuple[str, float] | None:
    """Return the form of the time at the head of `line`, and the time in seconds; None when it has none.

    >>> clock_of(b"Mar  2 08:00:01 w1 kubelet[1]: x")[1] - clock_of(b"Mar  2 08:00:00 w1 kubelet[1]: y")[1]
    1.0
    """
    match = _STAMP.search(line, 0, _HEAD)
    if match is None:
        return None
    found = match.groupdict()
    if found["epoch"]:
        return "epoch", float(found["epoch"])
    if found["year"]:
        form, year, month, day, time = "date", int(found["year"]), found["month"], found["day"], found["time"]
    elif found["glog"]:
        form, year, month, day, time = "klog", _LEAP_YEAR, found["glogmonth"], found["glogday"], found["glog"]
    else:
        form, year, month = "syslog", _LEAP_YEAR, _MONTHS.get(found["name"], 0)
        day, time = found["dayofname"], found["syslog"]
    hour, minute, second = map(int, time.split(b":"))
    try:
        moment = datetime(year, int(month), int(day), hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    return form, moment.timestamp()
