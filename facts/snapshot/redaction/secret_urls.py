"""Takes passwords and tokens out of addresses: `scheme://user:password@host`, whatever the password holds, and `scheme://token@host`."""

import re
from collections.abc import Callable
from typing import Any

from facts.snapshot.redaction.harmless_values import is_harmless, looks_random

Tokenise = Callable[[str, bytes], bytes]
"""Gives the token for a secret of a kind."""

PATTERN = rb"://[^\s\"'<>`\\]*@"
"""An address up to the last at sign of it."""
_SCHEME = re.compile(rb"[,;|(\[]?(?:[a-z][a-z0-9+.-]*:)*[a-z][a-z0-9+.-]*\Z", re.IGNORECASE)
_PORT = re.compile(rb"[0-9]{0,5}\Z")
_HOST = re.compile(rb"[\w.:%\[\]-]*\Z")


def hide_in_urls(body: bytes, pattern: Any, token: Tokenise) -> bytes:
    """Return `body` without the secrets before the @ of each address that `pattern` finds."""
    if pattern.search(body) is None:
        return body
    return bytes(pattern.sub(lambda match: b"://".join(_without(match.group(), token)), body))


def _without(run: bytes, token: Tokenise) -> list[bytes]:
    """Return the parts of `run` between `://`, without their secrets."""
    return [_clean(part, token) for part in run.split(b"://")]


def _clean(part: bytes, token: Tokenise) -> bytes:
    if b"@" not in part:
        return part
    user, colon, rest = part.partition(b":")
    authority = re.split(rb"[/?#]", part, maxsplit=1)[0]
    if b"@" in authority:
        end = authority.rfind(b"@")
    elif colon and not re.search(rb"[/?#@]", user) and not _PORT.fullmatch(re.split(rb"[/?#]", rest, maxsplit=1)[0]):
        end = part.rfind(b"@") if part.count(b"@") == 1 else part.find(b"@")
    else:
        return part
    information, tail = part[:end], part[end:]
    user, colon, password = information.partition(b":")
    if colon:
        return part if not password or is_harmless(password) else user + b":" + token("secret", password) + tail
    return token("secret", user) + tail if len(user) >= 16 and looks_random(user) else part
