"""Names the thing that failed: the nearest left of the reason of a path, a command, an image, a volume, a Kubernetes object."""

from collections.abc import Sequence

from facts.read.failures.reasons.patterns import Lazy, Patterns

_KINDS = {
    "pod": "Pod", "configmap": "ConfigMap", "secret": "Secret", "node": "Node", "service": "Service", "namespace": "Namespace", "deployment": "Deployment",
    "persistentvolumeclaim": "PersistentVolumeClaim", "persistentvolume": "PersistentVolume", "pvc": "PersistentVolumeClaim", "pv": "PersistentVolume",
    "storageclass": "StorageClass", "serviceaccount": "ServiceAccount", "ingress": "Ingress", "job": "Job", "daemonset": "DaemonSet", "statefulset": "StatefulSet",
    "replicaset": "ReplicaSet", "customresourcedefinition": "CustomResourceDefinition", "priorityclass": "PriorityClass", "runtimeclass": "RuntimeClass", "lease": "Lease",
    "role": "Role", "clusterrole": "ClusterRole", "rolebinding": "RoleBinding", "clusterrolebinding": "ClusterRoleBinding", "endpoint": "Endpoints", "cronjob": "CronJob",
    "networkpolicy": "NetworkPolicy", "resourcequota": "ResourceQuota", "certificate": "Certificate", "issuer": "Issuer", "clusterissuer": "ClusterIssuer",
}  # fmt: skip

