"""Chains of causes: what one incident leaves in many places folds under the one thing that is broken."""

from pathlib import Path
from typing import NamedTuple

import pytest

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from kb.report.report import CONFIDENT

INCIDENT = Path(__file__).parents[1] / "kb" / "incidents" / "vm-stopped"


class Chain(NamedTuple):
    """Pasted evidence, the rule that must be its one root cause, and rules that must lie beneath it."""

    root: str
    effects: frozenset[str]
    evidence: str


CHAINS = {
    "no CNI configuration": Chain(
        "CNI-NO-CONFIG",
        frozenset({"NODE-NOTREADY", "SCHED-TAINT-NOT-READY", "POD-PENDING"}),
        """
$ kubectl get nodes
NAME   STATUS     ROLES           AGE   VERSION
m1     NotReady   control-plane   9m    v1.30.2
$ kubectl get pods -A
NAMESPACE     NAME                      READY   STATUS    RESTARTS   AGE
kube-system   coredns-7db6d8ff4d-5x2qk  0/1     Pending   0          9m
$ kubectl describe pod -n kube-system coredns-7db6d8ff4d-5x2qk
Name:         coredns-7db6d8ff4d-5x2qk
Namespace:    kube-system
Status:       Pending
Events:
  Type     Reason            Age   From               Message
  ----     ------            ----  ----               -------
  Warning  FailedScheduling  9m    default-scheduler  0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.
$ sudo journalctl -u kubelet
Jun 12 08:09:00 m1 kubelet[901]: E0612 08:09:00.110011 901 kubelet.go:2900] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"
""",
    ),
    "swap stops the kubelet": Chain(
        "NODE-SWAP-ON",
        frozenset({"NODE-NOTREADY"}),
        """
$ kubectl get nodes
NAME   STATUS     ROLES           AGE   VERSION
m1     Ready      control-plane   9d    v1.30.2
w1     NotReady   <none>          9d    v1.30.2
$ sudo journalctl -u kubelet
Jun 12 08:09:00 w1 kubelet[901]: E0612 08:09:00.110011 901 run.go:74] "command failed" err="failed to run Kubelet: running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false"
Jun 12 08:09:00 w1 systemd[1]: kubelet.service: Main process exited, code=exited, status=1/FAILURE
""",
    ),
    "a tag that does not exist": Chain(
        "IMAGE-NOT-FOUND",
        frozenset({"POD-IMAGE-PULL", "WORKLOAD-UNAVAILABLE", "SERVICE-NO-ENDPOINTS"}),
        """
$ kubectl get deploy,pods,endpoints -n shop
NAME                   READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/cart   0/1     1            0           5m

NAME                        READY   STATUS             RESTARTS   AGE
pod/cart-6fdd5b7c9d-x2x5q   0/1     ImagePullBackOff   0          5m

NAME             ENDPOINTS   AGE
endpoints/cart   <none>      5m
$ kubectl describe pod cart-6fdd5b7c9d-x2x5q -n shop
Name:         cart-6fdd5b7c9d-x2x5q
Namespace:    shop
Status:       Pending
Events:
  Type     Reason   Age   From     Message
  ----     ------   ----  ----     -------
  Warning  Failed   4m    kubelet  Failed to pull image "registry.example/cart:2.l": rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:2.l": failed to resolve reference "registry.example/cart:2.l": registry.example/cart:2.l: not found
""",
    ),
    "no quota left": Chain(
        "QUOTA-EXCEEDED",
        frozenset({"ADMISSION-REJECTED", "WORKLOAD-UNAVAILABLE"}),
        """
$ kubectl get deploy -n shop
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
cart   0/2     0            0           5m
$ kubectl get events -n shop
LAST SEEN   TYPE      REASON         OBJECT                       MESSAGE
4m          Warning   FailedCreate   replicaset/cart-6fdd5b7c9d   Error creating: pods "cart-6fdd5b7c9d-x2x5q" is forbidden: exceeded quota: team, requested: limits.memory=2Gi, used: limits.memory=7Gi, limited: limits.memory=8Gi
""",
    ),
    "a class that does not exist": Chain(
        "PVC-CLASS-NOT-FOUND",
        frozenset({"PVC-PENDING", "SCHED-PVC-UNBOUND", "POD-PENDING"}),
        """
$ kubectl get pods,pvc -n shop
NAME       READY   STATUS    RESTARTS   AGE
pod/db-0   0/1     Pending   0          5m

NAME                              STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
persistentvolumeclaim/data-db-0   Pending                                      fast           5m
$ kubectl get events -n shop
LAST SEEN   TYPE      REASON               OBJECT                            MESSAGE
4m          Warning   ProvisioningFailed   persistentvolumeclaim/data-db-0   storageclass.storage.k8s.io "fast" not found
4m          Warning   FailedScheduling     pod/db-0                          0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
""",
    ),
    "CoreDNS in a loop": Chain(
        "DNS-COREDNS-LOOP",
        frozenset({"POD-CRASHLOOP", "APP-NAME-RESOLUTION", "DNS-FAILING"}),
        """
$ kubectl get pods -n kube-system
NAME                       READY   STATUS             RESTARTS      AGE
coredns-7db6d8ff4d-5x2qk   0/1     CrashLoopBackOff   7 (2m ago)    15m
$ kubectl logs -n kube-system coredns-7db6d8ff4d-5x2qk
[FATAL] plugin/loop: Loop (127.0.0.1:41802 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."
$ kubectl logs -n shop cart-6fdd5b7c9d-x2x5q
Error: getaddrinfo EAI_AGAIN orders-db
""",
    ),
    "etcd has no space": Chain(
        "ETCD-NOSPACE",
        frozenset({"API-SERVER-ERROR"}),
        """
{"level":"warn","ts":"2026-06-12T08:00:00.301Z","caller":"etcdserver/server.go:1","msg":"failed to apply request","error":"etcdserver: mvcc: database space exceeded"}
$ kubectl apply -f cart.yaml
Error from server: error when creating "cart.yaml": etcdserver: mvcc: database space exceeded
Error from server (InternalError): Internal error occurred: etcdserver: mvcc: database space exceeded
""",
    ),
    "a webhook that nobody serves": Chain(
        "WEBHOOK-NO-ENDPOINTS",
        frozenset({"ADMISSION-REJECTED", "WORKLOAD-UNAVAILABLE"}),
        """
$ kubectl get deploy -n shop
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
cart   0/1     0            0           5m
$ kubectl get events -n shop
LAST SEEN   TYPE      REASON         OBJECT                       MESSAGE
4m          Warning   FailedCreate   replicaset/cart-6fdd5b7c9d   Error creating: Internal error occurred: failed calling webhook "inject.example.io": failed to call webhook: Post "https://injector.tools.svc:443/mutate?timeout=10s": no endpoints available for service "injector"
""",
    ),
    "the disk of a node": Chain(
        "NODE-DISK-PRESSURE",
        frozenset({"POD-EVICTED", "POD-FAILED"}),
        """
$ kubectl describe node w1
Name:               w1
Roles:              <none>
Taints:             node.kubernetes.io/disk-pressure:NoSchedule
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  MemoryPressure   False   Fri, 12 Jun 2026 08:00:00 +0000   Fri, 12 Jun 2026 07:00:00 +0000   KubeletHasSufficientMemory   kubelet has sufficient memory available
  DiskPressure     True    Fri, 12 Jun 2026 08:00:00 +0000   Fri, 12 Jun 2026 07:50:00 +0000   KubeletHasDiskPressure       kubelet has disk pressure
  Ready            True    Fri, 12 Jun 2026 08:00:00 +0000   Fri, 12 Jun 2026 07:00:00 +0000   KubeletReady                 kubelet is posting ready status
$ kubectl get pods -n shop -o wide
NAME                    READY   STATUS    RESTARTS   AGE   IP       NODE   NOMINATED NODE   READINESS GATES
cart-6fdd5b7c9d-x2x5q   0/1     Evicted   0          5m    <none>   w1     <none>           <none>
$ kubectl get events -n shop
LAST SEEN   TYPE      REASON    OBJECT                      MESSAGE
4m          Warning   Evicted   pod/cart-6fdd5b7c9d-x2x5q   The node was low on resource: ephemeral-storage. Threshold quantity: 2Gi, available: 1Gi.
""",
    ),
}


