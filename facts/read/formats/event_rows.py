"""The events at the end of `kubectl describe`, without the object that they are about.

Type     Reason   Age   From     Message
----     ------   ----  ----     -------
Warning  BackOff  2m    kubelet  Back-off restarting failed container app
"""

import re

from facts.cluster.kinds import BY_NAME, is_cluster_kind, kind_of
from facts.read.text.event import AGE, MESSAGE_LINES, event
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import GREPPED, table_reading
from facts.snapshot.setting import Setting

_ROW = (
    rf"[ \t]*(?P<type>Normal|Warning)[ \t]+(?P<reason>[A-Z]\w+)[ \t]+(?P<age>{AGE})[ \t]+"
    r"(?P<from>[a-z0-9][\w./-]*(?:, \S+)?)(?:[ \t]+(?P<message>.*))?"
)
_HEADER = r"[ \t]*Type[ \t]+Reason[ \t]+Age[ \t]+From[ \t]+Message"
OPENING = rf"{_HEADER}|{_ROW}"

ROW = re.compile(_ROW + "$")
HEADER = re.compile(_HEADER)
_RULE = re.compile(r"[ \t]*-{3,}([ \t]+-{3,})*[ \t]*$")
_OTHER = re.compile(
    r"\s*[$#%+❯➜]\s|\s*>\s(?!\w+=)|\[?\S+@\S+|\s*(?:NAMESPACE|NAME|LAST SEEN)\s{2,}|Name:\s|\{|[IWEF]\d{4} \d\d:|\d{4}-\d\d-\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|"
    r"Events:|\[\w+|time=\"|level="
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read rows from line 0 on; they are about the object whose end `kubectl describe KIND NAME | tail` shows."""
    rows, end = read_rows(lines, 0)
    items = [event(*_described(setting), **row) for row in rows]
    return table_reading(items, lines, setting, end, GREPPED) if items else None


def _described(setting: Setting) -> tuple[str, str, str]:
    """Return kind, name and namespace of the one object that was described, each "" when that is not known."""
    words = [part for word in setting.words[2:] for part in word.split("/", 1)]
    if not setting.says("kubectl", "describe") or len(words) != 2:
        return "", "", ""
    kind = kind_of(words[0])
    if kind not in BY_NAME:
        return "", "", ""
    return kind, words[1], "" if is_cluster_kind(kind) or setting.namespace == "*" else setting.namespace


def read_rows(lines: Lines, start: int) -> tuple[list[dict[str, str]], int]:
    """Return the events from line `start` on, as arguments for `event`, and the index of the line below them.

    A message goes on in the lines below its row, indented or not, up to a blank line or something of another kind.
    """
    rows: list[dict[str, str]] = []
    end = last = start
    for index, line in lines.after(start):
        if found := ROW.match(line):
            last = index
            component = found["from"].split(",", 1)[0]
            rows.append(
                {
                    "type_": found["type"],
                    "reason": found["reason"],
                    "message": (found["message"] or "").strip(),
                    "age": found["age"],
                    "component": component,
                }
            )
        elif not rows and (HEADER.match(line) or _RULE.match(line)):
            pass
        elif rows and line.strip() and index - last <= MESSAGE_LINES and not _OTHER.match(line):
            rows[-1]["message"] += "\n" + line.strip()
        else:
            break
        end = index + 1
    return rows, end
