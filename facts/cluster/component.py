"""Which well-known component a Pod, container, image or systemd unit belongs to, by its name."""

import re
from functools import lru_cache

_NAMES: tuple[tuple[str, str], ...] = (
    # The first name that fits wins: longer and more telling names stand above the ones they contain.
    ("kube-apiserver", "apiserver"),
    ("kube-controller-manager", "controller-manager"),
    ("kube-scheduler", "scheduler"),
    ("kube-proxy", "kube-proxy"),
    ("openshift-apiserver", "apiserver"),
    ("metrics-server", "metrics-server"),
    ("cert-manager", "cert-manager"),
    ("external-dns", "external-dns"),
    ("ingress-nginx", "ingress-nginx"),
    ("nginx-ingress", "ingress-nginx"),
    ("alertmanager", "alertmanager"),
    ("grafana", "grafana"),
    ("promtail", "loki"),
    ("loki", "loki"),
    ("hubble", "hubble"),
    ("cilium", "cilium"),
    ("calico", "calico"),
    ("tigera", "calico"),
    ("flannel", "flannel"),
    ("coredns", "coredns"),
    ("argocd", "argocd"),
    ("argo-cd", "argocd"),
    ("jenkins", "jenkins"),
    ("istiod", "istio"),
    ("istio", "istio"),
    ("pilot-discovery", "istio"),
    ("envoy", "envoy"),
    ("local-path-provisioner", "csi"),
    ("csi", "csi"),
    ("etcd", "etcd"),
    ("prometheus", "prometheus"),
    ("kube-state-metrics", "prometheus"),
    ("kubeadm", "kubeadm"),
    ("kubelet", "kubelet"),
    ("kubenswrapper", "kubelet"),
    ("cri-dockerd", "docker"),
    ("dockerd", "docker"),
    ("docker", "docker"),
    ("containerd", "containerd"),
    ("crio", "crio"),
    ("cri-o", "crio"),
    ("sshd", "sshd"),
    ("kernel", "kernel"),
    ("systemd", "systemd"),
    ("apiserver", "apiserver"),
    ("minikube", "minikube"),
    ("helm", "helm"),
    ("nginx", "nginx"),
)
_PATTERN = re.compile(
    "|".join(rf"(?P<n{i}>(?<![a-z]){re.escape(name)}(?![a-z]))" for i, (name, _) in enumerate(_NAMES))
)
_CHART = re.compile(r"(?<![a-z])(?:kube-)?prometheus-stack-?|(?<![a-z])kube-prometheus(?:-st(?:ack)?)?-")


@lru_cache(maxsize=65536)
def component_of(name: str) -> str:
    """Return the member of `facts.model.schema.COMPONENTS` that `name` belongs to, or "" when the name tells none.

    `name` is the name of a Pod ("cilium-7xk2p", "kube-prometheus-stack-grafana-0"), workload, container, systemd unit
    ("kubelet.service") or an image ("quay.io/cilium/cilium:v1.16.1"); of an image only the last part of the path counts.
    """
    word = name.rsplit("/", 1)[-1].split("@", 1)[0].lower()
    if "/" in name:
        word = word.split(":", 1)[0]
    rest = _CHART.sub("", word, count=1)  # the chart's name heads the name of everything that it installs
    best = min(_PATTERN.finditer(rest), key=lambda match: int((match.lastgroup or "n")[1:]), default=None)
    if best is None or best.lastgroup is None:
        return "prometheus" if rest != word else ""
    return _NAMES[int(best.lastgroup[1:])][1]
