"""Fixtures for tests of the command line."""

from pathlib import Path

import pytest

from tests.kb.rulebook import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return rules and evidence in a folder of their own, with a cache of their own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)  # so that reports name the evidence in few letters, wherever the folder lies
    return Desk(tmp_path)
