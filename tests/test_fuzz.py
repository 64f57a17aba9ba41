"""Broken and hostile texts are read without an internal error, within bounds of time and memory.

A mutant is a text of the tests' own evidence in which bytes are cut, lines swapped, numbers made huge, columns shifted,
brackets nested, UTF-8 broken or lines joined; or objects whose values are of another type, missing, huge or deep; or an
archive of mutants that is cut, broken or packed into others. `make test` reads MUTANTS of them, `make fuzz` any number.
KBDIAG_FUZZ_FROM is the number of the first.
"""

import copy
import gzip
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import yaml

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from facts.cluster.moment import seconds_of_age
from facts.extract.evidence import extract
from facts.model.errors import EvidenceError
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue

MUTANTS = int(os.environ.get("KBDIAG_FUZZ_TEXTS", "60"))
FIRST = int(os.environ.get("KBDIAG_FUZZ_FROM", "0"))
CPU_SECONDS = 5.0
KILOBYTES = 500_000
_HERE = Path(__file__).parent
SEEDS = sorted(
    path
    for folder in ("corpus", "healthy")
    for path in (_HERE / folder).rglob("*")
    if path.is_file() and path.suffix in (".txt", ".log", ".json", ".yaml") and path.name != "case.yaml"
)

OBJECTS = tuple(seed for seed in SEEDS if seed.suffix in (".json", ".yaml"))


def _cut(text: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.randrange(200) :]


