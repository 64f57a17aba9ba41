"""Tells values that only stand where a secret might: placeholders, states, references, names, digests, numbers and words."""

import itertools
import re

_STATES = frozenset(
    b"a absent accepted added all an and any are as at authenticated authentication auth authorized bad basic bearer been but by cannot changed changeme-not"
    b" configured cookie corrupt could create created default deleted denied digest disabled does empty enabled env error expired expires failed"
    b" failure false fetched file files for found from generated get got has have header id if ignored in incorrect input invalid is issued key len loaded"
    b" malformed matched mismatch mismatched missing must mounted negotiate nil no none not null ntlm number object of off ok on only opaque optional"
    b" or out password please present prompt provided querying read ready received refreshed rejected renewed request required reset revoked rotated"
    b" secret secrets set should signed stale stored string succeeded success supplied than that the this to token tokens too true type unable unauthorized"
    b" unchanged undefined unexpected unknown unset unsupported unused updated used user using valid validated value verified wait waiting was were"
    b" when will with without wrong yes your".split()
)
"""Words that say how a secret is, or begin a sentence about it."""
_PLACEHOLDER = re.compile(
    rb"REDACTED-|\$(?:[({%]|[A-Za-z_][A-Za-z0-9_]*(?:[\s\"'.,)}\]]|$)|[0-9@*](?:\s|$))|\{\{|%[a-zA-Z(]|%\{|<[a-z][a-z _/'.:-]*(?:>.*)?$|<(?:set to|none|nil|unset|redacted|hidden|token|password|secret)"
    rb"|\[?\(?(?:redacted|hidden|masked|filtered|sanitized|omitted|scrubbed|elided)\b|@[a-z_.-]+@|@/|file:|env:|ref\+|vault:|arn:aws|projects/|sha(?:256|512):|ENC\[|k8s://|map\[\]|\[\]|\{\}"
    rb"|(?:os\.|process\.env|env\.|system\.|getenv|environ|settings\.|config[.(\[]|var\.|secrets\.|data\.|local\.|self\.|viper\.|flag\.|null\b|get_|read_|load_|decrypt\()",
    re.IGNORECASE,
)
"""How what stands for a secret begins."""
_PATH = re.compile(rb"(?:\.{1,2}|~)?/(?:[a-z][a-z0-9._-]*/)*[a-z][a-z0-9._-]*")
_MASK = re.compile(rb"[*x.#?_-]{2,}|\*+|.{0,4}\*{3,}.{0,4}", re.IGNORECASE)
_NUMBER = re.compile(rb"[0-9][0-9_,]*(?:\.[0-9]+)?(?:[a-zA-Z%]{0,3}|/[a-z]+)?")
_NAME = re.compile(rb"(?:[a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?(?:[a-z][a-z0-9]{0,14}|[0-9]{1,4})(?:[.-][a-z0-9]{1,16})+")
_QUALIFIED = re.compile(rb"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_WORDLIKE = re.compile(
    rb"[A-Za-z_./:-]*[0-9]{0,2}:?|[0-9]+(?:\.[0-9]+)?[a-zA-Z%]{0,3}|.{0,5}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?|/.*|[a-z]+://[^@]*"
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|v?[0-9]+(?:\.[0-9]+)+.*|[0-9]+[hms](?:[0-9.]+[ms])*|\(?0x[0-9a-f]+.*|\[?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,}.*"
)
"""A word, a number, an address, a path, a moment, an identifier, a version or a duration."""


def is_harmless(value: bytes, *, careful: bool = False) -> bool:
    """Return True if `value` is no secret, whatever stands before it; with `careful`, if it reads like a word or a name."""
    plain = value.strip().strip(b"\"'`")
    if (
        not plain
        or _PATH.fullmatch(plain)
        or _PLACEHOLDER.match(plain)
        or _MASK.fullmatch(plain)
        or _first_word(plain) in _STATES
    ):
        return True
    return careful and not _is_jumbled(plain) and (bool(_WORDLIKE.fullmatch(plain) or _NAME.fullmatch(plain)))


def is_name(value: bytes) -> bool:
    """Return True if `value` may be the name of an object, `web-tls` or `demo/web-tls`."""
    return bool(_NAME.fullmatch(value) or _QUALIFIED.fullmatch(value) or re.fullmatch(rb"[a-z]{1,15}[0-9]{0,2}", value))


def is_number(value: bytes) -> bool:
    """Return True if `value` is a number, with a unit perhaps."""
    return bool(_NUMBER.fullmatch(value.strip()))


def looks_random(value: bytes) -> bool:
    """Return True if `value` looks made up by a machine: eight characters and more, with a digit, and no word, name or identifier."""
    plain = value.strip(b"\"'`.,:")
    return (
        len(plain) >= 8
        and any(48 <= byte <= 57 for byte in plain)
        and any(byte > 57 for byte in plain)
        and not is_harmless(plain, careful=True)
        and (
            _is_jumbled(plain)
            or not re.fullmatch(rb"[A-Za-z]+[0-9]{1,3}|.*[/=(].*|[0-9a-f]{64}|[0-9a-f]{40}|[A-Z0-9_]+", plain)
        )
    )


def _is_jumbled(plain: bytes) -> bool:
    """Return True if small and large letters and digits change places too often for words put together."""
    kinds = [_KIND_OF[byte] for byte in plain]
    changes = sum(one != two for one, two in itertools.pairwise(kinds))
    return plain.isalnum() and (
        (len(plain) >= 8 and changes > 0.4 * len(plain))
        or (len(plain) >= 12 and 2 in kinds and changes >= 0.3 * len(plain))
    )


_KIND_OF = bytes(
    0 if 97 <= byte <= 122 else 1 if 65 <= byte <= 90 else 2 if 48 <= byte <= 57 else 3 for byte in range(256)
)


def _first_word(plain: bytes) -> bytes:
    """Return the first word of letters, or nothing if other characters belong to it."""
    word = re.match(rb"([A-Za-z]+)(?=[\s,;:.!?)\]]|$)", plain)
    return word[1].lower() if word else b""
