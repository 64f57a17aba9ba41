"""Redaction: secrets go, joins and JSON stay."""

import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.collect.collect import collect
from facts.collect.collector import Collected, Request
from facts.model.plugins import Plugins
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind
from facts.read.evidence import read_evidence
from facts.snapshot.redaction.redact import redact

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKC/+ab\nAQ==\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJl"
SECRET = "hunter2-Zx9"


@pytest.mark.parametrize(
    "text",
    [
        f"password={SECRET}",
        f'connecting with password="{SECRET}" user=app',
        f"aws_secret_access_key = {SECRET}",
        f"postgres://app:{SECRET}@db:5432/app",
        f"amqp://:{SECRET}@mq",
        f"Authorization: Basic {SECRET}",
        f"curl -H 'Authorization: Bearer {SECRET}' https://api",
        f"got header Bearer {SECRET}{SECRET}",
        f"mysql --password {SECRET} -h db",
        f"mysql --password={SECRET} -h db",
        f"kubeadm join 10.0.0.1:6443 --certificate-key {SECRET}",
        f"{{'db_password': '{SECRET}'}}",
        f"db:\n  password: {SECRET}\n  host: db",
        f"- name: DB_PASSWORD\n  value: {SECRET}\n",
        json.dumps({"token": SECRET}),
        json.dumps({"env": [{"name": "DB_PASSWORD", "value": SECRET}]}),
        json.dumps({"a": json.dumps({"env": [{"name": "API_KEY", "value": SECRET}]})}),
        json.dumps({"a": json.dumps({"client_secret": SECRET + '"' + SECRET})}),
        json.dumps({"a": json.dumps({"b": json.dumps({"apiKey": SECRET})})}),
        json.dumps({"data": {"app.yaml": f"db:\n  password: {SECRET}\n"}}),
        json.dumps({"data": {"app.ini": f"[db]\npassword={SECRET}\n"}}),
    ],
)
def test_a_secret_value_is_gone_wherever_it_stands(text: str) -> None:
    """No part of the value is left, the rest of the text is."""
    redacted = redact(text.encode()).decode()
    assert "hunter2" not in redacted
    assert "Zx9" not in redacted
    assert re.sub(r"REDACTED-secret-[0-9a-f]{8}", "", redacted) == text.replace(f'{SECRET}\\\\\\"{SECRET}', "").replace(
        SECRET, ""
    )


@pytest.mark.parametrize(
    ("secret", "kind"),
    [
        (JWT, "jwt"),
        (PEM, "private-key"),
        (PEM[:50], "private-key"),
        (json.dumps(PEM)[1:-1], "private-key"),
        ("LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=", "private-key"),
        ("AKIA" + "B" * 16, "cloud-key"),
        ("AIza" + "b" * 35, "cloud-key"),
        ("ghp_" + "c" * 36, "cloud-key"),
        ("glpat-" + "d" * 20, "cloud-key"),
        ("xoxb-1234567890-abc", "cloud-key"),
    ],
)
def test_well_known_shapes_are_found_without_a_key(secret: str, kind: str) -> None:
    """A secret whose own shape gives it away needs no `password=` in front of it; the lines keep their numbers."""
    lines = "\n" * secret.count("\n")
    assert re.fullmatch(
        rf'see "REDACTED-{kind}-[0-9a-f]{{8}}{lines}" there', redact(f'see "{secret}" there'.encode()).decode()
    )


@pytest.mark.parametrize(
    "text",
    [
        'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
        '{"secretName":"web-tls","automountServiceAccountToken":true,"expirationSeconds":3607}',
        '{"serviceAccountToken":{"path":"token"},"imagePullSecret":"registry","existingSecret":"db"}',
        '{"env":[{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}]}',
        '{"involvedObject":{"kind":"Secret","name":"web-tls"}}',
        "invalid bearer token, Token has been invalidated",
        "kubeadm join --token-file /x --discovery-token-ca-cert-hash sha256:0123",
        "args: --password=$(DB_PASSWORD) --token=${TOKEN} password=****",
        "dial tcp 10.96.0.1:443: connect: connection refused, see https://host:443/path",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=",
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
    ],
)
def test_what_a_diagnosis_needs_is_left_alone(text: str) -> None:
    """Names of Secrets, references, placeholders and certificates are not secrets."""
    assert redact(text.encode()) == text.encode()


