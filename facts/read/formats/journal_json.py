"""Journals as JSON lines (`journalctl -o json`); what remains of each entry is its message, one line each.

{"MESSAGE":"Failed to start OOM watcher","_SYSTEMD_UNIT":"kubelet.service","_HOSTNAME":"worker1"}
"""

import msgspec

from facts.cluster.component import component_of
from facts.model.values import Observation, ObservationAttributes, ObservationKind, known
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r'\{.*"(?:__REALTIME_TIMESTAMP|_SYSTEMD_UNIT|SYSLOG_IDENTIFIER|__CURSOR)"[ \t]*:'


class _Entry(msgspec.Struct):
    message: str | list[int] | None = msgspec.field(default=None, name="MESSAGE")
    unit: str | list[str] = msgspec.field(default="", name="_SYSTEMD_UNIT")
    identifier: str | list[str] = msgspec.field(default="", name="SYSLOG_IDENTIFIER")
    host: str = msgspec.field(default="", name="_HOSTNAME")


_DECODER = msgspec.json.Decoder(_Entry)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read all entries that follow each other, a log for each run of one component."""
    observations: list[Observation] = []
    run: list[bytes] = []
    now: ObservationAttributes = {}
    start = length = 0

    def close() -> None:
        if run:
            observations.append(
                Observation(ObservationKind.LOG, lines.source, b"".join(run), now, lines.number + start)
            )

    for index, line in lines.after(0):
        try:
            entry = _DECODER.decode(line)
        except (msgspec.DecodeError, RecursionError):
            break
        if entry.message is None:
            break
        attributes = _attributes(entry, setting)
        if attributes != now or not run:
            close()
            run, now, start = [], attributes, index
        run.append(_message(entry.message) + b"\n")
        length = index + 1
    close()
    return Reading(tuple(observations), (), length) if length else None


def _attributes(entry: _Entry, setting: Setting) -> ObservationAttributes:
    names = (one if isinstance(one, str) else one[0] if one else "" for one in (entry.identifier, entry.unit))
    component = next((found for name in names if (found := component_of(name))), "")
    return known(component=component, node=entry.host or setting.node)


def _message(message: str | list[int]) -> bytes:
    """One line for one entry keeps the numbers of the lines; bytes that are no UTF-8 come as a list of numbers."""
    raw = message.encode("utf-8", "replace") if isinstance(message, str) else bytes(byte & 255 for byte in message)
    return raw.rstrip(b"\n").replace(b"\n", b" ")
