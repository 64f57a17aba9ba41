"""The rules that an author names by file, folder or id, together with all other rules."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.language.reader import RuleTest
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
    named = [target for target in targets if not Path(target).exists()]
    if not paths and not bundled:
        raise UsageError("there are no rules to look at (name a file or folder, or leave out --no-bundled-rules)")
    own = {path.resolve(): file for path, file in rule_files(paths)}
    faults = [fault for file in own.values() for fault in file.faults]
    others = {path.resolve(): file for path, file in rule_files([BUNDLED] if bundled else [])}
    files = [*(file for path, file in others.items() if path not in own), *own.values()]
    if not targets:
        faults = [fault for file in files for fault in file.faults]
    if faults:
        raise RuleError("\n".join(faults))
    rules = {rule.id: rule for file in files for rule in file.rules}
    for identity in named:
        if identity not in rules:
            raise UsageError(
                f"{identity}: there is no such file, folder or rule ({nearest(identity, rules) or 'see kbdiag rules list'})"
            )
    chosen = {rule.id for file in own.values() for rule in file.rules} | set(named)
    return RuleSet(
        rules=rules,
        chosen=tuple(sorted(chosen if targets else rules)),
        tests={identity: tests for file in files for identity, tests in file.tests.items()},
        left_out=tuple(fault for path, file in others.items() if path not in own for fault in file.faults),
    )
