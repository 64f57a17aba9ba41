"""Looks for secrets in strings inside strings: what JSON or a programming language has escaped is read, redacted, and escaped again."""

import json
import re
from collections.abc import Callable
from typing import Any

DEPTH = 6
"""How often a string may stand inside a string."""
_TEXT = rb'(?:[^"\\\n]|\\[^\n])*'
_SIGN = rb"(?:\\[^\n]|(?i:pass|pwd|pw|secret|token|cred|psk|auth|key|community)|:(?:[0-9]{4,5}|\*):)"
PATTERN = b'"' + _TEXT + _SIGN + _TEXT + b'"'
"""A string on one line, with something escaped in it or with a word that stands beside secrets."""
_SHORT = 10
"""Bytes below which a string is no text with a secret in it."""
_LONE = re.compile(r"[\ud800-\udfff]")


def hide_in_strings(body: bytes, redacted: Callable[[bytes], bytes], pattern: Any) -> bytes:
    """Return `body` in which each string of JSON that may hold a secret is the same string without it.

    `redacted` takes the secrets out of a text. A string in which it finds none keeps its bytes.
    """
    return bytes(pattern.sub(lambda match: _replacement(match.group(), redacted), body))


def _replacement(literal: bytes, redacted: Callable[[bytes], bytes]) -> bytes:
    if len(literal) < _SHORT:
        return literal
    try:
        text = json.loads(literal, strict=False)
    except ValueError:
        return literal
    if _LONE.search(text):
        return literal
    raw = text.encode()
    clean = redacted(raw)
    return (
        literal
        if clean == raw
        else json.dumps(clean.decode("utf-8", "replace"), ensure_ascii=literal.isascii()).encode()
    )
