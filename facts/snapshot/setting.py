"""Where a text was printed: by which command or component, on which machine, as the prompt or the file's path tells."""

import re

import msgspec

from facts.cluster.component import component_of
from facts.model.values import ObservationAttributes, known


class Setting(msgspec.Struct, frozen=True):
    """What is known of a text before it is read. Each field is "" when unknown.

    `words` are the words of the command whose output follows, without sudo, ssh and pipes; `filtered` says that the
    output may be a selection (grep, a label selector, an object's name). `namespace` is "*" for all of them.
    `output` is what a kubectl command was asked to print (`yaml`, `jsonpath={.spec}`).
    `host` and `role` ("host" or "vm") say where the command ran. The rest describes a log, as in
    `facts.model.values.Observation`.
    """

    words: tuple[str, ...] = ()
    filtered: bool = False
    output: str = ""
    cluster: str = ""
    host: str = ""
    role: str = ""
    namespace: str = ""
    component: str = ""
    node: str = ""
    pod: str = ""
    container: str = ""
    previous: str = ""

    kind: str = ""
    """The kind of objects that do not say it themselves."""

    def says(self, *words: str) -> bool:
        """Return True if the command starts with `words`."""
        return self.words[: len(words)] == words

    def log_attributes(self) -> ObservationAttributes:
        """Return the attributes of a log observation that was printed here."""
        namespace = "" if self.namespace == "*" else self.namespace
        return known(
            component=self.component,
            node=self.node,
            namespace=namespace if self.pod or self.container else "",
            pod=self.pod,
            container=self.container,
            previous=self.previous,
        )

    def command_attributes(self, command: str, target: str = "") -> ObservationAttributes:
        """Return the attributes of a command observation that was printed here."""
        return known(command=command, host=self.host, role=self.role, target=target)


_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_HASHED = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?-[bcdfghjklmnpqrstvwxz2456789]{5}"
"""Name of a Pod that a controller made: its end is random, in the alphabet of Kubernetes."""
_POD_LOGS = (
    # kubelet's links: var/log/containers/POD_NAMESPACE_CONTAINER-ID.log
    re.compile(rf"(?:^|/)(?P<pod>{_NAME})_(?P<namespace>{_NAME})_(?P<container>{_NAME})-[0-9a-f]{{64}}\.log$"),
    # kubelet's folders: var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log
    re.compile(
        rf"(?:^|/)(?P<namespace>{_NAME})_(?P<pod>{_NAME})_[0-9a-f-]{{32,36}}/(?P<container>{_NAME})/\d+\.log[^/]*$"
    ),
    # OpenShift must-gather
    re.compile(
        rf"namespaces/(?P<namespace>{_NAME})/pods/(?P<pod>{_NAME})/(?P<container>{_NAME})/[^/]+/logs/"
        rf"(?:(?:current|(?P<previous>previous))[^/]*\.log|rotated/[^/]+)$"
    ),
    # kubectl cluster-info dump: NAMESPACE/POD/logs.txt
    re.compile(rf"(?:^|/)(?P<namespace>{_NAME})/(?P<pod>{_NAME})/logs\.txt$"),
    # Troubleshoot support bundle: cluster-resources/pods/logs/NAMESPACE/POD/CONTAINER[-previous].log
    re.compile(
        rf"pods/logs/(?P<namespace>{_NAME})/(?P<pod>{_NAME})/(?P<container>[^/]+?)(?P<previous>-previous)?\.log$"
    ),
    # Troubleshoot's collector of logs: NAME/POD/CONTAINER[-previous].log
    re.compile(rf"(?:^|/)(?P<pod>{_HASHED})/(?P<container>{_NAME}?)(?P<previous>-previous)?\.log$"),
    # archive of Insights: config/pod/NAMESPACE/logs/POD/CONTAINER_current.log, and the logs of its conditional gathering
    re.compile(
        rf"config/pod/(?P<namespace>{_NAME})/logs/(?P<pod>{_NAME})/(?P<container>{_NAME})_(?:current|(?P<previous>previous))\.log$"
    ),
    re.compile(
        rf"namespaces/(?P<namespace>{_NAME})/pods/(?P<pod>{_NAME})/containers/(?P<container>{_NAME})/logs(?P<previous>-previous)?/"
        rf"[^/]+\.log$"
    ),
    # Cilium sysdump: logs-POD-CONTAINER-DATE-TIME[-prev].log
    re.compile(
        rf"(?:^|/)logs-(?P<pod>{_HASHED}|[a-z0-9.-]*-\d{{1,3}})-(?P<container>{_NAME})-\d{{8}}-\d{{6}}(?P<previous>-prev)?\.log$"
    ),
)
_SYSTEM = {"dmesg": "kernel", "kern": "kernel", "auth": "sshd", "secure": "sshd"}


def setting_of_path(path: str) -> Setting:
    """Return what the path of a file tells about the log in it; nothing when the name is not telling."""
    plain = path.replace("\\", "/")
    for pattern in _POD_LOGS:
        if found := pattern.search(plain):
            part = {name: value or "" for name, value in found.groupdict().items()}
            pod, container = part["pod"], part.get("container", "")
            return Setting(
                namespace=part.get("namespace", ""),
                pod=pod,
                container=container,
                previous="true" if part.get("previous") else "",
                component=component_of_log(pod, container),
            )
    name = plain.rsplit("/", 1)[-1].lower()
    if not re.fullmatch(r"[^.]+|.*\.(?:log|journal)(?:\.\d+)?|[a-z]+(?:-[a-z]+){0,2}\.(?:txt|out)", name):
        return Setting()
    stem = re.sub(r"(?:\.(?:log|txt|out|journal|\d+))+$", "", name)
    return Setting(component="" if stem.startswith("kubectl") else _SYSTEM.get(stem) or component_of(stem))


def component_of_log(pod: str, container: str) -> str:
    """Return the component whose log this is: a well-known one, or "container" for any other workload."""
    return component_of(pod) or component_of(container) or "container"
