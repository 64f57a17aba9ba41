"""`kubectl get services`.

NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
web    ClusterIP   10.96.0.9    <none>        80/TCP    5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, pairs, read_table
from facts.snapshot.setting import Setting

OPENING = header("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of Services; the selector is only in a wide one."""
    return read_table(lines, setting, "Service", _service)


def _service(cells: Cells) -> dict[str, Any] | None:
    if cells["TYPE"] not in ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"):
        return None
    spec: dict[str, Any] = {"type": cells["TYPE"], "clusterIP": cells["CLUSTER-IP"], "ports": _ports(cells["PORT(S)"])}
    if "SELECTOR" in cells:
        spec["selector"] = pairs(cells["SELECTOR"])
    external = cells["EXTERNAL-IP"]
    if cells["TYPE"] == "ExternalName":
        spec["externalName"] = external
    service: dict[str, Any] = {"spec": spec}
    if cells["TYPE"] == "LoadBalancer" and external not in ("", "<pending>"):
        service["status"] = {"loadBalancer": {"ingress": [{"ip": address} for address in external.split(",")]}}
    return service


def _ports(text: str) -> list[dict[str, Any]]:
    ports = []
    for port in text.split(","):
        if found := re.fullmatch(r"(\d+)(?::(\d+))?/(\w+)", port.strip()):
            node_port = {"nodePort": int(found[2])} if found[2] else {}
            ports.append({"port": int(found[1]), **node_port, "protocol": found[3]})
    return ports
