"""The whole idea on one page: scan, match, chain, weigh, explain, rank."""

from engine.judge.belief import candidates
from engine.judge.causes import links
from engine.judge.checks import next_checks
from engine.judge.inference import Inference
from engine.judge.ranking import rank
from engine.match.chaining.chain import Engine, chain
from engine.match.memory import Memory
from engine.match.program import Program
from engine.match.scanner import cut_short
from facts.model.stages import stage
from facts.model.values import Evidence


def infer(program: Program, evidence: Evidence, engine: Engine) -> Inference:
    """Draw every conclusion that the rules of `program` allow from `evidence`; pure, and independent of order."""
    with stage("match"):
        hits = program.scanner.scan(evidence.texts)
    with stage("chain"):
        keys = {kind: declared.key for kind, declared in program.vocabulary.kinds.items() if declared.key}
        memory = Memory(evidence.facts, hits, evidence.coverage, keys)
        activations = chain(program, memory, engine)
    with stage("judge"):
        found = candidates(activations, program, memory, {"cluster": evidence.cluster})
        hypotheses = rank(found, links(found, memory, program.vocabulary.layers), program)
        cut = cut_short(hits, evidence.texts)
        checks = next_checks(hypotheses, memory)
    return Inference(program, memory, activations, hypotheses, checks, evidence.texts, cut)
