"""Where a workload's own specification names an address: an environment variable, an argument, a key of a ConfigMap."""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import ConfigMap, PodSpec
from facts.cluster.pod_settings import pod_settings

VALUE_CHARACTERS = 160
"""A longer value, such as a whole file in a ConfigMap, is given by the line that names the address."""


class Declared(msgspec.Struct, frozen=True):
    """The place (`env PAYMENT_ADDR`, `argument 2`, `ConfigMap settings key app.yaml`) and its value."""

    place: str
    value: str


def declared_address(index: Index, spec: PodSpec, namespace: str, host: str, port: int) -> Declared | None:
    """Return the first place in `spec` that holds `host`, one that holds `port` too before others; None if there is none."""
    name = re.compile(rf"(?<![\w-]){re.escape(host)}(?![\w-])", re.IGNORECASE)
    number = re.compile(rf"(?<!\d){port}(?!\d)")
    places = [
        Declared(place, _line(value, name))
        for place, value in declared_values(index, spec, namespace)
        if name.search(value)
    ]
    if not port:
        return places[0] if places else None
    return next((each for each in places if number.search(each.value)), places[0] if places else None)


def declared_port(index: Index, spec: PodSpec, namespace: str, port: int) -> Declared | None:
    """Return the one environment variable or argument that holds `port` and nothing else; None if there is not one."""
    values = [
        Declared(place, value) for place, value in declared_values(index, spec, namespace) if value.strip() == str(port)
    ]
    return values[0] if len(values) == 1 else None


def _line(value: str, name: re.Pattern[str]) -> str:
    line = next((line.strip() for line in value.splitlines() if name.search(line)), value)
    return line if len(line) <= VALUE_CHARACTERS else f"{line[:VALUE_CHARACTERS]}…"


def declared_values(index: Index, spec: PodSpec, namespace: str) -> Iterator[tuple[str, str]]:
    """Yield the environment, the command line and the ConfigMaps of Pods with this specification: place and value."""
    for container in (*spec.containers, *spec.init_containers):
        for variable in container.env:
            if variable.value:
                yield f"env {variable.name}", variable.value
        for word in (*container.command, *container.args):
            flag = word.split("=", 1)[0] if word.startswith("-") and "=" in word else ""
            yield f"argument {flag}" if flag else "its arguments", word
    for name in dict.fromkeys(each.name for each in pod_settings(spec) if each.kind == "ConfigMap"):
        seen = index.store.find(ConfigMap, "ConfigMap", namespace, name)
        for key, value in sorted((seen.body.data or {}).items()) if seen else ():
            yield f"ConfigMap {name} key {key}", value
