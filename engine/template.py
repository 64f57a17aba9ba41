"""Placeholders in the texts and commands of rules: `{variable}` and `{variable.attribute}`."""

import re
import shlex
from collections.abc import Callable, Mapping

_PLACEHOLDER = re.compile(r"(?<![{$%\\])\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}(?!\})")
_BRACKETED = re.compile(r" \(\{([a-z_][a-z0-9_]*)(?:\.([a-z_][a-z0-9_]*))?\}\)")

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
    """Return the command `text` with its placeholders filled and quoted for a POSIX shell.

    Evidence may be hostile, and people paste what is printed: a value with any unusual character is quoted, control
    characters are dropped, and inside quotes of the template it is not filled in at all. An unknown value becomes
    `<variable>`, which a shell refuses to run.
    """

    def quoted(match: re.Match[str]) -> str:
        value = "".join(c for c in _value(match, bindings, lookup) if c.isprintable())
        safe = shlex.quote(value)
        if not value or (safe != value and _is_quoted(text[: match.start()])):
            return _unknown(match)
        return safe

    return _PLACEHOLDER.sub(quoted, text)


def _value(match: re.Match[str], bindings: Mapping[str, str], lookup: Lookup) -> str:
    value = bindings.get(match[1], "")
    return lookup(value, match[2]) if value and match[2] else value


def _unknown(match: re.Match[str]) -> str:
    return f"<{match[1]}{'-' + match[2] if match[2] else ''}>".replace("_", "-")


def _is_quoted(before: str) -> bool:
    """Tell whether a position is inside quotes, given the command text before it."""
    quote = ""
    escaped = False
    for character in before:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return bool(quote)
