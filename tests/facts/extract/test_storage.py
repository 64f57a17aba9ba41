"""Claims, volumes, and the Pods that wait for them."""

from typing import Any

from tests.facts.given import JUST_NOW, crashing, event, evidence, facts, kinds, metadata, only, pod

ALL = ("persistentvolumeclaims", "storageclasses", "pods")


def _claim(phase: str = "Pending", **spec: Any) -> dict[str, Any]:
    wanted = {
        "storageClassName": "fast",
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
    }
    return {
        "kind": "PersistentVolumeClaim",
        "metadata": metadata("data"),
        "spec": wanted | spec,
        "status": {"phase": phase},
    }


def _class(name: str = "fast", mode: str = "Immediate", *, default: bool = False) -> dict[str, Any]:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else None
    return {"kind": "StorageClass", "metadata": {"name": name, "annotations": annotations}, "volumeBindingMode": mode}


USES_DATA = {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}


def _waiting() -> dict[str, Any]:
    return pod(phase="Pending", node="", statuses=[], spec=USES_DATA)


def test_a_bound_claim_gives_no_fact() -> None:
    """It is well."""
    assert kinds(evidence(_claim("Bound"), complete=ALL)) == set()


def test_a_pending_claim_whose_class_is_missing() -> None:
    """The complete list of classes does not have it."""
    found = evidence(_claim(), _class("slow", default=True), _waiting(), complete=ALL)
    fact = only(found, "pvc")
    assert (fact["phase"], fact["class_exists"], fact["default_class"]) == ("Pending", "false", "true")
    assert (fact["access_modes"], fact["size"], fact["waits_for_consumer"]) == ("ReadWriteOnce", "10Gi", False)
    assert only(found, "pod_pvc")["pvc"] == "data"


def test_the_provisioner_says_that_the_class_is_missing() -> None:
    """Its message is as good as a list."""
    failed = event(
        "PersistentVolumeClaim", "data", "ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found'
    )
    fact = only(evidence(_claim(), failed), "pvc")
    assert (fact["class_exists"], fact["default_class"], fact["reason"]) == ("false", "unknown", "ProvisioningFailed")


def test_a_claim_that_waits_for_its_first_pod_is_no_fault() -> None:
    """The class binds on first use, and nobody uses it yet."""
    late = _class(mode="WaitForFirstConsumer")
    assert only(evidence(_claim(), late, complete=ALL), "pvc")["waits_for_consumer"] is True
    assert only(evidence(_claim(), late, _waiting(), complete=ALL), "pvc")["waits_for_consumer"] is False


def test_a_claim_that_does_not_exist() -> None:
    """A Pod names it, and all claims were seen."""
    found = evidence(_waiting(), complete=ALL)
    assert only(found, "pvc")["phase"] == "missing"
    assert only(found, "pod_pvc")["workload"] == "web"
    assert "pvc" not in kinds(evidence(_waiting()))


def _volume(phase: str = "Bound", **spec: Any) -> dict[str, Any]:
    claim = {"namespace": "demo", "name": "data"}
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": "pv1"},
        "spec": {"claimRef": claim, **spec},
        "status": {"phase": phase},
    }


def test_volumes_are_told_when_they_failed_or_matter() -> None:
    """A bound volume matters when a Pod in trouble mounts it."""
    csi = {"driver": "ebs.csi.aws.com"}
    bound, broken = _claim("Bound", volumeName="pv1"), crashing(spec={**USES_DATA, "nodeName": "worker1"})
    assert kinds(evidence(_volume(csi=csi), bound, complete=ALL)) == set()
    fact = only(evidence(_volume(csi=csi), bound, broken, complete=ALL), "pv")
    assert (fact["source"], fact["driver"], fact["claim"]) == ("csi", "ebs.csi.aws.com", "demo/data")
    assert only(evidence(_volume("Released", nfs={"server": "n"})), "pv")["source"] == "nfs"


def test_an_nfs_volume_below_a_pod_with_a_group() -> None:
    """FsGroup does nothing on NFS; the volume is found through the claim that it is bound to."""
    spec = {**USES_DATA, "securityContext": {"fsGroup": 2000, "runAsUser": 1000}}
    found = evidence(pod(spec=spec), _volume(nfs={"server": "10.0.0.9", "path": "/e"}))
    fact = only(found, "pod_volume")
    assert (fact["server"], fact["fs_group"], fact["run_as_user"], fact["volume"]) == ("10.0.0.9", "2000", "1000", "d")
    assert facts(evidence(pod(spec=USES_DATA), _volume(nfs={"server": "10.0.0.9"})), "pod_volume") == []


def test_a_claim_that_nothing_will_ever_bind_is_told_at_once() -> None:
    """FailedBinding is of type Normal, and yet the claim waits for what does not come."""
    claim = _claim(storageClassName=None)
    claim["metadata"]["creationTimestamp"] = JUST_NOW
    message = "no persistent volumes available for this claim and no storage class is set"
    told = event("PersistentVolumeClaim", "data", "FailedBinding", message, type_="Normal")
    found = only(evidence(claim, told, complete=ALL), "pvc")
    assert (found["reason"], found["message"]) == ("FailedBinding", message)
