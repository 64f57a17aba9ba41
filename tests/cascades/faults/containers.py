"""Faults of one workload: its image, its command, its memory, its settings, its probes."""

from tests.cascades.cluster import App, Cluster, Pod
from tests.cascades.spread import crash, spread_all, wait
from tests.cascades.truth import Truth


def _victim(cluster: Cluster, *, called: bool = True) -> App:
    apps = [app for app in cluster.business if app.kind == "Deployment" and (not called or cluster.callers(app))]
    return cluster.random.choice(apps or [app for app in cluster.business if app.kind == "Deployment"])


def _database(cluster: Cluster) -> App:
    stores = [app for app in cluster.business if app.kind == "StatefulSet"]
    return cluster.random.choice([app for app in stores if cluster.callers(app)] or stores)


def _of(app: App, *besides: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    return ((app.kind, app.namespace, app.name), *besides)


def _all(*names: str) -> frozenset[str]:
    return frozenset(names)


def break_pull(cluster: Cluster, pod: Pod, error: str) -> None:
    """Make the pull of a Pod's image fail with `error`."""
    image = pod.app.image
    wait(cluster, pod, "ImagePullBackOff", f'Back-off pulling image "{image}"')
    if cluster.version >= "v1.32":
        pod.message += f": ErrImagePull: {error}"
    cluster.tell(pod, "Pulling", f'Pulling image "{image}"', count=4, type="Normal")
    cluster.tell(pod, "Failed", f'Failed to pull image "{image}": {error}', count=4)
    cluster.tell(pod, "Failed", "Error: ErrImagePull", count=4)
    cluster.tell(pod, "BackOff", f'Back-off pulling image "{image}"', count=9, type="Normal")


def no_such_image(cluster: Cluster, app: App) -> None:
    """Give an application an image that its registry does not have."""
    app.image = f"{app.image.rsplit(':', 1)[0]}:{cluster.random.choice(('9.9.9', 'v2-rc', 'lastest', 'nightly'))}"
    reference = app.image
    code = "NotFound"
    error = f'rpc error: code = {code} desc = failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": {reference}: not found'
    for pod in cluster.pods_of(app):
        break_pull(cluster, pod, error)


def image_tag(cluster: Cluster) -> Truth:
    """Name a tag that does not exist."""
    app = _victim(cluster)
    no_such_image(cluster, app)
    spread_all(cluster, set())
    decided = (_all("events"), _all("pods.json")) if cluster.version >= "v1.32" else (_all("events"),)
    return Truth(_of(app), "IMAGE-NOT-FOUND|CHANGE-IMAGE", decided)


def out_of_memory(cluster: Cluster) -> Truth:
    """Set a memory limit that is too small."""
    app = _victim(cluster)
    app.memory = "64Mi"
    for pod in cluster.pods_of(app):
        crash(cluster, pod, 137, "OOMKilled")
    spread_all(cluster, set())
    return Truth(_of(app), "CONTAINER-OOM-KILLED", (_all("pods.json"),))


def secret_missing(cluster: Cluster) -> Truth:
    """Delete a Secret before the Pods are made anew."""
    app = _victim(cluster)
    app.secret = app.secret or f"{app.name}-secret"
    cluster.missing.add(("Secret", app.namespace, app.secret))
    for pod in cluster.pods_of(app):
        wait(cluster, pod, "CreateContainerConfigError", f'secret "{app.secret}" not found')
        cluster.tell(pod, "Failed", f'Error: secret "{app.secret}" not found', count=14)
    spread_all(cluster, set())
    subjects = _of(app, ("Secret", app.namespace, app.secret))
    return Truth(subjects, "CONTAINER-SECRET-MISSING", (_all("events"), _all("pods.json")))


def configmap_missing(cluster: Cluster) -> Truth:
    """Delete a ConfigMap that a workload needs."""
    app = _victim(cluster)
    app.config = app.config or f"{app.name}-config"
    cluster.missing.add(("ConfigMap", app.namespace, app.config))
    for pod in cluster.pods_of(app):
        wait(cluster, pod, "CreateContainerConfigError", f'configmap "{app.config}" not found')
        cluster.tell(pod, "Failed", f'Error: configmap "{app.config}" not found', count=14)
    spread_all(cluster, set())
    subjects = _of(app, ("ConfigMap", app.namespace, app.config))
    return Truth(subjects, "CONTAINER-CONFIGMAP-MISSING", (_all("events"), _all("pods.json")))


def command_missing(cluster: Cluster) -> Truth:
    """Run a command that the image does not have."""
    app = _victim(cluster)
    app.command = [f"/app/{app.name}-server"]
    words = (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to "
        f'start container process: exec: "{app.command[0]}": stat {app.command[0]}: no such file or directory: unknown'
    )
    for pod in cluster.pods_of(app):
        crash(cluster, pod, 128, "StartError")
        cluster.tell(pod, "Failed", f"Error: {words}", count=6)
    spread_all(cluster, set())
    return Truth(_of(app), "CONTAINER-COMMAND-NOT-FOUND|CHANGE-COMMAND", (_all("events"),))


def readiness_port(cluster: Cluster) -> Truth:
    """Probe a port on which nobody listens."""
    app = _victim(cluster)
    wrong = app.port + 1
    app.probe = {"tcpSocket": {"port": wrong}, "periodSeconds": 10, "failureThreshold": 3}
    for pod in cluster.pods_of(app):
        pod.created = pod.since = cluster.minutes
        pod.ready, pod.restarts = False, 0
        cluster.log(pod, f'time="2026-11-24T08:20:11Z" level=info msg="server listening" addr=":{app.port}"')
        cluster.tell(
            pod,
            "Unhealthy",
            f"Readiness probe failed: dial tcp {pod.ip}:{wrong}: connect: connection refused",
            count=30,
        )
    spread_all(cluster, set())
    return Truth(_of(app), "CONTAINER-PROBE-PORT|CHANGE-PROBE", (_all("pods.json", "events", "logs"),))


def readiness_path(cluster: Cluster) -> Truth:
    """Probe a path that the program does not serve."""
    app = _victim(cluster)
    app.probe = {"httpGet": {"path": "/ready/v2", "port": app.port}, "periodSeconds": 10, "failureThreshold": 3}
    for pod in cluster.pods_of(app):
        pod.created = pod.since = cluster.minutes
        pod.ready, pod.restarts = False, 0
        cluster.tell(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404", count=30)
    spread_all(cluster, set())
    return Truth(_of(app), "CONTAINER-PROBE-PATH|CHANGE-PROBE", (_all("events"),))


_LAST_WORDS = {
    "postgres": (
        'FATAL:  data directory "/var/lib/data/pgdata" has invalid permissions',
        "DETAIL:  Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).",
    ),
    "redis": (
        "1:C 24 Nov 2026 08:58:31.120 # Fatal error, can't open config file '/usr/local/etc/redis/redis.conf': No such file or directory",
    ),
    "mongo": (
        '{"t":{"$date":"2026-11-24T08:58:31.120+00:00"},"s":"E","c":"CONTROL","id":20568,"ctx":"initandlisten","msg":"Error setting up listener","attr":{"error":{"code":9001,"codeName":"SocketException","errmsg":"Address already in use"}}}',
    ),
    "mysql": (
        "2026-11-24T08:58:31.120Z 0 [ERROR] [MY-010187] [Server] Could not open file '/var/log/mysql/error.log' for error logging: Permission denied",
        "2026-11-24T08:58:31.121Z 0 [ERROR] [MY-010119] [Server] Aborting",
    ),
    "rabbitmq": ("2026-11-24 08:58:31.120 [error] <0.254.0> Failed to start Ranch listener: eaddrinuse (address already in use)",),
    "kafka": (
        "[2026-11-24 08:58:31,120] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)",
        "java.nio.file.AccessDeniedException: /var/lib/data/kafka",
    ),
}  # fmt: skip


def database_crashes(cluster: Cluster) -> Truth:
    """Stop a database at its start, and with it its callers."""
    app = _database(cluster)
    for pod in cluster.pods_of(app):
        crash(cluster, pod)
        cluster.log(pod, *_LAST_WORDS[app.name])
    spread_all(cluster, set())
    return Truth(_of(app), r"(?!WORKLOAD|POD|SERVICE|CALL|WIRING|APP-CONNECTION|APP-DEPENDENCY).*", (_all("logs"),))


FAULTS = (
    image_tag,
    out_of_memory,
    secret_missing,
    configmap_missing,
    command_missing,
    readiness_port,
    readiness_path,
    database_crashes,
)
