"""What is young is no symptom yet, what has passed is none any more, and what was declared was not observed."""

import pytest

from facts.extract.evidence import extract
from facts.model.values import Evidence
from facts.read.evidence import read_evidence
from tests.facts.given import facts, kinds


def _pasted(*texts: str) -> Evidence:
    return extract(read_evidence(["-"], stdin="\n".join(text.lstrip("\n") for text in texts).encode()))


PODS = "NAME    READY   STATUS    RESTARTS   AGE\n"
EVENTS = "LAST SEEN   TYPE      REASON             OBJECT      MESSAGE\n"
BALANCER = "NAME   TYPE           CLUSTER-IP    EXTERNAL-IP   PORT(S)        AGE\nweb    LoadBalancer   10.96.11.12   <pending>     80:31234/TCP   {age}\n"
SCALER = "NAME   REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE\nweb    Deployment/web   cpu: <unknown>/80%   1         5         1          {age}\n"
CLAIM = "NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\ndata   Pending                                      fast           {age}\n"
NODES = "NAME   STATUS     ROLES    AGE   VERSION\nw1     NotReady   <none>   {age}   v1.33.1\nw2     Ready      <none>   9d    v1.33.1\n"
DEPLOYMENT = "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    0/2     2            0           {age}\n"


@pytest.mark.parametrize(
    ("table", "young", "old", "kind"),
    [
        (PODS + "web-0   0/1     Pending   0          {age}\n", "1s", "5m", "pod"),
        (PODS + "web-0   0/1     Init:0/1  0          {age}\n", "40s", "5m", "pod"),
        (PODS + "web-0   0/1     ContainerCreating   0          {age}\n", "59s", "2m", "pod"),
        (BALANCER, "5s", "20m", "service"),
        (SCALER, "10s", "9m", "hpa"),
        (CLAIM, "7s", "9m", "pvc"),
        (NODES, "20s", "9m", "node"),
        (DEPLOYMENT, "12s", "30m", "workload"),
    ],
)
def test_what_a_table_shows_as_young_is_no_symptom(table: str, young: str, old: str, kind: str) -> None:
    """The same state is one when it lasts."""
    assert kind not in kinds(_pasted(table.format(age=young)))
    assert kind in kinds(_pasted(table.format(age=old)))


def test_a_young_pod_that_fails_is_a_symptom() -> None:
    """Its age excuses waiting, not failing."""
    assert kinds(_pasted(PODS + "web-0   0/1     ErrImagePull   0          9s\n")) >= {"pod"}


def test_pods_that_give_way_to_young_ones_are_a_rollout() -> None:
    """Without young ones beside it a Pod that is Terminating is stuck."""
    old = "web-5c689d88bb-4t8xk   1/1     Terminating   0          40d\n"
    young = "web-7fb96c846b-2mkcd   0/1     ContainerCreating   0          3s\n"
    assert kinds(_pasted(PODS + old + young)) == set()
    assert "pod" in kinds(_pasted(PODS + old))


@pytest.mark.parametrize(
    ("failure", "success"),
    [
        ("63m         Warning   FailedScheduling   pod/web-0   0/2 nodes are available: 2 Insufficient cpu.", "62m         Normal    Scheduled          pod/web-0   Successfully assigned shop/web-0 to w1"),
        ('9m          Warning   FailedMount        pod/web-0   MountVolume.SetUp failed for volume "cfg"', "9m          Normal    Started            pod/web-0   Started container web"),
        ("5m (x9 over 7m)   Warning   FailedCreate   replicaset/web-7fb96c846b   exceeded quota: compute", "4m          Normal    SuccessfulCreate   replicaset/web-7fb96c846b   Created pod: web-7fb96c846b-2mkcd"),
        ('8m          Warning   Failed             pod/web-0   Failed to pull image "web:2": i/o timeout', '7m          Normal    Pulled             pod/web-0   Successfully pulled image "web:2"'),
    ],
)  # fmt: skip
def test_a_later_success_of_the_same_object_ends_a_failure(failure: str, success: str) -> None:
    """Ages in tables tell which came later; a success of another object ends nothing."""
    assert facts(_pasted(EVENTS + failure + "\n" + success + "\n"), "event") == []
    assert facts(_pasted(EVENTS + failure + "\n"), "event") != []
    other = success.replace("web-0", "web-1").replace("web-7fb96c846b ", "cart-7fb96c846b ")
    assert facts(_pasted(EVENTS + failure + "\n" + other + "\n"), "event") != []


def test_a_failure_after_the_success_is_there_still() -> None:
    """A Pod that was pulled an hour ago may fail to be pulled now."""
    success = "60m         Normal    Pulled             pod/web-0   Successfully pulled image\n"
    failure = "2m          Warning   Failed             pod/web-0   Failed to pull image: not found\n"
    assert [each["reason"] for each in facts(_pasted(EVENTS + success + failure), "event")] == ["Failed"]


def test_a_cordon_that_the_list_of_nodes_no_longer_shows_is_over() -> None:
    """What else the scheduler said still holds."""
    nodes = "NAME   STATUS   ROLES    AGE   VERSION\nw1     Ready{cordon}    <none>   9d    v1.33.1\nw2     Ready    <none>   9d    v1.33.1\n\n"
    event = (
        EVENTS
        + "20m   Warning   FailedScheduling   pod/web-0   0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.\n"
    )
    whys = [
        {each["why"] for each in facts(_pasted(nodes.format(cordon=cordon), event), "unschedulable")}
        for cordon in ("", ",SchedulingDisabled")
    ]
    assert whys == [{"resource"}, {"resource", "cordoned"}]


def test_not_ready_in_a_table_is_quoted_as_it_stands() -> None:
    """A table does not tell whether Ready is False or Unknown."""
    (fact,) = (fact for fact in _pasted(NODES.format(age="9d")).facts if fact.kind == "node")
    assert (fact.attributes["ready"], fact.text) == ("NotReady", "STATUS NotReady")


MANIFEST = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "web:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: job-1, namespace: shop}
spec: {containers: [{name: app, image: "job:1"}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {kind: Deployment, name: web}
  maxReplicas: 3
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
"""
DESCRIBED = """
Name:             job-1
Namespace:        shop
Node:             w1/10.0.0.4
Status:           Running
IP:               10.244.1.18
Containers:
  app:
    Image:          job:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  16
"""


def test_a_manifest_is_no_state() -> None:
    """Nobody saw that nothing of it is ready."""
    assert kinds(_pasted(MANIFEST)) == set()


@pytest.mark.parametrize("order", [(DESCRIBED, MANIFEST), (MANIFEST, DESCRIBED)])
def test_a_manifest_does_not_hide_what_was_described(order: tuple[str, str]) -> None:
    """Whichever was read first."""
    (container,) = facts(_pasted(*order), "container")
    assert (container["last_reason"], container["restarts"]) == ("OOMKilled", 16)
