"""From a snapshot to evidence: what is well is silent, order does not matter, what cannot be read is coverage."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Unpack

from hypothesis import given
from hypothesis import strategies as st

from facts.cluster.moment import seconds_of
from facts.cluster.pod_health import LATELY
from facts.extract.evidence import extract
from facts.model.values import Coverage, CoverageState, Observation, ObservationAttributes, ObservationKind, Snapshot
from tests.facts.given import (
    NOW,
    checked,
    command,
    condition,
    crashing,
    endpoint_slice,
    event,
    evidence,
    kinds,
    node,
    only,
    pod,
    service,
    table,
    terminated,
    waiting,
    workload,
)


def test_a_healthy_cluster_gives_nothing_but_its_nodes() -> None:
    """A thousand Pods on a thousand nodes, with a Service each, are one fact."""
    pods = [pod(f"web-7d4b9c8f6d-{i}", labels={"app": f"web{i}"}, node=f"n{i}") for i in range(1000)]
    nodes = [node(f"n{i}", address=f"10.0.{i // 256}.{i % 256}") for i in range(1000)]
    services = [service(f"web{i}", {"app": f"web{i}"}) for i in range(1000)]
    slices = [endpoint_slice(f"web{i}", ready=(f"10.1.{i // 256}.{i % 256}",)) for i in range(1000)]
    found = evidence(
        *pods,
        *nodes,
        *services,
        *slices,
        complete=("pods", "nodes", "services", "endpointslices", "events", "workloads"),
    )
    assert kinds(found) == {"nodes"}
    assert found.texts == ()
    assert only(found, "nodes")["total"] == 1000


def test_ten_thousand_healthy_pods_give_no_fact() -> None:
    """Working memory grows with the trouble."""
    body = json.dumps({"kind": "PodList", "items": [pod(f"web-7d4b9c8f6d-{i}") for i in range(10_000)]}).encode()
    snapshot = Snapshot((Observation(ObservationKind.OBJECTS, "pods.json", body, {"fidelity": "full"}),))
    assert extract(snapshot).facts == ()


def test_the_order_of_observations_does_not_matter() -> None:
    """Facts and texts are the same whichever file was read first."""
    things = [
        crashing(),
        node("worker1", "Unknown"),
        event("Pod", "web-7d4b9c8f6d-x2x4n", "BackOff"),
        workload(status={}),
    ]
    observations = [table(thing, fidelity="full", source=f"{index}.json") for index, thing in enumerate(things)]
    first = checked(Snapshot(tuple(observations)))
    random.Random(7).shuffle(observations)
    again = checked(Snapshot(tuple(observations)))
    assert first.facts == again.facts
    assert sorted(text.body for text in first.texts) == sorted(text.body for text in again.texts)


def test_the_same_fact_is_told_once() -> None:
    """An object that is seen twice in the same place gives its facts once."""
    once = checked(Snapshot((table(crashing(), fidelity="full"),)))
    twice = checked(Snapshot((table(crashing(), fidelity="full"), table(crashing(), fidelity="full"))))
    assert once.facts == twice.facts


def test_an_object_that_cannot_be_read_is_coverage_and_the_others_are_read() -> None:
    """One broken item of a list costs that item only."""
    found = evidence({"kind": "Pod", "metadata": {"name": ["not a name"]}}, crashing())
    assert "pod" in kinds(found)
    (broken,) = [each for each in found.coverage if each.collector == "evidence"]
    assert (broken.target, broken.state) == ("all.json", CoverageState.PARTIAL)
    assert "1 not readable" in (broken.why or "")


def test_bytes_that_are_no_json_are_coverage() -> None:
    """Nothing is raised for what is not JSON at all."""
    found = checked(Snapshot((Observation(ObservationKind.OBJECTS, "x.json", b"\xff{", {}),)))
    assert [each.target for each in found.coverage] == ["x.json"]


def test_nulls_are_as_good_as_absent() -> None:
    """The API writes null where clients expect nothing."""
    broken = crashing()
    broken["metadata"] |= {"labels": None, "annotations": None, "deletionTimestamp": None, "namespace": "demo"}
    broken["spec"] |= {"initContainers": None, "volumes": None, "securityContext": None}
    broken["status"]["containerStatuses"][0]["lastState"] = None
    found = evidence(broken)
    assert only(found, "pod")["status"] == "CrashLoopBackOff"
    assert not [each for each in found.coverage if each.collector == "evidence"]


def test_items_of_a_pod_list_need_no_kind() -> None:
    """`kubectl get --raw` gives lists whose items have neither kind nor apiVersion."""
    item = {key: value for key, value in crashing().items() if key not in ("kind", "apiVersion")}
    body = json.dumps({"kind": "PodList", "items": [item]}).encode()
    found = checked(Snapshot((Observation(ObservationKind.OBJECTS, "raw", body, {}),)))
    assert only(found, "pod")["pod"] == "web-7d4b9c8f6d-x2x4n"


def test_a_row_without_namespace_is_the_object_of_that_name() -> None:
    """A table and the JSON of the same Pod are one Pod, and the JSON knows better."""
    row = {"kind": "Pod", "metadata": {"name": "web-7d4b9c8f6d-x2x4n"}, "status": {"phase": "Pending"}}
    found = evidence(crashing(), more=(table(row),))
    assert only(found, "pod")["namespace"] == "demo"
    assert only(found, "pod")["status"] == "CrashLoopBackOff"


def test_what_one_text_leaves_out_another_fills_in() -> None:
    """A described Pod takes its node from the table."""
    described = {"kind": "Pod", "metadata": {"name": "a", "namespace": "demo"}, "status": {"phase": "Pending"}}
    row = {"kind": "Pod", "metadata": {"name": "a"}, "spec": {"nodeName": "worker1"}, "status": {"phase": "Running"}}
    found = checked(Snapshot((table(row), table(described, fidelity="describe"))))
    fact = only(found, "pod")
    assert (fact["phase"], fact["node"], fact["namespace"]) == ("Pending", "worker1", "demo")


def test_every_source_names_its_observation() -> None:
    """The identity of an observation is the file and the object in it."""
    found = evidence(crashing())
    assert {fact.source for fact in found.facts} == {"all.json Pod demo/web-7d4b9c8f6d-x2x4n"}


def test_coverage_and_cluster_are_handed_on() -> None:
    """What was looked at stays with the evidence."""
    seen = Coverage("ssh", "worker1", CoverageState.FAILED, "no answer", 1.0, "timeout")
    found = evidence(coverage=(seen,))
    assert found.coverage == (seen,)
    assert found.cluster == "lab"
    assert extract(Snapshot()).cluster == "cluster"


def test_messages_of_what_is_in_trouble_are_text() -> None:
    """Status messages carry the Pod and its workload, and say who wrote them."""
    found = evidence(pod(statuses=[waiting("CreateContainerConfigError", 'secret "token" not found')], phase="Pending"))
    (text,) = [each for each in found.texts if each.body == b'secret "token" not found']
    assert text.components == {"status", "kubelet"}
    assert (text.attributes["workload"], text.attributes["container"], text.numbered) == ("web", "app", False)


def test_events_are_text_of_their_reporter() -> None:
    """A rule that asks for the scheduler's words finds them in its events."""
    stuck = pod(phase="Pending", node="", statuses=[], conditions=[condition("PodScheduled", "False", "Unschedulable")])
    message = "0/1 nodes are available: 1 Insufficient cpu."
    found = evidence(
        stuck, event("Pod", "web-7d4b9c8f6d-x2x4n", "FailedScheduling", message, component="default-scheduler")
    )
    (text,) = [each for each in found.texts if "event" in each.components]
    assert text.components == {"event", "scheduler"}
    assert (text.attributes["object_kind"], text.attributes["pod"]) == ("Pod", "web-7d4b9c8f6d-x2x4n")


