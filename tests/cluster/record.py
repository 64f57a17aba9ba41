"""Records what a real API server answers kbdiag, for tests that need no cluster: `python -m tests.cluster.record`.

One file for each path and query, without secrets and without the bookkeeping of who wrote which field.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.snapshot.redaction.redact import redact
from tests.cluster.cluster import node, running
from tests.cluster.diagnosis import look
from tests.cluster.scenarios import SCENARIOS, SHOP_RUNS, Scenario, healthy
from tests.facts.replay import RECORDED, file_of

NAMES = (
    "too-much-cpu",
    "claim-of-missing-class",
    "missing-image",
    "crash-loop",
    "selector-of-nobody",
    "failing-webhook",
)


def main() -> None:
    """Make a cluster with some scenarios in it, and write down one look at it."""
    chosen = [each for each in SCENARIOS if each.name in NAMES]
    with running(prints={each.name: each.prints for each in chosen}) as cluster:
        cluster.add_nodes(*(node(name) for name in ("w1", "w2", "w3")))
        scenarios = [Scenario("shop", healthy, SHOP_RUNS, "", ("", "")), *chosen]
        for scenario in scenarios:
            scenario.make(cluster.api)
        for scenario in scenarios:
            scenario.until_shown(cluster.api)
        shutil.rmtree(RECORDED, ignore_errors=True)
        RECORDED.mkdir(parents=True)
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        (RECORDED / "moment").write_text(f"{moment}\n")
        with recording(RECORDED):
            look(cluster.kubeconfig)


@contextmanager
def recording(folder: Path) -> Iterator[None]:
    """Write every answer that a `Connection` gets into `folder`, meanwhile."""
    once = Connection._once

    def recorded(self: Connection, method: str, url: str, deadline: float, content: bytes | None = None) -> bytes:
        parts = urlsplit(url)
        file = folder / file_of(method, parts.path, parts.query)
        try:
            body = once(self, method, url, deadline, content)
        except ApiError as error:
            _write(file, error.status, error.body)
            raise
        _write(file, 201 if method == "POST" else 200, body)
        return body

    with patch.object(Connection, "_once", recorded):
        yield


def _write(file: Path, status: int, body: bytes) -> None:
    try:
        said: Any = json.loads(redact(body))
    except ValueError:
        said = redact(body).decode(errors="replace")
    answer = {"status": status, "body": _scrubbed(said)}
    file.write_text(json.dumps(answer, separators=(",", ":"), ensure_ascii=False) + "\n")


def _scrubbed(value: Any) -> Any:
    """Return `value` without the fields that only bloat it: which manager wrote which field when."""
    if isinstance(value, dict):
        return {key: _scrubbed(item) for key, item in value.items() if key != "managedFields"}
    return [_scrubbed(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
