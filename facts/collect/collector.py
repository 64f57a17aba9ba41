"""Where observations come from: one source each, found because its file lies here.

A collector is a module that fulfils the protocol below; `facts.collect.collect` runs all of them side by side. Those that set
VISITS_MACHINES come second, when the others have told which machines the cluster has.
"""

from typing import Protocol

import msgspec

from facts.collect.machines.machine import Machine
from facts.collect.machines.ssh_client import SshOptions
from facts.model.values import Coverage, Observation


class Request(msgspec.Struct, frozen=True):
    """A cluster to look at, and how.

    `cluster` is what to call it, "" for the name of its context. `kubeconfig` and `context` are None for what
    kubectl would use, `namespaces` are empty for all of them; `timeout` is in seconds. `nodes` are machines to visit besides those
    that the API and the VM manager know, each as NAME=ADDRESS; `ssh` says how to log into machines. `vm_manager` is
    asked for VMs, all that are installed when it is ""; `vms`, a pattern such as prod-*, says which of them belong to
    the cluster where names alone do not. `helm_values` asks the user's own helm for the values of releases in trouble.

    `machines` are those of the cluster and `server` is the URL of its API server; both are known once the API and the
    VM managers have answered.
    """

    cluster: str = ""
    kubeconfig: str | None = None
    context: str | None = None
    namespaces: tuple[str, ...] = ()
    timeout: float = 30.0
    nodes: tuple[str, ...] = ()
    ssh: SshOptions = SshOptions()
    vm_manager: str = ""
    vms: str = ""
    helm_values: bool = False
    machines: tuple[Machine, ...] = ()
    server: str = ""


class Collected(msgspec.Struct, frozen=True):
    """What a collector saw, and how looking ended.

    `cluster` is the name of the cluster and `server` the URL of its API server, when the collector knows them.
    """

    observations: tuple[Observation, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    cluster: str = ""
    server: str = ""


class Collector(Protocol):
    """Looks at one source, only reading, and comes back within the time that the request grants."""

    def collect(self, request: Request) -> Collected:
        """Return what was seen, with a coverage for all that was looked at; failures are coverage too."""
