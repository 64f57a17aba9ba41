"""When nothing of a cluster was observed: from a snapshot, why that is and what to do about it."""

from collections.abc import Sequence

from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot

_OF_THE_USER = frozenset(
    {Reason.NO_CONFIG, Reason.NO_SUCH_FILE, Reason.UNREADABLE, Reason.BAD_CONFIG, Reason.NO_CONTEXT}
)
"""Why no cluster was chosen: the VMs that were seen here may then be anybody's."""
_ASIDE = ("openssl x509", "ping ", "kubectl get --raw ", "sysctl ", "nproc", "free ", "df ", "ps ")
"""Commands that show the way to a cluster, or the machine of the operator, and nothing of the cluster itself."""

ADVICE: dict[str, str] = {
    Reason.NO_CONFIG: "name a kubeconfig with --kubeconfig, or set KUBECONFIG",
    Reason.NO_SUCH_FILE: "name a kubeconfig with --kubeconfig, or set KUBECONFIG",
    Reason.UNREADABLE: "run it as the owner of that file, or copy it for this user",
    Reason.NO_CONTEXT: "choose a context with --context; kubectl config get-contexts lists them",
    Reason.BAD_CONFIG: "see kubectl config view; mend the kubeconfig, or name another one with --kubeconfig",
    Reason.MISSING_TOOL: "install the program that the kubeconfig names for credentials",
    Reason.PLUGIN_FAILED: "run that program by hand, and log in anew with it",
    Reason.REFUSED: "check the server address in the kubeconfig, and kube-apiserver on the control plane",
    Reason.TIMEOUT: "check that the control plane runs and that a network path (VPN, firewall) leads to it",
    Reason.SILENT: "see the load, the memory and etcd of the control plane, and any load balancer before it",
    Reason.SLOW: "give more time with --timeout, and see the load and etcd of the control plane",
    Reason.NO_ROUTE: "check the network here, the VPN, and that the machine of the control plane runs",
    Reason.RESET: "check kube-apiserver on the control plane, and any load balancer before it",
    Reason.DNS: "check the name of the server in the kubeconfig, and the name servers of this machine",
    Reason.PROXY: "set NO_PROXY for the server, or another HTTPS_PROXY",
    Reason.WRONG_SERVICE: "check host and port of the server in the kubeconfig, and what stands before it",
    Reason.UNTRUSTED: "take a kubeconfig of this cluster as it is now, such as admin.conf of the control plane",
    Reason.SERVER_EXPIRED: "renew it on the control plane (kubeadm certs renew), and check the clock here",
    Reason.SERVER_NOT_YET_VALID: "set the clock of this machine",
    Reason.NAME_MISMATCH: "name the server by a host that its certificate holds, or set tls-server-name",
    Reason.CERTIFICATE: "take a kubeconfig of this cluster as it is now, such as admin.conf of the control plane",
    Reason.UNAUTHORIZED: "log in anew, or take a kubeconfig whose certificate or token is valid",
    Reason.CLIENT_EXPIRED: "take a fresh kubeconfig (kubeadm certs renew admin.conf on the control plane)",
    Reason.CLIENT_REFUSED: "take a kubeconfig of this cluster as it is now, such as admin.conf of the control plane",
    Reason.TOKEN_EXPIRED: "log in anew, or make another token (kubectl create token)",
    Reason.FORBIDDEN: "bind a role that may get and list to this user (deploy/clusterrole.yaml)",
    Reason.THROTTLED: "wait a minute and look again",
    Reason.SERVER_ERROR: "see the logs of kube-apiserver and etcd on the control plane",
}
"""What to do about each reason for which an API server gives nothing."""


def unobserved(snapshot: Snapshot) -> str:
    """Return in one line why nothing of the cluster was observed and what to do; "" when something was.

    A certificate, a ping and the disks of this machine are no observation of a cluster.
    """
    api = next((one for one in snapshot.coverage if one.collector == "kubernetes/api"), None)
    if api is None:
        return "" if snapshot.observations else _told(snapshot.coverage)
    if any(_is_of_cluster(one) for one in snapshot.observations) or _has_machines(snapshot, api.reason):
        return ""
    gaps = [one for one in snapshot.coverage if one.collector.startswith("kubernetes/") and one.reason]
    why = api if api.state is CoverageState.FAILED else next(iter(gaps), api)
    told = why.why or f"{why.collector}: {why.state}"
    advice = ADVICE.get(why.reason)
    return told if advice is None or ";" in told else f"{told}; {advice}"  # some reasons say themselves what to do


def missing_namespaces(snapshots: Sequence[Snapshot], names: Sequence[str]) -> list[str]:
    """Return those of `names` of which the server of every one of `snapshots` said that it has no such namespace."""
    gone = [
        {
            one.target
            for one in snapshot.coverage
            if (one.collector, one.reason) == ("kubernetes/namespaces", Reason.NOT_FOUND)
        }
        for snapshot in snapshots
    ]
    return [name for name in names if gone and all(name in targets for targets in gone)]


def complaints(snapshots: Sequence[Snapshot], names: Sequence[str] = ()) -> tuple[list[str], bool]:
    """Return a line for each cluster of which nothing was observed and each of the namespaces `names` that is nowhere.

    The second value is False when that means that nobody may take the result for a look: nothing of any cluster was
    observed, or a namespace that was asked for does not exist.
    """
    reasons = [unobserved(snapshot) for snapshot in snapshots]
    lines = [
        f"{f'{snapshot.cluster}: ' if len(snapshots) > 1 and snapshot.cluster else ''}nothing could be observed: {why}"
        for snapshot, why in zip(snapshots, reasons, strict=True)
        if why
    ]
    missing = missing_namespaces(snapshots, names)
    lines += [f"there is no namespace {name}; see kubectl get namespaces" for name in missing]
    return lines, not missing and not all(reasons)


def _is_of_cluster(observation: Observation) -> bool:
    if observation.kind is not ObservationKind.COMMAND:
        return True
    if observation.attribute("command").startswith("kubectl get --raw ") and b"[-]" in observation.body:
        return True  # a check that fails is what kube-apiserver says of the cluster
    return observation.attribute("role") != "host" and not observation.attribute("command").startswith(_ASIDE)


def _has_machines(snapshot: Snapshot, reason: str) -> bool:
    """Return True if a VM manager showed VMs, and the user has chosen a cluster that they may belong to."""
    if reason in _OF_THE_USER or not any(one.collector.startswith("vm/") for one in snapshot.coverage):
        return False
    from facts.cluster.store import Store  # noqa: PLC0415 - only where an API server gave nothing
    from facts.cluster.virtual_machine import virtual_machines  # noqa: PLC0415

    return bool(virtual_machines(Store(snapshot)))


def _told(coverage: Sequence[Coverage]) -> str:
    gaps = [f"{one.collector} {one.target}: {one.why or one.state}" for one in coverage]
    more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
    return "; ".join(gaps[:3]) + more or "there was nothing to read"
