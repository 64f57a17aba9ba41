"""Takes out the values of what a text calls secret: settings, environment variables, flags, headers, lists and sentences.

A name tells that its value is secret wherever a key word stands in it: SECRET_KEY_BASE, DBPASS, TOKEN_GITHUB, `pwd`. A name that
only describes a secret, `secretName` or `token_ttl`, does not, and neither does a value that is a word of a sentence.
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from facts.snapshot.redaction.harmless_values import is_harmless, is_name, is_number, looks_random

Tokenise = Callable[[str, bytes], bytes]
"""Gives the token for a secret of a kind."""

Span = tuple[int, int]
"""Where a value begins and ends."""
Value = tuple[int, int, bytes]
"""Where a value begins and ends, and the quote that a token needs there."""

WORDS = (
    r"(?i)passw(?:or[dt])?d?|passphrase|passcode|pass|(?:\b|[_.-]|admin|root|bind|user|db|my)pwd?(?:[_0-9]|\b)|secret|token|(?:\b|[_.-])creds?\b|credential|(?:\b|[_.-])psk\b|authtok|masterauth"
    r"|(?:api|access|secret|private|account|encryption|signing|auth|certificate|license|master|shared|preshared|storage|ssh|hmac|subscription|session)"
    r"[_. -]?key|key[_-]?data|[_-]auth\b|identity[_-]?key|root[ _-]?token|unseal key|community\b"
)
"""One of these stands in the name of every secret."""
LITERALS = "pass pwd pw secret token cred psk authtok masterauth key auth community"
"""Lower-case texts, one of which stands in every one of WORDS."""

_WORD = re.compile(WORDS.encode())
_NAME = rb"A-Za-z0-9_.-"
_NAME_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
_RIGHT = re.compile(rb"[" + _NAME + rb"]*+")
_REACH = 100
"""Bytes of a name before its key word."""
_BEFORE = 300
"""Bytes before a name that are looked at."""
_STRUCTURE = 1_000_000
"""Bytes of a list or an object that are looked through."""
_LINE = 4096
"""Bytes of a value without quotes."""

# What a name ends in when its value says something about a secret: where it lies, how it is called, how long it is good.
_DESCRIBES = re.compile(
    rb"(?:name|names|refs?|reference|file|files|filename|path|paths|dir|folder|url|uri|uris|endpoint|server|host|port|ttl|expir\w*|seconds?|minutes|attempts?|retries|tries|failures|changes|min|hours|days"
    rb"|time|timeout|timestamp|date|at|lifetime|duration|period|age|length|len|size|count|counts|total|limit|budget|max|min|rate|type|types|policy|kind|namespace|ns"
    rb"|version|enabled|disabled|required|enable|disable|mode|ids?|uid|audiences?|issuer|requests?|reviews?|reviewer|format|algorithm|alg|hint|status|state|errors?|err|message|msg|reason"
    rb"|valid|invalid|prefix|suffix|source|provider|class|store|stores|manager|controller|reader|rotation|renewal|refresh|interval|cert-hash|volume|mount|mounts|projection|projected"
    rb"|auth|authenticator|authentication|validation|username|user|role|scopes?|cache|operator|syncer|stdin|through|thru|cleaner|signer|injector|webhook|agent|api|exchange|usage|used"
    rb"|verify|check|checks|handler|service|svc|account|plugin|driver|generator|encoding|annotation|label|field|column|property|env|var|variable|changed|ring|alias|owner|group|groups|list"
    rb"|passwordkey|tokenkey|usernamekey|secretkeyref|public|test|tests|yaml|json|yml|txt|log|go|py|js|io|com|org|net|local|example)[0-9]*",
    re.IGNORECASE,
)
_SEGMENT = re.compile(rb"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|cert-hash")
_NO_SECRET = re.compile(
    rb"(?:by|com|multi|over|tres|sur|under|encom)pass\Z|(?:by|multi|over)pass\w|password-?less|tokeni[sz]|cluster-token\Z|secrets?manager|passed\Z|passes\Z|passing|passive|passthr|secretar|secretion"
    rb"|cert-hash\Z|compass|REDACTED-|\Akey[_.-]?(?:data)?\Z|\Aoldpwd\Z",
    re.IGNORECASE,
)
_NAMES_SECRET = re.compile(
    rb"(?:existing|[Pp]ull|[Tt]ls|[Ii]mage\w*|[Cc]a|[Cc]ert\w*|[Pp]assword|[Tt]oken|[Cc]redentials?|db|[Aa]uth|git|[Rr]egistry|[Ww]ebhook|[Bb]ackup|[Cc]onfig|admin|TLS)[_.-]?[Ss]ecrets?\Z"
    rb"|\A[Ss]ecrets?\Z|(?:[Pp]assword|[Uu]sername|[Tt]oken|[Cc]redentials?)[_.-]?[Kk]ey\Z"
)
"""Names whose value is the name of a Secret, if it looks like one."""
_BEFORE_NAME = re.compile(rb"checksum[/-]\Z|:[0-9]*:\Z|\w/\Z")
"""What stands before a name that is part of a checksum, of a path or of a resource name."""
_FOLLOWS = re.compile(rb"[\s>=:]|\\n|\Z|\\*[\"'\]]+[\s:=,>}]|</")
"""What may stand behind a name that has a value."""
_SHORT = re.compile(rb"\A\W*(?:pass|pwd?|pw|psk|auth|community|creds?)\W*\Z|[_.-]auth\Z|community\Z", re.IGNORECASE)
"""Names that are words of other uses too: their value must look like a secret."""
_STRICT = re.compile(rb"passw|passphrase|passcode|api[_.-]?key|_pass\Z", re.IGNORECASE)
_ABOUT = re.compile(
    rb"(?:user|login|email|audience|region|path|key|host|issuer|subject|annotations|labels|comment|description|algorithm|items|profile|api_?version)",
    re.IGNORECASE,
)
"""Members of an object under a secret's name that are no secrets."""

