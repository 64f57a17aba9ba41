"""A proof as an indented tree."""

from collections.abc import Iterable

from engine.judge.proof import Proof
from kb.terminal.page import Page

STEP = 2
"""Columns that a part stands further right than what it proves."""


def write_proofs(page: Page, proofs: Iterable[Proof]) -> None:
    """Add proof trees to `page`, one after the other with an empty line between."""
    for proof in proofs:
        page.blank()
        page.paragraph((proof.text, "bold"), hanging=STEP)
        for part in proof.parts:
            _write(page, part, STEP)


def _write(page: Page, proof: Proof, indent: int) -> None:
    page.paragraph((proof.text, "" if proof.parts else "dim"), indent=indent, hanging=STEP)
    for part in proof.parts:
        _write(page, part, indent + STEP)
