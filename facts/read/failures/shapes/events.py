"""Rows of the tables of events, of `kubectl describe` and of `kubectl get events`; only Warnings state a failure."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement

_AGE = r"(?:(?:\d{1,5}[smhdwy]){1,3}|<unknown>|<invalid>)"
_DESCRIBED = Lazy(
    rf"\s*Warning\s+(?P<reason>[A-Z]\w{{2,60}})\s+(?:{_AGE}\s*)?(?:\(x(?P<count>\d{{1,9}})(?: over {_AGE})?\)\s+)?(?P<from>[\w-]{{1,60}})(?:, (?P<node>[\w.-]{{1,200}}))?\s+(?P<message>\S.*)",
    re.DOTALL,
)
_LISTED = Lazy(
    rf"\s*(?:(?P<namespace>[a-z0-9-]{{1,63}})\s+)?{_AGE}(?: \(x(?P<count>\d{{1,9}})(?: over {_AGE})?\))?\s+Warning\s+(?P<reason>[A-Z]\w{{2,60}})\s+(?P<kind>[a-z.]{{1,80}})/(?P<name>[\w.-]{{1,253}})\s+(?P<message>\S.*)",
    re.DOTALL,
)
_REPORTERS = {"default-scheduler": "scheduler", "kernel-monitor": "kernel"}


def read_event(record: Record) -> Statement | None:
    """Return the statement of a row of a table of events that is a Warning, else None.

    >>> from facts.read.failures.lines.records import record_of
    >>> read_event(record_of(b'Warning  FailedMount  2m (x9 over 5m)  kubelet  MountVolume.SetUp failed : configmap "c" not found')).count
    9
    """
    match = _DESCRIBED.match(record.body) or _LISTED.match(record.body)
    if match is None:
        return None
    groups = match.groupdict()
    reporter = groups.get("from") or ""
    component = _REPORTERS.get(reporter, "controller-manager" if reporter.endswith("-controller") else reporter)
    return Statement(
        groups["message"],
        level=Level.ERROR,
        component=component,
        source=f"event {groups['reason']}",
        node=groups.get("node") or "",
        namespace=groups.get("namespace") or "",
        pod=(groups.get("name") or "") if groups.get("kind") == "pod" else "",
        count=int(groups["count"] or 1),
        certain=True,
    )