_SEPARATOR = re.compile(
    rb"(?P<close>\\*[\"']?\]?)(?P<type>[ \t]*:[ \t]*[A-Z][A-Za-z]+(?=[ \t]*=))?(?P<space>[ \t]*)(?P<sign>=>|:=|==?|:(?!//))(?P<after>\s{0,200})"
)
_BARE = re.compile(rb"[^\s\"'\\,;&)}\]<>|`]+")
_REST = re.compile(rb"(?:[^\n\"\\]|\\(?!n|\\*\"))*")
_QUOTE = re.compile(rb"(\\*)([\"'`])")
_BETWEEN = re.compile(rb"\s*(?:,?\s*\Z|[}\]\s]+(?:,|\Z))")
"""What stands between two strings of JSON, if what looked like the first quote of one was the last."""
_DOUBLE = re.compile(rb"(?:[^\"\\\n]|\\[^\n]|\"\"(?=[A-Za-z0-9]))*+")
_SINGLE = re.compile(rb"(?:[^'\\\n]|\\[^\n]|''(?=[A-Za-z0-9]))*+")
_TICK = re.compile(rb"[^`\n]*+")
_DOUBLED = re.compile(rb"\"\"([^\"\s,}\]:][^\"\n]*)(?=\"\")")
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*(?=[\s,}\]\\]|\Z)")
_LINE_START = re.compile(
    rb"(?:\A|\n|\\n|\r)(?:[^\s\n]{1,60}[$#>] |[ \t]|[<>*|+;#$]|- |export |Environment=|declare -x |=> )*[\"']?\Z"
)
_FLAG = re.compile(rb"(?:[ \t]+|=[ \t]*|\\*[\"'][ \t]*,\s*(?=\\*[\"']))")
_DIRECTIVE = re.compile(rb"[ \t]+(?P<quote>\"?)([^\s\"'\\;=:|]+)(?P=quote);?[ \t\r]*(?=\n|\\n|\Z)")
_ENVIRONMENT = re.compile(rb"(?:\A|[\s\"])(?:ENV|setenv|configure set)[ \t]+\Z", re.IGNORECASE)
_SPACED = re.compile(rb"[ \t]+[\"']?([^\s\"'\\,;]+)")
_XML_TEXT = re.compile(rb"[\"']?[^<>\n\"]{0,200}>([^<\n\"\\]+)<")
_XML_VALUE = re.compile(rb"\\*[\"'][ \t]+value[ \t]*=[ \t]*\\*[\"']([^\"'\\\n]+)")
_XML_PAIR = re.compile(rb"</(?:name|key)>\s*<(?:value|string)>([^<\n\"\\]+)<", re.IGNORECASE)
_XML_KEY = re.compile(rb"<[A-Za-z][^<>\n]{0,200}[\"']\Z|<[A-Za-z:]{0,40}\Z|<(?:name|key)>\Z")
_PHP = re.compile(rb"[\"'][ \t]*,[ \t]*[\"']([^\"'\\\n]+)[\"'][ \t]*\)")
_NAMED = re.compile(rb"name\\*[\"']?\s*[:=]\s*\\*[\"']?\Z", re.IGNORECASE)
_VALUE = re.compile(rb"(\\*[\"']?)\s*(?:,|\n|\\n)?\s*\\*[\"']?value\\*[\"']?\s*[:=]\s*")
_VALUE_FIRST = re.compile(
    rb"value\\*\"\s*:\s*(\\*)\"(?P<json>(?:[^\"\\\n]|\\[^\n\"]|(?<=\\)\\\")*)\1\"\s*,\s*\\*\"\Z"
    rb"|value:[ \t]+(?P<quote>[\"']?)(?P<yaml>[^\n\"']+)(?P=quote)[ \t]*\n\s*\Z"
)
_TOLD = re.compile(
    rb"(?:[ \t]+[0-9]{1,2}|[ \t]+(?:is|was)[ \t]+generated)?(?:[ \t]+(?:for|of)[ \t]+[^\n:=\"']{1,60}?)?(?:(?:[ \t]+(?:is|was|has been|set to|changed to|reset to|to))+:?|[ \t]?:)[ \t]+\\*[\"'(<]*([^\s\"'\\,;)<>]+)"
)
_TELLS = re.compile(rb"passw|passphrase|bind_?pw|requirepass|masterauth", re.IGNORECASE)
"""Names that a sentence or a setting may put right before their value."""
_BESIDE = re.compile(rb"[ \t]+\\*[\"'(<]*([^\s\"'\\,;)<>]+)")
_NEAR, _TAIL = 256, 64
"""Bytes of a list or object that are looked through as one, when it ends so many bytes before them."""
_OPEN = {b"[": b"]", b"{": b"}"}
_SCALAR = re.compile(
    rb"(?:\"(?P<text>(?:[^\"\\\n]|\\[^\n])*)\"|(?P<level>\\+)\"(?P<inner>[^\n]*?)(?<!\\)(?P=level)\")(?P<colon>\s*:)?"
    rb"|(?P<bracket>[\[\]{}])|(?P<bare>[^\s\"\\,\[\]{}:]+)(?P<barecolon>:\s)?"
)
_YAML_LINE = re.compile(
    rb"(?P<indent>[ \t]*)(?P<dash>(?:- )*)(?:(?P<key>[A-Za-z0-9_.-]+):(?:[ \t]+|(?=\r?\Z)))?(?P<quote>[\"']?)(?P<value>[^\r]*?)(?P=quote)[ \t]*\r?\Z"
)