def _log(name: str, **attributes: Unpack[ObservationAttributes]) -> Observation:
    return Observation(
        ObservationKind.LOG, f"{name}.log", b"error: it broke", {"pod": name, "namespace": "demo", **attributes}
    )


def test_the_log_of_a_pod_that_is_well_is_read() -> None:
    """It may tell of what the Pod calls."""
    found = evidence(pod(), more=(_log("web-7d4b9c8f6d-x2x4n"),))
    assert [each.body for each in found.texts] == [b"error: it broke"]


def test_of_a_pod_that_is_well_what_it_said_lately_counts() -> None:
    """The lines of hours ago are left out, and the others keep their numbers."""
    lines = b"2026-03-01T08:00:00Z error: it broke\n2026-03-01T11:59:00Z error: again"
    name = "web-7d4b9c8f6d-x2x4n"
    log = Observation(ObservationKind.LOG, "web.log", lines, {"pod": name, "namespace": "demo"})
    (text,) = evidence(pod(), more=(log,)).texts
    assert (text.body, text.line) == (b"2026-03-01T11:59:00Z error: again", 2)
    (text,) = [each for each in evidence(crashing(), more=(log,)).texts if each.source == "web.log"]
    assert (text.body, text.line) == (lines, 1)


@given(st.lists(st.tuples(st.integers(-200_000, 5_000), st.sampled_from((None, 0, 330, -480))), min_size=1, max_size=6))
def test_lately_begins_at_the_first_line_of_the_last_ten_minutes(lines: list[tuple[int, int | None]]) -> None:
    """In whatever zone each line was written; a line without one is in UTC."""
    zones = [UTC if minutes is None else timezone(timedelta(minutes=minutes)) for _, minutes in lines]
    moments = [
        datetime.fromtimestamp((seconds_of(NOW) or 0) + second, zone)
        for (second, _), zone in zip(lines, zones, strict=True)
    ]
    stamps = [
        moment.isoformat().removesuffix("+00:00" if minutes is None else "never")
        for moment, (_, minutes) in zip(moments, lines, strict=True)
    ]
    body = "\n".join(f"{stamp} error: it broke" for stamp in stamps).encode()
    log = Observation(ObservationKind.LOG, "web.log", body, {"pod": "web-7d4b9c8f6d-x2x4n", "namespace": "demo"})
    (text,) = evidence(pod(), more=(log,)).texts
    first = next((number for number, (second, _) in enumerate(lines) if second >= -LATELY), None)
    assert text.body == (b"" if first is None else body.split(b"\n", first)[first])


