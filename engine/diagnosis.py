"""The whole idea on one page: scan, match, chain, weigh, explain, rank."""

import msgspec

from engine.activation import Activation
from engine.belief import candidates
from engine.causes import links
from engine.chaining.chain import Engine, chain
from engine.checks import NextCheck, next_checks
from engine.memory import Memory
from engine.program import Program
from engine.ranking import Ranked, rank
from facts.model import Evidence


class Inference(msgspec.Struct, frozen=True):
    """All that one run concluded, with the working memory that proves it."""

    program: Program
    memory: Memory
    activations: tuple[Activation, ...]
    hypotheses: tuple[Ranked, ...]
    checks: tuple[NextCheck, ...]


def infer(program: Program, evidence: Evidence, engine: Engine) -> Inference:
    """Draw every conclusion that the rules of `program` allow from `evidence`; pure, and independent of order."""
    hits = program.scanner.scan(evidence.texts)
    keys = {kind: declared.key for kind, declared in program.vocabulary.kinds.items() if declared.key}
    memory = Memory(evidence.facts, hits, evidence.coverage, keys)
    activations = chain(program, memory, engine)
    found = candidates(activations, program, memory, {"cluster": evidence.cluster})
    hypotheses = rank(found, links(found, program.vocabulary.layers), program)
    return Inference(program, memory, activations, hypotheses, next_checks(hypotheses, memory))
