"""Broken and hostile texts are read without an internal error, within bounds of time and memory.

A mutant is a text of the tests' own evidence in which bytes are cut, lines swapped, numbers made huge, columns shifted,
brackets nested, UTF-8 broken or lines joined. `make test` reads MUTANTS of them, `make fuzz` any number.
"""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from facts.cluster.moment import seconds_of_age
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue

MUTANTS = int(os.environ.get("KBDIAG_FUZZ_TEXTS", "60"))
CPU_SECONDS = 5.0
KILOBYTES = 500_000
_HERE = Path(__file__).parent
SEEDS = sorted(
    path
    for folder in ("corpus", "healthy")
    for path in (_HERE / folder).rglob("*")
    if path.is_file() and path.suffix in (".txt", ".log", ".json", ".yaml") and path.name != "case.yaml"
)


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


def _mutant(number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a mutant; the same number gives the same one."""
    chance = random.Random(number)
    seed = chance.choice(SEEDS)
    text = seed.read_bytes()[:100_000]
    for mutation in chance.sample(_MUTATIONS, chance.randrange(1, 4)):
        text = mutation(text, chance)
    return seed.name, text


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
    for number in range(MUTANTS):
        name, text = _mutant(number)
        path = folder / name
        path.write_bytes(text)
        before = time.process_time()
        evidence = extract(read_evidence([str(path)]))
        infer(program, evidence, ReferenceEngine())
        spent = time.process_time() - before
        failed = b"internal error" in msgspec.json.encode(evidence.coverage)
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
