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
