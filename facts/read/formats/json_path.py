"""`kubectl get KIND NAME -o jsonpath='{.spec.selector}'`: fields of one object, told by the paths in the command.

{"app":"web"} [{"port":80,"targetPort":8080}]
"""

import json
import re
from itertools import pairwise
from typing import Any

from facts.cluster.kinds import api_of, kind_of
from facts.read.text.listing import list_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"[ \t]*(?:\{\"|\[[{\"]|[\w./:-]{1,60}(?: [\w./:-]{1,60}){0,4}(?:[ \t]*$| [{\[]))"

_ASKED = re.compile(r"jsonpath(?:-as-json)?=(?P<template>.*)", re.DOTALL)
_PART = re.compile(r"\{(?P<inner>[^{}]*)\}|(?P<plain>[^{}]+)")
_PATH = re.compile(r"\$?(?:\.[A-Za-z]\w*|\[\d{1,2}\])+")
_STEP = re.compile(r"\.(?P<name>[A-Za-z]\w*)|\[(?P<place>\d+)\]")
_KINDS = frozenset(("Service", "ConfigMap", "Deployment", "StatefulSet", "DaemonSet"))
_TAKEN = frozenset(
    [
        ("spec", name)
        for name in ("selector", "ports", "template", "type", "externalTrafficPolicy", "internalTrafficPolicy")
    ]
    + [("metadata", "labels"), ("metadata", "annotations")]
)
"""What is taken: settings of kinds that are not judged by what else they lack, as a Pod without a status would be."""


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the first line that the command printed; None when its paths are not plain ones of one object."""
    asked = _ASKED.match(setting.output)
    words = [part for word in setting.words[2:] for part in word.split("/", 1)]
    if asked is None or not setting.says("kubectl", "get") or len(words) != 2:
        return None
    kind = kind_of(words[0])
    paths = _paths(asked["template"])
    if kind not in _KINDS or not paths:
        return None
    found: dict[str, Any] = {}
    text, place = lines.line(0) or "", 0
    decoder = json.JSONDecoder()
    for steps in paths:
        place += len(text[place:]) - len(text[place:].lstrip())
        if text[place : place + 1] in ("{", "["):
            try:
                value, place = decoder.raw_decode(text, place)
            except ValueError:
                return None
        else:
            word = re.match(r"\S*", text[place:])
            value = word[0] if word else ""
            place += len(value)
        if value != "":
            _put(found, steps, value)
    if not found:
        return None
    metadata = {"name": words[1]}
    if setting.namespace not in ("", "*"):
        metadata["namespace"] = setting.namespace
    written = found.get("metadata")
    item = found | {
        "apiVersion": api_of(kind),
        "kind": kind,
        "metadata": (written if isinstance(written, dict) else {}) | metadata,
    }
    return Reading((list_observation([item], lines.source, lines.number, "describe"),), (), 1)


def _paths(template: str) -> list[list[str | int]]:
    """Return the steps of each path of a template; none when one of them is more than names and places."""
    found: list[list[str | int]] = []
    for part in _PART.finditer(template):
        inner = part["inner"]
        if inner is None or inner.startswith(('"', "'")):
            continue
        if not _PATH.fullmatch(inner):
            return []
        steps = [step["name"] or int(step["place"]) for step in _STEP.finditer(inner)]
        if not (steps[0] == "data" or tuple(steps[:2]) in _TAKEN):
            return []
        found.append(steps)
    return found


def _put(target: Any, steps: list[str | int], value: Any) -> None:
    for step, following in pairwise(steps):
        made: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            target.extend({} for _ in range(step + 1 - len(target)))
            target = target[step]
        else:
            target = target.setdefault(step, made)
    last = steps[-1]
    if isinstance(last, int):
        target.extend({} for _ in range(last + 1 - len(target)))
    target[last] = value
