"""Fields of one object, told by the paths in the command above.

$ kubectl get service web -o jsonpath='{.spec.selector} {.spec.ports}'
{"app":"web"} [{"port":80,"targetPort":8080}]
"""

import json
import re
from itertools import pairwise
from typing import Any

from facts.read.text.part import part_of_object
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"[ \t]*(?:\{\"|\[[{\"]|[\w./:-]{1,60}(?: [\w./:-]{1,60}){0,4}(?:[ \t]*$| [{\[]))"

ASKED_FOR = True

_ASKED = re.compile(r"jsonpath(?:-as-json)?=(?P<template>.*)", re.DOTALL)
_PART = re.compile(r"\{(?P<inner>[^{}]*)\}|(?P<plain>[^{}]+)")
_PATH = re.compile(r"\$?(?:\.[A-Za-z]\w*|\[\d{1,2}\])+")
_STEP = re.compile(r"\.(?P<name>[A-Za-z]\w*)|\[(?P<place>\d+)\]")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the first line that the command printed; None when its paths are not plain ones of a setting of one object."""
    asked = _ASKED.match(setting.output)
    paths = _paths(asked["template"]) if asked else []
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
    return part_of_object(found, lines, setting, lines.number, 1)


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
