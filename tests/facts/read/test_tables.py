"""Tables of kubectl become objects that say as much as the table does."""

import msgspec
import pytest

from facts.cluster.objects import Pod
from facts.cluster.pod_status import restarts_of, status_of
from facts.read.formats.pod_table import pod_status
from tests.facts.reading import coverage, logs, objects, read

PODS = """\
NAMESPACE     NAME                    READY   STATUS             RESTARTS        AGE    IP            NODE      NOMINATED NODE   READINESS GATES   LABELS
demo          web-5d9f8c7b6-2xkqp     0/2     CrashLoopBackOff   12 (3m5s ago)   2d4h   10.10.1.7     worker1   <none>           <none>            app=web,tier=front
kube-system   coredns-76f75df-9zq     1/1     Running            0               2d4h   10.10.0.4     master    <none>           <none>            k8s-app=kube-dns
demo          batch-x7k               0/1     Pending            0               5m     <none>        <none>    <none>           <none>            <none>
"""


@pytest.mark.parametrize(
    ("shown", "ready"),
    [
        *[(status, "0/1") for status in ("Pending", "Failed", "Succeeded", "Unknown", "Evicted", "NodeLost", "OutOfcpu", "Terminating")],
        *[(status, "0/2") for status in ("ContainerCreating", "PodInitializing", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull")],
        *[(status, "0/1") for status in ("CreateContainerConfigError", "RunContainerError", "InvalidImageName", "SchedulingGated")],
        *[(status, "0/1") for status in ("Error", "OOMKilled", "Completed", "ContainerCannotRun", "StartError", "ExitCode:3", "Signal:9")],
        *[(status, "0/1") for status in ("Init:0/1", "Init:1/3", "Init:Error", "Init:CrashLoopBackOff", "Init:OOMKilled", "Init:ExitCode:2")],
        *[(status, "1/2") for status in ("CrashLoopBackOff", "Error", "ImagePullBackOff", "NotReady", "Running", "OOMKilled")],
        ("Running", "1/1"),
        ("Running", "0/1"),
        ("Terminating", "1/1"),
    ],
)  # fmt: skip
def test_pod_status_is_what_kubectl_would_print(shown: str, ready: str) -> None:
    """A Pod made from STATUS, READY and RESTARTS prints the same three again."""
    count, total = map(int, ready.split("/"))
    deleted = {"metadata": {"deletionTimestamp": "unknown"}} if shown == "Terminating" else {}
    pod = msgspec.convert({"status": pod_status(shown, count, total, 4), **deleted}, Pod)
    assert status_of(pod) == shown
    if pod.status.container_statuses:
        assert sum(one.ready for one in pod.status.container_statuses) == count
        assert restarts_of(pod) == 4


def test_wide_pods_of_all_namespaces() -> None:
    """Namespace, node, address, labels and restarts come from their columns; <none> is nothing."""
    web, dns, batch = objects(read(PODS))
    assert web["metadata"] == {
        "name": "web-5d9f8c7b6-2xkqp",
        "namespace": "demo",
        "labels": {"app": "web", "tier": "front"},
        "shownAge": "2d4h",
    }
    assert web["spec"] == {"nodeName": "worker1"}
    assert web["status"]["podIP"] == "10.10.1.7"
    assert web["status"]["containerStatuses"][0] == {
        "name": "",
        "ready": False,
        "restartCount": 12,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    }
    assert dns["metadata"]["namespace"] == "kube-system"
    assert "spec" not in batch
    assert batch["status"] == {"phase": "Pending"}


def test_table_is_an_observation_of_low_fidelity() -> None:
    """What a table leaves out is not known to be unset."""
    (one,) = read("\n" + PODS).observations
    assert one.attributes == {"fidelity": "table", "scope": ""}
    assert one.line == 2


def test_whole_table_is_complete_and_grepped_rows_are_not() -> None:
    """A table covers its namespaces; rows without their header are a selection."""
    assert coverage(read(PODS)) == [
        ("kubernetes/pods", "demo", "complete"),
        ("kubernetes/pods", "kube-system", "complete"),
    ]
    assert coverage(read(PODS.split("\n", 1)[1])) == [
        ("kubernetes/pods", "demo", "partial"),
        ("kubernetes/pods", "kube-system", "partial"),
    ]


def test_rows_without_header() -> None:
    """Grepped rows tell the same as rows under a header."""
    grepped = [line for line in PODS.splitlines() if "demo" in line]
    assert objects(read("\n".join(grepped))) == [
        one for one in objects(read(PODS)) if one["metadata"]["namespace"] == "demo"
    ]


def test_namespace_comes_from_the_command() -> None:
    """Without a column, the -n of the prompt tells the namespace, and what the table covers."""
    rows = "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          5m\n"
    snapshot = read(f"$ kubectl get pods -n demo\n{rows}")
    assert objects(snapshot)[0]["metadata"] == {"name": "web", "namespace": "demo", "shownAge": "5m"}
    assert coverage(snapshot) == [("kubernetes/pods", "demo", "complete")]
    assert coverage(read(f"$ kubectl get pods -A\n{rows}")) == [("kubernetes/pods", "*", "complete")]
    assert coverage(read(f"$ kubectl get pods -n demo -l app=web\n{rows}")) == [("kubernetes/pods", "demo", "partial")]
    assert coverage(read(f"$ kubectl get pods -n demo | grep web\n{rows}")) == [("kubernetes/pods", "demo", "partial")]
    assert coverage(read(rows)) == [("kubernetes/pods", "*", "partial")]


def test_watch_keeps_the_last_row() -> None:
    """With -w the same Pod comes again and again; the last row holds."""
    rows = (
        "NAME   READY   STATUS              RESTARTS   AGE\n"
        "web    0/1     ContainerCreating   0          5s\n"
        "web    0/1     ErrImagePull        0          9s\n"
    )
    (pod,) = objects(read(rows))
    assert pod["status"]["containerStatuses"][0]["state"] == {"waiting": {"reason": "ErrImagePull"}}


def test_nodes() -> None:
    """Readiness, cordon, roles, version and addresses of nodes."""
    text = (
        "NAME      STATUS                        ROLES           AGE   VERSION   INTERNAL-IP    EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION   CONTAINER-RUNTIME\n"
        "master    Ready                         control-plane   10d   v1.31.2   192.168.66.2   <none>        Ubuntu 24.04.1 LTS   6.8.0-48         containerd://1.7.22\n"
        "worker1   NotReady,SchedulingDisabled   <none>          10d   v1.31.2   192.168.66.3   <none>        Ubuntu 24.04.1 LTS   6.8.0-48         containerd://1.7.22\n"
    )
    for seen in (text, text.split("\n", 1)[1]):
        master, worker = objects(read(seen))
        assert master["metadata"]["labels"] == {"node-role.kubernetes.io/control-plane": ""}
        assert "spec" not in master
        assert worker["spec"] == {"unschedulable": True}
        assert worker["status"]["conditions"] == [{"type": "Ready", "status": "NotReady"}]
        assert worker["status"]["nodeInfo"]["kubeletVersion"] == "v1.31.2"
        assert worker["status"]["addresses"][1] == {"type": "InternalIP", "address": "192.168.66.3"}
    assert coverage(read(text)) == [("kubernetes/nodes", "*", "complete")]


def test_services_and_endpoints() -> None:
    """Ports, types and selectors of Services; Endpoints without addresses have no subsets."""
    service, waiting, web, none = objects(
        read(
            "NAME      TYPE           CLUSTER-IP     EXTERNAL-IP   PORT(S)                      AGE   SELECTOR\n"
            "web       NodePort       10.96.10.1     <none>        80:30080/TCP,443:30443/TCP   5d    app=web\n"
            "edge      LoadBalancer   10.96.10.2     <pending>     80:31000/TCP                 5d    <none>\n"
            "\n"
            "NAME      ENDPOINTS                       AGE\n"
            "web       10.10.1.7:8080,10.10.2.8:8080   5d\n"
            "edge      <none>                          5d\n"
        )
    )
    assert service["spec"]["ports"][0] == {"port": 80, "nodePort": 30080, "protocol": "TCP"}
    assert service["spec"]["selector"] == {"app": "web"}
    assert waiting["spec"]["type"] == "LoadBalancer"
    assert "status" not in waiting
    assert [one["ip"] for one in web["subsets"][0]["addresses"]] == ["10.10.1.7", "10.10.2.8"]
    assert none["subsets"] == []


WORKLOADS = """\
NAME                      READY   STATUS    RESTARTS   AGE
pod/web-5d9f8c7b6-2xkqp   1/1     Running   0          5m

NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/web   ClusterIP   10.96.0.9    <none>        80/TCP    5m

NAME                 DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
daemonset.apps/fwd   3         3         2       3            2           <none>          5m

NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/web   1/3     3            1           5m

NAME                            DESIRED   CURRENT   READY   AGE
replicaset.apps/web-5d9f8c7b6   3         1         1       5m

NAME                     READY   AGE
statefulset.apps/redis   0/1     5m

NAME                   STATUS   COMPLETIONS   DURATION   AGE
job.batch/import-288   Failed   0/1           5m         5m

NAME                   SCHEDULE      TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
cronjob.batch/import   */5 * * * *   <none>     False     1        2m              5d

NAME                                      REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE
horizontalpodautoscaler.autoscaling/web   Deployment/web   cpu: <unknown>/50%   1         5         1          5m
"""


def test_get_all() -> None:
    """The blocks of `kubectl get all` are told apart by their columns, and names lose their prefix."""
    found = {one["kind"]: one for one in objects(read(f"$ kubectl get all -n demo\n{WORKLOADS}"))}
    assert {kind: one["metadata"]["name"] for kind, one in found.items()} == {
        "Pod": "web-5d9f8c7b6-2xkqp",
        "Service": "web",
        "DaemonSet": "fwd",
        "Deployment": "web",
        "ReplicaSet": "web-5d9f8c7b6",
        "StatefulSet": "redis",
        "Job": "import-288",
        "CronJob": "import",
        "HorizontalPodAutoscaler": "web",
    }
    assert {one["metadata"]["namespace"] for one in found.values()} == {"demo"}
    assert found["Deployment"]["spec"]["replicas"] == 3
    assert found["Deployment"]["status"]["readyReplicas"] == 1
    assert found["DaemonSet"]["status"] == {"desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberReady": 2}
    assert found["ReplicaSet"]["status"] == {"replicas": 1, "readyReplicas": 1}
    assert found["Job"]["status"]["conditions"] == [{"type": "Failed", "status": "True"}]
    assert found["HorizontalPodAutoscaler"]["status"]["conditions"][0]["reason"] == "FailedGetResourceMetric"
    assert logs(read(WORKLOADS)) == []


def test_autoscaler_targets() -> None:
    """Both spellings of a target give the metric now and the metric wanted."""
    for shown in ("cpu: 250%/50%", "250%/50%"):
        text = f"NAME   REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS   AGE\nweb    Deployment/web   {shown:15} 1         5         5          5m\n"
        (one,) = objects(read(text))
        assert one["status"]["currentMetrics"][0]["resource"] == {"name": "cpu", "current": {"averageUtilization": 250}}
        assert one["spec"]["metrics"][0]["resource"]["target"] == {"averageUtilization": 50, "type": "Utilization"}
        assert (one["spec"]["maxReplicas"], one["status"]["currentReplicas"]) == (5, 5)


def test_storage() -> None:
    """Empty cells of a claim that is not bound do not shift the ones after them."""
    claim, volume, usual = objects(
        read(
            "NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE\n"
            "data   Pending                                      fast           <unset>                 7m\n"
            "\n"
            "NAME    CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM       STORAGECLASS   REASON   AGE\n"
            "pv-01   5Gi        RWO            Retain           Released   demo/data   fast                    7d\n"
            "\n"
            "NAME                 PROVISIONER             RECLAIMPOLICY   VOLUMEBINDINGMODE      ALLOWVOLUMEEXPANSION   AGE\n"
            "standard (default)   rancher.io/local-path   Delete          WaitForFirstConsumer   false                  7d\n"
        )
    )
    assert claim["spec"] == {"storageClassName": "fast"}
    assert claim["status"] == {"phase": "Pending"}
    assert volume["spec"]["claimRef"] == {"kind": "PersistentVolumeClaim", "namespace": "demo", "name": "data"}
    assert usual["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert usual["volumeBindingMode"] == "WaitForFirstConsumer"


def test_quota_ingress_and_namespace() -> None:
    """The rest of the tables that rules ask for."""
    quota, ingress, space = objects(
        read(
            "NAME      AGE   REQUEST                                   LIMIT\n"
            "compute   5d    pods: 10/10, requests.cpu: 900m/1         limits.memory: 2Gi/4Gi\n"
            "\n"
            "NAME   CLASS    HOSTS             ADDRESS   PORTS   AGE\n"
            "web    <none>   web.example.org             80      5d\n"
            "\n"
            "NAME   STATUS        AGE\n"
            "old    Terminating   5d\n"
        )
    )
    assert quota["status"]["used"] == {"pods": "10", "requests.cpu": "900m", "limits.memory": "2Gi"}
    assert quota["status"]["hard"] == {"pods": "10", "requests.cpu": "1", "limits.memory": "4Gi"}
    assert ingress["spec"] == {"rules": [{"host": "web.example.org"}]}
    assert space["status"] == {"phase": "Terminating"}


def test_events_of_get() -> None:
    """Kind, name, count and a message with blanks come from the columns."""
    text = (
        "NAMESPACE   LAST SEEN                TYPE      REASON             OBJECT                MESSAGE\n"
        "demo        3m (x12 over 30m)        Warning   BackOff            pod/web-1             Back-off restarting  failed container\n"
        "demo        5m                       Warning   FailedCreate       replicaset/web        Error creating: quota\n"
    )
    back, create = objects(read(text))
    assert back["involvedObject"] == {"kind": "Pod", "name": "web-1", "namespace": "demo"}
    assert (back["count"], back["type"], back["reason"]) == (12, "Warning", "BackOff")
    assert back["message"] == "Back-off restarting  failed container"
    assert create["involvedObject"]["kind"] == "ReplicaSet"
    assert coverage(read(text)) == [("kubernetes/events", "demo", "complete")]
    assert objects(read(text.split("\n", 1)[1])) == [back, create]


def test_wide_events() -> None:
    """The wide table names the reporter, its node and the part of the object."""
    (one,) = objects(
        read(
            "LAST SEEN   TYPE      REASON    OBJECT      SUBOBJECT                SOURCE             MESSAGE              FIRST SEEN   COUNT   NAME\n"
            "3m          Warning   BackOff   pod/web-1   spec.containers{nginx}   kubelet, worker1   Back-off restarting  30m          7       web-1.17a\n"
        )
    )
    assert one["source"] == {"component": "kubelet", "host": "worker1"}
    assert one["involvedObject"]["fieldPath"] == "spec.containers{nginx}"
    assert (one["count"], one["message"]) == (7, "Back-off restarting")


def test_events_that_stand_alone() -> None:
    """Event rows cut from a description have no object; a message may go on in the next line."""
    text = (
        "  Warning  FailedCreate      17m (x6 over 17m)  replicaset-controller  Error creating:\n"
        'pods "web-x" is forbidden: exceeded quota: compute\n'
        "  Warning  FailedScheduling  2m                 default-scheduler      0/3 nodes are available\n"
    )
    first, second = objects(read(text))
    assert first["involvedObject"] == {}
    assert first["message"] == 'Error creating:\npods "web-x" is forbidden: exceeded quota: compute'
    assert (first["count"], first["source"]) == (6, {"component": "replicaset-controller"})
    assert second["reason"] == "FailedScheduling"


def test_message_ends_before_a_log_begins() -> None:
    """A log that follows an event is not its message, however long it is."""
    row = "  Warning  BackOff  5m  kubelet  Back-off\n"
    snapshot = read(row + "x y\n" * 100_000)
    assert objects(snapshot)[0]["message"].count("\n") == 20
    assert sum(one.body.count(b"\n") for one in logs(snapshot)) == 100_000 - 20


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("kubectl get pvc -n demo", [("kubernetes/persistentvolumeclaims", "demo", "complete")]),
        ("kubectl get networkpolicies -A", [("kubernetes/networkpolicies", "*", "complete")]),
        ("kubectl get pods -n demo -l app=web", [("kubernetes/pods", "demo", "partial")]),
    ],
)
def test_nothing_found_is_worth_a_list(command: str, found: list[tuple[str, str, str]]) -> None:
    """That a complete list is empty is known, which is more than nothing."""
    assert coverage(read(f"$ {command}\nNo resources found in demo namespace.\n")) == found


def test_storage_classes_that_are_none() -> None:
    """A kind without namespaces is complete for the cluster."""
    assert coverage(read("$ kubectl get sc\nNo resources found\n")) == [("kubernetes/storageclasses", "*", "complete")]


def test_header_without_rows_is_text() -> None:
    """A heading alone tells nothing, and is kept as text."""
    assert len(logs(read("NAME   READY   STATUS    RESTARTS   AGE\n"))) == 1