class _Place(NamedTuple):
    """Where a name stands: from `start` to `end` of `body`, behind the text `before`."""

    body: bytes
    start: int
    end: int
    name: bytes
    before: bytes
    covered: int
    """Up to where the lists and objects below earlier names were looked through."""


def hide_named(body: bytes, words: Any, token: Tokenise) -> bytes:
    """Return `body` in which the value of each name that `words` finds is a token; names and the number of lines stay.

    A value is found after `=`, `:`, `=>` or `:=`, with or without blanks and quotes; after a flag; in the next member of a JSON list;
    in the `value` beside a `name`; in XML; in lists and objects below the name, of JSON and YAML; in a sentence that tells it.
    """
    values: list[Value] = []
    done = covered = 0
    for found in words.finditer(body):
        if found.start() < done:
            continue
        start, limit = found.start(), max(done, found.start() - _REACH)
        while start > limit and body[start - 1] in _NAME_BYTES:
            start -= 1
        right = _RIGHT.match(body, found.end())
        done = end = right.end() if right else found.end()
        name = body[start:end]
        if end - start > 3 * _REACH or not _FOLLOWS.match(body, end) or not _holds_secret(name):
            continue
        before = body[max(0, start - _BEFORE) : start]
        found_here = list(_values(_Place(body, start, end, name, before, covered)))
        values += found_here
        if found_here and found_here[-1][0] == found_here[-1][1]:
            covered = max(covered, found_here[-1][1])  # names below this one are looked at as well
        elif found_here:
            done = max(done, found_here[-1][1])
    return _replaced(body, values, token)


