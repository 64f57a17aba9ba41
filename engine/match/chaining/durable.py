"""The durable-rules engine, fenced: it runs in a child process with a time limit, and sees nothing but short words.

durable-rules 2.0.28 hangs, crashes or errs outside a small subset, so the clauses are translated into that subset
(see worker.py), every name and value is replaced by a short word, and a child that dies, answers nonsense or takes
too long is replaced by the reference engine for the rest of the run, which gives the same matches.
"""

import contextlib
import importlib.util
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.match.chaining.chain import Match, Session
from engine.match.chaining.reference import ReferenceEngine
from engine.match.memory import Token
from engine.match.program import Atom, Clause

_WORKER = Path(__file__).with_name("worker.py")
"""Run as a file, so that the child imports no package around it."""

TIME_LIMIT = 20.0
"""Seconds that the child may take for one answer."""


class DurableRulesError(Exception):
    """The child died, hung or answered nonsense; caught here, where the reference engine takes over."""


def is_available() -> bool:
    """Return True if durable-rules is installed; it cannot be on Python 3.13 and later."""
    return (
        importlib.util.find_spec("durable") is not None and importlib.util.find_spec("durable_rules_engine") is not None
    )


class DurableEngine:
    """Joins tokens with durable-rules. `failure` says in one line why the reference engine took over, "" when it did not."""

    name = "durable"

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        """Start the child, which loads durable-rules while the caller goes on; `time_limit` is in seconds per answer."""
        self._time_limit = time_limit
        self.failure = ""
        self._child = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def open(self, clauses: tuple[Clause, ...]) -> Session:
        """Start a stratum."""
        if not self.failure:
            return _DurableSession(self, clauses)
        return ReferenceEngine().open(clauses)

    def close(self) -> None:
        """End the child."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and return the answer; raises DurableRulesError."""
        stdin, stdout = self._child.stdin, self._child.stdout
        if stdin is None or stdout is None:
            raise DurableRulesError("durable-rules has no streams")
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.flush()
            line = _line(stdout.fileno(), self._time_limit)
            answer = json.loads(line)
        except (OSError, EOFError, ValueError) as error:
            status = self._child.poll()
            raise DurableRulesError(
                f"durable-rules stopped: {error}" + (f", exit status {status}" if status else "")
            ) from None
        if not isinstance(answer, dict):
            raise DurableRulesError("durable-rules answered nonsense")
        return answer

    def give_up(self, why: str) -> None:
        """Remember why, and use the reference engine from now on."""
        self.failure = why
        self.close()


def _line(descriptor: int, time_limit: float) -> bytes:
    deadline = time.monotonic() + time_limit
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError(f"no answer in {time_limit:g} s")
            piece = os.read(descriptor, 1 << 20)
            if not piece:
                raise EOFError("it ended")
            received += piece
    return bytes(received)


class _DurableSession:
    """One stratum in the child. What was sent is kept, so that the reference engine can take over at any point."""

    def __init__(self, engine: DurableEngine, clauses: tuple[Clause, ...]) -> None:
        self._engine = engine
        self._clauses = clauses
        self._tokens: list[Token] = []
        self._words: dict[str, str] = {}
        self._variables = {
            atom.name: atom.variables for clause in clauses for atom in (*clause.positive, *clause.negative)
        }
        self._variables.update(
            {atom.known.name: _scope(atom) for clause in clauses for atom in clause.negative if atom.known}
        )
        self._names = {f"c{number}": clause.name for number, clause in enumerate(clauses)}
        self._given: set[Match] = set()
        self._fallback: Session | None = None
        try:
            engine.ask(
                {"open": [self._translated(word, clause) for word, clause in zip(self._names, clauses, strict=True)]}
            )
        except DurableRulesError as failure:
            self._fall_back(str(failure))

    def _translated(self, word: str, clause: Clause) -> list[Any]:
        positive = [self._kind(atom.name, atom.variables) for atom in clause.positive]
        positive += [self._kind(atom.known.name, _scope(atom)) for atom in clause.negative if atom.known]
        negative = [self._kind(atom.name, atom.variables) for atom in clause.negative]
        return [word, positive, negative]

    def _kind(self, name: str, variables: tuple[str, ...]) -> list[Any]:
        return [self._word("k" + name), [self._word("v" + variable) for variable in variables]]

    def _word(self, text: str) -> str:
        return self._words.setdefault(text, f"w{len(self._words)}")

    def add(self, tokens: Iterable[Token]) -> Iterable[Match]:
        fresh = list(tokens)
        self._tokens.extend(fresh)
        if self._fallback is None:
            try:
                return self._matches(self._engine.ask({"add": [self._sent(token) for token in fresh]}))
            except (DurableRulesError, LookupError, ValueError, TypeError) as failure:
                return self._fall_back(str(failure))
        return self._fallback.add(fresh)

    def _sent(self, token: Token) -> list[Any]:
        name, values = token
        named = zip(self._variables[name], values, strict=True)
        return [
            self._word("k" + name),
            {self._word("v" + variable): self._word("=" + value) for variable, value in named},
        ]

    def _matches(self, answer: dict[str, Any]) -> list[Match]:
        lengths = {clause.name: len(clause.positive) for clause in self._clauses}
        found: set[Match] = set()
        for word, uids in answer["matches"]:
            name = self._names[word]
            found.add((name, tuple(self._tokens[int(uid[1:])] for uid in uids[: lengths[name]])))
        fresh = found - self._given
        self._given |= fresh
        return list(fresh)

    def _fall_back(self, why: str) -> Iterable[Match]:
        self._engine.give_up(why)
        self._fallback = ReferenceEngine().open(self._clauses)
        return [match for match in self._fallback.add(self._tokens) if match not in self._given]


def _scope(atom: Atom) -> tuple[str, ...]:
    return (atom.known.variable,) if atom.known is not None and atom.known.variable else ()
