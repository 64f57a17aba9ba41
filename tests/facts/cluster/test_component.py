"""Names tell components."""

import pytest

from facts.cluster.component import component_of
from facts.model.schema import COMPONENTS


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("cilium-7xk2p", "cilium"),
        ("cilium-operator-5d64c5c6b-x2x4n", "cilium"),
        ("hubble-relay-7d4d7b8c5-lm2qv", "hubble"),
        ("calico-kube-controllers-6b8f6f78dc-s4q7k", "calico"),
        ("kube-flannel-ds-amd64-xxq5d", "flannel"),
        ("coredns-76f75df574-2jbvx", "coredns"),
        ("etcd-prod-master", "etcd"),
        ("kube-apiserver-prod-master", "apiserver"),
        ("kube-controller-manager-prod-master", "controller-manager"),
        ("kube-prometheus-stack-grafana-7c9d8b7b6f-abcde", "grafana"),
        ("prometheus-kube-prometheus-stack-prometheus-0", "prometheus"),
        ("kube-prometheus-stack-operator-6c7d9f-xyz12", "prometheus"),
        ("alertmanager-kube-prometheus-stack-alertmanager-0", "alertmanager"),
        ("loki-0", "loki"),
        ("ingress-nginx-controller-58f9d8d7c-7hvkz", "ingress-nginx"),
        ("nginx-web-7d9f8c6b5-2xkqp", "nginx"),
        ("istiod-6f8d7c-abcde", "istio"),
        ("argocd-server-7d8c9-abcde", "argocd"),
        ("kubelet.service", "kubelet"),
        ("dockerd", "docker"),
        ("registry.k8s.io/coredns/coredns:v1.11.1", "coredns"),
        ("quay.io/cilium/operator-generic:v1.16.1", ""),
        ("grafana/promtail:2.9.3", "loki"),
        ("my-grafanalike", ""),
        ("redis-0", ""),
        ("", ""),
    ],
)
def test_name_tells_component(name: str, component: str) -> None:
    """The component is found wherever its word stands in the name, and only as a whole word."""
    assert component_of(name) == component
    assert component == "" or component in COMPONENTS