def _replaced(body: bytes, values: list[Value], token: Tokenise) -> bytes:
    """Return `body` with a token for each of `values`; of two that overlap the first counts."""
    pieces: list[bytes] = []
    position = 0
    for begin, stop, quote in sorted(values):
        if position <= begin < stop:
            pieces += [body[position:begin], quote, token("secret", body[begin:stop]), quote]
            position = stop
    return b"".join([*pieces, body[position:]])


def _values(place: _Place) -> Iterator[Value]:
    """Yield the values of a name; an empty one tells up to where lists and objects were looked through."""
    if place.before[-1:] in b":/-" and _BEFORE_NAME.search(place.before[-20:]):
        return
    for look in (_beside_name, _in_xml, _after_sign, _after_flag, _directive, _told):
        values = look(place)
        if values is not None:
            yield from values
            return


@functools.lru_cache(maxsize=65536)
def _holds_secret(name: bytes) -> bool:
    """Return True if the value of `name` is secret, unless it reads otherwise."""
    return not _NO_SECRET.search(name) and not _describes(name)


def _describes(name: bytes) -> bool:
    segments = _SEGMENT.findall(name)
    return bool(len(segments) > 1 and _DESCRIBES.fullmatch(segments[-1].lower()))


def _wanted(name: bytes, value: bytes, *, careful: bool = False) -> bool:
    """Return True if `value` is the secret of `name`."""
    careful = careful or bool(_SHORT.search(name))
    if is_harmless(value, careful=careful):
        return False
    if name.rstrip(b"-_.").lower().endswith((b"tokens", b"keys")) and is_number(value):
        return False
    if _NAMES_SECRET.search(name.strip(b"-")) or name.lower().endswith((b"tokens", b"secrets")):
        return not is_name(value)
    if b" " in value.strip() and not _STRICT.search(name):
        return not is_harmless(value.split()[0], careful=True)
    return True


def _after_sign(place: _Place) -> list[Value] | None:
    """Return the values after `=`, `:`, `:=` or `=>`."""
    body, start, end, name, before, covered = place
    sign = _SEPARATOR.match(body, end)
    if not sign:
        return None
    colon, closed = sign["sign"] == b":", bool(sign["close"].strip(b"\\]"))
    position = sign.end()
    begins_line = bool(_LINE_START.search(before))
    if b"\n" in sign["after"] or (position >= len(body) and colon):
        if not (colon and b"\n" in sign["after"]):
            return [] if not closed else None
        if not closed:
            return _below(body, start, sign.start("after"), name) if begins_line and position >= covered else []
    opened = body[position : position + 1]
    if opened in (b"[", b"{") and not body.startswith((b"{{", b"[REDACTED"), position):
        return _within(body, position, name) if position >= covered else []
    quoted = _quoted(body, position)
    if quoted:
        value = body[slice(*quoted)]
        ended = not closed and body[quoted[0] - 1 : quoted[0]] == b'"' and _BETWEEN.match(value)
        return [(*quoted, b"")] if not ended and _wanted(name, value) else []
    if closed and (number := _NUMBER.match(body, position)):
        return [(number.start(), number.end(), sign["close"].rstrip(b"]"))] if _wanted(name, number[0]) else []
    if opened in (b"|", b">", b"&", b"!") and colon:
        return []
    if (colon and begins_line and (sign["after"] or sign["space"])) or (
        begins_line and not sign["space"] and not colon and b"-" not in before[-1:]
    ):
        rest = _REST.match(body, position, position + _LINE)
        value = rest[0].rstrip() if rest else b""
        value = value.partition(b" #")[0].rstrip() if colon or b" #" in value else value
        if not colon and re.search(rb"[ \t]", value):  # NAME=value command, or several settings in a line
            value = re.split(rb"[ \t]", value, maxsplit=1)[0].rstrip(b",;")
        elif colon and re.match(rb"[^\s,;]+[,;][ \t]+[A-Za-z_-]+[ \t]*[:=]", value):
            value = re.split(rb"[,;][ \t]", value, maxsplit=1)[0]
        return [(position, position + len(value), b"")] if value and _wanted(name, value) else []
    bare = _BARE.match(body, position, position + _LINE)
    if not bare:
        return []
    plain = not _STRICT.search(name) and not re.search(rb"[_.-]", name)
    careful = (colon and not closed) or (plain and bool(sign["space"]) and not begins_line and before.endswith(b" "))
    if careful and colon and not looks_random(bare[0]) and not re.search(rb"[0-9!@#$%^*]", bare[0]):
        return []
    return [(bare.start(), bare.end(), b"")] if _wanted(name, bare[0], careful=careful) else []


