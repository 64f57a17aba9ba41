"""No secret of any kind, wherever it lies, comes out of redaction; what a diagnosis needs does."""

import json
from pathlib import Path

import pytest

from facts.snapshot.redaction.redact import redact
from tests.facts.planted import KINDS, PLACES, leaks, plant

SEEDS = 10
"""Secrets of each kind: more than 300 in all, each in ten places."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_piece_of_a_secret_is_left(kind: str) -> None:
    """Neither the secret nor ten characters of it are seen again; JSON stays JSON, and lines keep their numbers."""
    for seed in range(SEEDS):
        planted = plant(seed, kind)
        for place, put in PLACES.items():
            body = put(planted.text)
            redacted = redact(body.encode()).decode()
            assert leaks(planted, redacted) == [], (place, redacted)
            assert redacted.count("\n") == body.count("\n"), place
            if place not in ("a log", "a log of JSON") and body.startswith("{"):
                json.loads(redacted)


@pytest.mark.parametrize("kind", KINDS)
def test_redacting_twice_is_redacting_once(kind: str) -> None:
    """Law: a snapshot that was saved redacted is not changed when it is read again."""
    for place, put in PLACES.items():
        once = redact(put(plant(1, kind).text).encode())
        assert redact(once) == once, place


@pytest.mark.parametrize("place", PLACES)
def test_the_same_secret_gives_the_same_token(place: str) -> None:
    """What stands twice in a place gives the same text twice."""
    for kind in KINDS:
        text = plant(2, kind).text
        body = PLACES[place](text)
        assert redact(body.encode()) == redact(body.encode())


def test_a_key_gives_one_token_however_its_lines_are_broken() -> None:
    """The same key in a file, in JSON and line by line in a log still joins."""
    pem = plant(3, "private key").text
    log = "\n".join(f"app[1]: {line}" for line in pem.splitlines())
    tokens = {redact(text.encode()).split(b"REDACTED-private-key-")[1][:8] for text in (pem, json.dumps(pem), log)}
    assert len(tokens) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"Successfully pulled image nginx@sha256:{'ab' * 32} in 2.1s",
        f"kubeadm join 10.0.0.1:6443 --discovery-token-ca-cert-hash sha256:{'cd' * 32}",
        "pod demo/web-5d9c7b6f4d-x2x9k uid 0b5e6f0a-8d5c-4b57-9a55-0d9f5a1f8c11 resourceVersion 8812345",
        'E1123 10:04:00.123456 812 kubelet.go:1 "Couldn\'t get secret" secret="demo/web-tls" err="not found"',
        "dial tcp 10.96.0.1:443: i/o timeout, tried 192.168.64.3:6443 and [fd00::1]:6443",
        'containerd: failed to load plugin io.containerd.grpc.v1.cri: sandbox "3f2504e04f8941d39a0c0305e82c3301"',
        "mkdir -p /var/lib/mysql; ssh -p 2222 node; docker run -p 8080:80 web; kubectl logs -p web-1",
        "Warning  Failed  secret: web-tls, token: expired, password: must not be empty",
        "SECRET_KEY = os.environ['DJANGO_SECRET_KEY']",
        "Events: web-1.17a3b4c5d6e7f809   FailedMount   nginx1.17a3b4c5d6e7f809 after 23h",
        "node-role.kubernetes.io/control-plane:NoSchedule, PodSecurityPolicyTemplateControllerManager",
        "tokens per second: 12, passed=3 failed=1 keys: 4",
    ],
)
def test_what_a_diagnosis_needs_stays(text: str) -> None:
    """Digests, hashes of authorities, names, identifiers, addresses and ports are no secrets."""
    assert redact(text.encode()).decode() == text


def test_incidents_of_the_corpus_keep_every_line_of_theirs() -> None:
    """Of all evidence that tests carry, redaction touches almost nothing, and never the number of lines."""
    touched = []
    for path in sorted((Path(__file__).parents[2] / "corpus").rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            redacted = redact(body)
            assert redacted.count(b"\n") == body.count(b"\n"), path
            if redacted != body:
                touched.append(path.name)
    assert len(touched) <= 3, touched


def test_a_hostile_text_takes_no_time() -> None:
    """Text that is made to look like the beginning of everything is read in linear time."""
    for piece in (
        b"-----BEGIN RSA PRIVATE KEY-----",
        b"A" * 63 + b"\n",
        b"password: |\n  ",
        b'"kind":"Secret","data":{',
        b"kind: Secret\ndata:\n",
        b"eyJ" + b"a" * 20 + b".",
        b"mysql mysql ",
        b'\\\\\\"token\\\\\\":',
        b"TUlJ" * 30,
    ):
        redact(piece * (400_000 // len(piece)) + b"-----END RSA PRIVATE KEY-----")
