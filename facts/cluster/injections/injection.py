"""A fault that somebody injects on purpose, and what it hits."""

import msgspec

from facts.model.values import Subject


class Injection(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """`subject` does `action` to `target`: a workload, or the Service whose callers feel it.

    `detail` are the parameters in words, `since` when it began (RFC 3339, "" when nobody knows), `partly` whether only
    some calls are hit.
    """

    subject: Subject
    tool: str
    action: str
    target: Subject
    detail: str = ""
    since: str = ""
    partly: bool = False

    source: str


def in_words(parameters: object) -> str:
    """Return the scalars of nested parameters in words, in the order in which they stand.

    >>> in_words({"delay": {"latency": "2s", "jitter": "0ms"}, "direction": "to"})
    'latency 2s, jitter 0ms, direction to'
    """
    return ", ".join(_scalars(parameters))


def _scalars(value: object, name: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in _scalars(inner, str(key))]
    if isinstance(value, list):
        return [text for inner in value for text in _scalars(inner, name)]
    if value is None or value == "":
        return []
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return [f"{name} {shown}".strip()]