def _swapped(text: bytes, chance: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _huge(text: bytes, chance: random.Random) -> bytes:
    number = chance.choice((b"99999999999999999999", b"3000000", b"1e999", b"-1", b"0" * 5000))
    return re.sub(rb"\d+", lambda match: number if chance.random() < 0.2 else match[0], text)


def _shifted(text: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"  +", lambda match: b" " * chance.randrange(12), text)


def _nested(text: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(text) + 1)
    return (
        text[:start] + chance.choice((b"[", b"{", b"(", b'{"a":', b"- ", b'"')) * chance.randrange(5000) + text[start:]
    )


def _broken(text: bytes, chance: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(min(len(changed), 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _joined(text: bytes, chance: random.Random) -> bytes:
    return (text.replace(b"\n", b" ") * chance.randrange(1, 20))[:200_000]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _swapped, _huge, _shifted, _nested, _broken, _joined,
)  # fmt: skip


_STRANGE: tuple[object, ...] = (
    None, True, "", "x" * 5000, "\ud800", -1, 0, 2**63, 1e308, [], {}, [None], {"": None}, [[[[]]]], "0/3000000", "99999999999d",
    "2026-02-30T25:61:00Z", "9" * 400, {"name": {"name": 1}}, "%s{0}$(id)", "a/b/c", "-o", "\x00\x1b[31m",
)  # fmt: skip


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return each container in `value` with each of its keys."""
    waiting, places = [value], []
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            places.append((container, key))
            if isinstance(container[key], dict | list):
                waiting.append(container[key])
    return places


def _changed(text: bytes, chance: random.Random) -> bytes:
    """Return objects some of whose values are strange, gone, doubled, or those of others; other text as it is."""
    try:
        document = json.loads(text) if text.lstrip().startswith(b"{") else list(yaml.safe_load_all(text))
    except (ValueError, yaml.YAMLError, RecursionError):
        return text
    places = _places(document if isinstance(document, dict) else {"": document})
    for _ in range(chance.randrange(1, 12)):
        container, key = chance.choice(places)
        try:
            match chance.randrange(4):
                case 0:
                    container[key] = chance.choice(_STRANGE)
                case 1:
                    del container[key]
                case 2:
                    other, name = chance.choice(places)
                    container[key] = copy.deepcopy(other[name])
                case _:
                    container[key] = [container[key]] * chance.randrange(30)
        except (IndexError, KeyError):
            continue  # what an earlier change took away
    if chance.random() < 0.3 and isinstance(document, list):
        return b"---\n".join(yaml.safe_dump(one, allow_unicode=True).encode("utf-8", "replace") for one in document)
    return json.dumps(document if isinstance(document, dict) else {"items": document}).encode()


def _packed(members: dict[str, bytes], chance: random.Random) -> bytes:
    """Return an archive of `members`, of a kind chosen by chance."""
    packed = io.BytesIO()
    match chance.randrange(4):
        case 0:
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, body in members.items():
                    archive.writestr(name, body)
        case 1:
            return gzip.compress(next(iter(members.values())), 1)
        case kind:
            with tarfile.open(fileobj=packed, mode="w:gz" if kind == 2 else "w") as tar:
                for name, body in members.items():
                    member = tarfile.TarInfo(chance.choice((name, "../" + name, "/" + name, name * 20)))
                    member.size = len(body)
                    member.type = chance.choice((tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE))
                    tar.addfile(member, io.BytesIO(body))
    return packed.getvalue()


def _archived(number: int, chance: random.Random) -> bytes:
    """Return an archive of mutants, some of them archives, that may be cut or broken."""
    members = {f"m{inner}/{name}": body for inner in range(3) for name, body in [_text_mutant(number * 7 + inner)]}
    body = _packed(members, chance)
    for depth in range(chance.randrange(3)):
        body = _packed({f"inner{depth}.tar.gz": body, **dict(list(members.items())[:1])}, chance)
    for mutation in chance.sample((_cut, _broken), chance.randrange(3)):
        body = mutation(body, chance)
    return body


def _text_mutant(number: int) -> tuple[str, bytes]:
    chance = random.Random(number)
    seed = chance.choice(SEEDS)
    text = seed.read_bytes()[:100_000]
    if seed.suffix in (".json", ".yaml"):
        text = _changed(text, chance)
        if chance.random() < 0.7:
            return seed.name, text
    for mutation in chance.sample(_MUTATIONS, chance.randrange(1, 4)):
        text = mutation(text, chance)
    return seed.name, text


def _mutant(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a mutant; the same number gives the same one."""
    chance = random.Random(f"kind {number}")
    kind = chance.random()
    if kind < 0.1:
        return "bundle.tar.gz", _archived(number, chance)
    if kind < 0.3:
        seed = chance.choice(OBJECTS)
        return seed.name, _changed(seed.read_bytes(), chance)
    return _text_mutant(number)


_ALONE = """
import re, sys
from pathlib import Path
from tests.test_fuzz import KILOBYTES, read_mutants
wrong = read_mutants(Path(sys.argv[1]))
assert wrong == [], wrong
status = Path("/proc/self/status")
# not what getrusage says: there a process inherits the peak of the one that started it
used = int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) if status.exists() else 0
assert used < KILOBYTES, used
"""


def read_mutants(folder: Path) -> list[tuple[int, str, float, bool]]:
    """Diagnose each mutant by itself, and return those that took too long or failed: number, name, CPU seconds, failed."""
    program = load_catalogue().program()
    wrong = []
    for number in range(FIRST, FIRST + MUTANTS):
        name, text = _mutant(number)
        path = folder / name
        path.write_bytes(text)
        before = time.process_time()
        failed = False
        with suppress(EvidenceError):  # a damaged archive alone is refused
            evidence = extract(read_evidence([str(path)]))
            infer(program, evidence, ReferenceEngine())
            failed = b"internal error" in msgspec.json.encode(evidence.coverage)
        spent = time.process_time() - before
        if failed or spent > CPU_SECONDS:
            wrong.append((number, name, round(spent, 1), failed))
        path.unlink()
    return wrong


def test_mutants_are_read_within_bounds(tmp_path: Path) -> None:
    """In a process of their own, for the peak of memory is that of all that a process ever did."""
    words = [sys.executable, "-c", _ALONE, str(tmp_path)]
    done = subprocess.run(words, cwd=_HERE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_long_line_of_brackets_is_no_document_at_once(tmp_path: Path) -> None:
    """What may open a link or bold type is looked at once, not again for each that follows."""
    path = tmp_path / "df.txt"
    for line in (b"[" * 60_000, b"a" + b"**a" * 20_000):
        path.write_bytes(b"Filesystem\n" + line)
        before = time.process_time()
        read_evidence([str(path)])
        assert time.process_time() - before < CPU_SECONDS


def test_an_age_of_thousands_of_digits_is_none() -> None:
    """Python does not read such a number."""
    assert seconds_of_age("9" * 5000 + "d") is None


def test_rows_whose_counts_no_pod_can_have_are_looked_at_once(tmp_path: Path) -> None:
    """A table of 20,000 such rows is read in linear time: none of them begins another table."""
    path = tmp_path / "pods.txt"
    rows = (f"w-{row} 0/{9 * 10**15} CrashLoopBackOff {10**18} 9d" for row in range(20_000))
    path.write_text("NAME READY STATUS RESTARTS AGE\n" + "\n".join(rows))
    before = time.process_time()
    read_evidence([str(path)])
    assert time.process_time() - before < CPU_SECONDS


def test_thousands_of_failing_pods_are_not_compared_with_each_other(tmp_path: Path) -> None:
    """Each has a hypothesis of its own; none is tried as the cause of all the others."""
    path = tmp_path / "pods.json"
    pods = [{"kind": "Pod", "metadata": {"name": f"w-{pod}"}, "status": {"phase": "Failed"}} for pod in range(8_000)]
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
    evidence = extract(read_evidence([str(path)]))
    program = load_catalogue().program()
    before = time.process_time()
    infer(program, evidence, ReferenceEngine())
    assert time.process_time() - before < CPU_SECONDS


def test_a_literal_that_fills_a_long_line_is_tried_here_and_there(tmp_path: Path) -> None:
    """What stands around one of its places is not tried again for the next."""
    path = tmp_path / "postgres.log"
    path.write_bytes(b'initdb: warning: enabling "trust" authentication for local connections\n' + b"0" * 300_000)
    evidence = extract(read_evidence([str(path)]))
    program = load_catalogue().program()
    before = time.process_time()
    infer(program, evidence, ReferenceEngine())
    assert time.process_time() - before < CPU_SECONDS
