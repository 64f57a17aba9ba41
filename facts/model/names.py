"""Which names Kubernetes, DNS and VM managers allow: what a command may call a thing."""

import re

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,252}(?<![._-])")
_ROLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_:-]|\.(?!\.)){0,252}(?<![._:-])")
_KIND = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]|\.(?!\.)){0,252}(?<![.-])")
_PORT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?")
_NAMED = (
    "account bridge callee cluster command component configmap container gate hpa identity ingress instance joining lingering "
    "member module mtu network node operator plugin pod policy pool provider proxy pv pvc quota release rule runtime scheduler "
    "secret service sysctl target tool verb vm vmid workload"
)
VM_MANAGERS = frozenset(["limactl", "multipass", "qm", "tart", "VBoxManage", "virsh"])
"""Programs that are given names of VMs, of their disks, networks and pools, and nothing else."""
_GRAMMARS = {
    "namespace": _LABEL,
    "space": _LABEL,
    "name": _ROLE,
    "kind": _KIND,
    "port": _PORT,
    "object_name": _NAME,
    **dict.fromkeys(_NAMED.split(), _NAME),
}


def is_name(value: str, what: str) -> bool:
    """Return whether `value` may be the name of a `what`: "pod", "namespace", "workload_kind", "policy_namespace".

    Namespaces are DNS labels, ports are numbers or IANA service names, kinds are words. Other names are DNS subdomains;
    VMs, containers outside of Kubernetes, programs and settings may have capitals and underscores as well, and roles have
    colons. Anything is allowed for what is not known. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/

    >>> is_name("kube-system", "namespace"), is_name("a,b", "pod"), is_name("web/../db", "workload"), is_name("x", "path")
    (True, False, False, True)
    """
    grammar = _GRAMMARS.get(what) or _GRAMMARS.get(what.removesuffix("_name").rpartition("_")[2])
    return grammar is None or grammar.fullmatch(value) is not None
