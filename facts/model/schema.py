"""The contract between extractors and rules: every fact kind, its attributes, and what its absence needs.

A rule that names a kind or attribute that is not here is an error with a hint; `kbdiag rules facts` prints this page.
Extractors emit facts about what is abnormal, and the little topology that rules need to join them.
"""

import msgspec

from facts.model.values import Scalar, Subject

LAYERS: tuple[str, ...] = (
    "vm",
    "vm-network",
    "ssh",
    "bootstrap",
    "node",
    "runtime",
    "cni",
    "dns",
    "control-plane",
    "tls",
    "platform",
    "storage",
    "scheduling",
    "image",
    "policy",
    "autoscaling",
    "workload",
    "service",
    "script",
)
"""From the deepest to the highest: of two equal causes the deeper one is named first."""

LAYER_COVERAGE: dict[str, tuple[str, ...]] = {
    "vm": ("vm",),
    "vm-network": ("ping",),
    "ssh": ("ssh",),
    "node": ("kubernetes/nodes",),
    "cni": ("kubernetes/pods",),
    "dns": ("kubernetes/pods",),
    "control-plane": ("kubernetes/pods",),
    "storage": ("kubernetes/persistentvolumeclaims",),
    "scheduling": ("kubernetes/pods",),
    "image": ("kubernetes/pods",),
    "workload": ("kubernetes/pods",),
    "service": ("kubernetes/services", "kubernetes/endpointslices"),
    "autoscaling": ("kubernetes/horizontalpodautoscalers",),
}
"""The coverage that must be complete before a layer without findings may be called ok."""

SYMPTOM_LAYERS: dict[str, str] = {
    "node_condition": "node",
    "pod": "workload",
    "workload": "workload",
    "service": "service",
    "ingress": "service",
    "pvc": "storage",
    "hpa": "autoscaling",
    "webhook": "control-plane",
    "api_service": "control-plane",
    "namespace": "control-plane",
    "api_health": "control-plane",
    "helm_release": "platform",
}
"""The layer in which a fact of a kind with a symptom shows that something is wrong, whether or not a rule says why."""

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


class Attribute(msgspec.Struct, frozen=True):
    """One attribute of a fact kind: its type, what it means (with the unit), and its values where they are few."""

    type: type
    doc: str
    values: tuple[str, ...] = ()


class FactKind(msgspec.Struct, frozen=True):
    """A kind of fact.

    `coverage` names the collector that must have run completely before the absence of such a fact means anything,
    `scope` the attribute that says for which target. `key` is the attribute by which `{variable.attribute}` in a
    rule finds the fact. `subject` names the attributes that make up the fact's subject (kind, namespace, name; a
    value with a leading "=" is literal). `symptom` is a text with {attribute} placeholders: a fact of a kind that
    has one shows up among the symptoms of the report. `open` kinds carry further attributes (named groups).
    """

    doc: str
    attributes: dict[str, Attribute]
    coverage: str = ""
    scope: str = ""
    key: str = ""
    subject: tuple[str, str, str] = ("=Cluster", "", "")
    symptom: str = ""
    open: bool = False


def _s(doc: str, *values: str) -> Attribute:
    return Attribute(str, doc, values)


def _i(doc: str) -> Attribute:
    return Attribute(int, doc)


def _f(doc: str) -> Attribute:
    return Attribute(float, doc)


def _b(doc: str) -> Attribute:
    return Attribute(bool, doc)


_POD = {
    "namespace": _s("namespace of the Pod"),
    "pod": _s("name of the Pod"),
    "node": _s('node it runs on, "" when not scheduled or not known'),
    "workload_kind": _s(
        "kind at the top of the owner chain: Deployment, StatefulSet, DaemonSet, CronJob, Job, Pod, ..."
    ),
    "workload": _s("name at the top of the owner chain; the Pod's own name when nothing owns it"),
}

