"""`kubectl get` of Namespaces, ConfigMaps, Secrets, ServiceAccounts and APIServices: their names tell enough.

NAME      STATUS        AGE
staging   Terminating   5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, read_table
from facts.snapshot.setting import Setting

OPENING = "|".join(
    (
        header("NAME", "STATUS", "AGE"),
        header("NAME", "DATA", "AGE"),
        header("NAME", "TYPE", "DATA", "AGE"),
        header("NAME", "SECRETS", "AGE"),
        header("NAME", "SERVICE", "AVAILABLE", "AGE"),
    )
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of one of the kinds, which its columns tell."""
    columns = (lines.line(0) or "").split()
    if "AVAILABLE" in columns:
        return read_table(lines, setting, "APIService", _api_service)
    if "STATUS" in columns:
        return read_table(lines, setting, "Namespace", _namespace)
    kind = "ServiceAccount" if "SECRETS" in columns else "Secret" if "TYPE" in columns else "ConfigMap"
    return read_table(lines, setting, kind, _named)


def _namespace(cells: Cells) -> dict[str, Any] | None:
    if cells["STATUS"] not in ("Active", "Terminating"):
        return None
    deleted = {"metadata": {"deletionTimestamp": "unknown"}} if cells["STATUS"] == "Terminating" else {}
    return {"status": {"phase": cells["STATUS"]}, **deleted}


def _named(cells: Cells) -> dict[str, Any] | None:
    count = cells.get("DATA") or cells.get("SECRETS") or ""
    return {} if count.isdecimal() else None


def _api_service(cells: Cells) -> dict[str, Any] | None:
    found = re.fullmatch(r"(True|False|Unknown)(?: \((\w+)\))?", cells["AVAILABLE"])
    if found is None:
        return None
    condition = {"type": "Available", "status": found[1], "reason": found[2] or ""}
    namespace, slash, name = cells["SERVICE"].partition("/")
    service = {"service": {"namespace": namespace, "name": name}} if slash else {}
    return {"spec": service, "status": {"conditions": [condition]}}