def _quoted(body: bytes, position: int) -> Span | None:
    """Return where the text stands that begins with a quote at `position`; a quote that is escaped or doubled does not end it."""
    quote = _QUOTE.match(body, position)
    if not quote:
        return None
    begin = quote.end()
    if quote[1]:
        closing = re.compile(rb"(?<!\\)" + re.escape(quote[0])).search(body, begin, begin + 100_000)
        line = body.find(b"\n", begin)
        line = len(body) if line < 0 else line
        return begin, closing.start() if closing and closing.start() <= line else line
    if doubled := _DOUBLED.match(body, position):
        return doubled.span(1)
    pattern = {b'"': _DOUBLE, b"'": _SINGLE}.get(quote[2], _TICK)
    text = pattern.match(body, begin)
    return text.span() if text else (begin, begin)


def _after_flag(place: _Place) -> list[Value] | None:
    """Return the value of a flag: the next word, or the next member of a list."""
    body, _, end, name, _, _ = place
    if not name.startswith(b"-"):
        return None
    sign = _FLAG.match(body, end)
    if not sign:
        return None
    quoted = _quoted(body, sign.end())
    if quoted:
        span = quoted
    elif bare := re.compile(rb"[^\s\"'\\|;&]+").match(body, sign.end()):
        span = bare.span()
    else:
        return []
    value = body[slice(*span)]
    return [(*span, b"")] if not value.startswith(b"-") and len(value) > 3 and not is_harmless(value) else []


def _beside_name(place: _Place) -> list[Value] | None:
    """Return the `value` that follows a `name`, as in the environment of a container."""
    body, start, end, name, before, _ = place
    if b"ame" not in before[-12:] or not (named := _NAMED.search(before)):
        return None
    value = _VALUE.match(body, end)
    if not value:
        stop = start - len(before) + named.start()
        first = _VALUE_FIRST.search(body, max(0, stop - _LINE), stop)
        if not first:
            return None
        group = "json" if first["json"] is not None else "yaml"
        return [(*first.span(group), b"")] if not is_harmless(first[group]) else []
    quoted = _quoted(body, value.end())
    if not quoted and value[1]:
        if body[value.end() : value.end() + 1] in _OPEN:
            return _within(body, value.end(), name)
        number = _NUMBER.match(body, value.end())
        return [(*number.span(), value[1])] if number else []
    if not quoted:
        rest = _REST.match(body, value.end(), value.end() + _LINE)
        text = rest[0].strip() if rest else b""
        quoted = value.end(), value.end() + len(text)
    return [(*quoted, b"")] if not is_harmless(body[slice(*quoted)]) else []


def _in_xml(place: _Place) -> list[Value] | None:
    """Return the text of an element, or the `value` beside a key, of XML or a property list; or the second argument of define()."""
    body, _, end, _, before, _ = place
    if b"<" in before[-80:] and _XML_KEY.search(before[-80:]):
        value = _XML_VALUE.match(body, end) or _XML_PAIR.match(body, end) or _XML_TEXT.match(body, end)
        if value:
            return [(*value.span(1), b"")] if not is_harmless(value[1]) else []
    if before.endswith((b"('", b'("', b"( '")) and (value := _PHP.match(body, end)):
        return [(*value.span(1), b"")] if not is_harmless(value[1]) else []
    return None


def _directive(place: _Place) -> list[Value] | None:
    """Return the value of a line that has a name and a value, and of ENV and setenv."""
    body, _, end, name, before, _ = place
    if _ENVIRONMENT.search(before[-20:]) and (value := _SPACED.match(body, end)):
        return [(*value.span(1), b"")] if _wanted(name, value[1]) else []
    if not _LINE_START.search(before):
        return None
    value = _DIRECTIVE.match(body, end)
    if not value or not looks_random(value[2]):
        return None
    return [(*value.span(2), b"")]


