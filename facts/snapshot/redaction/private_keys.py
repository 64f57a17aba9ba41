"""Takes private keys out of text: PEM and its kin, in one piece, in JSON, or line by line with something before each line."""

import itertools
import re
from collections import deque
from collections.abc import Callable

_BEGIN = re.compile(rb"-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(rb"-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_REACH = 20_000
"""Bytes from the beginning of a key to its end: the largest there are have 16 kB."""
_MATERIAL = re.compile(rb"(?:[A-Za-z0-9+/=\s:,]++|\\++[nrt]|-[A-Za-z0-9])*+")
"""What may be in a key that has no end."""
_BREAK = re.compile(rb"(\n|\\+n)")
_LAST_WORD = re.compile(rb"[^A-Za-z0-9+/=]*+([A-Za-z0-9+/=]*+)")
"""The last run of base64 in a line, when the line is read backwards."""
_LONG = 40
"""Characters from which on the last word of a line counts as base64."""
_PIECE = re.compile(rb"[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/=]+(?=\r?\n|\\+[nr]|-----|\Z)")
"""A piece of base64: long, or the rest of a line."""
_SIMPLE = re.compile(rb"(?:[A-Za-z0-9+/=\s:,.()]|\\+[nrt]|-)*")
"""A key that nothing else is mixed with."""

Tokenise = Callable[[str, bytes], bytes]
"""Gives the token for a secret of a kind."""


def hide_private_keys(body: bytes, token: Tokenise) -> bytes:
    """Return `body` with each private key replaced by one token; the number of lines and what is no key stay.

    The same key gives the same token however its lines are broken. A key without an end ends where its base64 does, and
    one without a beginning begins there.
    """
    pieces: list[bytes] = []
    position = 0
    ends = deque(_END.finditer(body))
    begins = list(_BEGIN.finditer(body))
    for begin, following in itertools.zip_longest(begins, begins[1:]):
        if begin.start() < position:
            continue
        while ends and ends[0].start() < begin.end():
            ends.popleft()
        limit = min(following.start() if following else len(body), begin.end() + _REACH)
        if ends and ends[0].start() <= limit:
            stop, inside = ends[0].end(), body[begin.end() : ends[0].start()]
        else:
            stop = _end_of_truncated(body, begin.end(), limit)
            inside = body[begin.end() : stop]
        pieces += [_without_tail(body[position : begin.start()], token), _hidden(inside, token)]
        position = stop
    pieces.append(_without_tail(body[position:], token))
    return b"".join(pieces)


def _hidden(inside: bytes, token: Tokenise) -> bytes:
    """Return the text between the begin and end lines without the key."""
    material = b"".join(_PIECE.findall(inside.replace(b"\\n", b"\n").replace(b"\\r", b"")))
    told = token("private-key", material)
    if _SIMPLE.fullmatch(inside):
        return told + b"\n" * inside.count(b"\n")
    return told + _PIECE.sub(b"", inside)


def _end_of_truncated(body: bytes, start: int, limit: int) -> int:
    """Return where a key that begins at `start` ends: after what may be in one, and the lines that end in base64."""
    material = _MATERIAL.match(body, start, limit)
    end = material.end() if material else start
    while end < limit:
        line_end = body.find(b"\n", end, limit)
        line_end = limit if line_end < 0 else line_end + 1
        if len(_last_word(body[end:line_end])) < _LONG:
            break
        end = line_end
    return end


def _last_word(line: bytes) -> range:
    """Return where the last run of base64 in `line` stands."""
    word = _LAST_WORD.match(line[::-1])
    return range(len(line) - word.end(1), len(line) - word.start(1)) if word else range(0)


def _without_tail(text: bytes, token: Tokenise) -> bytes:
    """Return text without the ends of private keys that have no beginning."""
    pieces: list[bytes] = []
    position = 0
    while end := _END.search(text, position):
        far = max(position, end.start() - _REACH)
        # Every second one is a line break; the last is what stands before the end of the key on its line.
        lines = _BREAK.split(text[far : end.start()])
        first, needed = len(lines) - 1, 1  # the last line of a key may be short
        while first and len(_last_word(lines[first - 2])) >= needed:
            first, needed = first - 2, _LONG
        key = b""
        for number in range(first, len(lines) - 1, 2):
            line, word = lines[number], _last_word(lines[number])
            key += line[word.start : word.stop]
            lines[number] = line[: word.start] + line[word.stop :]
        pieces += [text[position:far], *lines, token("private-key", key) if key else b""]
        position = end.end()
    return b"".join([*pieces, text[position:]])
