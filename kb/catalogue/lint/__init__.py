"""Checks of rules that a reader of single values cannot make, one file each, found because it lies in this folder.

A check is a module with a function `check(specimen)` that yields mistakes; the first sentence of the module
says what it looks for.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

import msgspec

from engine.language.own_tests import EXPECTATIONS, RuleTest
from engine.language.reader import RuleFile
from engine.language.rule import AnyRule
from engine.match.program import compile_rules
from facts.model.document import Faults, Value, parse
from facts.model.errors import RuleError
from facts.model.plugins import Plugins
from kb.catalogue.catalogue import VOCABULARY

CHECKS = Plugins("kb.catalogue.lint", "kbdiag.lint")

_SHORT = {"when": "says", "subject": "about", "tests": "fires"}
"""The keys that may stand for another one."""

_PLACE = re.compile(r"(.*?):(\d+):(\d+): ")


class Rules(dict[str, AnyRule]):
    """Rules by id. They do not change and are hashed by identity, so that a check may cache what it makes of all of them."""

    __hash__ = object.__hash__  # type: ignore[assignment]


class Specimen:
    """A rule under the lens: its tests, its document, in which every value knows its place, and the rules around it.

    `rules` are all by id, itself included.
    """

    def __init__(self, rule: AnyRule, tests: Sequence[RuleTest], document: Value, path: Path, rules: Rules) -> None:
        self.rule = rule
        self.tests = tests
        self.document = document
        self.path = path
        self.rules = rules
        self._entries = dict(document.entries())

    def value(self, key: str, place: int | None = None) -> Value:
        """Return the value of `key`, or the member at `place` of that list; the whole document when it has no such key."""
        value = self._entries.get(key) or self._entries.get(_SHORT.get(key, ""), self.document)
        if place is None or value is self.document:
            return value
        commands = list(value.entries()) if value.is_mapping() else []
        if key == "verify" and commands and not any(name == "run" for name, _ in commands):
            return commands[place][1]
        return value.members()[place]

    def test_values(self) -> list[Value]:
        """Return the value of each test, in their order."""
        tests = self._entries.get("tests")
        groups = self._entries.items() if tests is None else tests.entries()
        return [value for key, group in groups if key in EXPECTATIONS for value in group.members()]


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong at a value, and what to do about it."""

    value: Value
    what: str
    hint: str = ""


class Check(Protocol):
    """A module of this folder."""

    def check(self, specimen: Specimen) -> Iterable[Mistake]:
        """Yield the mistakes of one rule."""
        ...


def lint(files: Sequence[tuple[Path, RuleFile]], neighbours: Iterable[AnyRule] = ()) -> list[str]:
    """Return all mistakes in rule files, sorted, each as `path:line:column: what (hint)`.

    `neighbours` are rules that those may refer to; they are not looked at themselves. A file that cannot be read as
    rules has the mistakes of the reader only.
    """
    sound = [(path, file) for path, file in files if not file.faults]
    rules = Rules({rule.id: rule for rule in (*neighbours, *(rule for _, file in sound for rule in file.rules))})
    found = [fault for _, file in files for fault in file.faults]
    for path, file in sound:
        faults = Faults(file.rules[0].path)
        documents = parse(path.read_text(encoding="utf-8"), faults)
        for rule, document in zip(file.rules, documents, strict=True):
            specimen = Specimen(rule, file.tests[rule.id], document, path, rules)
            for check in _checks():
                for mistake in check.check(specimen):
                    mistake.value.fault(mistake.what, mistake.hint)
        found.extend(faults.messages)
    if not found:
        try:
            compile_rules(tuple(rules.values()), VOCABULARY)
        except RuleError as error:
            found.extend(str(error).splitlines())
    return sorted(set(found), key=_placed)


def _placed(message: str) -> tuple[str, int, int, str]:
    found = _PLACE.match(message)
    return (found[1], int(found[2]), int(found[3]), message) if found else (message, 0, 0, message)


@lru_cache(maxsize=1)
def _checks() -> tuple[Check, ...]:
    return tuple(cast(Check, module) for module in CHECKS.load_all().values())
