"""One line of each kind that components print, and what the grammar reads from it."""

import pytest

from facts.model.failure import Failure
from facts.read.failures import read_failures

API = "10.20.0.1:6443"
REFUSED = f"dial tcp {API}: connect: connection refused"

CASES: dict[str, tuple[str, dict[str, object]]] = {
    "netcat of BusyBox": (
        "nc: bad port '//cart-db'",
        {"component": "nc", "error": "invalid-argument", "object": "//cart-db"},
    ),
    "netcat of OpenBSD": (
        "nc: port number invalid: http",
        {"component": "nc", "error": "invalid-argument", "object": "http"},
    ),
    "klog, structured, retried": (
        f'E0301 09:10:11.120000 31 controller.go:145] "Failed to ensure lease exists, will retry" err="Get \\"https://{API}/apis\\": {REFUSED}" interval="7s"',
        {"operation": "ensure lease exists", "error": "refused", "peer": API, "state": "retried", "level": "error"},
    ),
    "kubelet without a network": (
        ('E0301 09:10:11.120000 31 kubelet.go:2902] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady '
        'message:Network plugin returns error: cni plugin not initialized"'),
        {"component": "kubelet", "operation": "check runtime network", "error": "unavailable"},
    ),
    "klog, plain text": (
        'E0301 09:10:11.120000 31 main.go:332] Error registering network: failed to acquire lease: node "cart-7" pod cidr not assigned',
        {"component": "flannel", "operation": "register network", "error": "missing-config", "object_kind": "Node", "object": "cart-7"},
    ),
    "klog, fatal": (
        "F0301 09:10:11.120000 31 server.go:303] failed to run Kubelet: running with swap on is not supported, please disable swap",
        {"component": "kubelet", "operation": "run Kubelet", "error": "invalid-config", "level": "fatal", "last": True},
    ),
    "klog as JSON": (
        f'{{"ts":1795763532403.5,"caller":"lease/controller.go:7","msg":"Failed","node":"cart-7","err":"{REFUSED}"}}',
        {"error": "refused", "object_kind": "Node", "object": "cart-7", "peer": API, "level": "error"},
    ),
    "klog as JSON, the last word": (
        f'{{"ts":1795763532403.5,"caller":"app/main.go:7","msg":"fatal {REFUSED}","v":0}}',
        {"error": "refused", "level": "fatal", "last": True, "peer": API},
    ),
    "logrus of containerd": (
        ('time="2026-03-01T09:10:11Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:cart,Uid:a1,Namespace:shop,Attempt:0,} failed, error" '
        'error="failed to setup network for sandbox \\"77aa\\": plugin type=\\"flannel\\" failed (add): loadFlannelSubnetEnv failed: '
        'open /run/flannel/subnet.env: no such file or directory"'),
        {"component": "containerd", "operation": "set up network for sandbox", "error": "not-found", "object_kind": "path", "object": "/run/flannel/subnet.env"},
    ),
    "logrus on a terminal": (
        'FATA[0412] did not receive an event with the "running" status',
        {"component": "lima", "error": "timeout", "level": "fatal", "last": True},
    ),
    "runc, printed as JSON": (
        '{"level":"error","msg":"runc create failed: unable to start container process: exec: \\"serve\\": executable file not found in $PATH","time":"2026-03-01T09:10:11Z"}',
        {"component": "runc", "operation": "start container process", "error": "missing-command", "object_kind": "command", "object": "serve"},
    ),
    "Calico, values without quotes": (
        ('2026-03-01 09:10:11.120 [FATAL][1] cni-installer/<nil> <nil>: Unable to create token for CNI kubeconfig error=Post "https://10.20.0.1:443/api/v1/token": '
        "tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, not 10.20.0.1"),
        {"component": "calico", "operation": "create token", "error": "name-mismatch", "object_kind": "certificate", "object": "10.20.0.1", "peer": "10.20.0.1:443", "level": "fatal"},
    ),
    "zap as JSON": (
        '{"level":"fatal","ts":"2026-03-01T09:10:11Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"listen tcp 127.0.0.1:2380: bind: address already in use"}',
        {"component": "etcd", "operation": "listen", "error": "address-in-use", "object_kind": "port", "object": "127.0.0.1:2380", "level": "fatal", "last": True},
    ),
    "zap as JSON, a warning": (
        f'{{"level":"warn","ts":"2026-03-01T09:10:11Z","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","error":"{REFUSED}"}}',
        {"component": "etcd", "operation": "probe peer", "error": "refused", "level": "warning", "peer": API},
    ),
    "zap on a terminal": (
        f'2026-03-01T09:10:11.120Z\tERROR\tsetup\tunable to start manager\t{{"error": "{REFUSED}"}}',
        {"operation": "start manager", "error": "refused", "peer": API},
    ),
    "slog": (
        'time=2026-03-01T09:10:11Z level=ERROR source=main.go:1312 msg="Error opening storage" err="open /data/lock: permission denied"',
        {"operation": "open storage", "error": "permission-denied", "object": "/data/lock"},
    ),
    "a TLS alert that was received": (
        "2026/03/01 09:10:11 http: TLS handshake error from 10.20.0.5:41212: remote error: tls: bad certificate",
        {"operation": "TLS handshake", "error": "untrusted", "by": "peer", "peer": "10.20.0.5"},
    ),
    "capnslog": (
        "2026-03-01 09:10:11.120000 C | etcdmain: listen tcp 127.0.0.1:2380: bind: address already in use",
        {"component": "etcd", "operation": "listen", "error": "address-in-use", "level": "fatal", "last": True},
    ),
    "last words of containerd": (
        "containerd: failed to load TOML: conf.toml: (4, 2): unterminated array",
        {"component": "containerd", "operation": "load TOML", "error": "parse-error", "object": "conf.toml", "level": "fatal", "last": True},
    ),
    "last words of CoreDNS": (
        "Corefile:5 - Error during parsing: Unknown directive 'cahce'",
        {"component": "coredns", "operation": "parse Corefile", "error": "invalid-config", "object": "cahce", "last": True},
    ),
    "CoreDNS cannot forward": (
        "[ERROR] plugin/errors: 2 shop.example. A: read udp 10.20.1.3:37->9.9.9.9:53: i/o timeout",
        {"component": "coredns", "operation": "forward", "error": "name-failed", "object": "shop.example", "peer": "9.9.9.9:53"},
    ),
    "CoreDNS asks itself": (
        '[FATAL] plugin/loop: Loop (127.0.0.1:35 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting',
        {"component": "coredns", "operation": "detect loop", "error": "invalid-config", "object": ".", "last": True},
    ),
    "systemd, the unit's process": (
        "Mar 01 09:10:11 cart-7 systemd[1]: kubelet.service: Main process exited, code=exited, status=1/FAILURE",
        {"component": "kubelet", "error": "exited", "code": "1", "last": True, "node": "cart-7"},
    ),
    "systemd, nothing to execute": (
        "Mar 01 09:10:11 cart-7 systemd[1]: cart.service: Failed at step EXEC spawning /opt/cart/run: No such file or directory",
        {"component": "systemd", "operation": "start cart.service", "error": "missing-command", "object": "/opt/cart/run"},
    ),
    "the kernel kills": (
        "Mar 01 09:10:11 cart-7 kernel: Memory cgroup out of memory: Killed process 4711 (cartd) total-vm:901kB, anon-rss:1kB",
        {"component": "kernel", "error": "oom-killed", "object_kind": "process", "object": "cartd"},
    ),
    "ssh without a key": (
        "admin@10.20.0.9: Permission denied (publickey,password).",
        {"component": "ssh", "operation": "authenticate", "error": "unauthenticated", "object": "admin", "peer": "10.20.0.9"},
    ),
    "sshd and an old client": (
        "Mar 01 09:10:11 cart-7 sshd[77]: Unable to negotiate with 10.20.0.9 port 40122: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1",
        {"component": "sshd", "operation": "key exchange", "error": "protocol-mismatch", "peer": "10.20.0.9"},
    ),
    "a check of kubeadm": (
        "\t[ERROR FileContent--proc-sys-net-bridge-bridge-nf-call-iptables]: /proc/sys/net/bridge/bridge-nf-call-iptables contents are not set to 1",
        {"component": "kubeadm", "operation": "preflight", "error": "invalid-config", "object_kind": "sysctl", "object": "net.bridge.bridge-nf-call-iptables"},
    ),
    "kubectl": (
        'Error from server (NotFound): configmaps "cart-settings" not found',
        {"component": "kubectl", "error": "not-found", "object_kind": "ConfigMap", "object": "cart-settings"},
    ),
    "an API Status": (
        '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Operation cannot be fulfilled on leases \\"cart\\": the object has been modified","reason":"Conflict","code":409}',
        {"error": "conflict", "code": "409"},
    ),
    "an event": (
        'Warning  FailedMount  30s (x9 over 2m)  kubelet  MountVolume.SetUp failed for volume "settings" : configmap "cart-settings" not found',
        {"component": "kubelet", "operation": "mount volume", "error": "not-found", "object_kind": "ConfigMap", "object": "cart-settings", "count": 9},
    ),
    "Helm": (
        "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
        {"component": "helm", "operation": "upgrade release", "error": "locked", "last": True},
    ),
    "Node.js": (
        "Error: getaddrinfo ENOTFOUND cart-db\n    at GetAddrInfoReqWrap.onlookup (node:dns:107:26) {\n  errno: -3008,\n  code: 'ENOTFOUND',\n  syscall: 'getaddrinfo'\n}",
        {"operation": "resolve name", "error": "name-not-found", "object": "cart-db"},
    ),
    ".NET": (
        ("Unhandled exception. System.Net.Http.HttpRequestException: Cannot assign requested address (cart:80)\n"
        " ---> System.Net.Sockets.SocketException (99): Cannot assign requested address\n   at System.Net.Sockets.Socket.Connect()"),
        {"error": "address-not-available", "code": "99", "level": "fatal", "last": True},
    ),
    "nginx and its upstream": (
        ('2026/03/01 09:10:11 [error] 7#7: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 10.20.0.8, server: _, request: "GET / HTTP/1.1", '
        'upstream: "http://10.20.0.2:8080/", host: "cart"'),
        {"component": "nginx", "operation": "connect", "error": "refused", "peer": "10.20.0.2:8080", "code": "111"},
    ),
    "nginx at its start": (
        '2026/03/01 09:10:11 [emerg] 1#1: host not found in upstream "cart-db" in /etc/nginx/conf.d/cart.conf:9',
        {"component": "nginx", "error": "name-not-found", "object": "cart-db", "level": "fatal", "last": True},
    ),
    "PostgreSQL cannot bind": (
        ('2026-03-01 09:10:11.120 UTC [1] LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\n'
        "2026-03-01 09:10:11.121 UTC [1] FATAL:  could not create any TCP/IP sockets"),
        {"component": "postgresql", "operation": "bind", "error": "address-in-use", "object": "127.0.0.1", "level": "fatal", "last": True},
    ),
    "PostgreSQL ends a session": (
        '2026-03-01 09:10:11.120 UTC [44] FATAL:  database "cart" does not exist',
        {"component": "postgresql", "operation": "open session", "error": "not-found", "object_kind": "database", "object": "cart", "level": "error", "last": False},
    ),
    "MariaDB cannot start": (
        "mysqld: Can't change dir to '/srv/db/' (Errcode: 2 \"No such file or directory\")\n2026-03-01  9:10:11 0 [ERROR] Aborting",
        {"component": "mysql", "operation": "change dir", "error": "not-found", "object": "/srv/db/", "level": "fatal", "last": True},
    ),
    "Kafka": (
        ("[2026-03-01 09:10:11,120] ERROR [KafkaServer id=2] Fatal error during KafkaServer startup. Prepare to shutdown (kafka.server.KafkaServer)\n"
        "org.apache.kafka.common.errors.KafkaStorageException: Error while writing to checkpoint file\n\tat kafka.Log.write(Log.java:1)\n"
        "Caused by: java.io.IOException: No space left on device\n\t... 12 more"),
        {"component": "kafka", "operation": "start KafkaServer", "error": "no-space"},
    ),
    "the resolver below a request": (
        'failed to do request: Head "https://registry.shop/v2/": dial tcp: lookup registry.shop on 10.20.0.10:53: read udp 10.20.1.5:4->10.20.0.10:53: read: connection refused',
        {"error": "name-failed", "object": "registry.shop", "peer": "10.20.0.10:53"},
    ),
    "an empty word at the end": (
        ("failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: "
        "write /proc/self/attr/keycreate: permission denied: unknown"),
        {"component": "runc", "operation": "create shim task", "error": "permission-denied", "object": "/proc/self/attr/keycreate"},
    ),
    "crictl inside kubeadm": (
        ('\t[ERROR CRI]: container runtime is not running: output: time="2026-03-01T09:10:11Z" level=fatal msg="validate service connection: CRI v1 runtime API is not implemented '
        'for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService", error: exit status 1'),
        {"component": "kubeadm", "operation": "validate service connection", "error": "unsupported"},
    ),
    "a quoted line of another level": (
        ('time="2026-03-01T09:10:11Z" level=info msg="[hostagent] time="2026-03-01T09:10:11Z" level=error msg="Failed to check guest agent forwarding: dial unix /tmp/ga.sock: connect: '
        'connection refused""'),
        {"component": "lima", "operation": "check guest agent forwarding", "error": "refused", "level": "error"},
    ),
    "a registry that has enough": (
        ('failed to pull image "web:3": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/web:3": unexpected status code '
        "https://registry.shop/v2/library/web/manifests/3: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit"),
        {"operation": "pull image", "error": "rate-limited", "object_kind": "image"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_line_is_read(name: str) -> None:
    """A line gives one failure with these attributes."""
    text, expected = CASES[name]
    failures = read_failures(f"{text}\n".encode())
    assert len(failures) == 1
    assert {attribute: _value(failures[0], attribute) for attribute in expected} == expected


def _value(failure: Failure, attribute: str) -> object:
    value = getattr(failure, attribute)
    return getattr(value, "value", value)
