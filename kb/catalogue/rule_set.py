"""The rules that an author names by file, folder or id, together with all other rules."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from engine.language.own_tests import RuleTest
from engine.language.rule import AnyRule
from facts.model.document import nearest
from facts.model.errors import RuleError, UsageError
from kb.catalogue.catalogue import BUNDLED, rule_files


class RuleSet(msgspec.Struct, frozen=True):
    """Rules and their tests, by id.

    `chosen` are the ids that were named, `left_out` the mistakes of files that were not: their rules are missing.
    """

    rules: dict[str, AnyRule]
    chosen: tuple[str, ...]
    tests: dict[str, tuple[RuleTest, ...]]
    left_out: tuple[str, ...]


def read_rule_set(targets: Sequence[str], *, bundled: bool = True) -> RuleSet:
    """Read the rules at `targets`, paths or ids, and with `bundled` the rules of kbdiag. Without targets all are chosen.

    Raises RuleError with the mistakes of the files that were named, UsageError for a target that is neither.
    """
    paths = [Path(target) for target in targets if Path(target).exists()]
    identities = [target for target in targets if not Path(target).exists()]
    if not paths and not bundled:
        raise UsageError("there are no rules to look at (name a file or folder, or leave out --no-bundled-rules)")
    named = {path.resolve(): file for path, file in rule_files(paths)}
    shipped = {
        path.resolve(): file for path, file in rule_files([BUNDLED] if bundled else []) if path.resolve() not in named
    }
    files = [*shipped.values(), *named.values()]
    faults = [fault for file in (named.values() if targets else files) for fault in file.faults]
    if faults:
        raise RuleError("\n".join(faults))
    rules = {rule.id: rule for file in files for rule in file.rules}
    _check_identities(identities, rules)
    chosen = {rule.id for file in named.values() for rule in file.rules} | set(identities) if targets else set(rules)
    return RuleSet(
        rules=rules,
        chosen=tuple(sorted(chosen)),
        tests={identity: tests for file in files for identity, tests in file.tests.items()},
        left_out=tuple(fault for file in shipped.values() for fault in file.faults),
    )


def _check_identities(identities: Sequence[str], rules: Mapping[str, AnyRule]) -> None:
    """Raise UsageError for the first identity that no rule has."""
    for identity in identities:
        if identity not in rules:
            hint = nearest(identity, rules) or "see kbdiag rules list"
            raise UsageError(f"{identity}: there is no such file, folder or rule ({hint})")