def test_the_log_of_a_pod_in_trouble_is_text() -> None:
    """It carries node and workload, and its lines are numbered."""
    found = evidence(crashing(), more=(_log("web-7d4b9c8f6d-x2x4n", component="nginx"),))
    (text,) = [each for each in found.texts if each.source.endswith(".log")]
    assert text.components == {"nginx", "container"}
    assert (text.attributes["node"], text.attributes["workload"], text.numbered) == ("worker1", "web", True)


def test_a_log_of_nobody_in_particular_is_always_text() -> None:
    """A file that names no Pod is what the user wants read."""
    found = evidence(more=(Observation(ObservationKind.LOG, "kubelet.log", b"E0301 x", {"component": "kubelet"}),))
    assert [each.components for each in found.texts] == [frozenset({"kubelet"})]


def test_what_commands_printed_is_text_too() -> None:
    """Rules may look for words that no fact has room for."""
    found = evidence(more=(command("timedatectl", "System clock synchronized: no", host="worker1", role="vm"),))
    (text,) = found.texts
    assert text.components == {"shell"}
    assert text.attributes == {"node": "worker1"}


def test_of_a_command_that_was_run_again_the_last_run_counts() -> None:
    """What failed before, and works now, is history; another command is another matter."""
    runs = (command("curl web", "refused"), command("curl db", "refused"), command("curl web", "200 OK"))
    assert [text.body for text in evidence(more=runs).texts] == [b"refused", b"200 OK"]


def test_a_job_that_needed_a_second_try_is_history() -> None:
    """A failed Pod whose Job succeeded later gives no fact."""
    failed = pod("job-b2b2b", owner=("Job", "job"), phase="Failed", statuses=[{**waiting(""), "state": terminated(1)}])
    job = workload(
        "Job", "job", spec={"completions": 1}, status={"succeeded": 1, "conditions": [condition("Complete", "True")]}
    )
    assert kinds(evidence(failed, job)) == set()


def test_logs_of_a_bundle_tell_its_moment() -> None:
    """What a well Pod said hours before the last line of another log is history, as when a cluster is looked at live."""
    lines = b"2026-03-01T07:00:00Z error: it broke\n"
    mine = Observation(ObservationKind.LOG, "web.log", lines, {"pod": "web-7d4b9c8f6d-x2x4n", "namespace": "demo"})
    other = Observation(ObservationKind.LOG, "other.log", b"2026-03-01T12:00:00Z INFO fine\n", {})
    assert [each.body for each in evidence(pod(), at="", more=(mine, other)).texts if each.source == "web.log"] == [b""]
    (text,) = [each for each in evidence(crashing(), at="", more=(mine, other)).texts if each.source == "web.log"]
    assert text.body == lines
