"""What rules are about, in a word: the subject, and how a text is joined to it."""

from collections.abc import Mapping

import msgspec


class Preset(msgspec.Struct, frozen=True):
    """A word of `about:`. `kind`, `namespace` and `name` make the subject, `?name` for a variable.

    `joins` maps the attributes of a `log` fact that name the subject to the variables that every `says` binds.
    """

    doc: str
    kind: str
    namespace: str = ""
    name: str = ""
    joins: Mapping[str, str] = {}


_WORKLOAD = {name: name for name in ("namespace", "workload_kind", "workload")}

PRESETS: dict[str, Preset] = {
    "workload": Preset(
        "a Deployment, StatefulSet, Job or other workload; a Pod without an owner",
        "?workload_kind",
        "?namespace",
        "?workload",
        _WORKLOAD,
    ),
    "pod": Preset(
        "a workload, of which a Pod is named in texts and commands",
        "?workload_kind",
        "?namespace",
        "?workload",
        {**_WORKLOAD, "pod": "pod"},
    ),
    "node": Preset("a node", "Node", "", "?node", {"node": "node"}),
    "cluster": Preset("the cluster as a whole", "Cluster", "", "?cluster"),
    "host": Preset("the machine on which the operator works", "Host"),
    "vm": Preset("a virtual machine", "VM", "", "?vm"),
    "service": Preset(
        "a Service", "Service", "?namespace", "?service", {"namespace": "namespace", "object": "service"}
    ),
    "claim": Preset(
        "a PersistentVolumeClaim",
        "PersistentVolumeClaim",
        "?namespace",
        "?pvc",
        {"namespace": "namespace", "object": "pvc"},
    ),
    "autoscaler": Preset(
        "a HorizontalPodAutoscaler",
        "HorizontalPodAutoscaler",
        "?namespace",
        "?hpa",
        {"namespace": "namespace", "object": "hpa"},
    ),
}
"""The presets of rules, by the word that stands behind `about:`."""
