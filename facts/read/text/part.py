"""A part of one object, whose kind and name the command tells that printed it."""

from typing import Any

from facts.cluster.kinds import api_of, kind_of
from facts.read.text.listing import list_coverage, list_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

_KINDS = frozenset(("Service", "ConfigMap", "Deployment", "StatefulSet", "DaemonSet"))
"""Kinds that are not judged by what they lack, as a Pod without a status would be."""

_SETTINGS = frozenset(
    ("selector", "ports", "template", "type", "clusterIP", "externalTrafficPolicy", "internalTrafficPolicy")
)
"""Fields of a specification that say the same whatever else there is."""


_OF_POD = frozenset(("schedulerName",))
"""What is taken of a Pod, which another text has to show as well."""


def part_of_object(fields: dict[str, Any], lines: Lines, setting: Setting, line: int, length: int) -> Reading | None:
    """Return `length` lines that hold `fields` as an object of the kind and the name for which `kubectl get KIND NAME` asked.

    Only settings are kept: data, labels, annotations and what the specification says of Pods and ports. None when
    nothing is left, or when the command names no object of a kind of which a part says something.
    """
    words = [part for word in setting.words[2:] for part in word.split("/", 1)]
    kind = kind_of(words[0]) if setting.says("kubectl", "get") and len(words) == 2 else ""
    if kind not in _KINDS and kind != "Pod":
        return None
    settings = _OF_POD if kind == "Pod" else _SETTINGS
    made: dict[str, Any] = {}
    spec, metadata, data = (fields.get(name) for name in ("spec", "metadata", "data"))
    if isinstance(spec, dict) and (kept := {key: value for key, value in spec.items() if key in settings}):
        made["spec"] = kept
    if isinstance(data, dict):
        made["data"] = data
    head = (
        {key: metadata[key] for key in ("labels", "annotations") if key in metadata}
        if isinstance(metadata, dict)
        else {}
    )
    if not made and (not head or kind == "Pod"):
        return None
    namespace = {} if setting.namespace in ("", "*") else {"namespace": setting.namespace}
    item = {"apiVersion": api_of(kind), "kind": kind, "metadata": head | {"name": words[1]} | namespace, **made}
    coverage = list_coverage([(kind, namespace.get("namespace", ""))], setting, "parts of single objects")
    return Reading((list_observation([item], lines.source, line, "describe"),), coverage, length)
