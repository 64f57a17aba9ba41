"""All that one run concluded."""

import msgspec

from engine.judge.checks import NextCheck
from engine.judge.ranking import Ranked
from engine.match.activation import Activation
from engine.match.memory import Memory
from engine.match.program import Program
from facts.model.values import Coverage, Text


class Inference(msgspec.Struct, frozen=True):
    """All that one run concluded, with the working memory that proves it."""

    program: Program
    memory: Memory
    activations: tuple[Activation, ...]
    hypotheses: tuple[Ranked, ...]
    checks: tuple[NextCheck, ...]
    texts: tuple[Text, ...] = ()
    """What was scanned for the patterns of `log` conditions."""
    cut: tuple[Coverage, ...] = ()
    """The texts that were not scanned to their end for some pattern."""
