"""What holds for the Pods of a workload is read where it was seen."""

import json

from facts.cluster.index import Index
from facts.cluster.objects import Pod, Workload
from facts.cluster.pod_spec import containers_of, specification
from facts.model.values import Observation, ObservationKind, Snapshot, Subject
from tests.facts.given import Object, pod, workload

WEB = Subject("Deployment", "web", "demo")


def _index(*objects: Object) -> Index:
    body = json.dumps({"kind": "List", "items": objects}).encode()
    return Index(Snapshot((Observation(ObservationKind.OBJECTS, "all.json", body, {"fidelity": "full"}),)))


def _templated(*containers: str) -> Object:
    made = workload("Deployment", "web")
    made["spec"]["template"]["spec"] = {"containers": [{"name": name, "image": "i"} for name in containers]}
    return made


def test_the_template_counts_before_a_pod() -> None:
    """A Pod counts where the template was not seen, or by a table that has no room for it."""
    index = _index(_templated("new"), pod())
    pods = list(index.store.every(Pod))
    (seen,) = index.store.every(Workload)
    told = specification(seen, pods)
    assert told is not None
    assert [each.name for each in told.containers] == ["new"]
    assert specification(None, pods) == pods[-1].body.spec
    assert specification(None, []) is None


def test_the_containers_of_a_pod_count_before_the_template() -> None:
    """It may be of another revision; without it the template tells, and without both nobody."""
    index = _index(_templated("new"), pod())
    (seen,) = index.store.every(Pod)
    assert containers_of(index.store, seen, WEB) == seen.body.spec.containers != ()
    assert [each.name for each in containers_of(index.store, None, WEB)] == ["new"]
    assert containers_of(index.store, None, Subject("Deployment", "other", "demo")) == ()
