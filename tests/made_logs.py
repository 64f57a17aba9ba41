"""Logs of a made cluster, as large as one likes: a journal, klog, JSON, logfmt, Java and web access, each in its own file.

The lines are shaped like those of real programs and differ in times, numbers and names, as real lines do. The same
arguments give the same bytes.
"""

import random
from collections.abc import Iterator

KINDS = ("quiet", "mixed", "failing")
"""No line says anything wrong; one line in twenty does; every line does."""

SHARE = 20
"""In a mixed log one line in this many tells of trouble."""

_QUIET = {
    "node1-journal.log": (
        '{mon} {d:2d} {clock} node1 kubelet[673]: I{md} {clock}.{us:06d}     673 kubelet.go:2405] "SyncLoop (PLEG): event for pod" pod="demo/web-{hash}" event={{"ID":"{uid}","Type":"ContainerStarted"}}',
        '{mon} {d:2d} {clock} node1 kubelet[673]: I{md} {clock}.{us:06d}     673 reconciler_common.go:251] "operationExecutor.VerifyControllerAttachedVolume started for volume \\"kube-api-access-{short}\\" pod \\"web-{hash}\\""',
        '{mon} {d:2d} {clock} node1 kubelet[673]: I{md} {clock}.{us:06d}     673 pod_startup_latency_tracker.go:104] "Observed pod startup duration" pod="demo/web-{hash}" podStartSLOduration={small}.{us:06d}',
        '{mon} {d:2d} {clock} node1 containerd[611]: time="{iso}.{us:06d}Z" level=info msg="PullImage \\"registry.local/web:{short}\\" returns image reference \\"sha256:{uid}{uid}\\""',
        '{mon} {d:2d} {clock} node1 containerd[611]: time="{iso}.{us:06d}Z" level=info msg="StartContainer for \\"{uid}{uid}\\" returns successfully"',
        "{mon} {d:2d} {clock} node1 systemd[1]: Started cri-containerd-{uid}.scope - libcontainer container {uid}.",
    ),
    "kube-controller-manager.log": (
        'I{md} {clock}.{us:06d}       1 replica_set.go:679] "Finished syncing" logger="replicaset-controller" kind="ReplicaSet" key="demo/web-{short}" duration="{small}.{us:03d}ms"',
        'I{md} {clock}.{us:06d}       1 trace.go:219] Trace[{us}]: "List" url:/api/v1/pods,user-agent:kube-controller,client:10.0.{small}.7 (total time: {us}ms):',
        'I{md} {clock}.{us:06d}       1 endpointslice_controller.go:321] "Finished syncing service endpoint slices" logger="endpointslice-controller" key="demo/web" elapsed="{us}us"',
    ),
    "operator.log": (
        '{{"level":"info","ts":"{iso}.{us:06d}Z","logger":"controller.web","msg":"reconciled","namespace":"demo","name":"web-{short}","duration":"{us}us","reconcileID":"{uid}"}}',
        '{{"level":"debug","ts":"{iso}.{us:06d}Z","logger":"events","msg":"Updated Deployment web-{short}","type":"Normal","object":{{"kind":"Web","namespace":"demo","name":"web-{short}"}}}}',
    ),
    "ingest.log": (
        'ts={iso}.{us:03d}Z caller=head.go:844 level=info component=tsdb msg="WAL segment loaded" segment={us} maxSegment={us}',
        'ts={iso}.{us:03d}Z caller=compact.go:514 level=info component=tsdb msg="write block" mint={us}000 maxt={us}999 ulid=01{hash}{short} duration={small}.{us:06d}s',
    ),
    "orders.log": (
        "{date} {clock},{ms:03d} INFO  [http-nio-8080-exec-{small}] com.shop.orders.OrderService - order {uid} accepted, {small} items",
        "{date} {clock},{ms:03d} DEBUG [scheduling-{small}] com.shop.orders.Poller - polled {small} messages from topic orders-{small}, offset {us}",
    ),
    "gateway.log": (
        '10.0.{small}.{small} - - [{d:02d}/{mon}/2026:{clock} +0000] "GET /api/v1/items/{us} HTTP/1.1" 200 {us} "-" "Mozilla/5.0 (X11; Linux x86_64)" {us} 0.0{small}',
        '10.0.{small}.{small} - - [{d:02d}/{mon}/2026:{clock} +0000] "POST /api/v1/orders HTTP/1.1" 201 {ms} "-" "okhttp/4.12.0" {us} 0.{ms:03d}',
    ),
}  # fmt: skip

