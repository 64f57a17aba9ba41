"""The same evidence gives the same bytes: for every hash seed, in every order of files, and with every engine."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.match.chaining.durable import is_available
from tests.kb.rulebook import kbdiag

ROOT = Path(__file__).resolve().parents[1]
INCIDENT = ROOT / "kb" / "incidents" / "vm-stopped"
CASES = (
    "vm-stopped",
    "inotify-too-many-open-files",
    "java-heap-oom",
    "script-pipefail-hidden",
    "apiserver-etcd-refused",
)
SEEDS = int(os.environ.get("KBDIAG_FUZZ_SEEDS", "4"))
"""Seeds of hashes that are tried; `.ci/run` tries more."""
_CHILD = """
import json, sys
from tests.test_same_bytes import answers
print(json.dumps(answers(sys.argv[1])))
"""


def _files(case: str) -> list[Path]:
    folder = INCIDENT if case == "vm-stopped" else ROOT / "tests" / "corpus" / case
    return sorted(path for path in folder.iterdir() if path.name != "case.yaml")


def _answer(files: Sequence[Path], form: str, engine: str) -> str:
    result = kbdiag("infer", *files, "-o", form, "--engine", engine)
    assert result.exit_code == 0, result.output
    return result.output


def answers(engine: str) -> dict[str, str]:
    """Return the digest of each report of each case."""
    return {
        f"{case} {form}": hashlib.sha256(_answer(_files(case), form, engine).encode()).hexdigest()
        for case in CASES
        for form in ("text", "json")
    }


def _seeded(seed: int) -> dict[str, str]:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, "reference"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def unseeded() -> dict[str, str]:
    """Give the answers of this process, whose seed is none of those that are tried but by chance."""
    return answers("reference")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_seed_of_hashes_changes_nothing(unseeded: dict[str, str], seed: int) -> None:
    """Sets and dictionaries of strings come in another order with each seed."""
    assert len(unseeded) == 2 * len(CASES)
    assert _seeded(seed) == unseeded


@pytest.mark.skipif(not is_available(), reason="durable-rules is not installed")
def test_the_engine_changes_nothing(unseeded: dict[str, str]) -> None:
    """Both engines give the same reports."""
    assert answers("durable") == unseeded


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_files_changes_nothing(case: str) -> None:
    """But for `origin`, which names the paths as they were given."""
    reports = []
    for files in (_files(case), _files(case)[::-1]):
        report = json.loads(_answer(files, "json", "reference"))
        del report["source"]["origin"]
        reports.append(json.dumps(report))
    assert reports[0] == reports[1]
