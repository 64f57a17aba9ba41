"""What can go wrong with a Pod on its node: how it is made, the sign by which it shows, and what kbdiag shall say first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.api import Api, Object
from tests.cluster.objects import deployment, namespace
from tests.node.node import IMAGE

SECONDS = 60.0
"""How long a fault may take to show itself; measured are 2 to 25 seconds, the longest when a second back-off is awaited."""
APP = "web"


@dataclass(frozen=True)
class Fault:
    """A Deployment `web` in the namespace `name`, whose container `app` is made so that it fails.

    `cause` is the rule whose hypothesis comes first, and in what that says stand all of `words`.
    """

    name: str
    cause: str
    words: tuple[str, ...]
    shows: Callable[[Object], bool]
    """Tells by a Pod whether the fault can be seen."""
    container: Object = field(default_factory=dict)
    pod: Object = field(default_factory=dict)
    event: str = ""
    """The reason of an event that must be there, too."""

    def make(self, api: Api) -> None:
        """Create its objects."""
        api.create(namespace(self.name))
        api.until(f"/api/v1/namespaces/{self.name}/serviceaccounts", lambda _: True)
        containers = [{"name": "app", "image": IMAGE, **self.container}]
        api.create(deployment(self.name, APP, containers=containers, terminationGracePeriodSeconds=1, **self.pod))

    def until_shown(self, api: Api) -> Object:
        """Return a Pod with the fault as soon as all can be seen."""
        seen = api.until(f"/api/v1/namespaces/{self.name}/pods", self.shows, SECONDS)
        if self.event:
            api.until(f"/api/v1/namespaces/{self.name}/events", lambda one: one["reason"] == self.event, SECONDS)
        return seen


def shell(script: str, **more: Any) -> Object:
    """Return a container that runs `script`."""
    return {"command": ["/bin/sh", "-c", script], **more}


def waits(*reasons: str) -> Callable[[Object], bool]:
    """Return a sign: a container waits for one of `reasons`."""
    return lambda pod: any(state.get("waiting", {}).get("reason") in reasons for state in _states(pod, "state"))


def restarted(reason: str, code: int) -> Callable[[Object], bool]:
    """Return a sign: a container ended for `reason` with the exit code `code`, and was started again."""
    return lambda pod: any(
        (state["terminated"].get("reason"), state["terminated"]["exitCode"]) == (reason, code)
        for state in _states(pod, "lastState")
        if state
    )


def loops(pod: Object) -> bool:
    """Return whether a container was ended a second time: kbdiag takes the first for history as soon as it runs again."""
    statuses = pod["status"].get("containerStatuses", [])
    return waits("CrashLoopBackOff")(pod) or any(each["restartCount"] > 1 for each in statuses)


def not_ready(pod: Object) -> bool:
    """Tell whether the containers run and are not ready."""
    statuses = pod["status"].get("containerStatuses", [])
    return any("running" in each["state"] and not each["ready"] for each in statuses)


def _states(pod: Object, which: str) -> Iterator[Object]:
    for kind in ("initContainerStatuses", "containerStatuses"):
        yield from (status.get(which, {}) for status in pod["status"].get(kind, []))


_PROBE = {"periodSeconds": 1, "timeoutSeconds": 1}
_BY_HTTP = {**_PROBE, "httpGet": {"path": "/healthz", "port": 8080}}
_LATER = {"initialDelaySeconds": 3}
"""So that nobody asks before the server listens."""
_SLEEPS = shell("echo serving; exec sleep 3600")

FAULTS = (
    Fault(
        "oom-killed",
        "CONTAINER-OOM-KILLED",
        ("32Mi",),
        restarted("OOMKilled", 137),
        shell("x=a; while :; do x=$x$x; done", resources={"limits": {"memory": "32Mi"}}),
        event="BackOff",
    ),
    Fault(
        "database-refuses",
        "APP-CONNECTION",
        ("127.0.0.1", "refused"),
        restarted("Error", 1),
        shell("echo starting; nc 127.0.0.1 5432"),
        event="BackOff",
    ),
    Fault(
        "database-unreachable",
        "APP-DEPENDENCY-UNREACHABLE",
        ("5432",),
        restarted("Error", 1),
        shell("echo starting; echo 'Error: cannot connect to db:5432' >&2; exit 1"),
        event="BackOff",
    ),
    Fault(
        "file-missing",
        "APP-FILE-MISSING",
        ("/etc/app/settings.yaml",),
        restarted("Error", 1),
        shell("cat /etc/app/settings.yaml"),
        event="BackOff",
    ),
    Fault(
        "port-in-use",
        "APP-PORT-IN-USE",
        ("in use",),
        restarted("Error", 1),
        shell("httpd -p 8080 && httpd -f -p 8080"),
        event="BackOff",
    ),
    Fault(
        "root-is-read-only",
        "APP-READ-ONLY-FILESYSTEM",
        ("/data.db",),
        restarted("Error", 1),
        shell("echo 1 >/data.db", securityContext={"readOnlyRootFilesystem": True}),
        event="BackOff",
    ),
    Fault(
        "command-not-found",
        "CONTAINER-COMMAND-NOT-FOUND",
        ("serve-web",),
        restarted("StartError", 128),
        {"command": ["serve-web"]},
        event="Failed",
    ),
    Fault(
        "shell-finds-no-command",
        "FAIL-MISSING-COMMAND",
        ("serve-web",),
        restarted("Error", 127),
        shell("serve-web --port 80"),
        event="BackOff",
    ),
    Fault(
        "not-executable",
        "CONTAINER-EXEC-DENIED",
        ("/etc",),
        restarted("StartError", 128),
        {"command": ["/etc"]},
        event="Failed",
    ),
    Fault(
        "registry-refuses",
        "REGISTRY-UNREACHABLE",
        ("127.0.0.1:1",),
        waits("ErrImagePull", "ImagePullBackOff"),
        {"image": "127.0.0.1:1/team/app:1"},
        event="BackOff",
    ),
    Fault(
        "image-never-pulled",
        "IMAGE-NEVER-PULL",
        ("registry.example/app:1",),
        waits("ErrImageNeverPull"),
        {"image": "registry.example/app:1", "imagePullPolicy": "Never"},
    ),
    Fault(
        "image-name-invalid",
        "IMAGE-INVALID-NAME",
        ("Registry/App",),
        waits("InvalidImageName"),
        {"image": "registry.example/Registry/App:1"},
    ),
    Fault(
        "configmap-missing",
        "CONTAINER-CONFIGMAP-MISSING",
        ("app-settings",),
        waits("CreateContainerConfigError"),
        {**_SLEEPS, "envFrom": [{"configMapRef": {"name": "app-settings"}}]},
        event="Failed",
    ),
    Fault(
        "key-missing",
        "CONTAINER-KEY-MISSING",
        ("no-such-key",),
        waits("CreateContainerConfigError"),
        {
            **_SLEEPS,
            "env": [
                {"name": "CA", "valueFrom": {"configMapKeyRef": {"name": "kube-root-ca.crt", "key": "no-such-key"}}}
            ],
        },
        event="Failed",
    ),
    Fault(
        "runs-as-root",
        "CONTAINER-RUN-AS-NON-ROOT",
        (),
        waits("CreateContainerConfigError"),
        {**_SLEEPS, "securityContext": {"runAsNonRoot": True}},
        event="Failed",
    ),
    Fault(
        "liveness-refused",
        "CONTAINER-PROBE-REFUSED",
        ("8080", "liveness"),
        loops,
        {**_SLEEPS, "livenessProbe": {**_BY_HTTP, "failureThreshold": 1}},
        event="Unhealthy",
    ),
    Fault(
        "readiness-404",
        "CONTAINER-PROBE-PATH",
        ("404",),
        not_ready,
        shell("exec httpd -f -p 8080 -h /tmp", readinessProbe={**_BY_HTTP, **_LATER}),
        event="Unhealthy",
    ),
    Fault(
        "readiness-command-fails",
        "CONTAINER-PROBE-EXEC",
        ("cache is cold",),
        not_ready,
        {**_SLEEPS, "readinessProbe": {**_PROBE, "exec": shell("echo cache is cold; exit 1")}},
        event="Unhealthy",
    ),
    Fault(
        "hook-fails",
        "CONTAINER-LIFECYCLE-HOOK",
        ("postStart",),
        restarted("Error", 137),
        {**_SLEEPS, "lifecycle": {"postStart": {"exec": {"command": ["false"]}}}},
        event="FailedPostStartHook",
    ),
    Fault(
        "init-fails",
        "CONTAINER-INIT-FAILED",
        ("prepare", "3"),
        restarted("Error", 3),
        _SLEEPS,
        {"initContainers": [{"name": "prepare", "image": IMAGE, **shell("exit 3")}]},
        event="BackOff",
    ),
    Fault(
        "init-migration-fails",
        "CONTAINER-INIT-FAILED",
        ("migrate",),
        restarted("Error", 1),
        _SLEEPS,
        {"initContainers": [{"name": "migrate", "image": IMAGE, **shell("echo migration 7 failed >&2; exit 1")}]},
        event="BackOff",
    ),
    Fault(
        "secret-not-there",
        "CONTAINER-SECRET-MISSING",
        ("login",),
        waits("ContainerCreating"),
        {**_SLEEPS, "volumeMounts": [{"name": "login", "mountPath": "/login"}]},
        {"volumes": [{"name": "login", "secret": {"secretName": "login"}}]},
        event="FailedMount",
    ),
)

HEALTHY = Fault(
    "healthy",
    "",
    (),
    lambda pod: not_ready(pod) is False and "running" in next(_states(pod, "state"), {}),
    shell(
        "echo serving; exec httpd -f -p 8080 -h /bin",
        readinessProbe={**_PROBE, **_LATER, "httpGet": {"path": "/busybox", "port": 8080}},
        livenessProbe={**_PROBE, **_LATER, "tcpSocket": {"port": 8080}},
        resources={"limits": {"memory": "64Mi", "cpu": "500m"}},
    ),
)
"""One in which nothing is wrong."""

TWICE = Fault(
    "two-lives",
    "",
    (),
    lambda pod: restarted("Error", 7)(pod) and not_ready(pod),
    shell(
        "if [ -e /state/lived ]; then echo second life; exec sleep 3600; fi; echo first life; : >/state/lived; exit 7",
        volumeMounts=[{"name": "state", "mountPath": "/state"}],
        readinessProbe={**_PROBE, "exec": {"command": ["false"]}},
    ),
    {"volumes": [{"name": "state", "emptyDir": {}}]},
    event="Unhealthy",
)
"""One whose container says something else after its restart."""