_FAILING = {
    "node1-journal.log": (
        '{mon} {d:2d} {clock} node1 kubelet[673]: E{md} {clock}.{us:06d}     673 pod_workers.go:1300] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container=web pod=web-{hash}_demo({uid})\\"" pod="demo/web-{hash}"',
        '{mon} {d:2d} {clock} node1 containerd[611]: time="{iso}.{us:06d}Z" level=error msg="StopPodSandbox for \\"{uid}{uid}\\" failed" error="rpc error: code = DeadlineExceeded desc = context deadline exceeded"',
        '{mon} {d:2d} {clock} node1 kubelet[673]: W{md} {clock}.{us:06d}     673 watcher.go:93] Error while processing event ("/sys/fs/cgroup/kubepods.slice/{uid}.scope": 0x40000100 == IN_CREATE|IN_ISDIR): no such file or directory',
    ),
    "kube-controller-manager.log": (
        'E{md} {clock}.{us:06d}       1 reflector.go:147] k8s.io/client-go/informers/factory.go:150: Failed to watch *v1.Node: failed to list *v1.Node: Get "https://10.0.0.1:6443/api/v1/nodes?resourceVersion={us}": dial tcp 10.0.0.1:6443: connect: connection refused',
        'E{md} {clock}.{us:06d}       1 leaderelection.go:332] error retrieving resource lock kube-system/kube-controller-manager: Get "https://10.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s": context deadline exceeded',
    ),
    "operator.log": (
        '{{"level":"error","ts":"{iso}.{us:06d}Z","logger":"controller.web","msg":"Reconciler error","namespace":"demo","name":"web-{short}","reconcileID":"{uid}","error":"Operation cannot be fulfilled on webs.shop.example \\"web-{short}\\": admission webhook \\"v.shop.example\\" denied the request"}}',
        '{{"level":"warn","ts":"{iso}.{us:06d}Z","logger":"controller.web","msg":"cannot reach db-{short}.demo.svc:5432, will retry","error":"dial tcp: lookup db-{short}.demo.svc on 10.96.0.10:53: no such host"}}',
    ),
    "ingest.log": (
        'ts={iso}.{us:03d}Z caller=db.go:1011 level=error component=tsdb msg="compaction failed" err="compact head: persist head block: write chunks: write /data/01{hash}/chunks/{us}: no space left on device"',
        'ts={iso}.{us:03d}Z caller=scrape.go:1331 level=warn component="scrape manager" scrape_pool=demo/web target=http://10.0.{small}.{small}:8080/metrics msg="Scrape commit failed" err="write to WAL: log samples: no space left on device"',
    ),
    "orders.log": (
        "{date} {clock},{ms:03d} ERROR [http-nio-8080-exec-{small}] com.shop.orders.OrderService - order {uid} failed: java.net.SocketTimeoutException: Read timed out",
        "{date} {clock},{ms:03d} WARN  [HikariPool-1 housekeeper] com.zaxxer.hikari.pool.PoolBase - HikariPool-1 - Failed to validate connection org.postgresql.jdbc.PgConnection@{hex} (This connection has been closed.). Possibly consider using a shorter maxLifetime value.",
    ),
    "gateway.log": (
        '{date2} {clock} [error] 31#31: *{us} connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.{small}.{small}, server: _, request: "GET /api/v1/items/{us} HTTP/1.1", upstream: "http://10.0.{small}.{small}:8080/api/v1/items/{us}", host: "shop.example"',
        '10.0.{small}.{small} - - [{d:02d}/{mon}/2026:{clock} +0000] "GET /api/v1/items/{us} HTTP/1.1" 503 {ms} "-" "Mozilla/5.0 (X11; Linux x86_64)" {us} 0.0{small}',
    ),
}  # fmt: skip

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
"""What Kubernetes makes the ends of names of."""

FILES = tuple(_QUIET)
"""The names of the files."""


def made_logs(kind: str, size: int) -> dict[str, bytes]:
    """Return logs of one of the `KINDS` by file name, together about `size` bytes."""
    return {name: b"".join(lines_of(name, kind, size // len(FILES))) for name in FILES}


def lines_of(name: str, kind: str, size: int) -> Iterator[bytes]:
    """Give the lines of the file `name` until they are `size` bytes."""
    chance = random.Random(f"{name} {kind}")
    written = second = 0
    while written < size:
        second += chance.random() < 0.1
        failing = kind == "failing" or (kind == "mixed" and chance.randrange(SHARE) == 0)
        line = (
            chance.choice((_FAILING if failing else _QUIET)[name]).format_map(_values(second, chance)) + "\n"
        ).encode()
        written += len(line)
        yield line


def _values(second: int, chance: random.Random) -> dict[str, object]:
    day, clock = 1 + second // 86_400 % 28, f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    date = f"2026-11-{day:02d}"
    uid = f"{chance.getrandbits(128):032x}"
    letters = "".join(chance.choices(_LETTERS, k=15))
    return {
        "d": day, "mon": "Nov", "md": f"11{day:02d}", "clock": clock, "date": date, "date2": date.replace("-", "/"), "iso": f"{date}T{clock}",
        "us": chance.randrange(100_000, 1_000_000), "ms": chance.randrange(1000), "small": chance.randrange(1, 250), "uid": uid, "hex": uid[:8],
        "short": letters[:5], "hash": f"{letters[5:]}-{letters[:5]}",
    }  # fmt: skip
