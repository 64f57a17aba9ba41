"""Feature flags that make a program fail on purpose: in come flagd's flags, out goes an injection for each that is on.

Flags stand as JSON or YAML in a ConfigMap that flagd reads, or in a FeatureFlag object of the OpenFeature operator. Each
has a `state`, `variants` with their values, a `defaultVariant`, and maybe `targeting` rules that name other variants.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.index import Index
from facts.cluster.injections.injection import Injection
from facts.cluster.objects import ConfigMap, Workload
from facts.cluster.whole_objects import Key, WholeObject, section
from facts.model.values import Subject

KINDS = frozenset(("FeatureFlag",))

_TO_FAIL = re.compile(
    r"fail|\berror|unreachable|unavailable|\bslow|latency|delay|\bleak|flood|overload|problem|chaos|\bfault|crash|timeout|high cpu|\bbreak|declin|refuse|reject|\bdeny|denied|\bdrops?\b|\blose|\blost\b|corrupt|garbage collection|without bound|exhaust|stall|\bhang",
    re.IGNORECASE,
)
"""What the name or the description of a flag says that is there to make something fail."""

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CHARACTERS = 1 << 20


def injections(index: Index, objects: dict[Key, WholeObject]) -> Iterator[Injection]:
    """Yield the flags whose default variant, or one that a targeting rule names, makes something fail."""
    for seen in sorted(index.store.every(ConfigMap), key=lambda each: (each.namespace, each.name)):
        for key, text in sorted((seen.body.data or {}).items()):
            if "defaultVariant" in text and len(text) <= _CHARACTERS:
                subject = Subject("ConfigMap", seen.name, seen.namespace)
                yield from _of_flags(index, subject, section(_read(text), "flags"), f"{seen.source} {key}")
    for (kind, namespace, name), whole in objects.items():
        if kind in KINDS:
            flags = section(whole, "spec", "flagSpec", "flags")
            yield from _of_flags(index, Subject(kind, name, namespace), flags, f"{kind} {namespace}/{name}")


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        import yaml

        try:
            return yaml.load(text, Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, RecursionError):
            return None


def _of_flags(index: Index, subject: Subject, flags: WholeObject, source: str) -> Iterator[Injection]:
    for name, flag in sorted(flags.items()):
        if not isinstance(flag, dict) or flag.get("state") != "ENABLED":
            continue
        about = str(flag.get("description") or "")
        variant, partly = _variant(flag)
        if variant and _TO_FAIL.search(f"{' '.join(_words(str(name)))} {about}"):
            shown = f"{name} is {variant}" + (" by a targeting rule" if partly else "")
            yield Injection(
                subject=subject,
                tool="flagd",
                action=str(name),
                target=_target(index, str(name), subject.namespace),
                detail=f"{shown}: {about}" if about else shown,
                partly=partly,
                source=f"{source} flag {name}",
            )


def _variant(flag: WholeObject) -> tuple[str, bool]:
    """Return the variant in use that is not off, "" when there is none, and whether only a targeting rule chooses it."""
    variants = section(flag, "variants")
    default = str(flag.get("defaultVariant") or "")
    if variants.get(default) and default.lower() not in ("off", "none", "disabled"):
        return default, False
    rules = str(flag.get("targeting") or "")
    chosen = (name for name, value in variants.items() if value and re.search(rf"['\"]{re.escape(name)}['\"]", rules))
    name = next(chosen, "")
    return name, bool(name)


def _target(index: Index, flag: str, namespace: str) -> Subject:
    """Return the workload with whose name that of the flag begins: paymentFailure and Deployment payment-service."""
    words = _words(flag)
    found = []
    for seen in index.store.every(Workload):
        name = _words(seen.name.replace("-", " "))
        name = name[:-1] if len(name) > 1 and name[-1] in ("service", "svc") else name
        for begin in range(len(name)):  # a chart may put its own name before the workload's
            if words[: len(name) - begin] == name[begin:]:
                found.append((begin - len(name), begin, seen.kind, seen.name))
                break
    best = min((each for each in found if each[2] not in ("ReplicaSet", "Job")), default=None)
    return Subject(best[2], best[3], namespace) if best else Subject("", "", namespace)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]
