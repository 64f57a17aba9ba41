"""Takes the values out of Secret objects, wherever one stands: as JSON, as JSON in a line of a log, as YAML."""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

Tokenise = Callable[[str, bytes], bytes]
"""Gives the token for a secret of a kind."""

_KIND = re.compile(rb'\\*"kind\\*"\s*:\s*\\*"Secret(?:List)?\\*"')
_MAP = re.compile(rb'(\\*)"(?:data|stringData)\\*"\s*:\s*\{([^{}]*)\}')
_YAML = re.compile(rb"(?:^|\n|\\n)[ \t]*(?:- )?kind:[ \t]*[\"']?Secret\b")
_BREAK = re.compile(rb"(\n|\\+n)")
_YAML_KIND = re.compile(rb"[ \t]*(?:- )?kind:[ \t]*\\*[\"']?Secret\b")
_YAML_MAP = re.compile(rb"([ \t]*)(?:data|stringData):[ \t\r]*")
_YAML_VALUE = re.compile(
    rb"([ \t]*(?:[^\s:\"\\][^:\n\"\\]*:(?:[ \t]+|$))?(?:[|>][-+0-9]*[ \t\r]*$|\\*[\"'])?)([^\"\\\r\n]*)(.*)", re.DOTALL
)


def hide_secret_objects(body: bytes, token: Tokenise) -> bytes:
    """Return `body` in which every value of a Secret, and the annotation that repeats them, is a token; names stay."""
    if b'"Secret' in body and (hidden := _as_json(body, token)) is not None:
        return hidden
    if _KIND.search(body):
        body = b"".join(_in_line(line, token) for line in body.splitlines(keepends=True))
    return _in_yaml(body, token) if _YAML.search(body) else body


def _as_json(body: bytes, token: Tokenise) -> bytes | None:
    """Return the JSON document `body` without the values of Secrets, or None if it is not JSON or has none."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None  # not JSON: text that speaks of Secrets, or a log
    secrets = list(_secrets(document, ""))
    for secret in secrets:
        _clean(secret, token)
    return msgspec.json.encode(document) if secrets else None


def _secrets(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the Secrets in `value`; `kind` is that of the list it is an item of."""
    waiting: list[tuple[Any, str]] = [(value, kind)]
    while waiting:
        value, kind = waiting.pop()
        if isinstance(value, dict):
            own = value.get("kind") or kind
            if own == "Secret" and not {"data", "stringData", "metadata"}.isdisjoint(value):
                yield value
            elif isinstance(own, str) and own.endswith("List") and isinstance(value.get("items"), list):
                waiting += [(item, own.removesuffix("List")) for item in value["items"]]
            else:
                waiting += [(inner, "") for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [(inner, "") for inner in value if isinstance(inner, dict | list)]


def _clean(secret: dict[str, Any], token: Tokenise) -> None:
    metadata = secret.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    for values in (secret.get("data"), secret.get("stringData"), annotations):
        if isinstance(values, dict):
            hidden = [name for name in values if values is not annotations or name.endswith("configuration")]
            values.update((name, _token_of(values[name], token)) for name in hidden)


def _token_of(value: object, token: Tokenise) -> str:
    text = str(value)
    return text if text.startswith("REDACTED-") else token("secret", text.encode("utf-8", "replace")).decode()


def _in_line(line: bytes, token: Tokenise) -> bytes:
    """Return a line that may hold a Secret as JSON, as audit logs do."""
    if not _KIND.search(line):
        return line

    def clean(found: re.Match[bytes]) -> bytes:
        quote = found[1] + b'"'
        value = re.compile(re.escape(quote) + rb"\s*:\s*" + re.escape(quote) + rb"([^\"\\]+)" + re.escape(quote))
        head = found[0][: found.start(2) - found.start()]
        return head + value.sub(lambda one: _with_token(one, 1, token), found[0][len(head) :])

    return _MAP.sub(clean, line)


def _with_token(found: re.Match[bytes], group: int, token: Tokenise) -> bytes:
    start, end = found.start(group) - found.start(), found.end(group) - found.start()
    if found[group].startswith(b"REDACTED-"):
        return found[0]
    return found[0][:start] + token("secret", found[group]) + found[0][end:]


def _in_yaml(body: bytes, token: Tokenise) -> bytes:
    """Return a text without the values of the Secrets in its YAML documents, also inside JSON strings."""
    lines = _BREAK.split(body)  # every second one is a line break
    starts = [0, *(number for number in range(0, len(lines), 2) if lines[number].startswith(b"---")), len(lines)]
    for start, end in itertools.pairwise(starts):
        if any(_YAML_KIND.match(_inner(line)) for line in lines[start:end:2]):
            _clean_yaml(lines, start, end, token)
    return b"".join(lines)


def _inner(line: bytes) -> bytes:
    """Return a line without what a JSON document puts before the text in it."""
    return line.rpartition(b'"')[2] if b"{" in line else line


def _clean_yaml(lines: list[bytes], start: int, end: int, token: Tokenise) -> None:
    indentation: int | None = None
    for number in range(start, end, 2):
        line = lines[number]
        if indentation is not None and line.strip() and len(line) - len(line.lstrip()) <= indentation:
            indentation = None
        if found := _YAML_MAP.fullmatch(line):
            indentation = len(found[1])
        elif indentation is not None and (value := _YAML_VALUE.fullmatch(line)):
            secret = value[2].strip()
            if secret and not secret.startswith(b"REDACTED-"):
                lines[number] = value[1] + token("secret", secret) + value[3]
