"""Reads a chain of reasons: in comes "failed to a: b: connection refused", out goes the reason that decides.

A chain is cut at ": " and its kin; a colon without a blank never cuts, so that addresses, images and digests stay
whole. The rightmost text that has a class decides, not the last text: programs append `: unknown`, sentinels and hints.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from facts.model.failure import WEAK, ErrorClass
from facts.read.failures.reasons.patterns import Patterns
from facts.read.failures.vocabulary.codes import (
    ERRNO,
    GAIERROR,
    GRPC,
    HTTP,
    MYSQL,
    NODE_CODES,
    SQLSTATE,
)
from facts.read.failures.vocabulary.exceptions import EXCEPTIONS, PARTS
from facts.read.failures.vocabulary.sentences import HOLES, SENTENCES
from facts.read.failures.vocabulary.texts import PROOFS, TEXTS, VAGUE

_PROOF, _TEXT, _EXCEPTION, _WEAK, _EXCEPTION_PART, _HTTP, _GRPC = range(7, 0, -1)

_CLASSES = VAGUE | TEXTS | PROOFS
_LITERALS = tuple(_CLASSES)
_AUTOMATON = AhoCorasick(_LITERALS, matchkind=MatchKind.LeftmostLongest)
_SENTENCES = Patterns([pattern for _, pattern in SENTENCES])

_HOLES = Patterns([pattern for _, pattern in HOLES])
_CODES = Patterns(
    [
        r"\[?[Ee]rrno[ =:]{1,3}(-?\d{1,3})\b|Errcode: (\d{1,3})|os error (\d{1,3})|\((\d{1,3}): [A-Z]|Exception \((\d{1,3})\): ",
        r"SQLSTATE[\[: (=]{1,3}([0-9A-Z]{5})\b|(?:ERROR|FATAL|PANIC): {1,2}([0-9A-Z]{5}): ",
        r"ERROR (\d{4}) \(|\((\d{4}), [\"']|Error (\d{4})[ :(]",
        (
            r"(?i)(?:status(?: code)?|http(?:/[\d.]+)?(?: error)?|statuscode|code|returned|responded with|response)[\"']?[ :=]{1,3}[\"'(]?(\d{3})\b|"
            r": (\d{3}) (?:too many|not found|forbidden|unauthorized|bad |service |gateway |internal |conflict|gone|payload|request)"
        ),
    ]
)
_NUMBERS: tuple[tuple[int, dict[str, ErrorClass]], ...] = (
    (_PROOF, {str(number): error for number, error in ERRNO.values()} | GAIERROR),
    (_PROOF, SQLSTATE),
    (_TEXT, MYSQL),
    (_HTTP, HTTP),
)
_ERRNO_NAMES = {name: error for name, (_, error) in ERRNO.items()} | NODE_CODES
_PART = re.compile("|".join(PARTS))
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,80}")

_ADVICE = Patterns(
    [
        r"\(possibly because of [^)]*\)?",
        (
            r"(?:[Pp]lease |, check |Check (?:the|that|if|your)|Is the [^:?]*\?|[Ss]ee (?:https?|the |also )|Try |try (?:to |again|running)|To (?:fix|resolve) |Make sure|make sure|"
            r"Hint: |HINT: |Did you|did you mean|You can |Consider |[Ii]f you |For more |Use '?--|Run '|Are you )(?:https?://[^ ]*|[^:])*"
        ),
        r"map\[[^\]]*\]",
    ]
)
"""What stands in a chain without being part of it: guesses, advice."""

_ADDRESS = Patterns([r"(?:https?|tcp|wss?|amqps?|rediss?|postgres(?:ql)?|mongodb(?:\+srv)?|jdbc:\w+)://[^ \"'<>)]*"])

_LEFT_CUTS = (": ", " : ", ":\n", " desc = ", ", error: ", " with error: ", " ---> ", "\n", "] ")
_RIGHT_CUTS = (": ", " : ", ":\n", ", error: ", " ---> ", "\n", " (possibly because", ", client: ", " in /", ") while ")


_ALERTS = ("remote error", "SSL alert", "Received fatal", "alert ")
"""How sentences start in which the other side refuses."""


class Reason(msgspec.Struct, frozen=True):
    """What decides a chain: the class, the text that proves it as printed, and from where to where the proof stands in the chain."""

    error: ErrorClass
    detail: str
    start: int
    end: int
    code: str = ""
    object_kind: str = ""
    object: str = ""
    peer: str = ""
    by: str = ""
    whole: bool = False
    """Whether a whole sentence says it."""
    certain: bool = False
    """Whether a whole sentence or a text of errno proves it, not an ordinary word."""


class _Proof(msgspec.Struct, frozen=True, order=True):
    rank: int
    start: int
    end: int
    error: str
    code: str = ""


def reason_of(chain: str) -> Reason | None:
    """Return the reason that decides `chain`, or None when no text of it has a class.

    >>> reason_of('Get "https://10.0.0.1:6443/api": dial tcp 10.0.0.1:6443: connect: connection refused').error.value
    'refused'
    >>> reason_of("runc create failed: open /x: permission denied: unknown").detail
    'permission denied'
    """
    sentence = _sentence_of(chain)
    if sentence is not None:
        return sentence
    text = _blanked(chain, _ADDRESS)
    best = max((*_texts(text), *_holes(text), *_codes(text), *_names(text)), default=None)
    if best is None:
        return None
    code = best.code or next((proof.code for proof in _codes(text) if proof.error == best.error), "")
    return Reason(
        ErrorClass(best.error),
        segment_at(chain, best.start, best.end),
        best.start,
        best.end,
        code,
        certain=best.rank == _PROOF,
    )


def without_advice(chain: str) -> str:
    """Return `chain` with guesses and advice blanked out, and all else where it stood.

    >>> without_advice("connection refused. Please check port 80: exit status 1")
    'connection refused.                     : exit status 1'
    """
    return _blanked(chain, _ADVICE)


def unescaped(text: str) -> str:
    r"""Return `text` with the escapes of quotes and newlines taken off, up to three levels.

    >>> unescaped('failed to \\\\"StartContainer\\\\" for \\\\"web\\\\"')
    'failed to "StartContainer" for "web"'
    """
    for _ in range(3):
        if "\\" not in text:
            break
        text = text.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\\\", "\\")
    return text


def segment_at(chain: str, start: int, end: int) -> str:
    """Return the part of `chain` between two cuts that holds `chain[start:end]`, without quotes around it.

    >>> segment_at("open /x: permission denied: unknown", 9, 26)
    'permission denied'
    """
    left = max(
        (chain.rfind(cut, 0, start) + len(cut) for cut in _LEFT_CUTS if chain.rfind(cut, 0, start) >= 0), default=0
    )
    right = min((at for cut in _RIGHT_CUTS if (at := chain.find(cut, end)) >= 0), default=len(chain))
    segment = chain[min(left, start) : right].strip(" \t\n,;")
    if segment.endswith('"') and segment.count('"') % 2:
        segment = segment[:-1]
    if segment.startswith('"') and segment.count('"') % 2:
        segment = segment[1:]
    if segment.endswith(")") and segment.count(")") > segment.count("("):
        segment = segment[:-1]
    return segment.strip(" \t\n,;")[:300]


def _sentence_of(chain: str) -> Reason | None:
    """Return the sentence nearest to the end; what it does not name, another sentence of its class names."""
    reasons = sorted(
        (_of_sentence(chain, row, match) for row, match in _SENTENCES.matches(chain)), key=lambda found: found[0]
    )
    if not reasons:
        return None
    reason = reasons[-1][1]
    for _, other in reasons:
        if other.error is reason.error:
            reason = msgspec.structs.replace(
                reason,
                object_kind=reason.object_kind if reason.object else other.object_kind,
                object=reason.object or other.object,
                peer=reason.peer or other.peer,
            )
    return reason


def _of_sentence(chain: str, row: int, match: Any) -> tuple[int, Reason]:
    groups = match.groupdict()
    kind, name = _object(groups)
    return match.end(), Reason(
        SENTENCES[row][0],
        segment_at(chain, match.start(), match.end()),
        match.start(),
        match.end(),
        groups.get("code") or "",
        kind,
        name,
        (groups.get("peer") or "").rstrip(":,."),
        "peer" if match.group().startswith(_ALERTS) else "",
        whole=True,
        certain=True,
    )


def _object(groups: dict[str, str | None]) -> tuple[str, str]:
    """Return kind ("" when only the class tells it) and name of the object that the groups of a sentence name."""
    for name, value in groups.items():
        if value and name not in ("peer", "code"):
            return "" if name == "object" else name, value
    return "", ""


def _blanked(chain: str, patterns: Patterns) -> str:
    for _, match in patterns.matches(chain):
        chain = chain[: match.start()] + " " * (match.end() - match.start()) + chain[match.end() :]
    return chain


def _texts(chain: str) -> Iterator[_Proof]:
    lowered = chain.lower()
    if len(lowered) != len(chain):  # a few letters of Unicode change their length
        lowered = "".join(letter.lower() if letter.isascii() else letter for letter in chain)
    for number, start, end in _AUTOMATON.find_matches_as_indexes(lowered):
        if _is_word(lowered, start, end):
            literal = _LITERALS[number]
            error = _CLASSES[literal]
            weak = error in WEAK or literal not in TEXTS
            rank = _PROOF if literal in PROOFS else _WEAK if weak else _TEXT
            yield _Proof(rank, start, end, error)


def _holes(chain: str) -> Iterator[_Proof]:
    for row, match in _HOLES.matches(chain):
        error = HOLES[row][0]
        yield _Proof(_WEAK if error in WEAK else _TEXT, match.start(), match.end(), error)


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    if before.isalnum() or (before and before in "-_/.="):
        return False
    if after[:1].isalnum() or (after and after[0] in "-_/="):
        return after.startswith(("-", "/")) and not after[1:].isalnum()
    return not (after[:1] == "." and after[1:].isalnum())


def _codes(chain: str) -> Iterator[_Proof]:
    for row, match in _CODES.matches(chain):
        rank, classes = _NUMBERS[row]
        number = next((group for group in match.groups() if group), "")
        if number in classes:
            yield _Proof(rank, match.start(), match.end(), classes[number], number)


def _names(chain: str) -> Iterator[_Proof]:
    for match in _NAME.finditer(chain):
        name = match.group()
        if name in _ERRNO_NAMES:
            yield _Proof(_PROOF, match.start(), match.end(), _ERRNO_NAMES[name], name)
        elif name in EXCEPTIONS:
            yield _Proof(_EXCEPTION, match.start(), match.end(), EXCEPTIONS[name])
        elif name.endswith(("Error", "Exception")) and (part := _PART.search(name)):
            yield _Proof(_EXCEPTION_PART, match.start(), match.end(), PARTS[part.group()])
        elif name in GRPC and chain.endswith("code = ", 0, match.start()):
            yield _Proof(_GRPC, match.start(), match.end(), GRPC[name], name)
