"""The components whose text kbdiag reads."""

COMPONENTS: frozenset[str] = frozenset(
    {
        # nodes and their machines
        "kubelet", "containerd", "docker", "crio", "kernel", "systemd", "kubeadm", "sshd",
        # the machine of the operator
        "ssh", "tart", "lima", "libvirt", "vagrant", "kubectl", "helm", "shell", "minikube", "kind",
        # the control plane
        "etcd", "apiserver", "scheduler", "controller-manager", "kube-proxy",
        # add-ons
        "cilium", "hubble", "calico", "flannel", "coredns", "metrics-server", "ingress-nginx", "cert-manager", "csi",
        "grafana", "prometheus", "alertmanager", "loki", "argocd", "jenkins", "istio", "envoy", "nginx", "external-dns",
        # what Kubernetes itself says about an object, and any container's log
        "event", "status", "container",
    }
)  # fmt: skip
"""The sources that a `log` condition may name. Text whose source is unknown is offered to every rule."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "application": {
        "in": ("container", "status", "shell", "nginx"),
        "not": (
            *("event", "apiserver", "etcd", "scheduler", "controller-manager"),
            *("kube-proxy", "cilium", "calico", "flannel", "coredns"),
        ),
    },
}
"""The groups of sources that `in:` may name beside a source: what a text's sources hold, and what they do not hold.

`application`: what a program in a container prints, or says when it ends, and what a shell shows of it.
"""

COMPONENT_LAYERS: dict[str, str] = {
    component: layer
    for layer, components in (
        ("vm", ("tart", "lima", "libvirt", "vagrant", "multipass", "virtualbox", "qemu", "minikube", "kind")),
        ("ssh", ("ssh", "sshd")),
        ("bootstrap", ("kubeadm", "k3s", "rke2", "cloud-init")),
        ("node", ("kubelet", "kernel", "systemd")),
        ("runtime", ("containerd", "docker", "dockerd", "crio", "runc", "podman")),
        ("cni", ("cilium", "hubble", "calico", "calico-cni", "flannel", "kube-proxy", "multus", "weave", "ovn")),
        ("dns", ("coredns",)),
        ("control-plane", ("etcd", "apiserver", "scheduler", "controller-manager")),
        ("storage", ("csi", "longhorn", "ceph")),
        (
            "platform",
            (
                "metrics-server",
                "ingress-nginx",
                "cert-manager",
                "grafana",
                "prometheus",
                "alertmanager",
                "loki",
                "argocd",
                "jenkins",
                "istio",
                "envoy",
                "external-dns",
                "helm",
            ),
        ),
        ("script", ("shell", "kubectl")),
    )
    for component in components
}
"""The layer of each component that has one; any other program is a workload."""
