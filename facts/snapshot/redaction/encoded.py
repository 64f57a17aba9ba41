"""Looks for secrets inside base64: text that was encoded is decoded, redacted, and encoded again."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

DEPTH = 4
"""How often what was encoded may be encoded again."""

# Each group of four characters holds three of ASCII, whose first bit is 0: few runs of letters look like this by chance.
# Lines of it may follow each other, in JSON too.
_GROUP = rb"[CI-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_RUN = (
    rb"(?:"
    + _GROUP
    + rb"){4,}(?:(?:\r?\n|\\n)[ \t]*(?:"
    + _GROUP
    + rb"){4,})*(?:(?:\r?\n|\\n)?[ \t]*(?:"
    + _GROUP
    + rb"){0,3}[A-Za-z0-9+/_-]{0,3}={0,2})?"
)
_TOKEN = re.compile(rb"REDACTED-[a-z-]+-[0-9a-f]{8}")
_FILLERS = bytes.maketrans(b"-_", b"+/")


def hide_in_base64(body: bytes, redacted: Callable[[bytes], bytes], pattern: Any) -> bytes:
    """Return `body` in which base64 of text with secrets, found by `pattern`, is base64 of the text without them.

    `redacted` takes the secrets out of the text. Base64 of nothing but a secret becomes its token.
    """
    if pattern.search(body) is None:
        return body
    return bytes(pattern.sub(lambda match: _replacement(match.group(), redacted), body))


def compile_pattern() -> Any:
    """Return the pattern of base64 that may hold text."""
    import re2  # linear in time, whatever a log holds

    return re2.compile(_RUN)


def _replacement(run: bytes, redacted: Callable[[bytes], bytes]) -> bytes:
    compact = b"".join(run.replace(b"\\n", b"\n").split())
    text = _decoded(compact)
    clean = redacted(text)
    if clean == text:
        return run
    bare = clean.strip()
    encoded = bare if _TOKEN.fullmatch(bare) else base64.b64encode(clean)
    return encoded + b"\n" * run.count(b"\n")


def _decoded(compact: bytes) -> bytes:
    """Return the text; what is left over of a run that was cut is dropped."""
    plain = compact.translate(_FILLERS).rstrip(b"=")
    if len(plain) % 4 == 1:
        plain = plain[:-1]
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return b""
