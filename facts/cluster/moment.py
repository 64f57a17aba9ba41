"""Moments as Kubernetes writes them (RFC 3339), as seconds since the epoch."""

from datetime import UTC, datetime


def seconds_of(moment: str | None) -> float | None:
    """Return the seconds since the epoch of an RFC 3339 `moment`, or None if it is missing or malformed.

    >>> seconds_of("1970-01-01T00:01:00Z")
    60.0
    """
    if not moment or len(moment) < 19:
        return None
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
