"""How often the kernel held a container at its CPU limit: in comes text, out come shares of its periods.

`cpu.stat` of its control group (both versions), the metrics of cAdvisor, and the alert CPUThrottlingHigh that is made of them.
https://docs.kernel.org/scheduler/sched-bwc.html#statistics
"""

import re
from collections.abc import Iterator

import msgspec

_MARKS = (b"nr_throttled", b"cfs_throttled_periods", b"throttling of CPU in namespace")
_STAT = re.compile(r"nr_periods[ \t]+(?P<periods>\d+)\s+nr_throttled[ \t]+(?P<throttled>\d+)")
_METRIC = re.compile(
    r"container_cpu_cfs_(?P<which>throttled_periods|periods)_total\{(?P<labels>[^}\n]*)\}\s+(?P<value>[\d.e+]+)"
)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_ALERT = re.compile(
    r"(?P<percent>\d+(?:\.\d+)?)% throttling of CPU in namespace (?P<namespace>[\w-]+) for container (?P<container>[\w.-]+) in pod (?P<pod>[\w.-]*\w)"
)

_PERIODS = 100
"""Periods of a tenth of a second; of fewer no share is worth telling."""


class Throttling(msgspec.Struct, frozen=True):
    """A share of the periods in percent; `namespace`, `pod` and `container` are "" where only the place of the text tells them."""

    percent: float
    namespace: str
    pod: str
    container: str
    line: int
    text: str


def read_throttling(body: bytes) -> tuple[Throttling, ...]:
    r"""Return what a text says, the newest of each container.

    >>> [each.percent for each in read_throttling(b"nr_periods 400\nnr_throttled 300\nthrottled_usec 91000")]
    [75.0]
    """
    if not any(mark in body for mark in _MARKS):
        return ()
    text = body.decode(errors="replace")
    found = {
        (each.namespace, each.pod, each.container): each for each in (*_stats(text), *_metrics(text), *_alerts(text))
    }
    return tuple(found.values())


def _stats(text: str) -> Iterator[Throttling]:
    for match in _STAT.finditer(text):
        periods, throttled = int(match["periods"]), int(match["throttled"])
        if periods >= _PERIODS:
            shown = f"nr_periods {periods}, nr_throttled {throttled}"
            yield Throttling(_share(throttled, periods), "", "", "", _line(text, match), shown)


def _metrics(text: str) -> Iterator[Throttling]:
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    places: dict[tuple[str, str, str], re.Match[str]] = {}
    for match in _METRIC.finditer(text):
        labels = dict(_LABEL.findall(match["labels"]))
        key = (labels.get("namespace", ""), labels.get("pod", ""), labels.get("container", ""))
        if key[1] and key[2]:
            values.setdefault(key, {})[match["which"]] = float(match["value"])
            places[key] = match
    for key, counted in values.items():
        periods, throttled = counted.get("periods", 0.0), counted.get("throttled_periods", 0.0)
        if periods >= _PERIODS and "throttled_periods" in counted:
            match = places[key]
            yield Throttling(_share(throttled, periods), *key, _line(text, match), match[0])


def _alerts(text: str) -> Iterator[Throttling]:
    for match in _ALERT.finditer(text):
        key = (match["namespace"], match["pod"], match["container"])
        yield Throttling(float(match["percent"]), *key, _line(text, match), match[0])


def _share(throttled: float, periods: float) -> float:
    return round(min(100.0, throttled / periods * 100), 1)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start())
