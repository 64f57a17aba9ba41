r"""Container logs in Docker's json-file format; what remains of each entry is the line that the container printed.

{"log":"panic: out of luck\n","stream":"stderr","time":"2026-11-23T10:04:01Z"}
"""

import msgspec

from facts.model.values import Observation, ObservationKind
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r'\{"log": ?"'


class _Entry(msgspec.Struct):
    log: str
    stream: str


_DECODER = msgspec.json.Decoder(_Entry)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read all entries that follow each other as one log."""
    run: list[bytes] = []
    for _, line in lines.after(0):
        try:
            entry = _DECODER.decode(line)
        except (msgspec.DecodeError, RecursionError):
            break
        run.append(entry.log.rstrip("\n").replace("\n", " ").encode("utf-8", "replace") + b"\n")
    if not run:
        return None
    attributes = setting.log_attributes()
    attributes.setdefault("component", "container")
    log = Observation(ObservationKind.LOG, lines.source, b"".join(run), attributes, lines.number)
    return Reading((log,), (), len(run))
