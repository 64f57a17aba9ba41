"""Moments as Kubernetes writes them (RFC 3339) as seconds since the epoch, and ages as kubectl prints them as seconds."""

import re
from datetime import UTC, datetime

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0}
_PART = re.compile(r"(\d+)([smhdwy])")


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


def written(moment: datetime) -> str:
    """Return `moment`, which knows its time zone, as Kubernetes writes it.

    >>> written(datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
    '1970-01-01T00:01:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def written_seconds(seconds: float | None) -> str | None:
    """Return the moment `seconds` after the epoch as Kubernetes writes it; None for None, and for what no calendar holds.

    >>> written_seconds(60.0)
    '1970-01-01T00:01:00Z'
    """
    try:
        return None if seconds is None else written(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def seconds_of_age(age: str) -> float | None:
    """Return the seconds of an age as kubectl prints it (duration.HumanDuration); None when it is not one.

    >>> seconds_of_age("5m10s"), seconds_of_age("63m (x5 over 70m)"), seconds_of_age("<unknown>")
    (310.0, 3780.0, None)
    """
    shown = re.match(r"(?:\d{1,9}[smhdwy])+(?=\s|$)", age.strip())
    return sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(shown[0])) if shown else None
