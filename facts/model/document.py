"""A YAML document whose every value knows its line and column, and a list that collects what is wrong with it."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from facts.model.lazy_module import lazy_module
from facts.model.values import Scalar

yaml: Any = lazy_module("yaml")
Node = Any
"""A node of PyYAML, which a run that reads no document does not import."""

# YAML 1.2 lets a plain scalar in a flow collection start with a question mark, PyYAML does not. The mark is
# replaced by a character of private use of the same width, so that columns stay right, and put back afterwards.
_VARIABLE = re.compile(r"(?<=[\s\[{,])\?(?=[a-z_])")
_STAND_IN = "\ue000"

PlainValue = Scalar | None | list["PlainValue"] | dict[str, "PlainValue"]


class Faults:
    """The mistakes found in one document, each `path:line:column: what`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.messages: list[str] = []

    def add(self, line: int, column: int, what: str, hint: str = "") -> None:
        """Record a mistake at `line` and `column`, both counted from 1."""
        self.messages.append(f"{self.path}:{line}:{column}: {what}" + (f" ({hint})" if hint else ""))


class Value:
    """One value of the document: a scalar, a list or a mapping, with its place."""

    def __init__(self, node: Node, faults: Faults, key: Node | None = None) -> None:
        self._node = node
        self._faults = faults
        self._key = key

    @property
    def line(self) -> int:
        """The line on which the value starts, counted from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def path(self) -> str:
        """The path of the document, for messages."""
        return self._faults.path

    def fault(self, what: str, hint: str = "") -> None:
        """Record a mistake at this value."""
        self._faults.add(self.line, int(self._node.start_mark.column) + 1, what, hint)

    def fault_of_key(self, what: str, hint: str = "") -> None:
        """Record a mistake at the key of this value."""
        Value(self._key or self._node, self._faults).fault(what, hint)

    def is_mapping(self) -> bool:
        """Return True if the value is a mapping."""
        return isinstance(self._node, yaml.MappingNode)

    def is_list(self) -> bool:
        """Return True if the value is a list."""
        return isinstance(self._node, yaml.SequenceNode)

    def items(self) -> Iterator["Value"]:
        """Yield the members of a list; anything else is a fault and yields nothing."""
        if isinstance(self._node, yaml.SequenceNode):
            for node in self._node.value:
                yield Value(node, self._faults)
        else:
            self.fault("a list is expected here", "start each member with a dash")

    def members(self) -> tuple["Value", ...]:
        """Return the members of a list; a value that is no list is the only member."""
        return tuple(self.items()) if self.is_list() else (self,)

    def entries(self) -> Iterator[tuple[str, "Value"]]:
        """Yield the entries of a mapping; anything else is a fault. A key that stands twice is a fault."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fault("a mapping is expected here", "write key: value")
            return
        seen: set[str] = set()
        for key, node in self._node.value:
            name = _restored(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                Value(key, self._faults).fault("a key must be a word")
            elif name in seen:
                Value(key, self._faults).fault(f"the key {name} stands here twice", "keep one of them")
            else:
                seen.add(name)
                yield name, Value(node, self._faults, key)

    def mapping(self, known: Iterable[str], required: Iterable[str] = ()) -> dict[str, "Value"]:
        """Return the entries whose keys are `known`; unknown and missing ones are faults, with the nearest known key."""
        allowed = list(known)
        found: dict[str, Value] = {}
        for name, value in self.entries():
            if name in allowed:
                found[name] = value
            else:
                value.fault_of_key(f"unknown key {name}", nearest(name, allowed))
        if self.is_mapping():
            for name in required:
                if name not in found:
                    self.fault(f"the key {name} is missing")
        return found

    def scalar(self) -> Scalar | None:
        """Return the scalar; a list, a mapping or an empty value is a fault and gives None."""
        value = plain(self._node)
        if value is None or isinstance(value, list | dict):
            self.fault("a single value is expected here")
            return None
        return value

    def text(self, allowed: Iterable[str] = ()) -> str:
        """Return the value as text, "" after a fault; with `allowed`, any other text is a fault."""
        if not isinstance(self._node, yaml.ScalarNode):
            self.fault("a text is expected here")
            return ""
        text = _restored(self._node.value).strip()
        choices = list(allowed)
        if choices and text not in choices:
            self.fault(
                f"{text or 'an empty text'} is not possible here",
                nearest(text, choices) or f"one of {', '.join(choices)}",
            )
            return ""
        return text

    def flag(self) -> bool:
        """Return a truth value; anything else is a fault and gives False."""
        value = plain(self._node)
        if not isinstance(value, bool):
            self.fault("true or false is expected here")
        return value is True

    def plain(self) -> PlainValue:
        """Return the value as plain Python."""
        return plain(self._node)


def parse(text: str, faults: Faults) -> list[Value]:
    """Return the documents of a YAML text; a syntax error is recorded and ends the list."""
    documents: list[Value] = []
    try:
        nodes = yaml.compose_all(_VARIABLE.sub(_STAND_IN, text), Loader=yaml.CSafeLoader)
        # what was read before a syntax error is kept, so that its faults are reported too
        documents.extend(Value(node, faults) for node in nodes if node is not None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        faults.add(line, column, f"this is not YAML: {error.problem or error}", "check indentation and quotes")
    except yaml.YAMLError as error:
        faults.add(1, 1, f"this is not YAML: {' '.join(str(error).split())}")
    return documents


def plain(node: Node) -> PlainValue:
    """Return a YAML node as plain Python values: text, int, float, bool, None, list, dict."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {_restored(str(key.value)): plain(value) for key, value in node.value}
    text = _restored(str(node.value))
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    if kind == "null":
        return None
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float":
            return float(text)
    except ValueError:
        return text
    return text


def nearest(word: str, words: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to `word`, or "" when none is near."""
    close = difflib.get_close_matches(word, list(words), n=1)
    return f"did you mean {close[0]}?" if close else ""


def _restored(text: str) -> str:
    return text.replace(_STAND_IN, "?")
