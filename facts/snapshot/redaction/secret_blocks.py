"""Takes secrets out of block scalars of YAML, `password: |` and the deeper lines below, in JSON strings too."""

from collections.abc import Callable, Iterator
from typing import Any

Tokenise = Callable[[str, bytes], bytes]
"""Gives the token for a secret of a kind."""

PATTERN = (
    r"(?im)(?:^|(\\+)n)([ \t]*)(?:- )?[\"']?[A-Za-z0-9_.-]*(?:{words})[A-Za-z0-9_.-]*[\"']?:[ \t]*[|>][-+0-9]*[ \t\r]*"
)
"""The line above a block; its first group are the backslashes of the line break, the second the indentation."""


def hide_blocks(body: bytes, pattern: Any, token: Tokenise) -> bytes:
    """Return `body` with each block below a line that `pattern` finds replaced by one token; the number of lines stays."""
    pieces: list[bytes] = []
    position = 0
    for found in pattern.finditer(body):
        if found.start() < position:
            continue
        separator = (found.group(1) or b"") + b"n" if found.group(1) else b"\n"
        lines = list(_lines_below(body, found.end(), separator, len(found.group(2))))
        secret = b"\n".join(line.strip() for line in lines).strip()
        if not secret or secret.startswith(b"REDACTED-"):
            continue
        indentation = b" " * (len(found.group(2)) + 2)
        blank = separator * (len(lines) - 1) if separator == b"\n" else b""
        pieces += [body[position : found.end()], separator, indentation, token("secret", secret), blank]
        position = found.end() + sum(len(separator) + len(line) for line in lines)
    return b"".join([*pieces, body[position:]])


def _lines_below(body: bytes, position: int, separator: bytes, indentation: int) -> Iterator[bytes]:
    """Yield the lines from `position` on that are blank or further right than `indentation`; a JSON string ends them."""
    while body.startswith(separator, position):
        position += len(separator)
        end = body.find(separator, position)
        end = len(body) if end < 0 else end
        if separator != b"\n":
            quote = body.find(b'"', position, end)
            if quote >= 0:
                end = position + len(body[position:quote].rstrip(b"\\"))
        line = body[position:end]
        if line.strip() and len(line) - len(line.lstrip(b" \t")) <= indentation:
            return
        yield line
        position = end
