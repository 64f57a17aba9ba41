"""Kubernetes objects as JSON and YAML."""

import json

import pytest
import yaml

from facts.read.formats.kubernetes_yaml import read_document
from facts.snapshot.setting import Setting
from tests.facts.reading import coverage, logs, objects, read

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "demo"},
    "status": {"phase": "Running"},
}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "w1"}}
LIST = {"apiVersion": "v1", "kind": "List", "items": [POD, NODE]}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("before", ["", "\n", "---\n"])
def test_single_document_keeps_its_bytes(indent: int | None, before: str) -> None:
    """One JSON document is the observation's body as it stands: nothing is decoded and encoded again."""
    text = json.dumps(LIST, indent=indent)
    (one,) = read(before + text).observations
    assert one.body.decode().strip() == text
    assert one.attributes == {"fidelity": "full", "scope": ""}
    assert one.line == 1 + before.count("\n")


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n---\n", ""])
def test_several_documents_after_each_other(between: str) -> None:
    """Documents, one a line or each of many lines, are one observation each, with the line on which it starts."""
    text = between.join(json.dumps(one, indent=1) for one in (POD, NODE))
    snapshot = read(text)
    assert objects(snapshot) == [POD, NODE]
    assert snapshot.observations[1].line == 1 + text[: text.index(json.dumps(NODE, indent=1))].count("\n")


def test_array_of_objects_is_a_list() -> None:
    """What `jq .items` leaves of a list is read as one."""
    assert objects(read(json.dumps([POD, NODE]))) == [POD, NODE]


def test_list_is_complete_for_the_namespaces_in_it() -> None:
    """A list holds all objects of its namespaces; those of kinds without a namespace are all there are."""
    assert coverage(read(json.dumps(LIST))) == [
        ("kubernetes/nodes", "*", "complete"),
        ("kubernetes/pods", "demo", "complete"),
    ]


def test_typed_list_names_the_kind() -> None:
    """The items of an API answer carry no kind; the list's own name tells it."""
    bare = {"metadata": {"name": "web", "namespace": "demo"}}
    assert coverage(read(json.dumps({"kind": "DeploymentList", "apiVersion": "apps/v1", "items": [bare]}))) == [
        ("kubernetes/workloads", "demo", "complete")
    ]


def test_single_object_is_partial() -> None:
    """One object says nothing about the others of its kind."""
    assert coverage(read(json.dumps(POD))) == [("kubernetes/pods", "demo", "partial")]


def test_endpoints_stand_in_for_slices() -> None:
    """Endpoints tell as much as EndpointSlices about who serves."""
    one = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web", "namespace": "demo"}}
    assert coverage(read(json.dumps({"apiVersion": "v1", "kind": "EndpointsList", "items": [one]}))) == [
        ("kubernetes/endpoints", "demo", "complete"),
        ("kubernetes/endpointslices", "demo", "complete"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"level": "error", "msg": "boom"}\n{"level": "info", "msg": "fine"}\n',
        '{"kind": "Event", "apiVersion": "audit.k8s.io/v1", "verb": "get", "metadata": {"name": "x"}}\n',
        '{\n "settings": {"a": [1, 2]}\n}\n',
        '["a", "b"]\n',
        '{"kind": "Pod", "metadata"',
    ],
)
def test_other_json_is_log_text(text: str) -> None:
    """JSON logs, audit records, settings and broken JSON are text that rules may search."""
    snapshot = read(text)
    assert objects(snapshot) == []
    assert b"".join(one.body for one in logs(snapshot)).decode() == text


def test_yaml_reads_as_the_same_json() -> None:
    """A list as YAML gives the same objects, times and numbers in quotes included."""
    metadata = {
        "name": "web",
        "namespace": "demo",
        "creationTimestamp": "2026-11-23T10:04:00Z",
        "labels": {"on": "yes"},
    }
    pod = {**POD, "metadata": metadata}
    snapshot = read(yaml.safe_dump({**LIST, "items": [pod, NODE]}))
    assert objects(snapshot) == [pod, NODE]
    assert coverage(snapshot)[1] == ("kubernetes/pods", "demo", "complete")


