"""Takes secrets out of what was observed, before anything keeps it: the same secret becomes the same token."""

import functools
import hashlib
import os
from typing import Any

import msgspec
from ahocorasick_rs import BytesAhoCorasick

from facts.model.internal_error import internal_error
from facts.model.stages import stage
from facts.model.values import Coverage, Observation, Snapshot
from facts.snapshot.redaction.encoded import DEPTH, compile_pattern, hide_in_base64
from facts.snapshot.redaction.harmless_values import is_harmless, looks_random
from facts.snapshot.redaction.nested_strings import DEPTH as NESTED
from facts.snapshot.redaction.nested_strings import PATTERN as STRINGS
from facts.snapshot.redaction.nested_strings import Strings
from facts.snapshot.redaction.prefixed_lines import PATTERN as HEADS
from facts.snapshot.redaction.prefixed_lines import without_heads
from facts.snapshot.redaction.private_keys import Tokenise, hide_private_keys
from facts.snapshot.redaction.secret_blocks import PATTERN as BLOCKS
from facts.snapshot.redaction.secret_blocks import hide_blocks
from facts.snapshot.redaction.secret_names import LITERALS, WORDS, hide_named
from facts.snapshot.redaction.secret_objects import hide_secret_objects
from facts.snapshot.redaction.secret_shapes import SHAPES, Shape
from facts.snapshot.redaction.secret_urls import PATTERN as URLS
from facts.snapshot.redaction.secret_urls import hide_in_urls

_SMALL = 1 << 16
"""Bytes up to which it is quicker to look for all literals at once than to compile a pattern of several."""
_SHORT = 1 << 10
"""Bytes up to which what was found in a string is remembered."""
_BLOCK = 1 << 20
"""Bytes that are searched for literals at a time."""
_OVERLAP = 64
"""Bytes of the next block that are searched as well: more than the longest literal has."""
_PRIVATE_KEY = "private key"
_ADDRESS = "://"
_MEMORY = 64 << 20
"""Bytes that the automaton of all names may take; with less it would start anew again and again."""


def redact(body: bytes) -> bytes:
    """Return `body` with each secret replaced by `REDACTED-<kind>-<8 hex digits>`.

    Takes text or JSON; JSON stays valid, and a text keeps its number of lines. Covers the data of Secrets, private keys,
    JWTs, bearer tokens, Authorization headers and cookies, passwords in URLs and command lines, well-known keys of
    clouds, and values whose name says so (`password=`, `"token":`, the environment variable `DB_PASSWORD`), in JSON
    inside JSON and in base64 too. A second redaction changes nothing.

    Within one process the same secret gives the same token, so that it still joins; another process gives another,
    because a plain digest of a short password would let everybody who holds the snapshot guess it.
    """
    clean = _redact(body, DEPTH)
    return body if clean == body else clean  # a copy of a large log would be kept beside it


def redact_text(text: str) -> str:
    """Return `text` without secrets, as `redact` does."""
    raw = text.encode("utf-8", "surrogatepass")
    clean = redact(raw)
    return text if clean == raw else clean.decode("utf-8", "surrogatepass")


def redact_snapshot(snapshot: Snapshot) -> Snapshot:
    """Return `snapshot` without secrets: in bodies, sources, attributes such as command lines, and reasons."""
    with stage("redact"):
        return _redacted(snapshot)


def _redacted(snapshot: Snapshot) -> Snapshot:
    kept: list[Observation] = []
    coverage = [_coverage(one) for one in snapshot.coverage]
    for one in snapshot.observations:
        try:
            kept.append(_observation(one))
        except Exception as error:  # noqa: BLE001 - what cannot be redacted is not kept
            coverage.append(internal_error("redaction", redact_text(one.source), error))
    return msgspec.structs.replace(
        snapshot, observations=tuple(kept), coverage=tuple(coverage), origin=redact_text(snapshot.origin)
    )


def _observation(one: Observation) -> Observation:
    body, source = redact(one.body), _label(one.source)
    attributes = {name: _label(str(value)) for name, value in one.attributes.items()}
    if body is one.body and source == one.source and attributes == one.attributes:
        return one
    return msgspec.structs.replace(one, body=body, source=source, attributes=attributes)


@functools.lru_cache(maxsize=4096)
def _label(text: str) -> str:
    """Return a source or an attribute without secrets; thousands of observations of one file have the same."""
    return redact_text(text)


def _coverage(one: Coverage) -> Coverage:
    return (
        one
        if one.why is None
        else msgspec.structs.replace(one, why=redact_text(one.why), object=redact_text(one.object))
    )