@pytest.fixture(scope="module")
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


def _diagnose(program: Program, *paths: str, stdin: bytes | None = None) -> Inference:
    return infer(program, extract(read_evidence(paths, stdin=stdin)), ReferenceEngine())


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_folds_under_its_root(program: Program, name: str) -> None:
    """One confident root cause that ranks first; the others are named as its effects, at any distance."""
    chain = CHAINS[name]
    found = _diagnose(program, "-", stdin=chain.evidence.lstrip().encode()).hypotheses
    ids = [hypothesis.candidate.rule.id for hypothesis in found]
    roots = [
        hypothesis.candidate.rule.id
        for hypothesis in found
        if not hypothesis.causes and hypothesis.confidence >= CONFIDENT
    ]
    assert (ids[0], roots) == (chain.root, [chain.root])
    beneath, waiting = set(), [0]
    while waiting:
        for effect in found[waiting.pop()].effects:
            if effect not in beneath:
                beneath.add(effect)
                waiting.append(effect)
    assert chain.effects <= {ids[place] for place in beneath}


def test_a_stopped_vm_is_the_one_cause_of_the_bundled_incident(program: Program) -> None:
    """Node, SSH, ping, Pods, scheduling and Services all fold under the VM, which is all but certain."""
    found = _diagnose(program, str(INCIDENT)).hypotheses
    assert [hypothesis.candidate.key for hypothesis in found if not hypothesis.causes] == ["VM-STOPPED/prod-worker1"]
    assert found[0].confidence >= 0.95
