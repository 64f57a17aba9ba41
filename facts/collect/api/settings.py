"""Fetches the ConfigMaps that Pods in trouble read, and when their Secrets were written; never what is in a Secret.

The feature flags of flagd are fetched too: other Pods fail by them.
"""

import time
from collections.abc import Collection
from functools import partial
from urllib.parse import quote

import msgspec

from facts.cluster.objects import Pod
from facts.cluster.pod_settings import pod_settings
from facts.cluster.pod_status import is_ready
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.collect.api.permissions import Permissions
from facts.collect.concurrency.parallel import run_all
from facts.model.values import Observation, ObservationKind, known

LIMIT = 60
"""ConfigMaps and Secrets that are asked for."""

_ONLY_METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
"""The server answers with metadata only, or refuses with 406: no other form is accepted."""

Setting = tuple[str, str, str]
"""Kind, namespace and name."""


def settings(pods: Collection[Pod]) -> list[Setting]:
    """Return the ConfigMaps and Secrets of the Pods that are not ready, and the ConfigMaps of flagd."""
    found: dict[Setting, None] = {}
    for pod in pods:
        named = [(each.kind, pod.metadata.namespace, each.name) for each in pod_settings(pod.spec)]
        if pod.status.phase != "Succeeded" and not is_ready(pod):
            found |= dict.fromkeys(named)
        elif any("/flagd:" in container.image for container in pod.spec.containers):
            found |= {setting: None for setting in named if setting[0] == "ConfigMap"}
    return sorted(found)[:LIMIT]


def fetch_settings(
    connection: Connection, wanted: list[Setting], allowed: Permissions, workers: int, deadline: float
) -> tuple[Observation, ...]:
    """Return the objects that exist and may be read, before `deadline`; of a Secret its metadata without annotations."""
    plurals = {"ConfigMap": "configmaps", "Secret": "secrets"}
    permitted = {kind for kind, plural in plurals.items() if allowed.allow("get", "", plural)}
    tasks = [
        partial(_fetch, connection, setting, plurals[setting[0]], deadline)
        for setting in wanted
        if setting[0] in permitted
    ]
    results = run_all(tasks, workers, max(0.0, deadline - time.monotonic())) if tasks else ()
    return tuple(observation for result in results for observation in result or ())


def _fetch(connection: Connection, setting: Setting, plural: str, deadline: float) -> tuple[Observation, ...]:
    kind, namespace, name = setting
    path = f"/api/v1/namespaces/{quote(namespace, safe='')}/{plural}/{quote(name, safe='')}"
    secret = kind == "Secret"
    headers = {**connection.headers, "accept": _ONLY_METADATA} if secret else connection.headers
    asking = msgspec.structs.replace(connection, headers=headers)
    try:
        body = asking.get(path, {}, deadline, retries=0)
        if secret:
            document = msgspec.json.decode(body)
            if document.get("kind") != "PartialObjectMetadata":
                return ()
            metadata = {key: value for key, value in document.get("metadata", {}).items() if key != "annotations"}
            body = msgspec.json.encode({"apiVersion": "v1", "kind": "Secret", "metadata": metadata})
    except (ApiError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    return (Observation(ObservationKind.OBJECTS, path, body, known(fidelity="full", scope="")),)
