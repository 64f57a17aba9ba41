"""Whose log a file is: people name the file after the Pod or the workload, tools put it into a folder that is."""

import re
from functools import cached_property
from pathlib import PurePosixPath

from facts.cluster.objects import Pod
from facts.cluster.owners import Owner
from facts.cluster.pod_health import Pods
from facts.cluster.store import Seen

_ENDING = re.compile(
    r"(?:\.\d{1,3}|[._-](?:log|logs|txt|out|err|previous|prev|current|gz|xz|bz2|zst))+$", re.IGNORECASE
)
_SYSDUMP = re.compile(r"logs-(?P<name>.+)-\d{8}-\d{6}$")
"""How Cilium's sysdump names a log, without its ending: Pod, container, moment."""


class LogFiles:
    """The names that log files of Pods may have."""

    def __init__(self, pods: Pods) -> None:
        self._pods = pods

    @cached_property
    def _workloads(self) -> dict[str, list[tuple[str, Owner]]]:
        """Namespace and workload by the name of the workload."""
        named: dict[str, list[tuple[str, Owner]]] = {}
        for namespace, owner in self._pods.by_owner:
            named.setdefault(owner[1], []).append((namespace, owner))
        return named

    @cached_property
    def _named(self) -> dict[str, list[tuple[tuple[str, Owner], Seen[Pod]]]]:
        """Each Pod with its namespace and workload, by its name."""
        named: dict[str, list[tuple[tuple[str, Owner], Seen[Pod]]]] = {}
        for key, members in self._pods.by_owner.items():
            for pod in members:
                named.setdefault(pod.name, []).append((key, pod))
        return named

    def pods_of(self, source: str) -> list[Seen[Pod]]:
        """Return the Pods of the one workload after which the file `source` is named; empty when it names none, or several.

        "web.log", "shop-web.log" and "web-6c9f7d8b5-8xkzt.previous.txt" are the log of Deployment shop/web, and so are
        "logs-web-6c9f7d8b5-8xkzt-app-20261124-090000.log" and "web-6c9f7d8b5-8xkzt/app.log".
        """
        path = PurePosixPath(source.split(":", 1)[0])
        name = _ENDING.sub("", path.name)
        sysdump = _SYSDUMP.match(name)
        meant = self._meant(sysdump["name"] if sysdump else name)
        if meant:
            return next(iter(meant.values())) if len(meant) == 1 else []
        inside = [pods[0][1] for folder in path.parts[:-1] if len(pods := self._named.get(folder, [])) == 1]
        return inside[-1:]

    def _meant(self, name: str) -> dict[tuple[str, Owner], list[Seen[Pod]]]:
        """Return the Pods, by workload, for which `name` may stand: [NAMESPACE-]WORKLOAD or [NAMESPACE-]POD[-CONTAINER].

        A sign between the parts is "-" or "_".
        """
        cuts = [place for place, sign in enumerate(name) if sign in "-_"]
        found: dict[tuple[str, Owner], list[Seen[Pod]]] = {}
        for start in (0, *(cut + 1 for cut in cuts)):
            prefix = name[: max(start - 1, 0)]
            for key in self._workloads.get(name[start:], ()):
                if prefix in ("", key[0]):
                    found[key] = self._pods.by_owner[key]
        for start in (0, *(cut + 1 for cut in cuts)):
            prefix = name[: max(start - 1, 0)]
            for end in (*(cut for cut in cuts if cut > start), len(name)):
                for key, pod in self._named.get(name[start:end], ()):
                    if prefix in ("", key[0]) and name[end + 1 :] in ("", *_containers(pod)):
                        found[key] = [pod]
        return found


def _containers(pod: Seen[Pod]) -> tuple[str, ...]:
    return tuple(each.name for each in (*pod.body.spec.containers, *pod.body.spec.init_containers))
