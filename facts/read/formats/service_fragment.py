"""A few lines about a Service, without its name: what it selects, and that nothing is behind it.

Selector:   app=shop-api
Endpoints:  <none>
"""

import json
import re
from typing import Any

from facts.read.text.listing import list_observation
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import pairs
from facts.snapshot.setting import Setting

_NAMES = r"(?:[Ss]elector|SELECTOR|[Ee]ndpoints|ENDPOINTS)"
OPENING = rf"[ \t]*{_NAMES}:?[ \t]+(?:<none>|\[\]|\{{\"|[\w./-]+=[\w.-])"

_FIELD = re.compile(r"\s*(?P<key>[A-Za-z][\w -]*?):?\s+(?P<value>\S.*?)\s*$")
_LINES = 12
"""Lines that the fields of one Service may take."""


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the selector and the empty endpoints of a Service, up to the next blank line; None when one is missing."""
    fields: dict[str, str] = {}
    end = 0
    for index, line in lines.after(0):
        field = _FIELD.match(line) if index < _LINES else None
        if field is None or field["key"] == "Name":
            break
        name = field["key"].lower()
        if name in ("selector", "endpoints"):
            fields[name], end = field["value"], index + 1
    selector = _selector(fields.get("selector", ""))
    if not selector or fields.get("endpoints") not in ("<none>", "[]"):
        return None
    about = {"name": "", "namespace": "" if setting.namespace == "*" else setting.namespace}
    items: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Service", "metadata": about, "spec": {"selector": selector}, "status": {}},
        {"apiVersion": "v1", "kind": "Endpoints", "metadata": about, "subsets": []},
    ]
    return Reading((list_observation(items, lines.source, lines.number, "describe"),), (), end)


def _selector(text: str) -> dict[str, str]:
    """Return a selector that is written as JSON, or as key=value,key=value."""
    if not text.startswith("{"):
        return pairs(text)
    try:
        written = json.loads(text)
    except ValueError:
        return {}
    inner = written.get("matchLabels", written) if isinstance(written, dict) else {}
    return {str(key): str(value) for key, value in inner.items()} if isinstance(inner, dict) else {}
