"""`kubectl get endpoints` and `kubectl get endpointslices`.

NAME   ENDPOINTS   AGE
web    <none>      5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, read_table
from facts.snapshot.setting import Setting

OPENING = f"{header('NAME', 'ENDPOINTS', 'AGE')}|{header('NAME', 'ADDRESSTYPE', 'PORTS', 'ENDPOINTS')}"


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of either kind; a table shows three addresses and says how many more there are."""
    if "ADDRESSTYPE" in (lines.line(0) or ""):
        return read_table(lines, setting, "EndpointSlice", _slice)
    return read_table(lines, setting, "Endpoints", _endpoints)


def _endpoints(cells: Cells) -> dict[str, Any] | None:
    addresses = re.findall(r"(\[[0-9a-f:]+\]|\d+\.\d+\.\d+\.\d+)(?::(\d+))?", cells["ENDPOINTS"])
    if not addresses:
        return {"subsets": []} if not cells["ENDPOINTS"] else None
    ips = sorted({ip for ip, _ in addresses})
    ports = sorted({int(port) for _, port in addresses if port})
    return {"subsets": [{"addresses": [{"ip": ip} for ip in ips], "ports": [{"port": port} for port in ports]}]}


def _slice(cells: Cells) -> dict[str, Any] | None:
    if cells["ADDRESSTYPE"] not in ("IPv4", "IPv6", "FQDN"):
        return None
    ports = [int(port) for port in cells["PORTS"].split(",") if port.isdecimal()]
    addresses = [one for one in re.split(r"[ ,]+", re.sub(r"\+ \d+ more\.*", "", cells["ENDPOINTS"])) if one]
    made: dict[str, Any] = {
        "addressType": cells["ADDRESSTYPE"],
        "ports": [{"port": port} for port in ports],
        "endpoints": [{"addresses": [one], "conditions": {}} for one in addresses],
    }
    service = re.sub(r"-[a-z0-9]{5}$", "", cells["NAME"].rsplit("/", 1)[-1])  # the name is generated from the Service's
    if not cells.get("LABELS"):
        made["metadata"] = {"labels": {"kubernetes.io/service-name": service}}
    return made