_ROWS: tuple[tuple[str, str], ...] = (
    ("path", r"(?:open|stat|lstat|read|write|mkdir|chdir|unlink|unlinkat|rename|chmod|chown|symlink|readlink|mount|mkdirat|exec|access|create|remove|directory|dir|file|path|to|of|in|for|script|socket|at|from|directory:|file:|path:|cat:|ls:|fork/exec|lock) [\"'`]?(?P<o>(?:/|\./|\.\./|~/)[^\s:\"'`,;)(]+)"),
    ("path", r"(?:No such file or directory|Permission denied|Is a directory|Read-only file system|File exists|not found)(?::| -- | @ \w+ - ) ?[\"'`]?(?P<o>/[^\s:\"'`,;)]+)"),
    ("path", r"(?:file|directory|mkdir|open|to|database file) [\"'`](?P<o>[\w.-]+(?:/[\w.-]+)+|[\w-]+\.(?:pid|lock|db|sock|conf|ya?ml|json))[\"'`]"),
    ("path", r"(?:mkdir|open|stat|chdir) (?P<o>[\w.-]+/[\w./-]*)"),
    ("path", r"(?:^|[\s\"'`(=:])(?P<o>/[\w.@+-]+(?:/[\w.@+:=-]*[\w@+=-])*/?)(?:[:\"'`,;) ]|$)"),
    ("file", r"(?:^|[\s\"'`(])(?P<o>[\w.-]+\.(?:toml|ya?ml|json|conf|cfg|ini|properties|xml|env|crt|pem|key|jar|so(?:\.\d+)*|pid|db|sock|service|sh|py|js|lock|tar|tgz|gz|img|qcow2|kubeconfig))\b"),
    ("command", r"exec: [\"'](?P<o>[^\"']+)[\"']"),
    ("command", r"(?:spawn|command|executable|binary|program) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("image", r"(?:image|reference|manifest for|pull access denied for|manifest) [\"'`]?(?P<o>[\w.-]+(?:[.:][\w-]+)*(?:/[\w.-]+)*(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?)[\"'`]?"),
    ("volume", r"(?:[Vv]olume|volume\(s\)|disk|vol) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("", r"(?i)\b(?P<k>configmaps?|secrets?|pods?|nodes?|services?|namespaces?|deployments?(?:\.apps)?|persistentvolumeclaims?|persistentvolumes?|pvc|pv|storageclass(?:es)?(?:\.storage\.k8s\.io)?|serviceaccounts?|service account|ingress(?:es)?|jobs?|cronjobs?|daemonsets?(?:\.apps)?|statefulsets?(?:\.apps)?|replicasets?(?:\.apps)?|customresourcedefinitions?|priorityclass(?:es)?|runtimeclass(?:es)?|leases?|roles?|clusterroles?|rolebindings?|clusterrolebindings?|endpoints?|networkpolic(?:y|ies)|resourcequotas?|certificates?|issuers?|clusterissuers?)(?:\.[a-z0-9.]+)? ?[:=]? ?[\"'`](?P<o>[\w./:-]+)[\"'`]"),
    ("", r"(?i)\b(?P<k>configmap|secret|pod|node|persistentvolumeclaim|pvc|storageclass|serviceaccount|namespace)[ /](?P<o>[a-z0-9][a-z0-9.-]*(?:/[a-z0-9][a-z0-9.-]*)?) (?:not found|is forbidden|does not exist|already exists|is not|was not|in namespace|of namespace)"),
    ("", r"\b(?P<k>[a-z]+)(?:\.[a-z0-9]+)+ \"(?P<o>[^\"]+)\" (?:not found|already exists|is forbidden|is invalid)"),
    ("column", r"no such (?:column|table|function): (?P<o>[\w.]+)"),
    ("unit", r"[Uu]nit (?P<o>[\w@.-]+\.(?:service|socket|mount|timer|slice))"),
    ("plugin", r"(?:plugin|plugin type|plugin type=|type=|driver name|driver|Unknown directive|provider)[ =][\"'`](?P<o>[\w./-]+)[\"'`]"),
    ("database", r"[Dd]atabase [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("user", r"(?:[Uu]ser|[Rr]ole|user:) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("table", r"(?:[Rr]elation|[Tt]able|index|[Cc]olumn|type|extension|constraint) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("webhook", r"webhook [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("flag", r"(?:flag|option|argument):? (?P<o>-{1,2}[\w-]+)"),
    ("port", r"(?:[Pp]ort (?P<o>\d{2,5}) (?:is|was|already|in use))"),
    ("port", r"(?:listen(?:ing)?|bind(?:ing)?|listening socket)(?: on| to| for)?(?: tcp[46]?| udp| port| address)? ?[\"'`]?(?P<o>(?:[\w.-]+|\[[0-9a-f:]*\])?:?\d{2,5})\b"),
    ("address", r"(?:IPv[46] address|address) [\"'`](?P<o>[0-9a-f.:]+)[\"'`]"),
    ("sandbox", r"sandbox [\"'`]?(?P<o>[\w-]+)"),
    ("container", r"[Cc]ontainer (?:with id )?[\"'`](?P<o>[\w-]+)[\"'`]"),
    ("topic", r"[Tt]opic (?:or partition )?[\"'`]?(?P<o>[\w.-]*[\w])"),
    ("queue", r"(?:queue|exchange|vhost) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("index", r"(?:no such index|index) \[(?P<o>[\w.-]+)\]"),
    ("vm", r"(?:VM|[Dd]omain|instance|machine) [\"'`](?P<o>[^\"'`]+)[\"'`]"),
    ("device", r"(?:device|dev) (?P<o>[\w/-]+)"),
    ("quota", r"exceeded quota: (?P<o>[\w.-]+)"),
    ("key", r"(?:key|property|variable|field|setting|parameter|directive|env var|environment variable|placeholder) [\"'`](?P<o>[\w.${}:-]+)[\"'`]"),
    ("url", r"(?P<o>https?://[^\s\"'<>)]+)"),
    ("resource", r"(?P<o>\*?[a-z0-9]+\.[A-Z]\w+): (?:failed|Failed)"),
    ("resource", r"resource [\"'`](?P<o>[\w./-]+)[\"'`]"),
    ("release", r"release[: ]+[\"'`]?(?P<o>[\w-]+)"),
)  # fmt: skip
_PATTERNS = Patterns([pattern for _, pattern in _ROWS])
_OPAQUE = Lazy(r"[0-9a-f]{12,}$|[0-9a-f]{8}-[0-9a-f-]{20,}$")
_SPECIAL = frozenset(("sandbox", "url", "container", "plugin", "resource", "key", "device"))
"""Kinds that count only when nothing better is named."""


def object_of(chain: str, start: int) -> tuple[str, str]:
    """Return kind and name of the thing nearest to the left of `start`, where the reason of `chain` stands; else right of it.

    >>> object_of("RunPodSandbox failed: open /run/flannel/subnet.env: no such file or directory", 52)
    ('path', '/run/flannel/subnet.env')
    """
    best: tuple[int, int, int, str, str] | None = None
    for row, match in _PATTERNS.matches(chain[:4_000]):
        groups = match.groupdict()
        name = (groups.get("o") or "").rstrip(".,:;")
        kind = _ROWS[row][0] or _kind(groups.get("k") or "")
        if not name or _OPAQUE.match(name) or name in _WORDS:
            continue
        at = match.start(match.re.groupindex["o"])
        near = at if at <= start else -at
        score = (0 if kind in _SPECIAL else 1, near, -row)
        if best is None or score > best[:3]:
            best = (*score, kind, name)
    return (best[3], best[4]) if best else ("", "")


def _kind(word: str) -> str:
    plain = word.lower().replace(" ", "").split(".", 1)[0]
    names: Sequence[str] = (plain, plain.removesuffix("s"), plain.removesuffix("es"), plain.removesuffix("ies") + "y")
    return next((_KINDS[name] for name in names if name in _KINDS), plain)


_WORDS = frozenset(
    ("is", "was", "not", "to", "the", "for", "and", "of", "in", "a", "an", "failed", "error", "with", "by", "on", "at", "pull", "from", "has", "does", "already", "no", "/", "//", "tcp", "udp", "list", "watch")
)  # fmt: skip
