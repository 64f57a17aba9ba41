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
_KEPT = 200
"""Bytes up to which the result for a string is kept."""
_LONE = re.compile(r"[\ud800-\udfff]")
_MARK = re.compile(rb"\x00Zq7xK9s([0-9]+)Vw3k\x00")
"""The number of a string, in a form that is never taken for a word."""


class Strings:
    """The strings of a text that were looked through; in the text, a number stands for each that has something escaped.

    So what looks at the text sees neither their quotes nor what is between them.
    """

    def __init__(self, redacted: Callable[[bytes], bytes]) -> None:
        self._redacted = redacted
        self._inner: list[bytes] = []
        self._plain: dict[bytes, bytes] = {}
        """What strings without escapes became: the names in lists of objects are the same thousands of times."""

    def take(self, body: bytes, pattern: Any) -> bytes:
        """Return `body` in which each string that may hold a secret is the same string without it, or its number."""
        if b"\x00" in body or pattern.search(body) is None:
            return body
        return bytes(pattern.sub(lambda match: self._replacement(match.group()), body))

    def give_back(self, body: bytes) -> bytes:
        """Return `body` with the strings in the places of their numbers."""
        return _MARK.sub(lambda mark: self._inner[int(mark[1])], body) if self._inner else body

    def _replacement(self, literal: bytes) -> bytes:
        if b"\\" in literal:
            return self._looked_through(literal, escaped=True)
        if len(literal) < _SHORT:
            return literal
        known = self._plain.get(literal)
        if known is None:
            known = self._looked_through(literal, escaped=False)
            if len(literal) <= _KEPT:
                self._plain[literal] = known
        return known

    def _looked_through(self, literal: bytes, *, escaped: bool) -> bytes:
        try:
            text = json.loads(literal, strict=False)
        except ValueError:
            return literal
        if _LONE.search(text):
            return literal
        raw = text.encode()
        clean = self._redacted(raw)
        if clean != raw:
            literal = json.dumps(clean.decode("utf-8", "replace"), ensure_ascii=literal.isascii()).encode()
        if not escaped:
            return literal
        self._inner.append(literal[1:-1])
        return b'"\x00Zq7xK9s%dVw3k\x00"' % (len(self._inner) - 1)
