"""What programs say when a call fails, in the formats of several languages."""

from datetime import timedelta

from tests.cascades.cluster import App, Cluster
from tests.cascades.objects import NOW

_WORDS = {
    "refused": {
        "go": "dial tcp {ip}:{port}: connect: connection refused",
        "java": "java.net.ConnectException: Connection refused",
        "python": "[Errno 111] Connection refused",
        "node": "connect ECONNREFUSED {ip}:{port}",
    },
    "timeout": {
        "go": "dial tcp {ip}:{port}: i/o timeout",
        "java": "java.net.SocketTimeoutException: connect timed out",
        "python": "[Errno 110] Connection timed out",
        "node": "connect ETIMEDOUT {ip}:{port}",
    },
    "nohost": {
        "go": "dial tcp: lookup {host} on 10.96.0.10:53: no such host",
        "java": "java.net.UnknownHostException: {host}",
        "python": "[Errno -2] Name or service not known",
        "node": "getaddrinfo ENOTFOUND {host}",
    },
    "dns": {
        "go": "dial tcp: lookup {host} on 10.96.0.10:53: read udp {pod}:41237->10.96.0.10:53: i/o timeout",
        "java": "java.net.UnknownHostException: {host}: Temporary failure in name resolution",
        "python": "[Errno -3] Temporary failure in name resolution",
        "node": "getaddrinfo EAI_AGAIN {host}",
    },
}


def failed_call(
    cluster: Cluster, caller: App, setting: str, how: str, ip: str = "", pod: str = "10.244.1.9"
) -> list[str]:
    """Return the lines of a caller whose call to the address in `setting` fails: refused, timeout, nohost or dns."""
    address = caller.env[setting].removeprefix("http://")
    host, port = address.rsplit(":", 1)
    ip = ip or caller.calls[setting].cluster_ip
    family = {"json": "go", "logfmt": "go"}.get(caller.language, caller.language)
    words = _WORDS[how][family].format(ip=ip, port=port, host=host, pod=pod)
    lines = []
    for place in range(cluster.random.randint(3, 6)):
        when = NOW - timedelta(seconds=150 - 20 * place)
        lines += _written(caller, when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), address, words, host, port)
    return lines


def _written(caller: App, when: str, address: str, words: str, host: str, port: str) -> list[str]:
    verb = "connect to" if int(port) in (5432, 6379, 27017, 3306, 5672, 9092) else "call"
    if caller.language == "json":
        return [
            f'{{"level":"error","ts":"{when}","logger":"client","msg":"failed to {verb} {host}","error":"{words}"}}'
        ]
    if caller.language == "logfmt":
        return [f'time="{when}" level=error msg="failed to {verb} {host}:{port}" error="{words}"']
    if caller.language == "java":
        shown = when.replace("T", " ").rstrip("Z")[:23]
        return [
            f"{shown} ERROR 1 --- [http-nio-8080-exec-3] c.acme.{caller.name}.Client : Failed to {verb} {address}",
            f"Caused by: {words}",
        ]
    if caller.language == "python":
        shown = when.replace("T", " ")[:19]
        return [f"{shown},120 ERROR {caller.name}.client: failed to {verb} {host}:{port}: {words}"]
    if caller.language == "node":
        return [f"[{when}] ERROR failed to {verb} {host}:{port}: Error: {words}"]
    shown = when.replace("T", " ").replace("-", "/")[:19]
    return [f"{shown} ERROR: failed to {verb} {address}: {words}"]


def healthy_lines(cluster: Cluster, app: App) -> list[str]:
    """Return some lines of a program that works."""
    lines = []
    for place in range(cluster.random.randint(2, 5)):
        when = (NOW - timedelta(seconds=900 - 60 * place)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lines.append(
            f'{{"level":"info","ts":"{when}","msg":"request served","path":"/v1/{app.name}","status":200}}'
            if app.language == "json"
            else f'time="{when}" level=info msg="request served" path=/v1/{app.name} status=200'
        )
    return lines
