"""Rules of the user's that are broken are told on standard error, and the others are used."""

from pathlib import Path

import pytest

from facts.model.errors import RuleError
from kb.catalogue.loading import open_catalogue
from tests.kb.clusters import CRASH
from tests.kb.rulebook import write_rules


def test_good_rules_are_used_without_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to say."""
    folder = write_rules(tmp_path / "rules", CRASH)
    catalogue = open_catalogue([folder], bundled=False, strict=False)
    assert (len(catalogue.rules), capsys.readouterr().err) == (1, "")


def test_a_broken_rule_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each mistake, and one that says what to do."""
    folder = write_rules(tmp_path / "rules", CRASH)
    (folder / "broken.yaml").write_text("id: [\n")
    catalogue = open_catalogue([folder], bundled=False, strict=False)
    *mistakes, last = capsys.readouterr().err.splitlines()
    assert len(catalogue.rules) == 1
    assert len(mistakes) == len(catalogue.left_out) > 0
    assert all(line.startswith(f"kbdiag: left out: {folder}/broken.yaml:") for line in mistakes)
    assert last.startswith("kbdiag: the other rules are used; mend these (kbdiag rules lint)")


def test_strictly_a_broken_rule_stops_all(tmp_path: Path) -> None:
    """The mistake names its place."""
    folder = write_rules(tmp_path / "rules", CRASH)
    (folder / "broken.yaml").write_text("id: [\n")
    with pytest.raises(RuleError, match=r"broken\.yaml"):
        open_catalogue([folder], bundled=False, strict=True)
