"""Descriptions of kubectl become objects, with the events that stand below them."""

import msgspec
import pytest

from facts.cluster.kinds import STRUCTS
from facts.read.text.outline import moment, read_outline
from tests.facts.reading import coverage, logs, objects, read

POD = """\
Name:             web-5d9f8c7b6-2xkqp
Namespace:        demo
Priority:         0
Service Account:  web
Node:             worker1/192.168.66.3
Start Time:       Mon, 23 Nov 2026 10:00:00 +0100
Labels:           app=web
                  pod-template-hash=5d9f8c7b6
Annotations:      note: a, b=c
Status:           Running
IP:               10.10.1.7
IPs:
  IP:           10.10.1.7
Controlled By:  ReplicaSet/web-5d9f8c7b6
Init Containers:
  prepare:
    Image:          busybox:1.36
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
    Ready:          True
    Restart Count:  0
Containers:
  web:
    Container ID:  containerd://0123
    Image:         registry.example.org/web:1.2
    Port:          8080/TCP
    Host Port:     0/TCP
    Command:
      /bin/sh
      -c
      run --flag: on
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Message:      first line
second line
      Exit Code:    137
      Started:      Mon, 23 Nov 2026 10:03:00 +0100
      Finished:     Mon, 23 Nov 2026 10:03:10 +0100
    Ready:          False
    Restart Count:  5
    Limits:
      memory:  64Mi
    Requests:
      cpu:        100m
      memory:     64Mi
    Liveness:     http-get http://:8080/ delay=0s timeout=1s period=3s #success=1 #failure=3
    Environment:
      MODE:  prod
    Mounts:
      /data from data (rw)
Conditions:
  Type              Status
  Initialized       True
  Ready             False
  PodScheduled      True
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  web-data
    ReadOnly:   false
  settings:
    Type:      ConfigMap (a volume populated by a ConfigMap)
    Name:      web-settings
    Optional:  false
  keys:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  web-keys
    Optional:    false
QoS Class:       Burstable
Node-Selectors:  disk=ssd
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                 gpu=yes:NoSchedule
Events:
  Type     Reason     Age                From               Message
  ----     ------     ----               ----               -------
  Normal   Scheduled  5m                 default-scheduler  Successfully assigned demo/web-5d9f8c7b6-2xkqp to worker1
  Warning  BackOff    9s (x24 over 5m)   kubelet            Back-off restarting failed container web
"""


