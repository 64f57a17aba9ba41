"""`kubectl get resourcequota`.

NAME   AGE   REQUEST                LIMIT
team   5d    requests.cpu: 2/2
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, read_table
from facts.snapshot.setting import Setting

OPENING = f"{header('NAME', 'AGE', 'REQUEST')}|{header('NAME', 'REQUEST', 'LIMIT')}"


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of ResourceQuotas, whose cells look like `pods: 10/10, requests.cpu: 1/2`."""
    return read_table(lines, setting, "ResourceQuota", _quota)


def _quota(cells: Cells) -> dict[str, Any] | None:
    shown = ", ".join(cells.get(column, "") for column in ("REQUEST", "LIMIT"))
    found = re.findall(r"([\w./-]+): ([\w.]+)/([\w.]+)", shown)
    if not found:
        return None
    hard = {resource: limit for resource, _, limit in found}
    return {"spec": {"hard": hard}, "status": {"hard": hard, "used": {resource: used for resource, used, _ in found}}}
