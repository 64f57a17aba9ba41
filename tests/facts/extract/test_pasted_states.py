"""What a few pasted lines tell of addresses, claims, Services, policies and issuers."""

import pytest

from facts.extract.evidence import extract
from facts.model.values import Evidence
from facts.read.evidence import read_evidence
from tests.facts.given import facts, kinds, only


def _pasted(text: str) -> Evidence:
    return extract(read_evidence(["-"], stdin=text.lstrip().encode()))


NODES = """
NAME   STATUS   ROLES    AGE   VERSION   INTERNAL-IP     EXTERNAL-IP   OS-IMAGE   KERNEL-VERSION   CONTAINER-RUNTIME
prod-w1   NotReady   <none>   9d   v1.30.2   192.168.66.12   <none>   Ubuntu 24.04   6.8.0-49   containerd://1.7.24
"""


@pytest.mark.parametrize(
    ("present", "changed"),
    [
        ("192.168.66.12", []),
        ("192.168.66.31", [("prod-w1", "192.168.66.12", "192.168.66.31")]),
        ("10.0.2.15", []),  # another interface of the same VM
    ],
)
def test_the_vm_manager_knows_another_address(present: str, changed: list[tuple[str, str, str]]) -> None:
    """In the same network it is a new address, in another network another interface."""
    vms = f"$ multipass list\nName                    State             IPv4             Image\nprod-w1                 Running           {present}    Ubuntu 24.04 LTS\n"
    found = facts(_pasted(f"$ kubectl get nodes -o wide{NODES}{vms}"), "address_change")
    assert [(each["node"], each["old"], each["new"]) for each in found] == changed


def test_a_claim_whose_event_says_that_it_waits_for_a_pod() -> None:
    """It needs no class in the evidence to be no fault."""
    text = """
Name:          scratch
Namespace:     dev
StorageClass:  local-path
Status:        Pending
Volume:
Used By:       <none>
Events:
  Type    Reason                Age   From                         Message
  ----    ------                ----  ----                         -------
  Normal  WaitForFirstConsumer  4s    persistentvolume-controller  waiting for first consumer to be created before binding
"""
    assert only(_pasted(text), "pvc")["waits_for_consumer"] is True


@pytest.mark.parametrize(("ready", "problem"), [("0/0", "scaled-to-zero"), ("0/2", "no-endpoints")])
def test_empty_endpoints_beside_the_workload_of_their_name(ready: str, problem: str) -> None:
    """Without a selector the workload of the same name tells whether Pods are wanted."""
    text = f"""
$ kubectl get deploy,endpoints -n shop
NAME                   READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/cart   {ready}     0            0           9d

NAME             ENDPOINTS   AGE
endpoints/cart   <none>      9d
"""
    assert only(_pasted(text), "service")["problem"] == problem


def test_a_policy_of_a_namespace_that_nobody_saw_counts() -> None:
    """Somebody cut it out by hand."""
    text = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: api}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""
    assert only(_pasted(text), "network_policy")["ingress"] == "deny-all"


def test_a_policy_of_a_namespace_that_is_well_does_not_count() -> None:
    """Its Pods were seen, and run."""
    text = """
apiVersion: v1
kind: List
items:
- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: api}, spec: {podSelector: {}, policyTypes: [Ingress]}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web, namespace: api}
  spec: {nodeName: w1, containers: [{name: web, image: nginx}]}
  status: {phase: Running, containerStatuses: [{name: web, ready: true, state: {running: {}}}], conditions: [{type: Ready, status: "True"}]}
"""
    assert "network_policy" not in kinds(_pasted(text))


def test_a_normal_event_whose_reason_can_only_be_trouble_counts() -> None:
    """cert-manager reports a missing issuer with the type Normal."""
    text = """
$ kubectl get events -n shop
LAST SEEN   TYPE     REASON           OBJECT                      MESSAGE
2m          Normal   IssuerNotFound   certificaterequest/cart-1   Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "le" not found
2m          Normal   Requested        certificate/cart            Created new CertificateRequest resource "cart-1"
"""
    assert [text_.body.decode() for text_ in _pasted(text).texts] == [
        'Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "le" not found'
    ]


def test_an_event_of_a_table_is_about_the_node_of_its_pod() -> None:
    """The table does not tell who reported it; the Pod tells where it ran."""
    text = """
$ kubectl get pods -n shop -o wide
NAME     READY   STATUS    RESTARTS   AGE   IP       NODE   NOMINATED NODE   READINESS GATES
cart-1   0/1     Evicted   0          5m    <none>   w1     <none>           <none>
$ kubectl get events -n shop
LAST SEEN   TYPE      REASON    OBJECT       MESSAGE
4m          Warning   Evicted   pod/cart-1   The node was low on resource: memory.
"""
    about = [text_.attributes.get("node") for text_ in _pasted(text).texts if b"low on resource" in text_.body]
    assert about == ["w1"]