def test_pod() -> None:
    """Everything that rules ask of a Pod is in the object."""
    pod, *events = objects(read(POD))
    assert pod["metadata"]["namespace"] == "demo"
    assert pod["metadata"]["labels"] == {"app": "web", "pod-template-hash": "5d9f8c7b6"}
    assert pod["metadata"]["ownerReferences"] == [{"kind": "ReplicaSet", "name": "web-5d9f8c7b6", "controller": True}]
    assert pod["spec"]["nodeName"] == "worker1"
    assert pod["spec"]["nodeSelector"] == {"disk": "ssd"}
    assert pod["spec"]["tolerations"][1] == {"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}
    (container,) = pod["spec"]["containers"]
    assert container["command"] == ["/bin/sh", "-c", "run --flag: on"]
    assert container["resources"] == {"limits": {"memory": "64Mi"}, "requests": {"cpu": "100m", "memory": "64Mi"}}
    assert container["ports"] == [{"containerPort": 8080, "protocol": "TCP"}]
    assert [next(iter(volume.keys() - {"name"})) for volume in pod["spec"]["volumes"]] == [
        "persistentVolumeClaim",
        "configMap",
        "secret",
    ]
    (status,) = pod["status"]["containerStatuses"]
    assert (status["name"], status["ready"], status["restartCount"]) == ("web", False, 5)
    assert status["state"] == {"waiting": {"reason": "CrashLoopBackOff"}}
    assert status["lastState"]["terminated"] == {
        "reason": "OOMKilled",
        "message": "first line\nsecond line",
        "exitCode": 137,
        "startedAt": "2026-11-23T09:03:00Z",
        "finishedAt": "2026-11-23T09:03:10Z",
    }
    assert pod["status"]["initContainerStatuses"][0]["state"]["terminated"]["exitCode"] == 0
    assert {one["type"]: one["status"] for one in pod["status"]["conditions"]}["Ready"] == "False"
    assert [one["reason"] for one in events] == ["Scheduled", "BackOff"]
    assert events[1]["involvedObject"] == {"kind": "Pod", "name": "web-5d9f8c7b6-2xkqp", "namespace": "demo"}
    assert events[1]["count"] == 24


def test_description_covers_one_object() -> None:
    """A description says nothing about the other objects of its kind."""
    snapshot = read(POD)
    assert coverage(snapshot) == [("kubernetes/events", "demo", "partial"), ("kubernetes/pods", "demo", "partial")]
    assert snapshot.observations[0].attributes == {"fidelity": "describe", "scope": ""}
    assert logs(snapshot) == []


def test_several_blocks_cut_off_and_indented() -> None:
    """Blocks follow each other, may end anywhere, and may stand further right than usual."""
    cut = POD[: POD.index("    Last State:")]
    indented = "".join(f"    {line}\n" for line in cut.replace("web-5d9f8c7b6-2xkqp", "web-other").splitlines())
    snapshot = read(f"{POD}\n\n{indented}")
    assert [one["metadata"]["name"] for one in objects(snapshot) if one["kind"] == "Pod"] == [
        "web-5d9f8c7b6-2xkqp",
        "web-other",
    ]
    assert objects(snapshot)[-1]["status"]["containerStatuses"][0]["state"] == {
        "waiting": {"reason": "CrashLoopBackOff"}
    }


NODE = """\
Name:               worker1
Roles:              <none>
Labels:             kubernetes.io/hostname=worker1
CreationTimestamp:  Sat, 21 Nov 2026 09:00:00 +0000
Taints:             node.kubernetes.io/not-ready:NoSchedule
                    dedicated=gpu:NoExecute
Unschedulable:      true
Conditions:
  Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason              Message
  ----             ------    -----------------                 ------------------                ------              -------
  MemoryPressure   False     Mon, 23 Nov 2026 10:00:00 +0000   Sat, 21 Nov 2026 09:00:00 +0000   KubeletHasSufficientMemory   kubelet has sufficient memory available
  Ready            Unknown   Mon, 23 Nov 2026 10:00:00 +0000   Mon, 23 Nov 2026 10:01:00 +0000   NodeStatusUnknown   Kubelet stopped posting node status.
Addresses:
  InternalIP:  192.168.66.3
  Hostname:    worker1
Capacity:
  cpu:     2
  memory:  4005912Ki
Allocatable:
  cpu:     2
  memory:  3903512Ki
System Info:
  Kernel Version:             6.8.0-48-generic
  Container Runtime Version:  containerd://1.7.22
  Kubelet Version:            v1.31.2
PodCIDR:                      10.10.1.0/24
Non-terminated Pods:          (1 in total)
  Namespace                   Name                CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----                ------------  ----------  ---------------  -------------  ---
  demo                        web                 100m (5%)     0 (0%)      64Mi (1%)        64Mi (1%)      5m
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests    Limits
  --------           --------    ------
  cpu                1900m (95%)  0 (0%)
Events:              <none>
"""


def test_node() -> None:
    """Conditions with reason and message, taints, addresses and capacity of a node."""
    (node,) = objects(read(NODE))
    ready = next(one for one in node["status"]["conditions"] if one["type"] == "Ready")
    assert ready == {
        "type": "Ready",
        "status": "Unknown",
        "lastHeartbeatTime": "2026-11-23T10:00:00Z",
        "lastTransitionTime": "2026-11-23T10:01:00Z",
        "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
    }
    assert node["spec"] == {
        "taints": [
            {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
            {"key": "dedicated", "value": "gpu", "effect": "NoExecute"},
        ],
        "unschedulable": True,
        "podCIDR": "10.10.1.0/24",
    }
    assert node["status"]["addresses"][0] == {"type": "InternalIP", "address": "192.168.66.3"}
    assert node["status"]["allocatable"] == {"cpu": "2", "memory": "3903512Ki"}
    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.31.2"
    assert logs(read(NODE)) == []


def test_service_gives_its_endpoints() -> None:
    """The Endpoints line of a Service is an Endpoints object of the same name."""
    text = (
        "Name:              web\nNamespace:         demo\nLabels:            <none>\nSelector:          app=web,tier=front\n"
        "Type:              ClusterIP\nIP Families:       IPv4\nIP:                10.96.0.9\nPort:              http  80/TCP\n"
        "TargetPort:        web/TCP\nEndpoints:         {}\nSession Affinity:  None\nEvents:            <none>\n"
    )
    service, endpoints = objects(read(text.format("<none>")))
    assert service["spec"]["selector"] == {"app": "web", "tier": "front"}
    assert service["spec"]["ports"] == [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "web"}]
    assert endpoints["metadata"] == {"name": "web", "namespace": "demo"}
    assert endpoints["subsets"] == []
    _, endpoints = objects(read(text.format("10.10.1.7:8080,10.10.2.8:8080")))
    assert [one["ip"] for one in endpoints["subsets"][0]["addresses"]] == ["10.10.1.7", "10.10.2.8"]


DEPLOYMENT = """\
Name:                   web
Namespace:              demo
CreationTimestamp:      Mon, 23 Nov 2026 10:00:00 +0000
Labels:                 app=web
Selector:               app=web
Replicas:               3 desired | 3 updated | 3 total | 1 available | 2 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=web
  Containers:
   web:
    Image:      web:1.2
    Port:       8080/TCP
    Limits:
      memory:     64Mi
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      False   MinimumReplicasUnavailable
  Progressing    False   ProgressDeadlineExceeded
OldReplicaSets:  <none>
NewReplicaSet:   web-5d9f8c7b6 (3/3 replicas created)
Events:          <none>
"""


def test_deployment() -> None:
    """Replicas, template and conditions of a Deployment."""
    (web,) = objects(read(DEPLOYMENT))
    assert web["kind"] == "Deployment"
    assert web["spec"]["replicas"] == 3
    assert web["spec"]["template"]["spec"]["containers"][0]["resources"] == {"limits": {"memory": "64Mi"}}
    assert web["status"]["readyReplicas"] == 1
    assert web["status"]["conditions"][1]["reason"] == "ProgressDeadlineExceeded"


@pytest.mark.parametrize(
    ("lines", "kind", "told"),
    [
        (
            ["Replicas:  10 current / 25 desired", "Pods Status:  10 Running / 0 Waiting / 0 Succeeded / 0 Failed"],
            "ReplicaSet",
            {"spec": {"replicas": 25}, "status": {"replicas": 10, "readyReplicas": 10}},
        ),
        (
            ["Replicas:  3 desired | 2 total", "Pods Status:  1 Running / 1 Waiting / 0 Succeeded / 0 Failed"],
            "StatefulSet",
            {"spec": {"replicas": 3}, "status": {"replicas": 2, "readyReplicas": 1}},
        ),
        (
            [
                "Desired Number of Nodes Scheduled: 3",
                "Current Number of Nodes Scheduled: 3",
                "Number of Nodes Scheduled with Available Pods: 2",
            ],
            "DaemonSet",
            {"spec": {}, "status": {"desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberReady": 2}},
        ),
        (
            ["Parallelism:  1", "Completions:  1", "Backoff Limit:  4", "Pods Statuses:  0 Active (0 Ready) / 0 Succeeded / 5 Failed"],
            "Job",
            {"spec": {"completions": 1, "parallelism": 1, "backoffLimit": 4}, "status": {"active": 0, "succeeded": 0, "failed": 5}},
        ),
        (
            ["StorageClass:  fast", "Status:  Pending", "Volume:", "Used By:  web-1"],
            "PersistentVolumeClaim",
            {"spec": {"storageClassName": "fast"}, "status": {"phase": "Pending"}},
        ),
        (
            ["Resource       Used  Hard", "--------       ----  ----", "limits.memory  2Gi   2Gi", "pods           9     10"],
            "ResourceQuota",
            {
                "spec": {"hard": {"limits.memory": "2Gi", "pods": "10"}},
                "status": {"hard": {"limits.memory": "2Gi", "pods": "10"}, "used": {"limits.memory": "2Gi", "pods": "9"}},
            },
        ),
        (
            ["Created on:  x", "Spec:", "  PodSelector:     app=web", "  Allowing ingress traffic:", "    <none> (Selected pods are isolated for ingress connectivity)", "  Not affecting egress traffic", "  Policy Types: Ingress"],
            "NetworkPolicy",
            {"spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": []}},
        ),
        (
            ["Created on:  x", "Spec:", "  PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)", "  Not affecting ingress traffic", "  Allowing egress traffic:", "    To Port: 53/UDP", "    To Port: dns-tcp/TCP", "    To: <any> (traffic not restricted by destination)", "    ----------", "    To Port: <any> (traffic allowed to all ports)", "    To:", "      NamespaceSelector: team=pay", "      PodSelector: app in (db,cache),!old", "    To:", "      IPBlock:", "        CIDR: 10.0.0.0/8", "        Except: 10.1.0.0/16, 10.2.0.0/16", "  Policy Types: Egress"],
            "NetworkPolicy",
            {
                "spec": {
                    "podSelector": {},
                    "policyTypes": ["Egress"],
                    "egress": [
                        {"ports": [{"port": 53, "protocol": "UDP"}, {"port": "dns-tcp", "protocol": "TCP"}]},
                        {
                            "to": [
                                {
                                    "namespaceSelector": {"matchLabels": {"team": "pay"}},
                                    "podSelector": {
                                        "matchLabels": {},
                                        "matchExpressions": [
                                            {"key": "app", "operator": "In", "values": ["db", "cache"]},
                                            {"key": "old", "operator": "DoesNotExist"},
                                        ],
                                    },
                                },
                                {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.2.0.0/16"]}},
                            ]
                        },
                    ],
                }
            },
        ),
    ],
)  # fmt: skip
def test_other_kinds(lines: list[str], kind: str, told: dict[str, object]) -> None:
    """The kind is told by the fields, and the fields by the kind; the API's own structs can hold the result."""
    (one,) = objects(read("\n".join(["Name:  thing", "Namespace:  demo", *lines, ""])))
    assert one["kind"] == kind
    assert {field: one[field] for field in told} == told
    msgspec.convert(one, STRUCTS[kind], strict=False)


def test_autoscaler_and_ingress() -> None:
    """What scales and what routes, with the words that say why they do not."""
    scaler = (
        "Name:  web\nNamespace:  demo\nReference:  Deployment/web\n"
        "Metrics:  ( current / target )\n  resource cpu on pods  (as a percentage of request):  <unknown> / 50%\n"
        "Min replicas:  1\nMax replicas:  5\nDeployment pods:  1 current / 0 desired\n"
        "Conditions:\n  Type           Status  Reason                   Message\n  ----           ------  ------                   -------\n"
        "  ScalingActive  False   FailedGetResourceMetric  the HPA was unable to compute the replica count: no metrics\n"
    )
    (one,) = objects(read(scaler))
    assert one["status"]["conditions"][0]["message"] == "the HPA was unable to compute the replica count: no metrics"
    assert one["spec"]["scaleTargetRef"] == {"kind": "Deployment", "name": "web"}
    ingress = (
        "Name:  web\nNamespace:  demo\nAddress:\nIngress Class:  nginx\nDefault backend:  <default>\nRules:\n"
        "  Host             Path  Backends\n  ----             ----  --------\n  web.example.org\n"
        '                   /api   api:80 (<error: endpoints "api" not found>)\n'
    )
    (one,) = objects(read(ingress))
    assert one["spec"]["ingressClassName"] == "nginx"
    assert one["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"] == {"name": "api", "port": {"number": 80}}


def test_unknown_kind_stays_text_and_keeps_its_events() -> None:
    """What is described of a custom resource can still be searched, and its events are events."""
    text = (
        "Name:         edge\nNamespace:    demo\nAPI Version:  cert-manager.io/v1\nKind:         Certificate\n"
        "Status:\n  Conditions:\n    Message:  Issuing certificate as Secret does not exist\n"
        "Events:\n  Type     Reason  Age  From          Message\n  ----     ------  ---  ----          -------\n"
        "  Warning  Failed  5m   cert-manager  The certificate request has failed\n"
    )
    snapshot = read(text)
    (event,) = objects(snapshot)
    assert event["involvedObject"] == {"kind": "Certificate", "name": "edge", "namespace": "demo"}
    assert b"Issuing certificate as Secret" in logs(snapshot)[0].body


def test_name_in_a_log_is_no_description() -> None:
    """A line that looks like the start of a block and is none stays where it was."""
    assert [one.body for one in logs(read("Name:  foo\nbar baz\n"))] == [b"Name:  foo\nbar baz\n"]


def test_outline_of_moments() -> None:
    """Times are brought to UTC, and what is none is nothing."""
    assert moment("Mon, 23 Nov 2026 10:00:00 +0100") == "2026-11-23T09:00:00Z"
    assert moment("<unknown>") == ""
    assert read_outline(["a:  1", "  b:  2"]).find("a").get("b") == "2"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "Selector:          app=shop-api\nType:              ClusterIP\nEndpoints:         <none>\n",
        'ENDPOINTS <none>\nselector {"app":"shop-api"}\nHTTP/1.1 503 Service Unavailable\n',
    ],
)
def test_a_service_without_its_name(text: str) -> None:
    """A few lines that somebody cut out still say what is selected, and that nothing is there."""
    service, endpoints = objects(read(text))
    assert (service["kind"], service["spec"]["selector"]) == ("Service", {"app": "shop-api"})
    assert (endpoints["kind"], endpoints["subsets"]) == ("Endpoints", [])