def _redact(body: bytes, depth: int, nested: int = NESTED, *, headed: bool = True) -> bytes:
    if b'"Secret' in body or b"kind: Secret" in body:
        body = hide_secret_objects(body, _token)
    present = _present(body)
    if (
        headed
        and present
        and (clean := without_heads(body, functools.partial(_redact, depth=depth, headed=False), _compiled(HEADS)))
    ):
        return clean
    if _PRIVATE_KEY in present:
        body = hide_private_keys(body, _token)
    strings = Strings(functools.partial(_redact_string, nested=nested - 1))
    if nested and present and b'"' in body:
        body = strings.take(body, _compiled(STRINGS))

    def token(kind: str, secret: bytes) -> bytes:
        return _token(kind, strings.give_back(secret))

    for number in _shapes_with(present):
        pattern = _pattern(number)
        if pattern.search(body) is not None:  # a substitution copies the text, whether it finds something or not
            body = pattern.sub(functools.partial(_replacement, SHAPES[number], token), body)
    if _ADDRESS in present:
        body = hide_in_urls(body, _compiled(URLS), token)
    if not present.isdisjoint(_KEY_WORDS):
        body = hide_blocks(body, _compiled(_BLOCKS), token)
        body = hide_named(body, _compiled(_NAMES), token)
    body = strings.give_back(body)
    return hide_in_base64(body, functools.partial(_redact, depth=depth - 1), _base64()) if depth else body


def _redact_string(text: bytes, nested: int) -> bytes:
    """Return the text of a string without secrets; Pods of one workload have the same strings."""
    return _redact_short(text, nested) if len(text) <= _SHORT else _redact(text, 0, nested)


@functools.lru_cache(maxsize=8192)
def _redact_short(text: bytes, nested: int) -> bytes:
    return _redact(text, 0, nested)


@functools.lru_cache(maxsize=4096)
def _shapes_with(present: frozenset[str]) -> tuple[int, ...]:
    """Return the numbers of the shapes that have one of the literals `present`."""
    return tuple(number for number, shape in enumerate(SHAPES) if not present.isdisjoint(_literals(shape)))


@functools.cache
def _literals(shape: Shape) -> frozenset[str]:
    return frozenset(shape.literals.split(" ") if shape.literals not in _PHRASES else (shape.literals,))


_PHRASES = frozenset({"certificate key:", "http -a", "user add"})
_NAMES = WORDS.encode()
_BLOCKS = BLOCKS.replace("{words}", WORDS.removeprefix("(?i)")).encode()
_KEY_WORDS = frozenset(LITERALS.split())


@functools.cache
def _all_literals() -> frozenset[str]:
    every = {literal for shape in SHAPES for literal in _literals(shape)}
    return frozenset({*every, *_KEY_WORDS, _PRIVATE_KEY, _ADDRESS})


@functools.cache
def _finder() -> tuple[BytesAhoCorasick, tuple[str, ...], tuple[str, ...]]:
    """Return what finds all literals in a short text, those of several characters, and those of one."""
    long = tuple(sorted(literal for literal in _all_literals() if len(literal) > 1))
    return BytesAhoCorasick([literal.encode() for literal in long]), long, tuple(_all_literals().difference(long))


def _present(body: bytes) -> frozenset[str]:
    """Return the literals that stand in `body`, in small or in capital letters."""
    if len(body) <= _SMALL:
        lowered = body.lower()
        finder, long, short = _finder()
        numbers = {number for number, _, _ in finder.find_matches_as_indexes(lowered, overlapping=True)}
        return frozenset([*(long[number] for number in numbers), *(one for one in short if one.encode() in lowered)])
    found: set[str] = set()
    left = _all_literals()
    for start in range(0, len(body), _BLOCK):
        block = body[start : start + _BLOCK + _OVERLAP].lower()
        place = 0
        while left and (match := _any_of(left).search(block, place)) is not None:
            # none of those left stands further ahead, so the next search goes on from here
            place, said = match.start(), match.group()
            found.update(literal for literal in left if literal.encode() in said)
            left = _all_literals() - found
    return frozenset(found)


@functools.lru_cache(maxsize=256)
def _any_of(literals: frozenset[str]) -> Any:
    import re2  # linear in time, whatever a log holds

    return re2.compile("|".join(re2.escape(literal) for literal in sorted(literals)).encode())


@functools.cache
def _pattern(number: int) -> Any:
    import re2

    return re2.compile(SHAPES[number].expression.encode())


@functools.cache
def _compiled(pattern: bytes) -> Any:
    import re2

    options = re2.Options()
    options.max_mem = _MEMORY
    return re2.compile(pattern, options)


@functools.cache
def _base64() -> Any:
    return compile_pattern()


def _replacement(shape: Shape, token: Tokenise, match: Any) -> bytes:
    whole, secret = match.group(), match.group(match.lastindex)
    if is_harmless(secret, careful=shape.careful) or (shape.random and not looks_random(secret)):
        return bytes(whole)
    start, end = match.start(match.lastindex) - match.start(), match.end(match.lastindex) - match.start()
    return bytes(whole[:start] + token(shape.kind, secret) + whole[end:])


def _token(kind: str, secret: bytes) -> bytes:
    return f"REDACTED-{kind}-{hashlib.blake2b(secret, key=_key(), digest_size=4).hexdigest()}".encode()


@functools.cache
def _key() -> bytes:
    return os.urandom(32)