KINDS: dict[str, FactKind] = {
    # --- the machine that runs the VMs, and the VMs -------------------------------------------------------------
    "vm": FactKind(
        "A virtual machine as the VM manager lists it.",
        {
            "name": _s("name of the VM; nodes carry the same name"),
            "state": _s("state of the VM", "running", "stopped", "suspended", "paused", "unknown"),
            "ip": _s('address that the VM manager knows, "" when it knows none'),
            "cpu": _i("virtual CPUs, 0 when unknown"),
            "memory_mb": _i("memory in MB, 0 when unknown"),
            "disk_gb": _i("disk in GB, 0 when unknown"),
            "manager": _s("the VM manager", "tart", "lima", "libvirt", "virtualbox", "vagrant", "multipass"),
            "ssh": _s("what to hand to ssh to get there, user@address, or the name"),
            "net_mode": _s('network mode when known: nat, softnet, bridged, or ""'),
            "process": _s("whether a process of the host runs it, when the processes were looked at", "yes", "no", ""),
        },
        coverage="vm",
        key="name",
        subject=("=VM", "", "name"),
    ),
    "vm_host": FactKind(
        "The physical machine that runs the VMs.",
        {
            "name": _s("its host name, or host"),
            "cpu": _i("physical CPUs, 0 when unknown"),
            "memory_mb": _i("memory in MB, 0 when unknown"),
            "vcpu": _i("virtual CPUs given to running VMs, 0 when unknown"),
            "vm_memory_mb": _i("memory given to running VMs in MB, 0 when unknown"),
            "vms_total": _i("VMs that the manager lists"),
            "vms_running": _i("VMs that run"),
            "overcommitted": _s("what is promised beyond what is there", "", "cpu", "memory", "cpu and memory"),
            "all_stopped": _b("there are VMs, and none of them runs"),
        },
        coverage="vm",
        key="name",
        subject=("=Host", "", "name"),
    ),
    "ping": FactKind(
        "The result of one ping.",
        {
            "from": _s('machine that sent it; "" when unknown, host for the machine of the operator'),
            "from_role": _s("what the sender is", "host", "vm", ""),
            "to": _s("name or address that was pinged (the VM's or node's name where it can be told)"),
            "to_ip": _s("address that was pinged"),
            "state": _s("ok: no loss; lossy: some replies; failed: none", "ok", "lossy", "failed"),
            "reason": _s("why it failed", "", "unreachable", "timeout", "no-route", "unknown-host", "prohibited"),
            "loss_percent": _f("packets lost, percent"),
            "rtt_ms": _f("mean round trip, milliseconds; 0 when nothing came back"),
        },
        coverage="ping",
        scope="from",
        subject=("=Network", "", "to"),
    ),
    "ssh": FactKind(
        "The result of one SSH connection.",
        {
            "to": _s("name or address of the machine (the VM's or node's name where it can be told)"),
            "to_ip": _s('address that was tried, "" when unknown'),
            "port": _i("TCP port"),
            "state": _s("how it ended", "ok", "failed"),
            "reason": _s(
                "why it failed",
                "",
                "refused",
                "timeout",
                "no-route",
                "auth",
                "hostkey-changed",
                "hostkey-unknown",
                "closed",
                "reset",
                "dns",
                "too-many-failures",
                "sudo-denied",
                "no-key",
                "other",
            ),
        },
        coverage="ssh",
        scope="to",
        subject=("=Node", "", "to"),
    ),
    # --- inside a node -------------------------------------------------------------------------------------------
    "unit": FactKind(
        "A systemd unit as `systemctl status` shows it.",
        {
            "node": _s('node it is on, "" when unknown'),
            "name": _s("unit without .service: kubelet, containerd, sshd, ..."),
            "active": _s("ActiveState", "active", "inactive", "failed", "activating", "deactivating", "reloading"),
            "sub": _s("SubState: running, dead, auto-restart, exited, ..."),
            "enabled": _s("UnitFileState: enabled, disabled, masked, static, not-found or empty"),
            "result": _s('how it ended: exit-code, signal, oom-kill, start-limit-hit, ... or ""'),
            "exit_status": _i("exit status of the main process, -1 when unknown"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "filesystem": FactKind(
        "A mounted file system (`df`).",
        {
            "node": _s('machine, "" when unknown'),
            "role": _s("what the machine is", "host", "vm", ""),
            "mount": _s("mount point"),
            "device": _s("device or source"),
            "used_percent": _f("space used, percent"),
            "available_mb": _f("space left, MB"),
            "inodes_used_percent": _f("inodes used, percent; -1 when not shown"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "memory": FactKind(
        "Memory of a machine (`free`).",
        {
            "node": _s('machine, "" when unknown'),
            "role": _s("what the machine is", "host", "vm", ""),
            "total_mb": _f("memory, MB"),
            "available_mb": _f("memory that can still be had, MB"),
            "available_percent": _f("available of total, percent"),
            "swap_total_mb": _f("swap configured, MB"),
            "swap_used_mb": _f("swap in use, MB"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "load": FactKind(
        "A machine on which more runs than it has processors for (`uptime` and `nproc`): at least two for each.",
        {
            "node": _s('machine, "" when unknown'),
            "one_minute": _f("load average of the last minute: tasks that run or wait"),
            "cpus": _i("processors"),
            "per_cpu": _f("load average of the last minute for each processor"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "clock": FactKind(
        "A clock that differs from that of the operator's machine by 2 s or more, or that nothing keeps right.",
        {
            "node": _s('machine, "" when unknown'),
            "ahead_seconds": _f(
                "by how much it is ahead at least, seconds; negative when it is behind; 0 when unknown"
            ),
            "synchronized": _s("whether the system says that it is synchronized", "yes", "no", ""),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "sysctl": FactKind(
        "A setting or counter of the kernel that Kubernetes cannot work well with.",
        {
            "node": _s('machine, "" when unknown'),
            "name": _s(
                "net.ipv4.ip_forward, net.bridge.bridge-nf-call-iptables, fs.inotify.max_user_watches, "
                "fs.inotify.max_user_instances, net.netfilter.nf_conntrack_count"
            ),
            "value": _i("its value"),
            "limit": _i("the least that is wanted; for a counter its maximum, of which nine tenths are used"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "kernel_module": FactKind(
        "A part of the kernel that Kubernetes needs, and that is not loaded.",
        {"node": _s('machine, "" when unknown'), "name": _s("name of the module", "overlay", "br_netfilter")},
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "cni_config": FactKind(
        "A node whose CNI configurations are not exactly one, or that has no CNI plugins (`ls /etc/cni/net.d`).",
        {
            "node": _s('machine, "" when unknown'),
            "configs": _s("the configurations in the order in which the runtime looks, comma separated; or empty"),
            "total": _i("configurations"),
            "plugins": _i("programs in /opt/cni/bin, -1 when unknown"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "port": FactKind(
        "A well-known TCP port of Kubernetes or SSH on which a node listens (`ss -ltn`).",
        {
            "node": _s('machine, "" when unknown'),
            "port": _i("TCP port"),
            "address": _s("address it is bound to; * for all"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    "connection": FactKind(
        "The result of one TCP connection from a machine to an API server.",
        {
            "from": _s('machine that tried, "" when unknown'),
            "to": _s("name of the machine that was tried, where it can be told, else its address"),
            "to_ip": _s("address that was tried"),
            "port": _i("TCP port"),
            "state": _s("how it ended", "ok", "failed"),
            "reason": _s("why it failed", "", "refused", "timeout", "no-route", "dns", "reset", "other"),
        },
        coverage="ssh",
        scope="from",
        subject=("=Network", "", "to"),
    ),
    "certificate": FactKind(
        "A certificate that has expired, or will within 30 days of the snapshot (`openssl x509 -dates`).",
        {
            "node": _s('node that holds the file, "" for what the API server or the kubeconfig shows'),
            "name": _s("file, or host:port that showed it, or kubeconfig"),
            "subject": _s("common name it was issued for"),
            "ends": _s("when it ends or ended, RFC 3339 in UTC"),
            "days_left": _f("days until then; negative when it has expired"),
            "expired": _b("it has expired"),
        },
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
    ),
    # --- nodes as the API shows them -----------------------------------------------------------------------------
    "node": FactKind(
        "A Kubernetes node that is not Ready, is cordoned, or has a bad condition; or one that others refer to.",
        {
            "name": _s("name of the node"),
            "ready": _s("status of the Ready condition", "True", "False", "Unknown"),
            "reason": _s("reason of the Ready condition: KubeletReady, KubeletNotReady, NodeStatusUnknown, ..."),
            "message": _s("message of the Ready condition"),
            "ip": _s('InternalIP, "" when unknown'),
            "ssh": _s("what to hand to ssh to get there: the address, or the name"),
            "role": _s("control-plane, worker, or empty when unknown", "control-plane", "worker", ""),
            "version": _s("kubelet version"),
            "schedulable": _b("not cordoned"),
            "pods": _i("Pods on it that are seen in the evidence"),
        },
        coverage="kubernetes/nodes",
        key="name",
        subject=("=Node", "", "name"),
    ),
    "address_change": FactKind(
        "A node whose VM has another address than the one under which the node is registered, in the same network.",
        {
            "node": _s("name of the node and its VM"),
            "old": _s("InternalIP of the node object"),
            "new": _s("address that the VM manager knows now"),
        },
        coverage="vm",
        subject=("=Node", "", "node"),
    ),
    "node_condition": FactKind(
        "A bad condition of a node other than Ready (known conditions only; unknown ones are neutral).",
        {
            "node": _s("name of the node"),
            "type": _s(
                "MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable, KernelDeadlock, ReadonlyFilesystem, ..."
            ),
            "status": _s("its status", "True", "False", "Unknown"),
            "reason": _s("its reason"),
            "message": _s("its message"),
        },
        coverage="kubernetes/nodes",
        subject=("=Node", "", "node"),
        symptom="{type} on node {node}",
    ),
    "nodes": FactKind(
        "All nodes counted. One fact, there when at least one node was seen.",
        {
            "total": _i("nodes"),
            "ready": _i("nodes that are Ready"),
            "not_ready": _i("nodes that are not Ready"),
            "all_not_ready": _b("no node is Ready"),
            "same_internal_ip": _b("two nodes share an InternalIP"),
            "missing_pod_cidr": _b("a node has no podCIDR (only judged on full objects)"),
        },
        coverage="kubernetes/nodes",
    ),
    # --- Pods -----------------------------------------------------------------------------------------------------
    "pod": FactKind(
        "A Pod that is not as it should be (healthy and completed Pods give no fact).",
        {
            **_POD,
            "status": _s(
                "what `kubectl get pods` shows: Pending, ContainerCreating, PodInitializing, CrashLoopBackOff, ImagePullBackOff, "
                "ErrImagePull, OOMKilled, Error, Evicted, Terminating, Unknown, Running (but not ready), NotReady, ..."
            ),
            "phase": _s("phase", "Pending", "Running", "Failed", "Unknown", "Succeeded"),
            "reason": _s("status.reason: Evicted, NodeLost, UnexpectedAdmissionError, ... or empty"),
            "message": _s("status.message or the message of the failing condition"),
            "ready": _b("all containers are ready"),
            "scheduled": _b("a node was chosen"),
            "restarts": _i("restarts of all its containers"),
            "app": _s("well-known component that this Pod belongs to (cilium, coredns, grafana, ...) or empty"),
            "terminating": _b("has a deletion timestamp"),
            "host_network": _b("it uses the network of its node"),
            "dns_policy": _s("its dnsPolicy, empty when not known"),
            "node_ready": _s('Ready status of its node: "True", "False", "Unknown", or "" when not known'),
        },
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        symptom="Pod {namespace}/{pod} is {status}",
    ),
    "container": FactKind(
        "A container of an unhealthy Pod that itself is not running well, or that was killed before.",
        {
            **_POD,
            "container": _s("name of the container"),
            "init": _b("is an init container"),
            "state": _s("its state", "waiting", "running", "terminated", ""),
            "reason": _s(
                "reason of that state: CrashLoopBackOff, ImagePullBackOff, CreateContainerConfigError, Error, OOMKilled, ..."
            ),
            "message": _s("message of that state"),
            "last_reason": _s(
                "reason of the last termination: Error, OOMKilled, Completed, ContainerCannotRun, StartError, ..."
            ),
            "last_message": _s("message of the last termination"),
            "exit_code": _i("exit code of the present or last termination, -1 when there was none"),
            "restarts": _i("restarts of the container"),
            "ready": _b("is ready"),
            "image": _s("image reference"),
            "registry": _s("registry host of the image, docker.io when none is named"),
            "command": _s("command and arguments, joined by blanks; empty when the image decides"),
            "memory_limit": _s("memory limit as written (512Mi), empty when there is none"),
            "cpu_limit": _s("CPU limit as written, empty when there is none"),
            "app": _s("well-known component, as in pod"),
        },
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
    ),
    "unschedulable": FactKind(
        "One reason why the scheduler found no node for a Pod, parsed from FailedScheduling or the PodScheduled condition.",
        {
            **_POD,
            "why": _s(
                "the reason",
                "resource",
                "taint",
                "node-selector",
                "affinity",
                "anti-affinity",
                "pvc-unbound",
                "pvc-missing",
                "volume-affinity",
                "volume-limit",
                "host-port",
                "too-many-pods",
                "cordoned",
                "topology-spread",
                "gated",
                "no-nodes",
                "other",
            ),
            "resource": _s("for why=resource: cpu, memory, ephemeral-storage, nvidia.com/gpu, ..."),
            "taint": _s("for why=taint: its key"),
            "taint_value": _s("for why=taint: its value"),
            "nodes": _i("nodes that this reason rules out"),
            "of": _i("nodes there are"),
            "detail": _s("the reason as the scheduler wrote it"),
        },
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
    ),
    "event": FactKind(
        "A Warning event whose object is not healthy now, or is not in the evidence.",
        {
            "namespace": _s("namespace of the object"),
            "object_kind": _s("kind of the object"),
            "object": _s("name of the object"),
            "reason": _s("reason: FailedMount, BackOff, FailedScheduling, Unhealthy, FailedCreate, ..."),
            "message": _s("message"),
            "type": _s("Warning or Normal"),
            "count": _i("how often"),
            "component": _s("who reported it: kubelet, default-scheduler, ..."),
            "node": _s("node of the reporter, or empty"),
            "workload_kind": _s("kind at the top of the object's owner chain, or of the object"),
            "workload": _s("name at the top of the object's owner chain, or of the object"),
        },
        coverage="kubernetes/events",
        scope="namespace",
        subject=("object_kind", "namespace", "object"),
    ),
    "workload": FactKind(
        "A Deployment, StatefulSet, DaemonSet, ReplicaSet (unowned), Job or CronJob that has fewer ready Pods than it wants, or failed.",
        {
            "kind": _s("Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob"),
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "desired": _i("Pods wanted"),
            "current": _i("Pods that exist"),
            "ready": _i("Pods that are ready"),
            "reason": _s(
                "reason of the failing condition: ProgressDeadlineExceeded, FailedCreate, BackoffLimitExceeded, DeadlineExceeded, ..."
            ),
            "message": _s("its message"),
            "app": _s("well-known component, as in pod"),
        },
        coverage="kubernetes/workloads",
        scope="namespace",
        subject=("kind", "namespace", "name"),
        symptom="{kind} {namespace}/{name} has {ready} of {desired} Pods ready",
    ),
    "reference": FactKind(
        "Something that an object names and that does not exist, told by complete lists or by the component's own message.",
        {
            "namespace": _s("namespace of both"),
            "from_kind": _s("kind of the object that names it"),
            "from": _s("name of that object"),
            "to_kind": _s(
                "kind of what is missing: ConfigMap, Secret, PersistentVolumeClaim, StorageClass, Service, ServiceAccount, IngressClass, ..."
            ),
            "to": _s("name of what is missing"),
            "key": _s("key inside it that is missing, or empty"),
            "workload_kind": _s("workload that is hit, or empty"),
            "workload": _s("workload that is hit, or empty"),
        },
        coverage="kubernetes/workloads",
        scope="namespace",
        subject=("from_kind", "namespace", "from"),
    ),
    # --- Services ---------------------------------------------------------------------------------------------------
    "service": FactKind(
        "A Service with a selector and no ready endpoint, or with another fault of its own (headless without Pods by choice, ExternalName: none).",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "type": _s("ClusterIP, NodePort, LoadBalancer"),
            "selector": _s("selector as key=value,key=value"),
            "ready_endpoints": _i("ready addresses"),
            "not_ready_endpoints": _i("addresses that are not ready"),
            "matching_pods": _i("Pods that the selector matches; -1 when the Pods of its namespace were not all seen"),
            "near_workload": _s(
                "workload whose labels nearly match the selector (same key, other value; same value, other key), or empty"
            ),
            "near_labels": _s("the labels of that workload as key=value,key=value"),
            "problem": _s(
                "what is wrong",
                "no-endpoints",
                "selector-mismatch",
                "pods-not-ready",
                "target-port",
                "no-external-ip",
                "scaled-to-zero",
            ),
        },
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "name"),
        symptom="Service {namespace}/{name}: {problem}",
    ),
    "service_pod": FactKind(
        "A Pod that is not ready and that the selector of a Service without ready endpoints matches.",
        {
            "namespace": _s("namespace of both"),
            "service": _s("name of the Service"),
            "pod": _s("name of the Pod"),
            "workload_kind": _s("kind of the Pod's workload"),
            "workload": _s("name of the Pod's workload"),
            "node": _s("node of the Pod, or empty"),
        },
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
    ),
    "service_port": FactKind(
        "A port of a Service that reaches nothing.",
        {
            "namespace": _s("namespace of the Service"),
            "service": _s("name of the Service"),
            "port": _i("port of the Service"),
            "target_port": _s("targetPort as written, a number or a name"),
            "container_ports": _s("ports that the Pods declare, comma separated"),
        },
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
    ),
    "network_policy": FactKind(
        "A NetworkPolicy or CiliumNetworkPolicy that isolates Pods of a namespace in which something does not work.",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "kind": _s("NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy"),
            "selects": _s("selector as key=value,..., * for all Pods of the namespace"),
            "ingress": _s("what it does to ingress", "none", "deny-all", "restricts", "allow-all"),
            "egress": _s("what it does to egress", "none", "deny-all", "restricts", "allow-all"),
            "allows_dns": _b("egress to port 53 is allowed (true when egress is not restricted)"),
        },
        coverage="kubernetes/networkpolicies",
        scope="namespace",
        subject=("kind", "namespace", "name"),
    ),
    "ingress": FactKind(
        "An Ingress that cannot work: class or backend missing.",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "problem": _s(
                "what is wrong",
                "no-class",
                "class-missing",
                "backend-missing",
                "backend-no-endpoints",
                "tls-secret-missing",
                "no-address",
            ),
            "detail": _s("the name that is missing"),
        },
        coverage="kubernetes/ingresses",
        scope="namespace",
        subject=("=Ingress", "namespace", "name"),
        symptom="Ingress {namespace}/{name}: {problem} {detail}",
    ),
    # --- storage ----------------------------------------------------------------------------------------------------
    "pvc": FactKind(
        "A PersistentVolumeClaim that is not Bound.",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "phase": _s("its phase", "Pending", "Lost", "Bound", "missing"),
            "storage_class": _s("storage class that it names, empty when none"),
            "class_exists": _s("whether that class exists", "true", "false", "unknown"),
            "default_class": _s("whether the cluster has a default class", "true", "false", "unknown"),
            "waits_for_consumer": _b("the class binds on first use and no Pod uses the claim yet: not a fault"),
            "access_modes": _s("access modes, comma separated"),
            "size": _s("requested size as written"),
            "reason": _s("reason of its last Warning event: ProvisioningFailed, ..."),
            "message": _s("message of that event"),
        },
        coverage="kubernetes/persistentvolumeclaims",
        scope="namespace",
        subject=("=PersistentVolumeClaim", "namespace", "name"),
        symptom="PersistentVolumeClaim {namespace}/{name} is {phase}",
    ),
    "pod_pvc": FactKind(
        "An unhealthy Pod uses a claim that is not Bound.",
        {**_POD, "pvc": _s("name of the claim")},
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
    ),
    "pv": FactKind(
        "A PersistentVolume that is Failed or Released, or one that a Pod in trouble mounts.",
        {
            "name": _s("its name"),
            "phase": _s("its phase", "Available", "Bound", "Released", "Failed", "Pending"),
            "storage_class": _s("its class"),
            "source": _s("its volume source: nfs, hostPath, local, csi, awsElasticBlockStore, ..."),
            "claim": _s("namespace/name of its claim, or empty"),
            "driver": _s("CSI driver, or empty"),
        },
        coverage="kubernetes/persistentvolumes",
        key="name",
        subject=("=PersistentVolume", "", "name"),
    ),
    "pod_volume": FactKind(
        "A volume that can bite: an NFS volume mounted by a Pod whose securityContext sets fsGroup.",
        {
            **_POD,
            "volume": _s("name of the volume or claim"),
            "source": _s("volume source: nfs, hostPath, ..."),
            "server": _s("NFS server, or empty"),
            "fs_group": _s("fsGroup, or empty"),
            "run_as_user": _s("runAsUser, or empty"),
        },
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
    ),
    # --- scaling, quotas, admission ---------------------------------------------------------------------------------
    "hpa": FactKind(
        "A HorizontalPodAutoscaler that cannot scale, or stands at its maximum under load.",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "target_kind": _s("kind of the scale target"),
            "target": _s("name of the scale target"),
            "problem": _s(
                "what is wrong",
                "no-metrics",
                "missing-request",
                "target-missing",
                "at-maximum",
                "invalid-selector",
                "other",
            ),
            "reason": _s("reason of the failing condition: FailedGetResourceMetric, FailedGetScale, ..."),
            "message": _s("its message"),
            "current_replicas": _i("replicas now"),
            "max_replicas": _i("replicas at most"),
            "current": _s("metric now, as shown: 250%, <unknown>"),
            "target_value": _s("metric wanted, as shown: 50%"),
        },
        coverage="kubernetes/horizontalpodautoscalers",
        scope="namespace",
        subject=("=HorizontalPodAutoscaler", "namespace", "name"),
        symptom="HorizontalPodAutoscaler {namespace}/{name}: {problem}",
    ),
    "quota": FactKind(
        "A resource of a ResourceQuota that is used up (used equals hard, or the next Pod would not fit).",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "resource": _s("limits.cpu, requests.memory, pods, ..."),
            "used": _s("used, as written"),
            "hard": _s("hard limit, as written"),
        },
        coverage="kubernetes/resourcequotas",
        scope="namespace",
        subject=("=ResourceQuota", "namespace", "name"),
    ),
    "webhook": FactKind(
        "An admission webhook with failurePolicy Fail whose Service is missing or has no ready endpoint.",
        {
            "name": _s("name of the webhook configuration"),
            "namespace": _s("namespace of its Service"),
            "service": _s("name of its Service"),
            "problem": _s("what is wrong", "service-missing", "no-endpoints"),
        },
        coverage="kubernetes/webhooks",
        subject=("=WebhookConfiguration", "", "name"),
        symptom="webhook {name}: {problem}",
    ),
    "api_service": FactKind(
        "An APIService that is not available.",
        {
            "name": _s("v1beta1.metrics.k8s.io, ..."),
            "namespace": _s("namespace of its Service"),
            "service": _s("name of its Service"),
            "reason": _s("reason: MissingEndpoints, FailedDiscoveryCheck, ServiceNotFound, ..."),
            "message": _s("message"),
        },
        coverage="kubernetes/apiservices",
        key="name",
        subject=("=APIService", "", "name"),
        symptom="APIService {name} is not available: {reason}",
    ),
    "namespace": FactKind(
        "A Namespace that is stuck in Terminating.",
        {"name": _s("its name"), "reason": _s("reason of the failing condition"), "message": _s("its message")},
        coverage="kubernetes/namespaces",
        key="name",
        subject=("=Namespace", "", "name"),
        symptom="Namespace {name} is stuck in Terminating",
    ),
    "api_health": FactKind(
        "A check of the API server that fails (`kubectl get --raw '/readyz?verbose'`).",
        {
            "endpoint": _s("which of its checks", "readyz", "livez", "healthz"),
            "check": _s("name of the check: etcd, poststarthook/rbac/bootstrap-roles, shutdown, ..."),
            "message": _s("what the server says of it; the reason is withheld from most users"),
        },
        coverage="kubernetes/health",
        symptom="the API server says that its check {check} fails",
    ),
    "version_skew": FactKind(
        "A kubelet that is newer than the API server, or more than three minor versions older (it may be no further).",
        {
            "node": _s("name of the node"),
            "version": _s("version of its kubelet"),
            "server_version": _s("version of the API server"),
            "problem": _s("what is wrong", "newer", "too-old"),
        },
        coverage="kubernetes/nodes",
        subject=("=Node", "", "node"),
    ),
    "csr": FactKind(
        "A CertificateSigningRequest that nobody has decided for a minute, that was denied, or that failed.",
        {
            "name": _s("its name"),
            "signer": _s("kubernetes.io/kubelet-serving, kubernetes.io/kube-apiserver-client-kubelet, ..."),
            "user": _s("who asks: system:node:NAME, ..."),
            "node": _s("name of the node whose kubelet asks, or empty"),
            "state": _s("how it stands", "pending", "denied", "failed"),
            "message": _s("message of the decision"),
        },
        coverage="kubernetes/certificatesigningrequests",
        key="name",
        subject=("=CertificateSigningRequest", "", "name"),
    ),
    "pdb": FactKind(
        "A PodDisruptionBudget that lets no Pod be evicted, so that draining a node waits for it.",
        {
            "namespace": _s("its namespace"),
            "name": _s("its name"),
            "healthy": _i("Pods that are healthy now"),
            "desired": _i("Pods that must stay healthy"),
            "expected": _i("Pods that it counts"),
            "problem": _s(
                "not one Pod is to spare, by design or for some are not healthy", "too-strict", "unhealthy-pods"
            ),
        },
        coverage="kubernetes/poddisruptionbudgets",
        scope="namespace",
        subject=("=PodDisruptionBudget", "namespace", "name"),
    ),
    "lease": FactKind(
        "A lease of a control-plane component or a kubelet that was not renewed: its holder is gone or cut off.",
        {
            "namespace": _s("kube-system for components, kube-node-lease for kubelets"),
            "name": _s("kube-scheduler, kube-controller-manager, the name of a node, ..."),
            "holder": _s("who held it last"),
            "age_seconds": _f("seconds since it was renewed"),
        },
        coverage="kubernetes/leases",
        scope="namespace",
        subject=("=Lease", "namespace", "name"),
    ),
    "volume_attachment": FactKind(
        "A volume that a CSI driver cannot attach to a node, or detach from it.",
        {
            "name": _s("name of the VolumeAttachment"),
            "driver": _s("CSI driver"),
            "node": _s("name of the node"),
            "pv": _s("name of the PersistentVolume"),
            "problem": _s("what failed", "attach", "detach"),
            "message": _s("what the driver says"),
        },
        coverage="kubernetes/volumeattachments",
        subject=("=PersistentVolume", "", "pv"),
    ),
    "datasource": FactKind(
        "A Grafana data source that a ConfigMap provisions as the default one.",
        {
            "namespace": _s("namespace of the ConfigMap"),
            "configmap": _s("name of the ConfigMap"),
            "name": _s("name of the data source"),
            "is_default": _b("marked isDefault"),
        },
        coverage="kubernetes/configmaps",
        scope="namespace",
        subject=("=ConfigMap", "namespace", "configmap"),
    ),
    "coredns_config": FactKind(
        "What CoreDNS forwards to.",
        {
            "forward": _s("target of the forward plugin: /etc/resolv.conf or addresses"),
            "loop_plugin": _b("the loop plugin is on"),
        },
        coverage="kubernetes/configmaps",
    ),
    "helm_release": FactKind(
        "A Helm release whose last revision is not deployed: failed, or stuck in the middle of an operation.",
        {
            "namespace": _s("namespace of the release"),
            "name": _s("its name"),
            "status": _s("failed, pending-install, pending-upgrade, pending-rollback, uninstalling, unknown"),
            "revision": _i("its last revision"),
        },
        coverage="helm/releases",
        scope="namespace",
        subject=("=HelmRelease", "namespace", "name"),
        symptom="Helm release {namespace}/{name} is {status}",
    ),
    "usage": FactKind(
        "A node or Pod that uses at least 80 percent of its CPU or memory (`kubectl top`, metrics API).",
        {
            "kind": _s("Node or Pod"),
            "namespace": _s("namespace of the Pod, or empty"),
            "name": _s("its name"),
            "cpu_percent": _f("CPU used, percent of allocatable or limit; -1 when unknown"),
            "memory_percent": _f("memory used, percent of allocatable or limit; -1 when unknown"),
        },
        coverage="kubernetes/metrics",
        subject=("kind", "namespace", "name"),
    ),
    # --- looking itself -----------------------------------------------------------------------------------------------
    "collector": FactKind(
        "Looking failed, or was only partly possible: often the best clue there is.",
        {
            "name": _s("what was to be looked at: kubernetes/api, kubernetes/pods, kubernetes/kubelet, ssh, vm, ..."),
            "target": _s("for whom: a context, a namespace, a node, or *"),
            "state": _s("how it ended", "partial", "failed", "skipped"),
            "reason": _s(
                "why in one word",
                "refused",
                "timeout",
                "no-route",
                "reset",
                "dns",
                "certificate",
                "unauthorized",
                "forbidden",
                "not-found",
                "expired",
                "throttled",
                "server-error",
                "no-config",
                "bad-config",
                "missing-tool",
                "auth",
                "hostkey-changed",
                "hostkey-unknown",
                "closed",
                "too-many-failures",
                "sudo-denied",
                "no-key",
                "no-address",
                "interrupted",
                "other",
            ),
            "why": _s("why, as the library or server said it"),
            "address": _s('address that was tried, "" when there is none'),
        },
        subject=("=Collector", "", "name"),
    ),
    # --- text ----------------------------------------------------------------------------------------------------------
    "log": FactKind(
        "A line that matches the pattern of a `log` condition: of a log, an event, a status message. Named groups become attributes.",
        {
            "source": _s(
                "component that printed it (see facts.model.schema.COMPONENTS); a line of unknown source fits every condition"
            ),
            "match": _s("RE2 pattern; the line, joined with its continuation lines, must contain it"),
            "about": _s(
                "RE2 pattern that the rest must contain: the text around, its file, or the names of its Pod and container"
            ),
            "text": _s("the line"),
            "node": _s("node it is about or comes from, or empty"),
            "namespace": _s("namespace of the Pod or object, or empty"),
            "pod": _s("name of the Pod, or empty"),
            "container": _s("name of the container, or empty"),
            "workload_kind": _s("kind of the workload, or empty"),
            "workload": _s("name of the workload, or empty"),
            "object_kind": _s("kind of the object that an event is about, or empty"),
            "object": _s("name of the object that an event is about, or empty"),
        },
        coverage="logs",
        subject=("=Log", "", "source"),
        open=True,
    ),
}


def subject_of(kind: str, attributes: dict[str, Scalar]) -> Subject:
    """Return the subject of a fact of `kind`, as the schema maps it. A kind that is not declared gives the Cluster."""
    declared = KINDS.get(kind)
    if declared is None:
        return Subject("Cluster")
    parts = [name[1:] if name.startswith("=") else str(attributes.get(name, "")) for name in declared.subject]
    return Subject(kind=parts[0] or "Cluster", namespace=parts[1], name=parts[2])
