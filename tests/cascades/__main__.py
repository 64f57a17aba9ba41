"""`python -m tests.cascades N [FIRST]`: diagnose N generated incidents, print each wrong answer and the shares."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from kb.catalogue.catalogue import load_catalogue
from tests.cascades.cascade import diagnose


def main(count: int, first: int = 0) -> None:
    """Diagnose the seeds from `first`."""
    program = load_catalogue().program()
    right: Counter[bool] = Counter()
    total: Counter[bool] = Counter()
    loose = 0
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            cascade, verdict = diagnose(program, seed, Path(folder))
        total[verdict.decided] += 1
        right[verdict.decided] += not verdict.fault
        loose += bool(verdict.decided and not verdict.fault and verdict.loose)
        if verdict.fault:
            kind = "decided" if verdict.decided else "undecided"
            print(f"{seed} {cascade.fault} ({kind}): {verdict.fault}", flush=True)
    print(f"decided by the evidence: {right[True]} of {total[True]} right")
    print(f"not decided: {right[False]} of {total[False]} honest")
    print(f"right answers beside which a symptom stands unexplained: {loose}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
