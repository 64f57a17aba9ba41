"""Placeholders in the texts and commands of rules: `{variable}` and `{variable.attribute}`.

In a text, a part in brackets is optional: `runs out of memory[ on {node}]` loses the part when the node is not known.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from facts.model.names import VM_MANAGERS, is_name
from facts.model.shell import is_plain_word, tokens

_PLACEHOLDER = re.compile(r"(?<![{$%\\])\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}(?!\})")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*(?:\{[a-z_][a-z0-9_.]*\}[^\[\]{}]*)+)\]| \(\{[a-z_][a-z0-9_.]*\}\)")
_KIND_AND_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)_kind\} ((?:\{namespace\}/)?\{\1\})")
_QUALIFIED = re.compile(r"\{namespace\}/\{([a-z_][a-z0-9_]*)\}")
_REMOTE = re.compile(r"ssh (?:-[a-z]+ )*(\{[a-z_][a-z0-9_.]*\}) ")
_OF_THE_READER = re.compile(r"<[A-Za-z][A-Za-z0-9 _.-]*>")
"""What the reader has to put in. To a shell, `<name>` reads one file and writes another."""
_GUARDED = re.compile(r"(?: -- ?|[^\s'\"=,|;&(])$")
"""What stands before a value that is no option whatever it is: the end of the options, or the beginning of its word."""
_PIECES = frozenset(("reason", "detail", "details", "message", "text", "words", "error", "why", "line", "what"))
"""Variables that hold a piece of evidence rather than a name: where it is unknown the sentence ends before it."""

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*@")
_BEHIND_SSH = re.compile(r"\bssh (?:-[a-z]+ |-o [A-Za-z]+=\S+ )*$")

Lookup = Callable[[str, str], str]
"""From the name of a thing and one of its attributes to the value, "" when nobody knows it."""


def placeholders(text: str) -> set[str]:
    """Return the variables that `text` has placeholders for. `${name}`, `%{name}` and `{{` are left to the shell, curl and JSON."""
    return {match[1] for match in _PLACEHOLDER.finditer(text)}


def fill(text: str, bindings: Mapping[str, str], lookup: Lookup) -> str:
    """Return `text` for people with its placeholders filled.

    An optional part whose value is unknown is left out. Elsewhere an unknown name becomes a common noun, and an unknown
    piece of evidence ends the sentence before it.

    >>> fill("Node {node} is down[ at {host}]: {reason}", {}, lambda name, attribute: "")
    'The node is down'
    >>> fill("Node {node} is down[ at {host}]", {"node": "w1", "host": "mac"}, lambda name, attribute: "")
    'Node w1 is down at mac'
    """
    text = _OPTIONAL.sub(lambda match: _optional(match, bindings, lookup), text)
    text = _KIND_AND_NAME.sub(lambda match: match[0] if bindings.get(f"{match[1]}_kind") else match[2], text)
    text = _QUALIFIED.sub(
        lambda match: match[0] if bindings.get("namespace") and bindings.get(match[1]) else f"{{{match[1]}}}", text
    )
    filled = ""
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        filled += text[end : match.start()]
        end = match.end()
        value = _value(match, bindings, lookup)
        filled = filled + value if value else _without(filled, match)
    return filled + text[end:]


def _optional(match: re.Match[str], bindings: Mapping[str, str], lookup: Lookup) -> str:
    part = match[0] if match[1] is None else match[1]
    known = all(_value(name, bindings, lookup) for name in _PLACEHOLDER.finditer(part))
    return part if known else ""


def _without(filled: str, match: re.Match[str]) -> str:
    """Return the text before an unknown value so that it reads well without the value."""
    noun = match[1].replace("_", " ")
    if match[1] in _PIECES:
        return re.sub(r"[:;,]? ?[(\"'`]?$", "", filled)
    if filled and not filled[-1].isspace() and filled[-1] not in "(\"'`":
        return filled + "…"  # a part of a longer word
    article = re.sub(rf"(?:\b(?:the|a|an) )?\b{re.escape(noun.rsplit(' ', 1)[-1])} +$", "", filled, flags=re.IGNORECASE)
    return article + ("The " if not article or article.endswith((". ", "\n")) else "the ") + noun


def fill_command(text: str, bindings: Mapping[str, str], lookup: Lookup) -> str:
    """Return the command `text` with its placeholders filled with harmless values.

    Evidence may be hostile, and people paste what is printed, often through `ssh`, where two shells read it. So a value
    is filled in only if it is one plain word: to a shell it means itself however often it is read, no program takes it
    for an option, and it is a name that things of the kind may have. `refused_values` tells which values are not. When
    nobody knows the machine of `ssh MACHINE COMMAND`, the command stands alone. When another name is missing or refused,
    or when the reader has to put in a `<name>`, the command is a comment, which does nothing when it is pasted;
    `missing_names` tells what is missing.

    >>> fill_command("ssh {node.ssh} 'uptime'", {}, lambda name, attribute: "")
    'uptime'
    >>> fill_command("systemctl restart {unit}", {}, lambda name, attribute: "")
    '# systemctl restart …'
    """
    remote = _REMOTE.match(text)
    machine = _PLACEHOLDER.search(text, remote.start(1)) if remote else None
    if remote and machine and not _harmless(machine, bindings, lookup):
        text = _remote_command(text[remote.end() :])
    words = [_harmless(match, bindings, lookup) for match in _PLACEHOLDER.finditer(text)]
    remaining = iter(words)
    filled = _PLACEHOLDER.sub(lambda _: next(remaining) or "…", text)
    ready = all(words) and not _OF_THE_READER.search(text)
    return filled if ready else "\n".join(f"# {line}" for line in filled.splitlines())


def _remote_command(text: str) -> str:
    """Return what the shell of the machine reads of the words that `ssh` is given, and what stands behind them.

    >>> _remote_command("'cat /a; cat /b' | sort")
    '(cat /a; cat /b) | sort'
    """
    found = tokens(text)
    end = next((number for number, token in enumerate(found) if token.kind != "word"), len(found))
    command = " ".join(token.value for token in found[:end])
    if end == len(found):
        return command
    several = any(token.kind == "operator" for token in tokens(command))
    return f"({command}) {text[found[end].start :]}" if several else f"{command} {text[found[end].start :]}"


def missing_names(text: str, bindings: Mapping[str, str], lookup: Lookup) -> tuple[str, ...]:
    """Return the nouns of the placeholders of the command `text` that nobody knows, in their order, each once.

    Of a thing without a name the kind is not told as well.
    """
    missing = {match[1]: None for match in _PLACEHOLDER.finditer(text) if not _value(match, bindings, lookup)}
    return tuple(
        name.replace("_", " ") for name in missing if name.removesuffix("_kind") not in missing.keys() - {name}
    )


def refused_values(text: str, bindings: Mapping[str, str], lookup: Lookup) -> tuple[str, ...]:
    """Return the known values that `fill_command` does not put into the command `text`, in their order, each once."""
    return tuple(
        dict.fromkeys(
            value
            for match in _PLACEHOLDER.finditer(text)
            if (value := _value(match, bindings, lookup)) and not _harmless(match, bindings, lookup)
        )
    )


def _harmless(match: re.Match[str], bindings: Mapping[str, str], lookup: Lookup) -> str:
    """Return the value of a placeholder if any program may read it as a word, else ""."""
    value = _value(match, bindings, lookup)
    behind_ssh, guarded = _surroundings(match.string, match.start())
    if match[2] == "ssh" or behind_ssh:
        user = _USER.match(value) if match[2] == "ssh" else None  # the inventory may name one, a node's name may not
        harmless = _HOST.fullmatch(value, user.end() if user else 0) is not None
    else:
        word = value.lstrip("-") if guarded else value
        vm = match.string.partition(" ")[0] in VM_MANAGERS
        harmless = is_plain_word(word) and (not vm or is_name(value, "vm"))
    return value if harmless and (match[2] is not None or is_name(value, match[1])) else ""


@lru_cache(maxsize=4096)
def _surroundings(command: str, place: int) -> tuple[bool, bool]:
    """Return whether a word at `place` of a command is the machine that `ssh` enters, and whether it can be no option."""
    return bool(_BEHIND_SSH.search(command, 0, place)), bool(_GUARDED.search(command, 0, place))


def _value(match: re.Match[str], bindings: Mapping[str, str], lookup: Lookup) -> str:
    value = bindings.get(match[1], "")
    return lookup(value, match[2]) if value and match[2] else value
