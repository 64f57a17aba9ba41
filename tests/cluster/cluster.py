"""A real control plane on loopback: etcd, API server, controllers and scheduler, with kwok in the place of kubelets."""

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import trustme
import yaml

from tests.cluster.api import Api, Object
from tests.cluster.build import KUBERNETES, programs
from tests.cluster.process import Program, free_ports

START_SECONDS = 60.0
"""How long a program may take until it is ready; measured are two to six seconds."""
LEASE_SECONDS = 4
"""For how long a kubelet's lease holds: it renews four times as often."""
GRACE_SECONDS = 6
"""How long the controllers wait for a silent node."""

_STAGES = Path(__file__).parent / "stages.yaml"
_AUDIT_POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"]}
_NOT_AUDITED = [
    # The programs of the cluster itself talk a lot; what matters is what anybody else asks, and what is answered.
    {"level": "None", "userGroups": ["system:masters"]},
    {"level": "None", "users": ["system:anonymous", "system:apiserver"]},
]


class Cluster:
    """A cluster that runs. `folder` holds all its files, `kubeconfig` is the administrator's."""

    def __init__(
        self,
        folder: Path,
        found: dict[str, Path],
        lease_seconds: int,
        prints: Mapping[str, Sequence[str]],
        audit: str,
    ) -> None:
        self.folder, self._found, self._lease_seconds, self._prints = folder, found, lease_seconds, prints
        self._audit = {**_AUDIT_POLICY, "rules": [*_NOT_AUDITED, {"level": audit}]}
        self.etcd, self._peer, self.port, self._controllers, self._scheduler = free_ports(5)
        self.server = f"https://127.0.0.1:{self.port}"
        self.authority = folder / "ca.crt"
        self.issuer = trustme.CA()
        self.token = secrets.token_hex(16)
        self.kubeconfig = self.kubeconfig_of("admin", self.token)
        self.api = Api(self.server, self.authority, self.token, connections=32)
        self._started: dict[str, Program] = {}
        self._flags: dict[str, Sequence[str]] = {}

    # --- for tests ------------------------------------------------------------------------------------------------

    def kubeconfig_of(
        self,
        name: str,
        token: str = "",
        namespace: str = "default",
        user: Object | None = None,
        cluster: Mapping[str, str] = {},
    ) -> str:
        """Write a kubeconfig whose user has `token`, or is `user`, and return its path; `cluster` are other settings."""
        reached = {"server": self.server, "certificate-authority": "ca.crt", **cluster}
        config = {
            "kind": "Config",
            "apiVersion": "v1",
            "current-context": name,
            "clusters": [{"name": "t2", "cluster": reached}],
            "users": [{"name": name, "user": user or {"token": token}}],
            "contexts": [{"name": name, "context": {"cluster": "t2", "user": name, "namespace": namespace}}],
        }
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(yaml.safe_dump(config))
        path.chmod(0o600)
        return str(path)

    def service_account(self, name: str, namespace: str) -> str:
        """Return a kubeconfig for a ServiceAccount that exists."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
        answer = self.api.request("POST", path, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest"})
        return self.kubeconfig_of(f"{namespace}-{name}", answer["status"]["token"])

    def audited(self) -> list[Object]:
        """Return what everybody but the cluster itself has asked, and been answered; who is not known has no username."""
        return [json.loads(line) for line in (self.folder / "audit.log").read_text().splitlines()]

    def add_nodes(self, *nodes: Object) -> None:
        """Add nodes, and return when all are Ready."""
        self.api.create(*nodes)
        for node in nodes:
            self.api.until("/api/v1/nodes", is_ready, fieldSelector=f"metadata.name={node['metadata']['name']}")

    def start_kubelet(self, node: str) -> Program:
        """Start a kubelet for one node (see `node`), to be stopped by the test."""
        port = free_ports(1)[0]
        return self._run("kwok", *self._kwok_flags(port), f"--manage-single-node={node}", log=f"kubelet-{node}")

    def process_of(self, program: str) -> int:
        """Return the id of the process of one of the programs, "kube-apiserver" for one."""
        return self._started[program].process.pid

    @contextmanager
    def without(self, program: str) -> Iterator[None]:
        """Run the block while one of the programs, "kube-scheduler" for one, is not there."""
        self._started.pop(program).stop()
        yield
        self._run(program, *self._flags[program])

    # --- starting and stopping ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the programs, each as soon as it can work, and return when all are ready."""
        self._write_files()
        etcd, peer = f"http://127.0.0.1:{self.etcd}", f"http://127.0.0.1:{self._peer}"
        self._run(
            "etcd",
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={etcd}",
            f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
            "--log-level=warn",
        )
        apiserver = self._run("kube-apiserver", *self._apiserver_flags(etcd))
        apiserver.until(self.api.ready, START_SECONDS)
        connection = (
            f"--kubeconfig={self.kubeconfig}",
            f"--authentication-kubeconfig={self.kubeconfig}",
            f"--authorization-kubeconfig={self.kubeconfig}",
            "--bind-address=127.0.0.1",
            "--leader-elect-lease-duration=10s",
            "--leader-elect-renew-deadline=8s",
            "--leader-elect-retry-period=1s",
            "--kube-api-qps=1000",
            "--kube-api-burst=2000",
        )
        self._run(
            "kube-controller-manager",
            *connection,
            f"--secure-port={self._controllers}",
            f"--service-account-private-key-file={self.folder / 'sa.key'}",
            f"--root-ca-file={self.authority}",
            "--allocate-node-cidrs",
            "--cluster-cidr=10.128.0.0/10",
            "--node-monitor-period=1s",
            f"--node-monitor-grace-period={max(GRACE_SECONDS, 2 * self._lease_seconds)}s",
            "--horizontal-pod-autoscaler-sync-period=1s",
            "--pvclaimbinder-sync-period=1s",
            "--concurrent-replicaset-syncs=20",
            "--concurrent-namespace-syncs=20",
        )
        self._run("kube-scheduler", *connection, f"--secure-port={self._scheduler}")
        self._run(
            "kwok",
            *self._kwok_flags(free_ports(1)[0]),
            "--manage-nodes-with-label-selector=kbdiag.test/kubelet=shared",
        )
        # The first ServiceAccount comes from the controllers; until it is there no Pod can be created.
        accounts = "/api/v1/namespaces/default/serviceaccounts"
        self.api.until(accounts, lambda one: bool(one["metadata"]["name"] == "default"), START_SECONDS)

    def stop(self) -> None:
        """End all programs, the youngest first."""
        while self._started:
            self._started.popitem()[1].stop()

    def _run(self, program: str, *flags: str, log: str = "") -> Program:
        name = log or program
        self._flags[name] = flags
        started = Program.start([self._found[program], *flags], self.folder / f"{name}.log")
        self._started[name] = started
        return started

    def _write_files(self) -> None:
        authority = self.issuer
        authority.cert_pem.write_to_path(str(self.authority))
        serving = authority.issue_cert("127.0.0.1", "localhost", "kubernetes.default.svc")
        serving.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "serving.pem"))
        authority.issue_cert(common_name="accounts").private_key_pem.write_to_path(str(self.folder / "sa.key"))
        (self.folder / "tokens.csv").write_text(f"{self.token},admin,admin,system:masters\n")
        (self.folder / "audit.yaml").write_text(json.dumps(self._audit))
        (self.folder / "audit.log").touch()
        logs = [self._log(namespace, lines) for namespace, lines in self._prints.items()]
        (self.folder / "logs.yaml").write_text(yaml.safe_dump_all([*logs, self._log("", ())]))

    def _log(self, namespace: str, lines: Sequence[str]) -> Object:
        """Write what containers print as a kubelet keeps it, and return whose log that is: now and before a restart."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
        path = self.folder / f"containers-{namespace}.log"
        path.write_text("".join(f"{now} stderr F {line}\n" for line in lines))
        kind = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterLogs",
            "metadata": {"name": namespace or "rest"},
        }
        logs = [{"logsFile": str(path), "previousLogsFile": str(path)}]
        return {**kind, "spec": {"logs": logs, **({"selector": {"matchNamespaces": [namespace]}} if namespace else {})}}

    def _apiserver_flags(self, etcd: str) -> Sequence[str]:
        return (
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self.port}",
            f"--tls-cert-file={self.folder / 'serving.pem'}",
            f"--tls-private-key-file={self.folder / 'serving.pem'}",
            f"--client-ca-file={self.authority}",
            f"--kubelet-client-certificate={self.folder / 'serving.pem'}",
            f"--kubelet-client-key={self.folder / 'serving.pem'}",
            "--kubelet-preferred-address-types=InternalDNS",
            f"--token-auth-file={self.folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder / 'sa.key'}",
            f"--service-account-signing-key-file={self.folder / 'sa.key'}",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--endpoint-reconciler-type=none",
            f"--audit-policy-file={self.folder / 'audit.yaml'}",
            f"--audit-log-path={self.folder / 'audit.log'}",
            "--audit-log-mode=blocking",
        )

    def _kwok_flags(self, port: int) -> Sequence[str]:
        return (
            f"--kubeconfig={self.kubeconfig}",
            f"--config={_STAGES}",
            f"--config={self.folder / 'logs.yaml'}",
            "--node-ip=127.0.0.1",
            f"--node-port={port}",
            f"--server-address=127.0.0.1:{port}",
            f"--tls-cert-file={self.folder / 'serving.pem'}",
            f"--tls-private-key-file={self.folder / 'serving.pem'}",
            f"--node-lease-duration-seconds={self._lease_seconds}",
        )


@contextmanager
def running(
    lease_seconds: int = LEASE_SECONDS,
    prints: Mapping[str, Sequence[str]] = MappingProxyType({}),
    audit: str = "RequestResponse",
) -> Iterator[Cluster]:
    """Run a cluster until the block ends, and leave nothing behind. Raises UnavailableError or StartError.

    `lease_seconds` is how long a kubelet may be silent; `prints` is what the containers of a namespace print,
    `audit` how much is written down of each request (a level of the audit policy).
    """
    found = programs()
    with ExitStack() as ending:
        folder = Path(tempfile.mkdtemp(prefix="kbdiag-cluster-"))
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = Cluster(folder, found, lease_seconds, prints, audit)
        ending.callback(cluster.stop)
        cluster.start()
        yield cluster


def is_ready(one: Object) -> bool:
    """Tell whether an object has the condition Ready."""
    conditions = one.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def node(
    name: str,
    *,
    shared: bool = True,
    ip: str = "",
    taints: Sequence[Object] = (),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Object:
    """Return a node of 4 CPUs, 8 GiB and 110 Pods, run by the kubelet of all nodes or, not `shared`, by its own.

    Its address is one of those of loopback: it answers a ping, and nobody else has it.
    """
    address = ip or str(ip_address("127.18.0.1") + crc32(name.encode()) % (1 << 16))
    room = {"cpu": "4", "memory": "8Gi", "ephemeral-storage": "50Gi", "pods": "110"}
    release = KUBERNETES[1] if KUBERNETES else ""
    info: dict[str, Any] = dict.fromkeys(
        ("bootID", "kernelVersion", "kubeProxyVersion", "machineID", "osImage", "systemUUID"), ""
    )
    info |= {"architecture": "amd64", "operatingSystem": "linux", "kubeletVersion": release}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/hostname": name,
                "kbdiag.test/kubelet": "shared" if shared else "own",
                **labels,
            },
            "annotations": {"kbdiag.test/ip": address},
        },
        "spec": {"taints": list(taints)},
        "status": {
            "capacity": room,
            "allocatable": room,
            "nodeInfo": {**info, "containerRuntimeVersion": "containerd://2.1.4"},
        },
    }