def test_times_without_quotes_stay_text() -> None:
    """YAML would make a date of an unquoted time; the API has text."""
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  creationTimestamp: 2026-11-23T10:04:00Z\n"
    assert objects(read(text))[0]["metadata"]["creationTimestamp"] == "2026-11-23T10:04:00Z"


def test_many_yaml_documents() -> None:
    """Each document counts its lines from the start of the file; an empty one is nothing."""
    text = "---\n" + yaml.safe_dump(POD) + "---\n# nothing\n---\n" + yaml.safe_dump(NODE)
    snapshot = read(text)
    assert objects(snapshot) == [POD, NODE]
    assert [one.line for one in snapshot.observations] == [2, 1 + text[: text.index(yaml.safe_dump(NODE))].count("\n")]


def test_broken_document_is_text_and_the_others_are_objects() -> None:
    """A document that is no YAML is not lost, and does not take the others with it."""
    broken = "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n"
    snapshot = read(yaml.safe_dump(POD) + "---\n" + broken + "---\n" + yaml.safe_dump(NODE))
    assert objects(snapshot) == [POD, NODE]
    assert "metadata: {name: [" in b"".join(one.body for one in logs(snapshot)).decode()


def test_aliases_are_not_expanded() -> None:
    """A document that could grow without bounds stays text."""
    bomb = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: &a xxxxxxxxxx\n  x: [*a, *a]\n"
    assert read_document(bomb.encode(), "x", Setting()) is None
    assert objects(read(bomb)) == []


def test_objects_in_a_session() -> None:
    """Objects between prompts are found, and the prompt says what they cover."""
    text = (
        "$ kubectl get pods -n demo -o json\n"
        + json.dumps({"apiVersion": "v1", "kind": "List", "items": [POD]}, indent=4)
        + "\n$ kubectl get node w1 -o yaml\n"
        + yaml.safe_dump(NODE)
        + "\n$ echo done\ndone\n"
    )
    snapshot = read(text)
    assert objects(snapshot) == [POD, NODE]
    assert coverage(snapshot) == [("kubernetes/nodes", "*", "partial"), ("kubernetes/pods", "demo", "complete")]
    assert [one.body for one in logs(snapshot)] == [b"done\n"]


def test_deep_nesting_is_harmless() -> None:
    """Brackets without end neither crash nor hang."""
    for text in ("[" * 100_000, '{"a":' * 100_000, "{\n" * 100_000, "- " * 100_000):
        assert objects(read(text)) == []
    assert objects(read("apiVersion: v1\nkind: Pod\nmetadata: " + "[" * 100_000)) == []


@pytest.mark.parametrize("indent", [None, 2])
def test_a_status_is_what_kubectl_says_of_it(indent: int | None) -> None:
    """The API's answer to a request that failed is read as the message that it is, not as its JSON."""
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 503}
    text = json.dumps(
        status | {"message": 'no endpoints available for service "cart"', "reason": "ServiceUnavailable"}, indent=indent
    )
    (log,) = logs(read(text))
    assert log.body == b'Error from server (ServiceUnavailable): no endpoints available for service "cart"\n'
    assert log.attributes["component"] == "kubectl"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"spec": {"containers": [{"name": "a"}]}, "status": {"phase": "Running"}}, "Pod"),
        ({"spec": {}, "status": {"nodeInfo": {"kubeletVersion": "v1.33.1"}}}, "Node"),
        ({"spec": {}, "status": {"conditions": [], "relatedObjects": []}}, "ClusterOperator"),
        ({"involvedObject": {"kind": "Pod"}, "reason": "BackOff"}, "Event"),
    ],
)
def test_an_object_without_a_kind_is_told_by_its_fields(fields: dict[str, object], kind: str) -> None:
    """Archives of Insights leave out kind and version."""
    (item,) = objects(read(json.dumps({"metadata": {"name": "one", "namespace": "demo"}, **fields})))
    assert (item["kind"], item["metadata"]["name"]) == (kind, "one")


def test_any_other_json_is_no_object() -> None:
    """A name alone makes no object of a record."""
    assert objects(read(json.dumps({"metadata": {"name": "one"}, "status": "ok"}))) == []
