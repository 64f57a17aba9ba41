"""The compiled rules say what the rule files say, and are trusted for nothing else."""

import re
from pathlib import Path

import pytest

from kb.catalogue import catalogue
from kb.catalogue.catalogue import compile_bundled, load_catalogue
from tests.kb.rulebook import write_rules


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small folder of rules in place of the bundled ones, compiled to `rules.msgpack` beside it."""
    folder = write_rules(tmp_path / "rules")
    monkeypatch.setattr(catalogue, "BUNDLED", folder)
    compile_bundled(tmp_path / "rules.msgpack")
    return folder


def test_compiled_rules_are_those_of_the_files(bundled: Path) -> None:
    """Rules, digest and program are the same with the compiled file and without."""
    compiled = load_catalogue(compiled=bundled.parent / "rules.msgpack")
    read = load_catalogue(compiled=bundled / "no folder" / "rules.msgpack")
    assert compiled.compiled is not None
    assert read.compiled is None
    assert compiled.rules == read.rules
    assert compiled.digest == read.digest
    one, other = compiled.program(), read.program()
    assert (one.strata, one.needs, one.derived) == (other.strata, other.needs, other.derived)
    assert one.scanner.expressions == other.scanner.expressions


def test_a_changed_rule_file_is_read(bundled: Path) -> None:
    """The answer follows the rule files, not the compiled file."""
    before = load_catalogue(compiled=bundled.parent / "rules.msgpack")
    path = min(bundled.rglob("*.yaml"))
    path.write_text(re.sub(r"(?m)^title: .*", "title: Other words", path.read_text()))
    after = load_catalogue(compiled=bundled.parent / "rules.msgpack")
    assert after.digest != before.digest
    assert after.rules == load_catalogue(compiled=bundled / "no folder" / "rules.msgpack").rules
    assert after.rules != before.rules


def test_a_deleted_rule_file_is_gone(bundled: Path) -> None:
    """A rule without its file is no rule, though the compiled file still has it."""
    min(bundled.rglob("*.yaml")).unlink()
    after = load_catalogue(compiled=bundled.parent / "rules.msgpack")
    assert after.rules == load_catalogue(compiled=bundled / "no folder" / "rules.msgpack").rules


@pytest.mark.parametrize("content", [b"", b"no MessagePack", b"\x94\xc4\x00\x90\x90\xc0"])
def test_a_damaged_file_costs_only_time(bundled: Path, content: bytes) -> None:
    """The rule files are read instead."""
    path = bundled.parent / "rules.msgpack"
    path.write_bytes(content)
    assert load_catalogue(compiled=path).rules == load_catalogue(compiled=bundled / "no folder" / "rules.msgpack").rules


def test_a_stale_file_is_brought_up_to_date(bundled: Path) -> None:
    """In a checkout, the run after a rule was changed is as quick as any."""
    path = bundled.parent / "rules.msgpack"
    min(bundled.rglob("*.yaml")).unlink()
    assert load_catalogue(compiled=path).compiled is None
    assert load_catalogue(compiled=path).compiled is not None