def test_the_data_of_secrets_is_gone_and_their_names_are_not() -> None:
    """Objects of kind Secret lose data, stringData and the annotation that repeats them; other objects lose nothing."""
    secret = {
        "kind": "Secret",
        "metadata": {
            "name": "db",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "c2VjcmV0", "note": "kept"},
        },
        "data": {"plain": "aHVudGVyMg=="},
        "stringData": {"other": "hunter2"},
    }
    config = {"kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"plain": "aHVudGVyMg=="}}
    redacted = json.loads(redact(json.dumps({"kind": "List", "items": [secret, config]}).encode()))
    assert redacted["items"][1] == config
    kept = redacted["items"][0]
    assert kept["metadata"]["name"] == "db"
    assert kept["metadata"]["annotations"]["note"] == "kept"
    values = [kept["data"]["plain"], kept["stringData"]["other"]]
    values.append(kept["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"])
    assert all(re.fullmatch(r"REDACTED-secret-[0-9a-f]{8}", value) for value in values)


def test_items_of_a_secret_list_need_no_kind() -> None:
    """The API server leaves the kind out of the items of a SecretList."""
    body = json.dumps({"kind": "SecretList", "items": [{"data": {"plain": "aHVudGVyMg=="}}]}).encode()
    assert b"aHVudGVyMg" not in redact(body)


def test_the_same_secret_gives_the_same_token_and_another_gives_another() -> None:
    """Joins over a redacted value survive, across observations and spellings."""
    tokens = [
        re.findall(rb"REDACTED-secret-\w+", redact(text))
        for text in (b"password=one", b'{"db_password":"one"}', b"mysql://app:one@db", b"password=two")
    ]
    assert tokens[0] == tokens[1] == tokens[2] != tokens[3]


KEYS = st.sampled_from(["token", "password", "x", "DB_PASSWORD", "name", "value", "apiKey", "a\\", 'q"token'])
TEXTS = st.text(alphabet="ab1 \"'\\\n:=-/@{}", max_size=12) | st.sampled_from(
    [
        PEM,
        JWT,
        PEM[:50] + '"',
        "Bearer " + "a" * 20,
        "a://b:c@d",
        "token: x",
        'token="y',
        "--token abcdef",
        "name",
        "token",
    ]
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3).map(json.dumps)
        | st.fixed_dictionaries({"name": KEYS, "value": inner})
    ),
    max_leaves=12,
)


@given(DOCUMENTS, st.sampled_from([None, 1]))
def test_json_stays_valid_and_keeps_its_keys(document: object, indent: int | None) -> None:
    """Law: what was JSON is JSON with the same shape, and JSON inside it too."""
    redacted = json.loads(redact(json.dumps(document, indent=indent).encode()))
    assert _shape(redacted) == _shape(document)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else None


@given(DOCUMENTS)
def test_redacting_again_changes_nothing(document: object) -> None:
    """Law: redaction is idempotent, so that evidence which was saved redacted may be redacted again."""
    once = redact(json.dumps(document).encode())
    assert redact(once) == once


@given(st.binary(max_size=200))
def test_bytes_that_are_no_text_pass(body: bytes) -> None:
    """Logs may hold anything: nothing raises, and a secret behind it is still found."""
    assert re.search(rb"password=REDACTED-secret-[0-9a-f]{8}$", redact(body + b"\xff\x00 password=x1y"))


def test_everything_that_a_collector_sees_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector need not think of secrets: bodies, sources, attributes and reasons pass one step."""
    secret = "--token abcdef.0123456789abcdef"
    seen = Observation(ObservationKind.COMMAND, f"kubeadm {secret}", secret.encode(), {"command": secret})
    collected = Collected((seen,), (Coverage("ssh", "w1", CoverageState.FAILED, secret),))
    module = SimpleNamespace(collect=lambda _: collected)
    monkeypatch.setattr(Plugins, "load_all", lambda _: {"careless": module})
    assert "0123456789abcdef" not in str(collect(Request()))


def test_everything_that_is_read_is_redacted() -> None:
    """Also where Python code reads evidence."""
    assert "0123456789abcdef" not in str(read_evidence(["-"], b"kubeadm join --token abcdef.0123456789abcdef\n"))
