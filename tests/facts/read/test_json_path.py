"""What `kubectl get ... -o jsonpath=` prints, read as fields of its object."""

import pytest

from tests.facts.reading import logs, objects, read


def test_each_path_gets_its_value() -> None:
    """JSON or a plain word, in the order of the paths."""
    text = """$ kubectl -n ops get svc gate -o jsonpath='{.spec.type} {.spec.selector} {.spec.ports}{"\\n"}'
NodePort {"app":"gate"} [{"port":443,"targetPort":8443}]
"""
    (service,) = objects(read(text))
    assert service["metadata"] == {"name": "gate", "namespace": "ops"}
    assert service["spec"] == {
        "type": "NodePort",
        "selector": {"app": "gate"},
        "ports": [{"port": 443, "targetPort": 8443}],
    }


def test_a_place_in_a_list_is_kept() -> None:
    """The first container's resources."""
    text = """$ kubectl get deploy/score -o jsonpath={.spec.template.spec.containers[0].resources}
{"limits":{"cpu":"100m"}}
"""
    (workload,) = objects(read(text))
    assert workload["spec"]["template"]["spec"]["containers"] == [{"resources": {"limits": {"cpu": "100m"}}}]


@pytest.mark.parametrize(
    "command",
    [
        "get pod web-0 -o jsonpath={.status.phase}",
        "get secret web -o jsonpath={.data}",
        "get deploy -o jsonpath={.items[*].spec.template}",
        "get sts web -o jsonpath={.spec.replicas}",
        "get deploy web -o jsonpath={..image}",
    ],
)
def test_other_paths_stay_text(command: str) -> None:
    """Of several objects, of kinds that would be judged by what they lack, or without a plain path."""
    snapshot = read(f"$ kubectl {command}\nRunning\n")
    assert not objects(snapshot)
    assert [log.body for log in logs(snapshot)] == [b"Running\n"]


def test_the_scheduler_of_a_pod_joins_what_else_is_known_of_it() -> None:
    """Its description does not show it."""
    text = "$ kubectl get pod -n ml train-0 -o jsonpath={.spec.schedulerName}\nvolcano\n"
    (found,) = objects(read(text))
    assert (found["kind"], found["spec"]) == ("Pod", {"schedulerName": "volcano"})
