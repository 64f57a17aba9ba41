"""Programs for tests: scripts that stand in front of the PATH, and write down how they were called."""

import os
from pathlib import Path

import pytest

CALLED = 'printf "%s\\n" "$0 $*" >>"$(dirname "$0")/calls"\n'


class Programs:
    """Programs in a folder of their own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder / "bin", monkeypatch
        self.folder.mkdir()
        monkeypatch.setenv("PATH", f"{self.folder}:{os.environ['PATH']}")

    def put(self, name: str, script: str) -> None:
        """Let `name` be a shell script."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{CALLED}{script}\n")
        path.chmod(0o755)

    def alone(self) -> None:
        """Let there be no other programs."""
        self._monkeypatch.setenv("PATH", str(self.folder))

    def calls(self, name: str) -> list[str]:
        """Return the arguments of each call of `name`."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == str(self.folder / name)]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Give programs that go before those of this machine."""
    return Programs(tmp_path, monkeypatch)
