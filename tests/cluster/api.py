"""What tests do to a cluster: create, change and delete objects, and wait for what controllers make of them."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from facts.cluster.pod_health import YOUNG

Object = dict[str, Any]
_PLURALS = {"NetworkPolicy": "networkpolicies", "Ingress": "ingresses"}
_CLUSTER_WIDE = frozenset(
    {
        "Node", "Namespace", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "StorageClass", "IngressClass",
        "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "CertificateSigningRequest",
        "CSINode", "VolumeAttachment", "CustomResourceDefinition", "PriorityClass",
    }
)  # fmt: skip


class RefusedError(Exception):
    """The API server answered with another status than 2xx."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status = status


class Api:
    """An API server, spoken to with `token`."""

    def __init__(self, server: str, authority: Path, token: str, connections: int = 8) -> None:
        self.server = server
        self._headers = {"authorization": f"Bearer {token}", "accept": "application/json", "user-agent": "tests"}
        self._pool = urllib3.PoolManager(ca_certs=str(authority), maxsize=connections, retries=False)

    def request(
        self, method: str, path: str, body: Any = None, *, content: str = "application/json", **query: str | int
    ) -> Any:
        """Return the decoded answer (text when it is no JSON). Raises RefusedError."""
        response = self._pool.request(
            method,
            f"{self.server}{path}" + (f"?{urlencode(query)}" if query else ""),
            body=None if body is None else json.dumps(body).encode(),
            headers={**self._headers, "content-type": content},
            timeout=30,
        )
        if response.status >= 300:
            raise RefusedError(response.status, response.data.decode(errors="replace"))
        if "json" in response.headers.get("content-type", ""):
            return json.loads(response.data)
        return response.data.decode()

    def ready(self) -> bool:
        """Tell whether the server says that it can serve."""
        try:
            return bool(self.request("GET", "/readyz") == "ok")
        except (RefusedError, urllib3.exceptions.HTTPError):
            return False

    def create(self, *objects: Object) -> None:
        """Create `objects` in turn, with their status when they have one."""
        for one in objects:
            created = self.request("POST", _collection(one), one)
            if "status" in one and one["kind"] not in ("Event", "CSINode"):
                self.set_status(created, one["status"])

    def set_status(self, one: Object, status: Object) -> None:
        """Merge `status` into the one of an object."""
        self.patch(one, {"status": status}, "/status")

    def patch(self, one: Object, change: Object, subresource: str = "") -> None:
        """Merge `change` into an object."""
        self.request("PATCH", path_of(one) + subresource, change, content="application/merge-patch+json")

    def delete(self, *objects: Object) -> None:
        """Delete `objects`; one that is gone already is no fault."""
        for one in objects:
            try:
                self.request("DELETE", path_of(one), {"propagationPolicy": "Background"})
            except RefusedError as error:
                if error.status != 404:
                    raise

    def items(self, path: str, **query: str) -> list[Object]:
        """Return the items of a list."""
        found: list[Object] = self.request("GET", path, **query)["items"]
        return found

    def until(self, path: str, holds: Callable[[Object], bool], seconds: float = 30.0, **query: str) -> Object:
        """Return the first object of the list at `path` for which `holds`, now or within `seconds`.

        Watches, so that nobody sleeps. Raises AssertionError, with what was seen last, when none comes.
        """
        last: Object = {}
        for _, last in self.watch(path, seconds, **query):
            if holds(last):
                return last
        raise AssertionError(f"{path}: not within {seconds:.0f} s; seen last: {json.dumps(last)[:3000]}")

    def until_grown(self) -> None:
        """Wait until no Pod is so young that it may still be starting; that takes a minute at most."""
        created = [one["metadata"]["creationTimestamp"] for one in self.items("/api/v1/pods")]
        youngest = max(map(datetime.fromisoformat, created))
        time.sleep(max(0.0, YOUNG + 2.0 - (datetime.now(UTC) - youngest).total_seconds()))

    def until_gone(self, one: Object, seconds: float = 30.0) -> None:
        """Return as soon as an object is gone."""
        path, name = path_of(one).rpartition("/")[::2]
        # The first round may come too late for the event of the deletion: what is not there now is gone.
        try:
            self.request("GET", path_of(one))
        except RefusedError as error:
            if error.status == 404:
                return
            raise
        for kind, _ in self.watch(path, seconds, fieldSelector=f"metadata.name={name}"):
            if kind == "DELETED":
                return
        raise AssertionError(f"{path_of(one)} is still there after {seconds:.0f} s")

    def watch(self, path: str, seconds: float, **query: str) -> Iterator[tuple[str, Object]]:
        """Yield the objects of a list and then each that changes, with ADDED, MODIFIED or DELETED, for `seconds`."""
        deadline = time.monotonic() + seconds
        listed = self.request("GET", path, **query)
        yield from (("ADDED", item) for item in listed["items"])
        query |= {"watch": "1", "resourceVersion": listed["metadata"]["resourceVersion"]}
        query["timeoutSeconds"] = str(max(1, round(deadline - time.monotonic())))
        response = self._pool.request(
            "GET",
            f"{self.server}{path}?{urlencode(query)}",
            headers=self._headers,
            preload_content=False,
            timeout=seconds + 5,
        )
        try:
            for line in response:
                event = json.loads(line)
                yield event["type"], event["object"]
        finally:
            response.close()


def path_of(one: Object) -> str:
    """Return the path of an object."""
    return f"{_collection(one)}/{one['metadata']['name']}"


def _collection(one: Object) -> str:
    version, kind = one["apiVersion"], one["kind"]
    group = f"/apis/{version}" if "/" in version else f"/api/{version}"
    plural = _PLURALS.get(kind) or f"{kind.lower()}{'es' if kind.endswith('ss') else 's'}"
    if kind in _CLUSTER_WIDE:
        return f"{group}/{plural}"
    return f"{group}/namespaces/{one['metadata']['namespace']}/{plural}"
