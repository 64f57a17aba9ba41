"""What is only seen from the API server: its checks, versions, certificates, requests, leases, budgets, attachments."""

import json
from typing import Any

import pytest

from facts.model.values import Observation
from tests.facts.given import LONG_AGO, MINUTES_AGO, command, evidence, facts, kinds, metadata, only

CHECKS = "[+]ping ok\n[-]etcd failed: reason withheld\n[+]poststarthook/generic-apiserver-start-informers ok\nreadyz check failed\n"


def _version(version: str) -> Observation:
    return command("kubectl get --raw /version", json.dumps({"gitVersion": version}))


def _node(version: str) -> dict[str, Any]:
    conditions = [{"type": "Ready", "status": "True"}]
    status = {"conditions": conditions, "nodeInfo": {"kubeletVersion": version}}
    return {"kind": "Node", "metadata": {"name": "w1"}, "spec": {"podCIDR": "10.0.0.0/24"}, "status": status}


def test_a_check_of_the_api_server_that_fails() -> None:
    """Its name and what the server says of it; the checks that hold give no fact."""
    found = evidence(more=(command("kubectl get --raw /readyz?verbose", CHECKS),))
    assert only(found, "api_health") == {"endpoint": "readyz", "check": "etcd", "message": "failed: reason withheld"}


@pytest.mark.parametrize(
    ("kubelet", "server", "problems"),
    [
        ("v1.33.1", "v1.33.0", []),
        ("v1.30.0", "v1.33.0", []),
        ("v1.29.9", "v1.33.0", ["too-old"]),
        ("v1.34.0", "v1.33.9", ["newer"]),
        ("v1.32.0-eks-1", "v1.33.0", []),
        ("", "v1.33.0", []),
        ("v1.30.0", "", []),
    ],
)
def test_how_far_a_kubelet_may_be_from_the_server(kubelet: str, server: str, problems: list[str]) -> None:
    """Three minor versions behind is the most, and none ahead; unknown versions are no fault."""
    found = evidence(_node(kubelet), more=(_version(server),))
    assert [each["problem"] for each in facts(found, "version_skew")] == problems


def _certificate(ends: str) -> Observation:
    text = f"subject=CN = kube-apiserver\nnotBefore=Jan  1 00:00:00 2025 GMT\nnotAfter={ends} GMT\n"
    return command("openssl x509", text, target="10.0.0.2:6443")


@pytest.mark.parametrize(
    ("ends", "days", "expired"), [("Mar 11 12:00:00 2026", 10.0, False), ("Feb 27 12:00:00 2026", -2.0, True)]
)
def test_a_certificate_that_ends_soon_or_has_ended(ends: str, days: float, expired: bool) -> None:  # noqa: FBT001 - a value
    """Days are counted from the moment of the snapshot."""
    found = only(evidence(more=(_certificate(ends),)), "certificate")
    assert (found["name"], found["subject"], found["node"]) == ("10.0.0.2:6443", "kube-apiserver", "")
    assert (found["days_left"], found["expired"]) == (days, expired)


def test_a_certificate_that_holds_for_long() -> None:
    """It is no fact."""
    assert kinds(evidence(more=(_certificate("Dec 24 12:00:00 2026"),))) == set()


def _request(*conditions: dict[str, Any], created: str = LONG_AGO) -> dict[str, Any]:
    return {
        "kind": "CertificateSigningRequest",
        "metadata": {"name": "csr-1", "creationTimestamp": created},
        "spec": {"signerName": "kubernetes.io/kubelet-serving", "username": "system:node:w1"},
        "status": {"conditions": list(conditions)},
    }


def test_a_request_that_nobody_decides() -> None:
    """The node whose kubelet waits is named."""
    found = only(evidence(_request()), "csr")
    assert (found["node"], found["state"], found["signer"]) == ("w1", "pending", "kubernetes.io/kubelet-serving")


def test_a_request_that_was_denied() -> None:
    """With what was said of it."""
    found = only(evidence(_request({"type": "Denied", "status": "True", "message": "unknown address"})), "csr")
    assert (found["state"], found["message"]) == ("denied", "unknown address")


@pytest.mark.parametrize("request_", [_request({"type": "Approved"}), _request(created="2026-03-01T11:59:50Z")])
def test_a_request_that_is_well(request_: dict[str, Any]) -> None:
    """One that was granted, or has just been made."""
    assert kinds(evidence(request_)) == set()


def _lease(renewed: str, *, namespace: str = "kube-system", holder: str = "cp_1") -> dict[str, Any]:
    spec = {"holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": renewed}
    return {"kind": "Lease", "metadata": metadata("kube-scheduler", namespace=namespace), "spec": spec}


def test_a_lease_that_nobody_renews() -> None:
    """Who held it, and since when nobody does."""
    found = only(evidence(_lease(MINUTES_AGO)), "lease")
    assert (found["name"], found["holder"], found["age_seconds"]) == ("kube-scheduler", "cp_1", 180.0)


@pytest.mark.parametrize(
    "lease",
    [
        _lease("2026-03-01T11:59:50.123456Z"),
        _lease(LONG_AGO, holder=""),
        _lease(LONG_AGO, namespace="demo"),
    ],
)
def test_a_lease_that_is_no_sign(lease: dict[str, Any]) -> None:
    """One that is held, one that was given back, and those of applications."""
    assert kinds(evidence(lease)) == set()


def _budget(healthy: int, allowed: int, expected: int = 2) -> dict[str, Any]:
    counts = {"currentHealthy": healthy, "desiredHealthy": 2, "disruptionsAllowed": allowed, "expectedPods": expected}
    return {"kind": "PodDisruptionBudget", "metadata": metadata("web"), "status": counts}


@pytest.mark.parametrize(("healthy", "problem"), [(2, "too-strict"), (1, "unhealthy-pods")])
def test_a_budget_that_lets_no_pod_go(healthy: int, problem: str) -> None:
    """By design, or because some Pods are not healthy."""
    assert only(evidence(_budget(healthy, 0)), "pdb")["problem"] == problem


@pytest.mark.parametrize("budget", [_budget(3, 1, 3), _budget(0, 0, 0)])
def test_a_budget_that_is_no_hindrance(budget: dict[str, Any]) -> None:
    """One with a Pod to spare, and one that counts none."""
    assert kinds(evidence(budget)) == set()


def test_a_volume_that_cannot_be_attached() -> None:
    """Driver, node and volume, with what the driver says."""
    attachment = {
        "kind": "VolumeAttachment",
        "metadata": {"name": "csi-1"},
        "spec": {"attacher": "csi.example", "nodeName": "w1", "source": {"persistentVolumeName": "pv-1"}},
        "status": {"attached": False, "attachError": {"message": "volume is in use"}},
    }
    assert only(evidence(attachment), "volume_attachment") == {
        "name": "csi-1",
        "driver": "csi.example",
        "node": "w1",
        "pv": "pv-1",
        "problem": "attach",
        "message": "volume is in use",
    }
