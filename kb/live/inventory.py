"""The inventory `kbdiag.yaml`: which clusters there are and how to get into their machines, where a kubeconfig cannot tell."""

import os
from pathlib import Path

import msgspec

from facts.model.document import Faults, Value, nearest, parse
from facts.model.errors import UsageError

FILE = "kbdiag.yaml"


class InventoryNode(msgspec.Struct, frozen=True):
    """A machine of a cluster, and its address; "" when only one of the two is known."""

    name: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.address}" if self.address else self.name


class InventoryCluster(msgspec.Struct, frozen=True):
    """A cluster. "" and None stand for what is found without an inventory.

    `kubeconfig` is a path, `context` one of its contexts. `vm_manager` runs the machines, and `vms` is the pattern of
    their names.
    """

    name: str
    kubeconfig: str | None = None
    context: str | None = None
    ssh_user: str | None = None
    ssh_key: str | None = None
    ssh_port: int | None = None
    vm_manager: str = ""
    vms: str = ""
    nodes: tuple[InventoryNode, ...] = ()


class Inventory(msgspec.Struct, frozen=True):
    """What `path` tells."""

    path: str
    clusters: tuple[InventoryCluster, ...]

    def cluster(self, name: str) -> InventoryCluster:
        """Return the cluster called `name`; raises UsageError with a hint if there is no such cluster."""
        for cluster in self.clusters:
            if cluster.name == name:
                return cluster
        names = [cluster.name for cluster in self.clusters]
        raise UsageError(f"{self.path} has no cluster {name} ({nearest(name, names) or 'it has ' + ', '.join(names)})")


def find_inventory() -> Inventory | None:
    """Return the inventory that $KBDIAG_CONFIG names, else the one in the working directory, else None.

    Raises UsageError with all that is wrong with it, a line each.
    """
    named = os.environ.get("KBDIAG_CONFIG")
    path = Path(named or FILE).expanduser()
    if not path.is_file():
        if named:
            raise UsageError(f"{named}: no such file; KBDIAG_CONFIG names it")
        return None
    return read_inventory(path)


def read_inventory(path: Path) -> Inventory:
    """Return the inventory in the file `path`; paths in it are relative to its folder. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}:1:1: this is not UTF-8 (save the file as UTF-8)") from error
    faults = Faults(str(path))
    documents = parse(text, faults)
    clusters: tuple[InventoryCluster, ...] = ()
    if len(documents) == 1:
        clusters = _clusters(documents[0], path.parent)
    elif not faults.messages:
        faults.add(1, 1, "one document with a list of clusters is expected here", "kbdiag init writes one")
    if faults.messages:
        raise UsageError("\n".join(faults.messages))
    return Inventory(str(path), clusters)


def _clusters(document: Value, folder: Path) -> tuple[InventoryCluster, ...]:
    clusters: dict[str, InventoryCluster] = {}
    listed = document.mapping(("clusters",), required=("clusters",)).get("clusters")
    for value in listed.items() if listed else ():
        cluster = _cluster(value, folder)
        if cluster.name in clusters:
            value.fault(f"the name {cluster.name} stands here twice", "choose another name")
        clusters[cluster.name] = cluster
    if listed and listed.is_list() and not clusters:
        listed.fault("there is no cluster in this list", "kbdiag init finds them")
    return tuple(clusters.values())


def _cluster(value: Value, folder: Path) -> InventoryCluster:
    keys = value.mapping(("name", "kubeconfig", "context", "ssh", "vm", "nodes"), required=("name",))
    ssh = keys["ssh"].mapping(("user", "key", "port")) if "ssh" in keys else {}
    machines = keys["vm"].mapping(("manager", "name")) if "vm" in keys else {}
    return InventoryCluster(
        name=_word(keys.get("name")) or "",
        kubeconfig=_path(keys.get("kubeconfig"), folder),
        context=_word(keys.get("context")),
        ssh_user=_word(ssh.get("user")),
        ssh_key=_path(ssh.get("key"), folder),
        ssh_port=_port(ssh.get("port")),
        vm_manager=_manager(machines.get("manager")),
        vms=_word(machines.get("name")) or "",
        nodes=tuple(_node(node) for node in keys["nodes"].items()) if "nodes" in keys else (),
    )


def _node(value: Value) -> InventoryNode:
    keys = value.mapping(("name", "address"), required=("name",))
    return InventoryNode(_word(keys.get("name")) or "", _word(keys.get("address")) or "")


def _word(value: Value | None) -> str | None:
    if value is None:
        return None
    text = value.text()
    if not text:
        value.fault("an empty text is not possible here", "leave the key out")
    elif text.startswith("-") or not text.isprintable():
        value.fault(f"{text!r} is not possible here", "a name starts with a letter or a digit")
    return text


def _path(value: Value | None, folder: Path) -> str | None:
    text = _word(value)
    return str(folder / Path(text).expanduser()) if text else None


def _port(value: Value | None) -> int | None:
    if value is None:
        return None
    port = value.scalar()
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        value.fault("a TCP port is expected here", "a number from 1 to 65535")
        return None
    return port


def _manager(value: Value | None) -> str:
    if value is None:
        return ""
    from facts.cluster.virtual_machine import VM_MANAGERS  # noqa: PLC0415 - few inventories name a VM manager

    return value.text(list(VM_MANAGERS.names()))
