"""Placeholders in the texts and commands of rules: `{variable}` and `{variable.attribute}`."""

import re
from collections.abc import Callable, Mapping

_PLACEHOLDER = re.compile(r"(?<![{$%\\])\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}(?!\})")
_BRACKETED = re.compile(r" \(\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}\)")

# No character that any POSIX shell treats specially, and no first character that opens an option or a home folder.
_PLAIN_WORD = re.compile(
    r"[A-Za-z0-9_/.:][A-Za-z0-9_/.:+=,-]*(?:@sha256:[0-9a-f]+)?"  # names, paths, addresses, images, quantities
    r"|[A-Za-z0-9_.:][A-Za-z0-9_.:-]*@[A-Za-z0-9_.:-]*\.(?:service|socket|timer|mount)"  # instances of systemd units
)
_SSH_DESTINATION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9_:][A-Za-z0-9_.:-]*")

Lookup = Callable[[str, str], str]
"""From the name of a thing and one of its attributes to the value, "" when nobody knows it."""


def placeholders(text: str) -> set[str]:
    """Return the variables that `text` has placeholders for. `${name}`, `%{name}` and `{{` are left to the shell, curl and JSON."""
    return {match[1] for match in _PLACEHOLDER.finditer(text)}


def fill(text: str, bindings: Mapping[str, str], lookup: Lookup) -> str:
    """Return `text` for people with its placeholders filled; an unknown value becomes `<variable>`, in brackets nothing."""
    text = _BRACKETED.sub(lambda match: match[0] if _value(match, bindings, lookup) else "", text)
    return _PLACEHOLDER.sub(lambda match: _value(match, bindings, lookup) or _unknown(match), text)


def fill_command(text: str, bindings: Mapping[str, str], lookup: Lookup) -> str:
    """Return the command `text` with its placeholders filled with harmless values.

    Evidence may be hostile, and people paste what is printed, often through `ssh`, where two shells read it. So a value
    is filled in only if it is one plain word: to a shell it means itself however often it is read, and no program takes
    it for an option. Any other value, and an unknown one, becomes `<variable>`, which a shell refuses to run;
    `refused_values` tells which values those were.
    """

    def plain(match: re.Match[str]) -> str:
        value = _value(match, bindings, lookup)
        return value if _is_harmless(value, match[2]) else _unknown(match)

    return _PLACEHOLDER.sub(plain, text)


def refused_values(text: str, bindings: Mapping[str, str], lookup: Lookup) -> tuple[str, ...]:
    """Return the known values that `fill_command` does not put into the command `text`, in its order, each once."""
    values = ((_value(match, bindings, lookup), match[2]) for match in _PLACEHOLDER.finditer(text))
    return tuple(dict.fromkeys(value for value, attribute in values if value and not _is_harmless(value, attribute)))


def _is_harmless(value: str, attribute: str | None) -> bool:
    return bool(_PLAIN_WORD.fullmatch(value) or (attribute == "ssh" and _SSH_DESTINATION.fullmatch(value)))


def _value(match: re.Match[str], bindings: Mapping[str, str], lookup: Lookup) -> str:
    value = bindings.get(match[1], "")
    return lookup(value, match[2]) if value and match[2] else value


def _unknown(match: re.Match[str]) -> str:
    return f"<{match[1]}{'-' + match[2] if match[2] else ''}>".replace("_", "-")