def test_a_message_may_hold_lines_that_look_like_prompts() -> None:
    """grpc_health_probe prints its options after a `>`; a prompt ends the message."""
    rows = [
        "  Type     Reason     Age  From     Message",
        "  ----     ------     ---- ----     -------",
        "  Warning  Unhealthy  44s  kubelet  Readiness probe failed: config:",
        "> addr=:7070 rpc_timeout=1s",
        "health check rpc failed: too slow",
        "> kubectl get pods",
        "",
    ]
    (event,) = objects(read("\n".join(rows)))
    assert event["message"].splitlines()[1:] == ["> addr=:7070 rpc_timeout=1s", "health check rpc failed: too slow"]


def test_the_end_of_a_description_is_about_its_object() -> None:
    """The command names it."""
    text = "$ kubectl describe pod -n shop web-0 | tail -1\n  Warning  Unhealthy  3s  kubelet  Readiness probe failed: refused\n"
    (event,) = objects(read(text))
    assert event["involvedObject"] == {"kind": "Pod", "name": "web-0", "namespace": "shop"}


def test_the_environment_of_a_described_pod_is_read() -> None:
    """Values, and the keys that they come from; what depends on the Pod is left out."""
    text = """$ kubectl describe pod web-0 -n shop
Name:         web-0
Namespace:    shop
Status:       Running
Containers:
  app:
    Image:          shop/web:1
    Environment:
      MODE:   fast
      POD_IP:  (v1:status.podIP)
      HOST:   <set to the key 'host' of config map 'web-cfg'>  Optional: true
      PASS:   <set to the key 'pass' in secret 'web-sec'>      Optional: false
    Mounts:   <none>
"""
    (found,) = objects(read(text))
    assert found["spec"]["containers"][0]["env"] == [
        {"name": "MODE", "value": "fast"},
        {"name": "HOST", "valueFrom": {"configMapKeyRef": {"name": "web-cfg", "key": "host", "optional": True}}},
        {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "web-sec", "key": "pass", "optional": False}}},
    ]
