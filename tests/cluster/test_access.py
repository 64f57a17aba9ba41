"""Faults of access, with a real API server: each is diagnosed first and right, and ends as documented."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cluster.cluster import Cluster
from tests.facts.kubernetes_server import expired
from tests.kb.rulebook import kbdiag

TIMEOUT = ("--timeout", "6")


def _wrong_authority(cluster: Cluster, folder: Path) -> list[str]:
    trustme.CA().cert_pem.write_to_path(str(folder / "other.crt"))
    settings = {"certificate-authority": str(folder / "other.crt")}
    return ["--kubeconfig", cluster.kubeconfig_of("stranger", cluster.token, cluster=settings)]


def _expired_certificate(cluster: Cluster, folder: Path) -> list[str]:
    pair = cluster.issuer.issue_cert(common_name="jane", not_after=expired())
    (folder / "jane.crt").write_bytes(pair.cert_chain_pems[0].bytes())
    (folder / "jane.key").write_bytes(pair.private_key_pem.bytes())
    user = {"client-certificate": str(folder / "jane.crt"), "client-key": str(folder / "jane.key")}
    return ["--kubeconfig", cluster.kubeconfig_of("jane", user=user)]


def _wrong_port(cluster: Cluster, folder: Path) -> list[str]:
    server = cluster.server.replace(str(cluster.port), "1")
    return ["--kubeconfig", cluster.kubeconfig_of("port", cluster.token, cluster={"server": server})]


def _unresolved(cluster: Cluster, folder: Path) -> list[str]:
    return [
        "--kubeconfig",
        cluster.kubeconfig_of("name", cluster.token, cluster={"server": "https://api.lab.invalid:6443"}),
    ]


FAULTS: dict[str, tuple[Callable[[Cluster, Path], list[str]], str, str]] = {
    "wrong CA": (_wrong_authority, "TLS-KUBECONFIG-CA", "authority that the kubeconfig does not trust"),
    "expired client certificate": (
        _expired_certificate,
        "KUBECONFIG-CERT-EXPIRED",
        "the client certificate of the kubeconfig has expired at 2020-01-01T00:00:00Z",
    ),
    "wrong token": (
        lambda cluster, _: ["--kubeconfig", cluster.kubeconfig_of("nobody", "no-such-token")],
        "API-UNAUTHORIZED",
        "401 Unauthorized",
    ),
    "another name": (
        lambda cluster, _: [
            "--kubeconfig", cluster.kubeconfig_of("other", cluster.token, cluster={"tls-server-name": "other.example"}),
        ],
        "APISERVER-CERT-SAN",
        "issued for another host name",
    ),
    "plain HTTP": (
        lambda cluster, _: [
            "--kubeconfig", cluster.kubeconfig_of("http", cluster.token, cluster={"server": cluster.server.replace("https", "http")}),
        ],
        "API-WRONG-SERVICE",
        "write https:// in the kubeconfig",
    ),
    "wrong port": (_wrong_port, "KUBECONFIG-LOCALHOST", "connection refused"),
    "wrong name": (_unresolved, "API-HOST-UNRESOLVED", "the name cannot be resolved"),
    "no permission": (
        lambda cluster, _: ["--kubeconfig", cluster.service_account("default", "default")],
        "API-DENIED-CLUSTER",
        'User "system:serviceaccount:default:default" cannot list resource "pods"',
    ),
    "no such namespace": (
        lambda cluster, _: ["--kubeconfig", cluster.kubeconfig, "-n", "no-such-namespace"],
        "NAMESPACE-UNKNOWN",
        "there is no namespace no-such-namespace",
    ),
    "no such context": (
        lambda cluster, _: ["--kubeconfig", cluster.kubeconfig, "--context", "prod"],
        "KUBECONFIG-CONTEXT",
        "choose one of admin",
    ),
}  # fmt: skip


def first_of(output: str) -> dict[str, Any]:
    """Return the first hypothesis of a JSON report."""
    found: dict[str, Any] = json.loads(output)["hypotheses"][0]
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_access_is_the_diagnosis(cluster: Cluster, tmp_path: Path, fault: str) -> None:
    """It ranks first, one line on standard error says why nothing could be observed, and the status is 1."""
    make, rule, why = FAULTS[fault]
    result = kbdiag("infer", "--no-ssh", "-o", "json", "--engine", "reference", *TIMEOUT, *make(cluster, tmp_path))
    assert result.exit_code == 1, result.stderr
    assert first_of(result.stdout)["id"] == rule
    assert result.stderr.count("\n") == 1, result.stderr
    assert why in result.stderr


def test_a_server_that_hangs_is_told_from_one_that_is_away(cluster: Cluster) -> None:
    """A stopped process still has its port: the connection is accepted, and nothing comes."""
    process = cluster.process_of("kube-apiserver")
    os.kill(process, signal.SIGSTOP)
    try:
        result = kbdiag(
            "infer",
            "--no-ssh",
            "-o",
            "json",
            "--engine",
            "reference",
            "--timeout",
            "3",
            "--kubeconfig",
            cluster.kubeconfig,
        )
    finally:
        os.kill(process, signal.SIGCONT)
    assert (result.exit_code, first_of(result.stdout)["id"]) == (1, "API-TIMEOUT")
    assert "the connection was accepted, and no answer came" in result.stderr


def test_what_is_denied_is_granted_by_the_role_that_is_printed(cluster: Cluster) -> None:
    """The fix names user, verbs and resources as the API server knows them."""
    account = cluster.service_account("default", "default")
    result = kbdiag(
        "infer", "--no-ssh", "-o", "json", "--engine", "reference", "--kubeconfig", account, "-n", "default"
    )
    fixes = [
        step["run"]
        for one in json.loads(result.stdout)["hypotheses"]
        if one["id"] == "API-DENIED-NAMESPACE"
        for step in one["fix"]
    ]
    role, binding = fixes
    assert role.startswith("kubectl create role kbdiag-reader -n default --verb=get,list --resource=pods,")
    assert "deployments.apps" in role
    assert binding.endswith(" --role=kbdiag-reader --user=system:serviceaccount:default:default")
