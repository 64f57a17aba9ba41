"""Which live clusters to look at, and how: what the options, the inventory and the kubeconfig tell, in this order."""

import os

import msgspec

from facts.collect.collector import Request
from facts.collect.machines.ssh_client import SshOptions
from facts.model.document import nearest
from facts.model.errors import CollectError, UsageError
from kb.live.inventory import Inventory, InventoryCluster, find_inventory
from kb.live.kubeconfigs import Context, contexts_of


class Live(msgspec.Struct, frozen=True):
    """Which live clusters to look at, for how long at most (seconds), and how to enter their machines.

    `git` are folders of repositories that hold manifests; they go with evidence that is given, too.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespaces: tuple[str, ...] = ()
    all_namespaces: bool = False
    clusters: tuple[str, ...] = ()
    all_contexts: bool = False
    timeout: float = 30.0
    nodes: tuple[str, ...] = ()
    ssh: bool = True
    ssh_user: str | None = None
    ssh_key: str | None = None
    ssh_port: int | None = None
    helm_values: bool = False
    git: tuple[str, ...] = ()

    def asked_namespaces(self) -> tuple[str, ...]:
        """Return the namespaces that are looked at; empty for all of them."""
        return () if self.all_namespaces else tuple(dict.fromkeys(self.namespaces))

    def is_chosen(self) -> bool:
        """Return True if an option names a live cluster."""
        return bool(self.all_namespaces or self.all_contexts or self.clusters or self.nodes or self.namespaces) or not (
            self.kubeconfig is None and self.context is None
        )


def requests_of(live: Live) -> tuple[Request, ...]:
    """Return the clusters that are asked for: one, or with --cluster and --all-contexts as many as there are.

    Raises UsageError for a name that is not known, and for choices that exclude each other; CollectError where the
    kubeconfig that names the contexts cannot be had.
    """
    if live.clusters and live.all_contexts:
        raise UsageError("--cluster and --all-contexts exclude each other; give one of them")
    if live.context and (live.clusters or live.all_contexts):
        raise UsageError("--context names one cluster; leave it out, or --cluster and --all-contexts")
    inventory = find_inventory()
    if live.all_contexts:
        return tuple(_request(live, cluster) for cluster in _all(live, inventory))
    if live.clusters:
        chosen = [_named(live, inventory, name) for name in dict.fromkeys(live.clusters)]
        return tuple(_request(live, cluster) for cluster in chosen)
    found = _only(live, inventory)
    return (_request(live, found or InventoryCluster("", live.kubeconfig, live.context)),)


def _all(live: Live, inventory: Inventory | None) -> list[InventoryCluster]:
    if inventory and live.kubeconfig is None:
        return list(inventory.clusters)
    # Contexts that differ in user or namespace only lead to the same cluster; kubectl's own choice among them wins.
    clusters: dict[str, Context] = {}
    for context in sorted(contexts_of(live.kubeconfig), key=lambda one: not one.current):
        clusters.setdefault(context.cluster or context.name, context)
    if not clusters:
        raise UsageError(f"{live.kubeconfig or 'the kubeconfig'} has no contexts; name another one with --kubeconfig")
    return [_of_context(one, inventory) for one in sorted(clusters.values(), key=lambda one: one.name)]


def _named(live: Live, inventory: Inventory | None, name: str) -> InventoryCluster:
    if inventory and any(cluster.name == name for cluster in inventory.clusters):
        return inventory.cluster(name)
    try:
        contexts = contexts_of(live.kubeconfig)
    except CollectError:
        if inventory:
            return inventory.cluster(name)  # which tells that it has no such cluster
        raise
    for context in contexts:
        if context.name == name:
            return _of_context(context, inventory)
    names = [context.name for context in contexts] + [one.name for one in (inventory.clusters if inventory else ())]
    hint = nearest(name, names) or f"there are {', '.join(names) or 'none'}"
    raise UsageError(f"--cluster {name}: neither the inventory nor the kubeconfig knows it ({hint})")


def _only(live: Live, inventory: Inventory | None) -> InventoryCluster | None:
    """Return the inventory's entry for the cluster to look at, or None."""
    if inventory is None or live.kubeconfig is not None:
        return None
    if live.context is None and len(inventory.clusters) == 1:
        return inventory.clusters[0]
    wanted = live.context
    if wanted is None:
        try:
            wanted = next((context.name for context in contexts_of() if context.current), None)
        except CollectError:
            return None  # the collector tells what is wrong with it
    return next((cluster for cluster in inventory.clusters if wanted and cluster.context == wanted), None)


def _of_context(context: Context, inventory: Inventory | None) -> InventoryCluster:
    known = next((one for one in (inventory.clusters if inventory else ()) if one.context == context.name), None)
    return known or InventoryCluster(context.name, context.kubeconfig, context.name)


def _request(live: Live, cluster: InventoryCluster) -> Request:
    ssh = SshOptions(
        enabled=live.ssh,
        user=live.ssh_user or cluster.ssh_user,
        key=live.ssh_key or cluster.ssh_key,
        port=live.ssh_port or cluster.ssh_port,
        password=os.environ.get("KBDIAG_SSH_PASSWORD") or None,
    )
    return Request(
        cluster=cluster.name,
        kubeconfig=live.kubeconfig or cluster.kubeconfig,
        context=live.context or cluster.context,
        namespaces=live.asked_namespaces(),
        timeout=live.timeout,
        nodes=(*live.nodes, *(str(node) for node in cluster.nodes)),
        ssh=ssh,
        vm_manager=cluster.vm_manager,
        vms=cluster.vms,
        helm_values=live.helm_values,
    )
