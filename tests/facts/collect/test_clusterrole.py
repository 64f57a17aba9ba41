"""The ClusterRole that is shipped grants what is asked for, and not more."""

from pathlib import Path
from typing import Any

import yaml

from facts.cluster.kinds import KINDS

ROLE = Path(__file__).parents[3] / "deploy" / "clusterrole.yaml"
BESIDE_LISTS = {("", "namespaces", "get"), ("", "pods/log", "get")}
"""The one namespace of `-n`, and logs."""


def test_the_role_grants_exactly_what_is_asked_for() -> None:
    """Group, resource and verb of each list, and nothing else; no Secret, no wildcard, nothing that changes."""
    role: dict[str, Any] = next(yaml.safe_load_all(ROLE.read_text()))
    granted = {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule.get("apiGroups", ())
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    asked = {(kind.group, kind.plural, "get" if query.name else "list") for kind in KINDS for query in kind.queries}
    assert granted == asked | BESIDE_LISTS