def _told(place: _Place) -> list[Value] | None:
    """Return the secret that a sentence tells: the password of app is S."""
    body, _, end, name, _, _ = place
    told = _TOLD.match(body, end, end + 300)
    if not told and _TELLS.search(name):
        told = _BESIDE.match(body, end, end + 300)
    return [(*told.span(1), b"")] if told and looks_random(told[1]) else None


def _within(body: bytes, position: int, name: bytes) -> list[Value]:
    """Return the values in a list or an object, of JSON or of YAML on one line, that opens at `position`."""
    near = _within_near(body[position : position + _NEAR], name)
    if near is not None:  # small ones are the same thousands of times in a list of objects
        return [(position + begin, position + end, quote) for begin, end, quote in near]
    return _inside(body, position, name)


@functools.lru_cache(maxsize=4096)
def _within_near(text: bytes, name: bytes) -> list[Value] | None:
    """Return the values in what `text` begins with; None when it does not end there."""
    values = _inside(text, 0, name)
    return values if len(text) < _NEAR or values[-1][1] < _NEAR - _TAIL else None


def _inside(body: bytes, position: int, name: bytes) -> list[Value]:
    spans: list[Value] = []
    depth, key, quote = 0, b"", b""
    strict = bool(_STRICT.search(name))
    end = position
    for part in _SCALAR.finditer(body, position, position + _STRUCTURE):
        end = part.end()
        if part["bracket"]:
            depth += 1 if part["bracket"] in _OPEN else -1
            if depth <= 0:
                break
            continue
        group = next(group for group in ("text", "inner", "bare") if part[group] is not None)
        if part["colon"] or part["barecolon"]:
            key, quote = part[group], b"" if group == "bare" else (part["level"] or b"") + b'"'
            continue
        if (
            group == "bare"
            and quote
            and (number := _NUMBER.match(body, part.start()))
            and _is_name(key)
            and _wanted(key, number[0])
        ):
            spans.append((*number.span(), quote))
        elif not (group == "bare" and (quote or _NUMBER.fullmatch(part["bare"]))) and _member_wanted(
            name, key, part[group], strict=strict
        ):
            spans.append((*part.span(group), b""))
        key = b""
    return [*spans, (end, end, b"")]


def _is_name(key: bytes) -> bool:
    """Return True if `key` says by itself that its value is secret."""
    return bool(_WORD.search(key)) and _holds_secret(key)


def _member_wanted(name: bytes, key: bytes, value: bytes, *, strict: bool) -> bool:
    """Return True if the member `key` of what is below `name` is a secret; members of lists have no key."""
    if key and _is_name(key):
        return _wanted(key, value)
    if key and (_ABOUT.search(key) or _describes(key + b"-" + key) or _NAMES_SECRET.search(key)):
        return False
    if is_number(value) or value in (b"true", b"false", b"null"):
        return False
    return _wanted(name, value, careful=not strict)


def _below(body: bytes, start: int, position: int, name: bytes) -> list[Value]:
    """Return the values in the lines of YAML below the line of `name`, that are further right, or are members of a list."""
    line_start = body.rfind(b"\n", 0, start) + 1
    head = body[line_start:start]
    indentation = len(head) - len(head.lstrip(b" \t")) + (len(head.lstrip()) if head.lstrip().startswith(b"- ") else 0)
    strict = bool(_STRICT.search(name))
    spans: list[Value] = []
    at = body.find(b"\n", position) + 1
    for _ in range(200):
        if not 0 < at < len(body):
            break
        stop = body.find(b"\n", at)
        stop = len(body) if stop < 0 else stop
        line = _YAML_LINE.fullmatch(body, at, stop)
        if not line or (
            (line["value"] or line["key"] or line["dash"]) and len(line["indent"]) + bool(line["dash"]) <= indentation
        ):
            break
        if (
            line["value"]
            and not line["value"].startswith((b"|", b">", b"{", b"[", b"&", b"*"))
            and _member_wanted(name, line["key"] or b"", line["value"], strict=strict)
        ):
            spans.append((*line.span("value"), b""))
        at = stop + 1
    return [*spans, (at, at, b"")]
