"""Takes the heads of log lines away while secrets are looked for, so that what stands on several lines is seen as it was written."""

import re
from collections.abc import Callable
from typing import Any

PATTERN = (
    rb"(?m)^(?:(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9:]{4,5})?) [A-Za-z0-9._-]+ [A-Za-z0-9._/@-]+(?:\[[0-9]+\])?: "
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]{4,5}) std(?:out|err) [FP] |\[pod/[A-Za-z0-9._/-]+\] |[A-Za-z0-9_-]+-[0-9]+ +\| )"
)
"""The head of a line of a journal, of a container's log on its node, of `kubectl logs --prefix` and of Compose."""
_LINES = re.compile(rb"\n")


def without_heads(body: bytes, redacted: Callable[[bytes], bytes], pattern: Any) -> bytes | None:
    """Return `body` redacted without the heads of its lines, which come back; None if its lines have no heads.

    `redacted` keeps the number of lines.
    """
    first = pattern.search(body[:4096])
    if not first:
        return None
    heads, texts = [], []
    for line in _LINES.split(body):
        head = pattern.match(line)
        size = head.end() if head else 0
        heads.append(line[:size])
        texts.append(line[size:])
    clean = _LINES.split(redacted(b"\n".join(texts)))
    if len(clean) != len(heads):
        return None
    return b"\n".join(head + text for head, text in zip(heads, clean, strict=True))
