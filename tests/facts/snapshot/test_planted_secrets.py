"""No secret of any kind, wherever it lies, comes out of redaction; what a diagnosis needs does."""

import json
from pathlib import Path

import pytest

from facts.snapshot.redaction.redact import redact
from tests.facts.harmless import HARMLESS
from tests.facts.planted import KINDS, PLACES, WRAPPED, leaks, may_stand, plant

SEEDS = 4
"""Secrets of each kind: more than 400 in all, each in all places."""
EVERYWHERE = {**PLACES, **WRAPPED}


@pytest.mark.parametrize("kind", KINDS)
def test_no_piece_of_a_secret_is_left(kind: str) -> None:
    """Neither the secret nor ten characters of it are seen again; JSON stays JSON, and lines keep their numbers."""
    for seed in range(SEEDS):
        planted = plant(seed, kind)
        for place, put in EVERYWHERE.items():
            if not may_stand(kind, place):
                continue
            body = put(planted.text)
            redacted = redact(body.encode()).decode()
            assert leaks(planted, redacted) == [], (place, redacted)
            assert redacted.count("\n") == body.count("\n"), place
            if place != "a log of JSON" and put("x").startswith("{"):
                json.loads(redacted)


@pytest.mark.parametrize("kind", KINDS)
def test_redacting_twice_is_redacting_once(kind: str) -> None:
    """Law: a snapshot that was saved redacted is not changed when it is read again."""
    for place, put in EVERYWHERE.items():
        once = redact(put(plant(1, kind).text).encode())
        assert redact(once) == once, place


@pytest.mark.parametrize("place", EVERYWHERE)
def test_the_same_secret_gives_the_same_token(place: str) -> None:
    """What stands twice in a place gives the same text twice."""
    for kind in KINDS:
        text = plant(2, kind).text
        body = EVERYWHERE[place](text)
        assert redact(body.encode()) == redact(body.encode())


def test_a_key_gives_one_token_however_its_lines_are_broken() -> None:
    """The same key in a file, in JSON and line by line in a log still joins."""
    pem = plant(3, "private key").text
    log = "\n".join(f"app[1]: {line}" for line in pem.splitlines())
    tokens = {redact(text.encode()).split(b"REDACTED-private-key-")[1][:8] for text in (pem, json.dumps(pem), log)}
    assert len(tokens) == 1


@pytest.mark.parametrize("place", EVERYWHERE)
def test_what_a_diagnosis_needs_stays(place: str) -> None:
    """States, references, placeholders, digests, names, numbers, addresses and paths are no secrets."""
    bodies = [EVERYWHERE[place](line).encode() for line in HARMLESS]
    assert [body for body in bodies if redact(body) != body] == []


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
