"""What is named and does not exist."""

from typing import Any

import pytest

from facts.extract.domains.references import missing_in
from tests.facts.given import condition, event, evidence, facts, kinds, metadata, only, pod, waiting, workload


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('configmap "settings" not found', ("ConfigMap", "settings", "")),
        ('secret "token" not found', ("Secret", "token", "")),
        ("couldn't find key user in Secret demo/login", ("Secret", "login", "user")),
        ("couldn't find key a.yaml in ConfigMap demo/settings", ("ConfigMap", "settings", "a.yaml")),
        ('MountVolume.SetUp failed for volume "cfg" : configmap "settings" not found', ("ConfigMap", "settings", "")),
        (
            'error looking up service account demo/robot: serviceaccount "robot" not found',
            ("ServiceAccount", "robot", ""),
        ),
        ('storageclass.storage.k8s.io "fast" not found', ("StorageClass", "fast", "")),
        ('persistentvolumeclaim "data" not found', ("PersistentVolumeClaim", "data", "")),
        ('deployments/scale.apps "web" not found', ("Deployment", "web", "")),
        (
            "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.",
            ("Secret", "regcred", ""),
        ),
        (
            "driver name ebs.csi.aws.com not found in the list of registered CSI drivers",
            ("CSIDriver", "ebs.csi.aws.com", ""),
        ),
        ("no PriorityClass with name high was found", ("PriorityClass", "high", "")),
    ],
)
def test_messages_tell_what_is_missing(message: str, expected: tuple[str, str, str]) -> None:
    """Kind, name and key."""
    assert [(found.kind, found.name, found.key) for found in missing_in(message)] == [expected]


def test_other_messages_name_nothing() -> None:
    """A Pod that is not found is no reference."""
    assert list(missing_in('pods "web" not found, container not found ("app")')) == []


def test_a_missing_key_is_found_through_the_volume() -> None:
    """The kubelet names the volume, the Pod tells what fills it."""
    spec = {"volumes": [{"name": "cfg", "configMap": {"name": "settings"}}]}
    stuck = pod(phase="Pending", statuses=[waiting("ContainerCreating")], spec=spec)
    message = 'MountVolume.SetUp failed for volume "cfg" : configmap references non-existent config key: a.yaml'
    fact = only(evidence(stuck, event("Pod", "web-7d4b9c8f6d-x2x4n", "FailedMount", message)), "reference")
    assert (fact["to_kind"], fact["to"], fact["key"]) == ("ConfigMap", "settings", "a.yaml")


def test_a_reference_is_told_once() -> None:
    """The state of the container and the event say the same."""
    stuck = pod(phase="Pending", statuses=[waiting("CreateContainerConfigError", 'secret "token" not found')])
    found = evidence(stuck, event("Pod", "web-7d4b9c8f6d-x2x4n", "Failed", 'Error: secret "token" not found'))
    fact = only(found, "reference")
    assert (fact["from_kind"], fact["from"], fact["workload"]) == ("Pod", "web-7d4b9c8f6d-x2x4n", "web")


def _claim(name: str, **spec: Any) -> dict[str, Any]:
    return {"kind": "PersistentVolumeClaim", "metadata": metadata(name), "spec": spec, "status": {"phase": "Pending"}}


def test_lists_tell_only_when_they_are_complete() -> None:
    """A claim that nobody saw may exist; one that is not among all claims does not."""
    spec = {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}
    stuck = pod(phase="Pending", node="", statuses=[], spec=spec)
    assert "reference" not in kinds(evidence(stuck))
    fact = only(evidence(stuck, complete=("persistentvolumeclaims",)), "reference")
    assert (fact["to_kind"], fact["to"]) == ("PersistentVolumeClaim", "data")


def test_joins_over_complete_lists() -> None:
    """Storage class of a claim, Service of a StatefulSet, target of a scaler."""
    claim = _claim("data", storageClassName="fast")
    stateful = workload("StatefulSet", "db", spec={"serviceName": "db"})
    scaler = {
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata("web"),
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "webb"}},
    }
    found = evidence(claim, stateful, scaler, complete=("storageclasses", "services", "workloads"))
    assert sorted((fact["from_kind"], fact["to_kind"], fact["to"]) for fact in facts(found, "reference")) == [
        ("HorizontalPodAutoscaler", "Deployment", "webb"),
        ("PersistentVolumeClaim", "StorageClass", "fast"),
        ("StatefulSet", "Service", "db"),
    ]


def test_a_workload_whose_pods_are_refused_names_the_service_account() -> None:
    """The condition of the ReplicaSet is enough."""
    failure = condition(
        "ReplicaFailure",
        "True",
        "FailedCreate",
        'error looking up service account demo/robot: serviceaccount "robot" not found',
    )
    fact = only(evidence(workload(status={"conditions": [failure]})), "reference")
    assert (fact["from_kind"], fact["to_kind"], fact["to"]) == ("Deployment", "ServiceAccount", "robot")
