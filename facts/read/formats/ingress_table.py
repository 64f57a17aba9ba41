"""`kubectl get` of Ingresses, IngressClasses and NetworkPolicies.

NAME    CLASS   HOSTS          ADDRESS   PORTS   AGE
front   nginx   shop.example             80      5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, pairs, read_table
from facts.snapshot.setting import Setting

OPENING = "|".join(
    (
        header("NAME", "CLASS", "HOSTS"),
        header("NAME", "HOSTS", "ADDRESS"),
        header("NAME", "CONTROLLER", "PARAMETERS"),
        header("NAME", "POD-SELECTOR"),
    )
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of one of the kinds, which its columns tell."""
    top = lines.line(0) or ""
    if "POD-SELECTOR" in top:
        return read_table(lines, setting, "NetworkPolicy", _policy)
    if "CONTROLLER" in top:
        return read_table(lines, setting, "IngressClass", _class)
    return read_table(lines, setting, "Ingress", _ingress)


def _ingress(cells: Cells) -> dict[str, Any] | None:
    if not re.fullmatch(r"[\d, ]*", cells.get("PORTS", "")):
        return None
    spec: dict[str, Any] = {"rules": [{"host": host} for host in cells["HOSTS"].split(",") if host not in ("", "*")]}
    if cells.get("CLASS"):
        spec["ingressClassName"] = cells["CLASS"]
    addresses = [one for one in re.split(r"[, ]+", cells["ADDRESS"]) if one]
    return {"spec": spec, "status": {"loadBalancer": {"ingress": [{"ip": one} for one in addresses]}}}


def _class(cells: Cells) -> dict[str, Any] | None:
    return {"spec": {"controller": cells["CONTROLLER"]}} if "/" in cells["CONTROLLER"] else None


def _policy(cells: Cells) -> dict[str, Any]:
    return {"spec": {"podSelector": {"matchLabels": pairs(cells["POD-SELECTOR"])}}}
