"""Whose log a file is: people name the file after the Pod or the workload."""

import re
from pathlib import PurePosixPath

from facts.cluster.objects import Pod
from facts.cluster.owners import Owner
from facts.cluster.pod_health import Pods
from facts.cluster.store import Seen

_ENDING = re.compile(
    r"(?:\.\d{1,3}|[._-](?:log|logs|txt|out|err|previous|prev|current|gz|xz|bz2|zst))+$", re.IGNORECASE
)


def pods_of_file(pods: Pods, source: str) -> list[Seen[Pod]]:
    """Return the Pods of the one workload after which the file `source` is named; empty when it names none, or several.

    "web.log", "shop-web.log" and "web-6c9f7d8b5-8xkzt.previous.txt" are the log of Deployment shop/web.
    """
    name = _ENDING.sub("", PurePosixPath(source.split(":", 1)[0]).name)
    named: dict[tuple[str, Owner], list[Seen[Pod]]] = {}
    for (namespace, owner), members in pods.by_owner.items():
        if name in (owner[1], f"{namespace}-{owner[1]}", f"{namespace}_{owner[1]}"):
            named[namespace, owner] = members
        for pod in members:
            if name in (pod.name, f"{namespace}-{pod.name}", f"{namespace}_{pod.name}"):
                named[namespace, owner] = [pod]
    return next(iter(named.values())) if len(named) == 1 else []
