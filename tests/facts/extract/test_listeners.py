"""Programs that listen elsewhere than they are asked for, told where somebody was refused."""

from facts.model.values import Evidence
from tests.facts.given import Object, container, event, evidence, facts, log, only, pod, service

CALLER = "front-7d4b9c8f6d-x2x4n"
CALLEE = "web-7d4b9c8f6d-x2x4n"


def _web(target: object = 8080) -> Object:
    return service("web", {"app": "web"}, clusterIP="10.96.0.7", ports=[{"port": 80, "targetPort": target}])


def _callee(**more: object) -> Object:
    ports = [{"name": "http", "containerPort": 8080}]
    return pod(CALLEE, labels={"app": "web"}, spec={"containers": [{"name": "app", "ports": ports, **more}]})


def _refused(said: str, *objects: Object, error: str = "connection refused") -> Evidence:
    call = log(f"dial tcp 10.96.0.7:80: connect: {error}", pod=CALLER, namespace="demo")
    return evidence(*objects, more=(call, log(said, pod=CALLEE, namespace="demo")), complete=("services", "pods"))


def test_a_service_that_leads_elsewhere_is_told() -> None:
    """By number."""
    fact = only(_refused("listening on :8081", _web(), _callee()), "listens")
    assert (fact["workload"], fact["ports"], fact["asked"], fact["by"], fact["name"], fact["problem"]) == (
        "web", "8081", 8080, "service", "web", "other-port",
    )  # fmt: skip


def test_a_named_port_is_followed_to_its_number() -> None:
    """The name stands for the containerPort."""
    assert only(_refused("listening on :8081", _web("http"), _callee()), "listens")["asked"] == 8080


def test_the_variable_that_holds_the_port_is_named() -> None:
    """It is what was changed, or is to be changed."""
    callee = _callee(env=[{"name": "PORT", "value": "8081"}])
    assert only(_refused("listening on :8081", _web(), callee), "listens")["declared_in"] == "env PORT"


def test_a_program_that_listens_where_it_is_asked_is_none() -> None:
    """Something else refuses there."""
    assert not facts(_refused("listening on :8080", _web(), _callee()), "listens")


def test_a_program_that_listens_for_itself_only_is_told() -> None:
    """Its loopback address is nobody else's."""
    fact = only(_refused("listening on 127.0.0.1:8080", _web(), _callee()), "listens")
    assert (fact["problem"], fact["address"]) == ("loopback", "127.0.0.1")


def test_where_nobody_is_refused_nothing_is_read() -> None:
    """A program may listen where it likes."""
    assert not facts(_refused("listening on :8081", _web(), _callee(), error="i/o timeout"), "listens")


def test_sockets_outweigh_what_a_log_says() -> None:
    """They are all that there are."""
    table = "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:9000 0.0.0.0:*"
    sockets = log(table, pod=CALLEE, namespace="demo")
    call = log("dial tcp 10.96.0.7:80: connect: connection refused", pod=CALLER, namespace="demo")
    said = log("listening on :8080", pod=CALLEE, namespace="demo")
    fact = only(evidence(_web(), _callee(), more=(call, said, sockets), complete=("services", "pods")), "listens")
    assert (fact["ports"], fact["sure"]) == ("9000", True)


def test_a_refused_probe_asks_for_its_port() -> None:
    """The kubelet is a caller like others."""
    message = (
        'Readiness probe failed: Get "http://10.244.1.7:9090/": dial tcp 10.244.1.7:9090: connect: connection refused'
    )
    said = log("listening on :8080", pod=CALLEE, namespace="demo")
    warning = event("Pod", CALLEE, "Unhealthy", message)
    fact = only(evidence(pod(CALLEE, statuses=[container(ready=False)]), warning, more=(said,)), "listens")
    assert (fact["asked"], fact["by"], fact["name"]) == (9090, "probe", "readiness")


def test_a_workload_that_is_right_beside_a_wrong_one_is_named() -> None:
    """Then the selector is at fault, and not the port."""
    spec = {"containers": [{"name": "app", "ports": [{"name": "http", "containerPort": 8080}]}]}
    other = pod("api-0", labels={"app": "web"}, owner=("StatefulSet", "api"), spec=spec)
    assert only(_refused("listening on :8081", _web(), _callee(), other), "listens")["right"] == "api"
