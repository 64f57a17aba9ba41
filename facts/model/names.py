"""Which names Kubernetes, DNS and VM managers allow: what a command may call a thing."""

import re

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,252}(?<![._-])")
_KIND = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]|\.(?!\.)){0,252}(?<![.-])")
_PORT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?")
_NAMED = (
    "account cluster configmap container hpa ingress instance member network node pod policy pv pvc quota release secret "
    "service vm workload"
)
_GRAMMARS = {
    "namespace": _LABEL,
    "kind": _KIND,
    "port": _PORT,
    **dict.fromkeys(_NAMED.split(), _NAME),
}


def is_name(value: str, what: str) -> bool:
    """Return whether `value` may be the name of a `what`: "pod", "namespace", "workload_kind", "policy_namespace".

    Namespaces are DNS labels, ports are numbers or IANA service names, kinds are words. Other names are DNS subdomains;
    VMs and containers outside of Kubernetes may have capitals and underscores as well. Anything is allowed for what is
    not known. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/

    >>> is_name("kube-system", "namespace"), is_name("a,b", "pod"), is_name("web/../db", "workload"), is_name("x", "path")
    (True, False, False, True)
    """
    grammar = _GRAMMARS.get(what) or _GRAMMARS.get(what.removesuffix("_name").rpartition("_")[2])
    return grammar is None or grammar.fullmatch(value) is not None
