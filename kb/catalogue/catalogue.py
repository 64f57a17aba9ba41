"""The catalogue: all rules of a run, from the compiled file where that is up to date, else from the rule files."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from engine.language.reader import RuleFile, read_rules
from engine.language.rule import AnyRule, Derivation
from engine.language.vocabulary import Vocabulary
from engine.match.program import Program, compile_rules
from facts.model.errors import RuleError
from facts.model.plugins import plugin_folders
from facts.model.schema import COMPONENTS, GROUPS, KINDS, LAYER_COVERAGE, LAYERS, PRESETS
from kb.catalogue.compiled import (
    AUTOMATON,
    COMPILED,
    Compiled,
    LazyRules,
    Source,
    read_automaton,
    read_compiled,
    write_automaton,
    write_compiled,
)

VOCABULARY = Vocabulary(KINDS, LAYERS, COMPONENTS, LAYER_COVERAGE, PRESETS, GROUPS)
BUNDLED = Path(__file__).resolve().parents[2] / "rules"
"""The folder of the rules that ship with kbdiag."""

_ABOVE = f"{BUNDLED.parent}{os.sep}"


class Catalogue(msgspec.Struct, frozen=True):
    """The rules of a run by id; `digest` ("sha256:...") names exactly this set of files.

    `compiled` is the compiled file when it holds exactly these rules.
    """

    by_id: Mapping[str, AnyRule]
    digest: str
    compiled: Compiled | None = None
    left_out: tuple[str, ...] = ()
    """The mistakes of the user's own rules that are missing, each as `path:line:column: what (hint)`."""
    replaced: tuple[str, ...] = ()
    """The bundled rules that others of the same id stand for, each as `path: what`."""

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """Return all rules, in the order of their ids."""
        return tuple(self.by_id[identity] for identity in sorted(self.by_id))

    def program(self) -> Program:
        """Return the rules ready for chaining; raises RuleError."""
        if self.compiled is not None:
            return self.compiled.program(self.by_id, VOCABULARY)
        return compile_rules(self.rules, VOCABULARY, read_automaton)


