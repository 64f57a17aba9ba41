"""The bundled rules in one file, compiled when kbdiag is built: rule files come in, rules and a program go out."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from engine.language.rule import AnyRule
from engine.language.vocabulary import Vocabulary
from engine.match.automaton import Automaton, compile_automaton, is_current, load_automaton
from engine.match.program import Clause, Program, compile_rules, entries_of
from engine.match.scanner import Scanner

COMPILED = Path(__file__).with_name("rules.msgpack")
"""What `make` and the build of a wheel write, and a run in a checkout whose rules have changed. It is trusted only for the bytes of the rule files that it was made of."""

AUTOMATON = COMPILED.with_name("automaton.msgpack")
"""Hyperscan's automaton of all expressions, made by `make` and by the build of a wheel only; it is used as far as it fits."""

_ROOT = Path(__file__).resolve().parents[2]
_CODE = ("engine/language", "engine/match", "facts/model")
"""The folders whose Python files decide, with the vocabulary, what a rule file compiles to."""


class Source(msgspec.Struct, frozen=True, array_like=True):
    """A rule file: its path as reports show it, and the SHA-256 of its bytes."""

    path: str
    digest: bytes


class LazyRules(Mapping[str, AnyRule]):
    """Rules by id, each decoded when it is asked for. An inference looks at few of them."""

    def __init__(self, encoded: Mapping[str, msgspec.Raw]) -> None:
        self._encoded = encoded
        self._rules: dict[str, AnyRule] = {}

    def __getitem__(self, identity: str) -> AnyRule:
        if identity not in self._rules:
            self._rules[identity] = msgspec.msgpack.decode(self._encoded[identity], type=AnyRule)
        return self._rules[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)


class _Plan(msgspec.Struct, frozen=True, array_like=True):
    """A program without its rules; `sought` holds expression, surroundings and literals."""

    strata: tuple[tuple[Clause, ...], ...]
    derived: dict[str, frozenset[str]]
    needs: dict[str, tuple[str, ...]]
    sought: tuple[tuple[str, str, tuple[str, ...]], ...]
    names: tuple[str, ...]


class Compiled(msgspec.Struct, frozen=True, array_like=True):
    """The file: what it was made of, the rules of each source, and the program of them all."""

    code: bytes
    sources: tuple[Source, ...]
    rules: tuple[dict[str, msgspec.Raw], ...]
    plan: msgspec.Raw

    def by_source(self) -> dict[Source, dict[str, msgspec.Raw]]:
        """Return the encoded rules of each rule file."""
        return dict(zip(self.sources, self.rules, strict=True))

    def program(self, rules: Mapping[str, AnyRule], vocabulary: Vocabulary) -> Program:
        """Return the program of all rules of the file."""
        plan = msgspec.msgpack.decode(self.plan, type=_Plan)
        expressions = {(expression, about): literals for expression, about, literals in plan.sought}
        scanner = Scanner(expressions, plan.names, read_automaton)
        entries = entries_of(plan.strata, plan.derived)
        return Program(rules, vocabulary, plan.derived, plan.strata, scanner, plan.needs, entries)


def read_compiled(vocabulary: Vocabulary, path: Path = COMPILED) -> Compiled | None:
    """Return the compiled rules; None when the file is missing or damaged, or was made by other code of kbdiag."""
    try:
        compiled = msgspec.msgpack.decode(path.read_bytes(), type=Compiled)
    except (OSError, msgspec.MsgspecError):
        return None  # the rule files say the same, only slower
    return compiled if compiled.code == _code_digest(vocabulary) else None


def write_compiled(
    sources: Sequence[Source], rules: Iterable[AnyRule], vocabulary: Vocabulary, path: Path = COMPILED
) -> None:
    """Compile the `rules` of `sources` and write them to `path`, as a whole or not at all; raises RuleError and OSError."""
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    by_path: dict[str, dict[str, msgspec.Raw]] = {source.path: {} for source in sources}
    for rule in ordered:
        by_path[rule.path][rule.id] = encoded(rule)
    program = compile_rules(ordered, vocabulary)
    sought = tuple(
        (expression, about, tuple(literals)) for (expression, about), literals in program.scanner.expressions.items()
    )
    plan = _Plan(program.strata, dict(program.derived), dict(program.needs), sought, tuple(program.scanner.names))
    compiled = Compiled(
        _code_digest(vocabulary),
        tuple(sources),
        tuple(by_path.values()),
        msgspec.Raw(msgspec.msgpack.encode(plan, order="deterministic")),
    )
    _write(path, msgspec.msgpack.encode(compiled))


def read_automaton(expressions: Sequence[str], path: Path = AUTOMATON) -> Automaton | None:
    """Return the automaton of `expressions`; None when there is none, or when it is of others, or of another machine."""
    try:
        return load_automaton(path.read_bytes(), expressions)
    except OSError:
        return None


def write_automaton(expressions: Sequence[str], path: Path = AUTOMATON) -> None:
    """Compile the automaton of `expressions`, which takes many seconds, and write it, unless it is there already."""
    if path.exists() and is_current(path.read_bytes(), expressions):
        return
    if (raw := compile_automaton(expressions)) is not None:
        _write(path, raw)


def encoded(rule: AnyRule) -> msgspec.Raw:
    """Return `rule` as MessagePack."""
    return msgspec.Raw(msgspec.msgpack.encode(rule, order="deterministic"))


def _write(path: Path, raw: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(raw)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _code_digest(vocabulary: Vocabulary) -> bytes:
    digest = hashlib.sha256(msgspec.msgpack.encode(vocabulary, enc_hook=repr, order="deterministic"))
    for folder in _CODE:
        names = sorted(name for name in os.listdir(_ROOT / folder) if name.endswith(".py"))  # noqa: PTH208 - quick
        for name in names:
            digest.update(f"{folder}/{name}\0".encode() + (_ROOT / folder / name).read_bytes())
    return digest.digest()
