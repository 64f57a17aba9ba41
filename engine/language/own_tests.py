"""The tests that a rule carries: what it must fire on, what is nearly that, and what is mended."""

from collections.abc import Mapping

import msgspec

from facts.model.document import Value
from facts.model.values import Scalar

EXPECTATIONS: dict[str, str] = {
    "fires": "the rule fires and ranks first",
    "near": "the rule keeps silent on what looks like the trouble and is none",
    "fixed": "the rule keeps silent on what the fix brings about",
}
"""The groups of tests, and what is expected of each."""

_KEYS = ("name", "text", "given", "subject", "derives", "first", "unknown")
_SHOWN = 72


class RuleTest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A test that a rule carries: facts or text, and what the rule must make of them.

    `group` is a key of EXPECTATIONS. `text` is evidence as a user would paste it, read as `infer` reads it. `given`
    holds (kind, attributes) pairs; a `log` with `text` is scanned as that text. `unknown` names collectors that did not
    run; with `given`, all others ran. `expected` holds fields of the subject that must come out (`subject:` in the file), or
    attributes of the derived fact (`derives:`). `first` asks that no other rule of the catalogue ranks higher.
    """

    __test__ = False  # for pytest: this is no test case

    group: str
    line: int
    name: str = ""
    text: str = ""
    given: tuple[tuple[str, dict[str, Scalar]], ...] = ()
    unknown: tuple[str, ...] = ()
    expected: dict[str, str] = {}
    first: bool = False

    @property
    def fires(self) -> bool:
        """Tell whether the rule must fire."""
        return self.group == "fires"

    @property
    def title(self) -> str:
        """Return the name, else the beginning of the text, else the given facts."""
        facts = " and ".join(kind for kind, _ in self.given)
        beginning = self.text.strip().split("\n", 1)[0]
        shown = beginning if len(beginning) <= _SHOWN else f"{beginning[: _SHOWN - 1]}…"
        return self.name or shown or f"given {facts}"


def read_tests(rule: Mapping[str, Value]) -> tuple[RuleTest, ...]:
    """Return the tests in the entries of a rule, `fires`, `near` and `fixed`, which may stand under `tests`.

    Mistakes become faults of the document.
    """
    groups = {key: value for key, value in rule.items() if key in EXPECTATIONS}
    if "tests" in rule:
        value = rule["tests"]
        for key, group in groups.items():
            group.fault_of_key(f"{key} stands under tests, or beside it", "leave out tests:")
        if value.is_list():
            value.fault("tests are no list any more", "group them: fires: [...], near: [...], fixed: [...]")
            return ()
        groups = value.mapping(EXPECTATIONS)
    return tuple(_test(group, item) for group, members in groups.items() for item in members.members())


def _test(group: str, value: Value) -> RuleTest:
    if not value.is_mapping():
        return RuleTest(group, value.line, text=_text(value), first=group == "fires")
    entries = value.mapping(_KEYS)
    if ("text" in entries) == ("given" in entries):
        value.fault("a test has either a text or given facts")
    if group != "fires":
        for key in ("subject", "derives", "first"):
            if key in entries:
                entries[key].fault_of_key(f"a test under {group} expects silence, so it has no {key}")
    expected = [field for key in ("subject", "derives") if key in entries for field in entries[key].entries()]
    return RuleTest(
        group,
        value.line,
        name=entries["name"].text() if "name" in entries else "",
        text=_text(entries["text"]) if "text" in entries else "",
        given=_given(entries.get("given")),
        unknown=tuple(item.text() for item in entries["unknown"].items()) if "unknown" in entries else (),
        expected={key: field.text() for key, field in expected},
        first=group == "fires" and ("first" not in entries or entries["first"].flag()),
    )


def _text(value: Value) -> str:
    if value.is_mapping() or value.is_list():
        value.fault("a text is expected here")
        return ""
    text = value.plain()
    if text is None or text == "":
        value.fault("the text is empty")
    return "" if text is None else str(text)


def _given(value: Value | None) -> tuple[tuple[str, dict[str, Scalar]], ...]:
    given: list[tuple[str, dict[str, Scalar]]] = []
    for item in () if value is None else value.items():
        for kind, body in item.entries():
            attributes = {name: entry.scalar() for name, entry in body.entries()}
            given.append((kind, {name: scalar for name, scalar in attributes.items() if scalar is not None}))
    return tuple(given)