def load_catalogue(
    folders: Sequence[Path] = (), *, bundled: bool = True, compiled: Path = COMPILED, strict: bool = True
) -> Catalogue:
    """Return the bundled rules, those of installed packages and those of `folders`.

    A rule of a later folder replaces one of the same id. An installed package adds the folder of a Python package that
    its entry point of the group `kbdiag.rules` names; without `bundled`, only `folders` are read. A bundled rule file
    whose bytes are in the file `compiled` is taken from there, and the file is brought up to date where that can be.
    Without `strict`, a rule outside the bundled ones that has a mistake, or whose file cannot be read, is left out; the
    catalogue says so, and the rest is used. Raises RuleError with all mistakes of all files, a line each, for a folder without rules, and where
    no rule is left.
    """
    sources = _files(BUNDLED) if bundled else []
    installed = plugin_folders("kbdiag.rules") if bundled else ()
    unread: list[str] = []
    own = [source for folder in (*installed, *folders) for source in _files(folder, unread)]
    digest = hashlib.sha256()
    for path, content in (*sources, *own):
        digest.update(path.name.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
    name = f"sha256:{digest.hexdigest()}"
    built = read_compiled(VOCABULARY, compiled) if bundled else None
    known = _sources(sources)
    if built is not None and not own and not unread and built.sources == tuple(known):
        raw = {identity: rule for each in built.rules for identity, rule in each.items()}
        return Catalogue(LazyRules(raw), name, built)
    rules = _bundled_rules(sources, known, built)
    if bundled and (built is None or built.sources != tuple(known)):
        with suppress(OSError, RuleError):  # as with Python's own .pyc files, only speed is lost
            write_compiled(known, rules.values(), VOCABULARY, compiled)
    added, faults = _read_all(own)
    faults = unread + faults
    if not strict:
        added, unfit = _fitting(added, rules)
        faults += unfit
    whole = rules | {rule.id: rule for rule in added}
    if faults and (strict or not whole):
        raise RuleError("\n".join(faults))
    replaced = [f"{rule.path}: {rule.id} replaces the bundled rule of this id" for rule in added if rule.id in rules]
    return Catalogue(whole, name, left_out=tuple(faults), replaced=tuple(replaced))


def _fitting(added: Sequence[AnyRule], rules: Mapping[str, AnyRule]) -> tuple[list[AnyRule], list[str]]:
    """Return those of `added` that can be compiled beside `rules`, and the mistakes of the others."""
    beside = [rule for rule in rules.values() if isinstance(rule, Derivation)] if added else []
    fit, faults = list(added), list[str]()
    while fit:
        own = {rule.id for rule in fit}
        try:
            compile_rules((*(rule for rule in beside if rule.id not in own), *fit), VOCABULARY)
        except RuleError as error:
            words = set(re.findall(r"[\w-]+", str(error)))
            unfit = [rule for rule in fit if f"{rule.path}:" in str(error) or rule.id in words]
            if not unfit:
                raise
            faults += str(error).splitlines()
            fit = [rule for rule in fit if rule not in unfit]
        else:
            break
    return fit, faults


def _bundled_rules(
    sources: Sequence[tuple[Path, bytes]], known: Sequence[Source], built: Compiled | None
) -> dict[str, AnyRule]:
    """Return the rules of `sources`; only the files that are not in `built` are read."""
    parts = built.by_source() if built is not None else {}
    taken = dict(LazyRules({identity: rule for source in known for identity, rule in parts.get(source, {}).items()}))
    fresh = [file for file, source in zip(sources, known, strict=True) if source not in parts]
    return taken | {rule.id: rule for rule in _checked(fresh, taken)}


def compile_bundled(path: Path = COMPILED) -> None:
    """Write the compiled file of the bundled rules, and the automaton beside it; raises RuleError with all their mistakes."""
    sources = _files(BUNDLED)
    known = _sources(sources)
    rules = tuple(_bundled_rules(sources, known, read_compiled(VOCABULARY, path)).values())
    write_compiled(known, rules, VOCABULARY, path)
    write_automaton(
        [expression for expression, _ in compile_rules(rules, VOCABULARY).scanner.expressions],
        path.with_name(AUTOMATON.name),
    )


def _sources(files: Sequence[tuple[Path, bytes]]) -> list[Source]:
    return [Source(_shown(path), hashlib.sha256(content).digest()) for path, content in files]


def rule_files(folders: Sequence[Path]) -> list[tuple[Path, RuleFile]]:
    """Return what each rule file under `folders` holds, mistakes included."""
    return [(path, _read(path, content)) for folder in folders for path, content in _files(folder)]


def _files(folder: Path, unread: list[str] | None = None) -> list[tuple[Path, bytes]]:
    """Return the rule files at `folder`; with `unread`, it takes what cannot be read, else that is raised as RuleError."""
    if not folder.exists():
        raise RuleError(f"{folder}: there is no such rule folder or file (check --rules)")
    lost: list[str] = []
    paths = [str(folder)] if folder.is_file() else sorted(_paths(str(folder), lost))
    found: list[tuple[Path, bytes]] = []
    for path in paths:
        try:
            found.append((Path(path), _bytes(path)))
        except OSError as error:
            lost.append(_unreadable(path, error))
    if lost and unread is None:
        raise RuleError("\n".join(lost))
    if not found and not lost:
        raise RuleError(f"{folder}: there are no rules in this folder (a rule is a .yaml file)")
    if unread is not None:
        unread += lost
    return found


def _paths(folder: str, lost: list[str]) -> Iterator[str]:
    """Give the rule files below `folder`; pathlib takes four times as long, and every run waits for this."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _paths(entry.path, lost)
                elif entry.name.endswith(".yaml"):
                    yield entry.path
    except OSError as error:
        lost.append(_unreadable(folder, error))


def _unreadable(path: str, error: OSError) -> str:
    return f"{path}:1:1: this cannot be read ({error.strerror or error}; check its permissions)"


def _bytes(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - quick
        return file.read()


def _shown(path: Path) -> str:
    """Return a bundled file from the folder of rules on; pathlib takes ten times as long."""
    text = str(path)
    return text[len(_ABOVE) :] if text.startswith(f"{_ABOVE}{BUNDLED.name}{os.sep}") else text


def _read(path: Path, content: bytes) -> RuleFile:
    try:
        return read_rules(content.decode("utf-8"), _shown(path), VOCABULARY)
    except UnicodeDecodeError as error:
        return RuleFile(
            (), {}, (f"{_shown(path)}:1:1: this is not UTF-8: byte {error.start} (save the file as UTF-8)",)
        )


def _checked(sources: Sequence[tuple[Path, bytes]], known: Mapping[str, AnyRule] | None = None) -> list[AnyRule]:
    """Return the rules of `sources`; raises RuleError for mistakes, and for an id that two files or `known` have."""
    rules, faults = _read_all(sources, known)
    if faults:
        raise RuleError("\n".join(faults))
    return rules


def _read_all(
    sources: Sequence[tuple[Path, bytes]], known: Mapping[str, AnyRule] | None = None
) -> tuple[list[AnyRule], list[str]]:
    """Return the rules of `sources` that have no mistake, of one id the first, and all mistakes."""
    rules: dict[str, AnyRule] = {}
    faults: list[str] = []
    for path, content in sources:
        file = _read(path, content)
        faults.extend(file.faults)
        for rule in file.rules:
            other = rules.get(rule.id) or (known or {}).get(rule.id)
            if other is not None:
                faults.append(f"{rule.path}:1:1: {rule.id} is also the id of {other.path} (choose another id)")
            else:
                rules[rule.id] = rule
    return list(rules.values()), faults
