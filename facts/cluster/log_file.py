"""Whose log a file is: people name the file after the Pod or the workload, tools put it into a folder that is."""

import re
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
        self._named: dict[str, dict[tuple[str, Owner], list[Seen[Pod]]]] = {}
        self._folders: dict[str, list[Seen[Pod]]] = {}
        for (namespace, owner), members in pods.by_owner.items():
            for prefix in ("", f"{namespace}-", f"{namespace}_"):
                self._named.setdefault(prefix + owner[1], {})[namespace, owner] = members
        for (namespace, owner), members in pods.by_owner.items():
            for pod in members:
                self._folders.setdefault(pod.name, []).append(pod)
                containers = (*pod.body.spec.containers, *pod.body.spec.init_containers)
                endings = ("", *(f"{sign}{each.name}" for each in containers for sign in "-_"))
                for name in (
                    f"{prefix}{pod.name}{end}" for prefix in ("", f"{namespace}-", f"{namespace}_") for end in endings
                ):
                    self._named.setdefault(name, {})[namespace, owner] = [pod]

    def pods_of(self, source: str) -> list[Seen[Pod]]:
        """Return the Pods of the one workload after which the file `source` is named; empty when it names none, or several.

        "web.log", "shop-web.log" and "web-6c9f7d8b5-8xkzt.previous.txt" are the log of Deployment shop/web, and so are
        "logs-web-6c9f7d8b5-8xkzt-app-20261124-090000.log" and "web-6c9f7d8b5-8xkzt/app.log".
        """
        path = PurePosixPath(source.split(":", 1)[0])
        name = _ENDING.sub("", path.name)
        sysdump = _SYSDUMP.match(name)
        named = self._named.get(sysdump["name"] if sysdump else name, {})
        if named:
            return next(iter(named.values())) if len(named) == 1 else []
        inside = [pods[0] for folder in path.parts[:-1] if len(pods := self._folders.get(folder, [])) == 1]
        return inside[-1:]
