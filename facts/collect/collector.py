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
    """What to look at. None stands for what kubectl would use, and for all namespaces; `timeout` is in seconds.

    `ssh` says how machines are entered. `vm_manager` and `vms`, a pattern of names, narrow down which VMs belong to
    the cluster; "" is any. `helm_values` asks the user's own helm for the values of releases in trouble. `machines` are those of the cluster, `server` is the URL of its API
    server; only collectors that visit machines are told both.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    timeout: float = 30.0
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
