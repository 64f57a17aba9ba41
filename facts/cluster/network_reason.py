"""Why a connection failed, in one word, as the operating system, Go and resolvers put it."""

import re

_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("refused", r"\brefused\b"),
        ("timeout", r"timed? ?out|deadline exceeded|no answer"),
        ("no-route", r"no route to host|network is unreachable|host is down"),
        ("reset", r"reset by peer"),
        ("dns", r"no such host|name resolution|could not resolve|name or service not known"),
    )
)


def network_reason(text: str) -> str:
    """Return refused, timeout, no-route, reset or dns, "" when `text` speaks of something else.

    >>> network_reason("dial tcp 10.0.0.1:6443: connect: no route to host")
    'no-route'
    """
    return next((reason for reason, pattern in _REASONS if pattern.search(text)), "")
