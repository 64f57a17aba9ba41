"""`kubectl get` of PersistentVolumeClaims, PersistentVolumes and StorageClasses.

NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Pending                                      fast           5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, read_table
from facts.snapshot.setting import Setting

OPENING = "|".join(
    (
        header("NAME", "STATUS", "VOLUME", "CAPACITY"),
        header("NAME", "CAPACITY", "ACCESS MODES", "RECLAIM POLICY"),
        header("NAME", "PROVISIONER"),
    )
)
_MODES = {"RWO": "ReadWriteOnce", "ROX": "ReadOnlyMany", "RWX": "ReadWriteMany", "RWOP": "ReadWriteOncePod"}


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of one of the kinds, which its columns tell."""
    top = lines.line(0) or ""
    if "PROVISIONER" in top:
        return read_table(lines, setting, "StorageClass", _class)
    if "RECLAIM" in top:
        return read_table(lines, setting, "PersistentVolume", _volume)
    return read_table(lines, setting, "PersistentVolumeClaim", _claim)


def _claim(cells: Cells) -> dict[str, Any] | None:
    phase = cells["STATUS"]
    if phase not in ("Bound", "Pending", "Lost", "Terminating"):
        return None
    spec = {
        "storageClassName": cells.get("STORAGECLASS", ""),
        "volumeName": cells["VOLUME"],
        "accessModes": _modes(cells),
    }
    claim: dict[str, Any] = {"spec": {name: value for name, value in spec.items() if value}, "status": {"phase": phase}}
    if cells["CAPACITY"]:
        claim["status"]["capacity"] = {"storage": cells["CAPACITY"]}
    if phase == "Terminating":
        claim |= {"status": {"phase": "Bound"}, "metadata": {"deletionTimestamp": "unknown"}}
    return claim


def _volume(cells: Cells) -> dict[str, Any] | None:
    phase = cells.get("STATUS", "")
    if phase not in ("Available", "Bound", "Released", "Failed", "Pending", "Terminating"):
        return None
    spec: dict[str, Any] = {"accessModes": _modes(cells), "persistentVolumeReclaimPolicy": cells["RECLAIM POLICY"]}
    if cells.get("STORAGECLASS"):
        spec["storageClassName"] = cells["STORAGECLASS"]
    if cells["CAPACITY"]:
        spec["capacity"] = {"storage": cells["CAPACITY"]}
    namespace, slash, name = cells.get("CLAIM", "").partition("/")
    if slash:
        spec["claimRef"] = {"kind": "PersistentVolumeClaim", "namespace": namespace, "name": name}
    return {"spec": spec, "status": {"phase": phase, "reason": cells.get("REASON", "")}}


def _class(cells: Cells) -> dict[str, Any] | None:
    if not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*", cells["PROVISIONER"]):
        return None
    made: dict[str, Any] = {"provisioner": cells["PROVISIONER"]}
    for field, column in (("reclaimPolicy", "RECLAIMPOLICY"), ("volumeBindingMode", "VOLUMEBINDINGMODE")):
        if cells.get(column):
            made[field] = cells[column]
    if cells["NOTE"] == "(default)":
        made["metadata"] = {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}
    return made


def _modes(cells: Cells) -> list[str]:
    return [_MODES.get(mode, mode) for mode in cells.get("ACCESS MODES", "").split(",") if mode]
