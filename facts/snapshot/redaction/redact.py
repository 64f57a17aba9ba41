"""Takes secrets out of what was observed, before anything keeps it: the same secret becomes the same token."""

import bisect
import functools
import hashlib
import os
from typing import Any

import msgspec

from facts.model.internal_error import internal_error
from facts.model.stages import stage
from facts.model.values import Coverage, Observation, Snapshot
from facts.snapshot.redaction.encoded import DEPTH, compile_pattern, hide_in_base64
from facts.snapshot.redaction.private_keys import hide_private_keys
from facts.snapshot.redaction.secret_blocks import PATTERN, hide_blocks
from facts.snapshot.redaction.secret_objects import hide_secret_objects
from facts.snapshot.redaction.secret_shapes import (
    KEY_WORDS,
    KEYED,
    NAME_OF_OBJECT,
    NAMING,
    PLACEHOLDER,
    PLAIN,
    SHAPES,
    WORDLIKE,
    Shape,
)

_SMALL = 1 << 16
"""Bytes up to which it is quicker to look for each literal than to compile a pattern of several."""
_BLOCK = 1 << 20
"""Bytes that are searched for literals at a time."""
_OVERLAP = 64
"""Bytes of the next block that are searched as well: more than the longest literal has."""
_PRIVATE_KEY = "private key"
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
    return _redact(body, DEPTH)


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


def _redact(body: bytes, depth: int) -> bytes:
    if b'"Secret' in body or b"kind: Secret" in body:
        body = hide_secret_objects(body, _token)
    present = _present(body)
    if _PRIVATE_KEY in present:
        body = hide_private_keys(body, _token)
    for number, shape in enumerate(SHAPES) if present else ():
        if not present.isdisjoint(_literals(shape)):
            body = _pattern(number).sub(functools.partial(_replacement, (shape,), (0,)), body)
    if not present.isdisjoint(_KEY_WORDS):
        body = hide_blocks(body, _blocks(), _token)
        pattern, starts = _names()
        body = pattern.sub(functools.partial(_replacement, KEYED, starts), body)
    return hide_in_base64(body, functools.partial(_redact, depth=depth - 1), _base64()) if depth else body


@functools.cache
def _literals(shape: Shape) -> frozenset[str]:
    return frozenset(shape.literals.split(" ") if shape.literals not in _PHRASES else (shape.literals,))


_PHRASES = frozenset({"certificate key:"})
_KEY_WORDS = frozenset(KEY_WORDS.split())


@functools.cache
def _all_literals() -> frozenset[str]:
    every = {literal for shape in SHAPES for literal in _literals(shape)}
    return frozenset({*every, *KEY_WORDS.split(), _PRIVATE_KEY})


@functools.cache
def _raw_literals() -> tuple[tuple[bytes, str], ...]:
    return tuple((literal.encode(), literal) for literal in sorted(_all_literals()))


def _present(body: bytes) -> frozenset[str]:
    """Return the literals that stand in `body`, in small or in capital letters."""
    if len(body) <= _SMALL:
        lowered = body.lower()
        return frozenset([literal for raw, literal in _raw_literals() if raw in lowered])
    found: set[str] = set()
    left = _all_literals()
    for start in range(0, len(body), _BLOCK):
        block = body[start : start + _BLOCK + _OVERLAP].lower()
        place = 0
        while left and (match := _any_of(left).search(block, place)) is not None:
            # none of those left stands further ahead, so the next search goes on from here
            place = match.start()
            found.update(literal for literal in left if literal.encode() in match.group())
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
def _names() -> tuple[Any, tuple[int, ...]]:
    """Return one pattern of all keyed shapes, and how many groups stand before each of them."""
    import re2

    options = re2.Options()
    options.max_mem = _MEMORY
    expressions = [shape.expression for shape in KEYED]
    starts = [0]
    for expression in expressions:
        starts.append(starts[-1] + re2.compile(expression).groups)
    whole = "(?im)" + "|".join(f"(?:{expression})" for expression in expressions)
    return re2.compile(whole.encode(), options), tuple(starts)


@functools.cache
def _blocks() -> Any:
    import re2

    return re2.compile(Shape("secret", "", PATTERN).expression.encode())


@functools.cache
def _base64() -> Any:
    return compile_pattern()


def _replacement(shapes: tuple[Shape, ...], starts: tuple[int, ...], match: Any) -> bytes:
    number = match.lastindex
    place = bisect.bisect_left(starts, number) - 1
    shape, whole, secret = shapes[place], match.group(), match.group(number)
    key = match.group(starts[place] + 1).lower() if shape.keyed else b""
    quote = match.group(number - 1) if shape.quoted else b""
    if _is_none(secret, key, careful=shape.careful):
        return bytes(whole)
    start, end = match.start(number) - match.start(), match.end(number) - match.start()
    return bytes(whole[:start] + quote + _token(shape.kind, secret) + quote + whole[end:])


def _is_none(secret: bytes, key: bytes, *, careful: bool) -> bool:
    """Return True if the value is a placeholder, not a secret."""
    plain = secret.strip().lower()
    return bool(
        plain in PLAIN
        or not plain.strip(b"*x.")
        or PLACEHOLDER.match(secret.strip())
        or key.endswith(NAMING)
        or (key.endswith(b"secret") and NAME_OF_OBJECT.fullmatch(secret))
        or (careful and WORDLIKE.fullmatch(secret))
    )


def _token(kind: str, secret: bytes) -> bytes:
    return f"REDACTED-{kind}-{hashlib.blake2b(secret, key=_key(), digest_size=4).hexdigest()}".encode()


@functools.cache
def _key() -> bytes:
    return os.urandom(32)
