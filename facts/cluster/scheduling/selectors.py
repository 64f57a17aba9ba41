"""Selectors of labels, and terms of node affinity, as the API defines them."""

from collections.abc import Iterable, Mapping
from typing import Any

Labels = Mapping[str, str]


def selects(selector: dict[str, Any] | None, labels: Labels) -> bool:
    """Return whether a label selector (matchLabels and matchExpressions) matches; None matches nothing, {} everything."""
    if selector is None:
        return False
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and _all_hold(
        selector.get("matchExpressions"), labels
    )


def node_matches(terms: Iterable[dict[str, Any]], labels: Labels, name: str) -> bool:
    """Return whether any of the node selector terms matches a node; a term without requirements matches none."""
    return any(
        (term.get("matchExpressions") or term.get("matchFields"))
        and _all_hold(term.get("matchExpressions"), labels)
        and _all_hold(term.get("matchFields"), {"metadata.name": name})
        for term in terms
    )


def _all_hold(requirements: list[dict[str, Any]] | None, labels: Labels) -> bool:
    return all(_holds(each, labels) for each in requirements or ())


def _holds(requirement: dict[str, Any], labels: Labels) -> bool:
    key, values = str(requirement.get("key", "")), [str(value) for value in requirement.get("values") or ()]
    value = labels.get(key)
    match requirement.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt":
            return _is_number(value) and int(str(value)) > int(values[0])
        case "Lt":
            return _is_number(value) and int(str(value)) < int(values[0])
    return False


def _is_number(value: str | None) -> bool:
    return value is not None and value.lstrip("-").isdecimal()


def selector_words(spec_selector: Labels | None, terms: list[dict[str, Any]]) -> str:
    """Return a node selector and the terms of node affinity as one line: `disk=ssd, zone in (a, b)`."""
    words = [f"{key}={value}" for key, value in sorted((spec_selector or {}).items())]
    for term in terms:
        for each in (*(term.get("matchExpressions") or ()), *(term.get("matchFields") or ())):
            values = ", ".join(map(str, each.get("values") or ()))
            words.append(
                f"{each.get('key', '')} {str(each.get('operator', '')).lower()}" + (f" ({values})" if values else "")
            )
    return ", ".join(words)
