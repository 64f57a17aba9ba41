"""How an SSH connection ended, in the words of the OpenSSH client."""

import re

_AUTHENTICATED = re.compile(r"^(?:debug1: )?Authenticat(?:ed to|ion succeeded)", re.MULTILINE)
_NO_LOGIN = 255
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.MULTILINE))
    for reason, pattern in (
        ("hostkey-changed", r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed"),
        ("hostkey-unknown", r"Host key verification failed|No \S+ host key is known"),
        ("too-many-failures", r"Too many authentication failures"),
        ("no-key", r"(?s:no such identity: .*Permission denied)|(?s:Identity file \S+ not accessible.*Permission denied)"),
        ("auth", r"Permission denied \(|Permission denied, please try again|[Aa]uthentication failed"),
        ("sudo-denied", r"sudo: (?:a password is required|a terminal is required|no tty present)|is not in the sudoers file"),
        ("dns", r"Could not resolve hostname|Name or service not known|nodename nor servname"),
        ("refused", r"Connection refused"),
        ("timeout", r"(?:Connection|Operation) timed out|timed out during banner exchange|Timeout, server"),
        ("no-route", r"No route to host|Network is unreachable|Host is down"),
        ("reset", r"[Cc]onnection reset"),
        ("closed", r"Connection closed by|kex_exchange_identification|ssh_exchange_identification|Broken pipe"),
    )
)  # fmt: skip

_MORE = ("auth", "no-key", "closed", "other")
"""Reasons for which ssh says elsewhere what lies behind them."""


def ending_of(text: str, exit_status: str) -> tuple[str, str, str] | None:
    """Return state and reason of a connection, as in the `ssh` fact, and the line that proves them.

    `text` is what ssh printed, `exit_status` its exit status or "". None when they do not tell.
    """
    found = next(((name, match) for name, pattern in _REASONS if (match := pattern.search(text))), None)
    passed = bool(_AUTHENTICATED.search(text)) or (exit_status.isdecimal() and int(exit_status) != _NO_LOGIN)
    if passed and not (found and found[0] == "sudo-denied"):
        return "ok", "", "connected"
    if found:
        return "failed", found[0], _line_of(text, found[1].start())
    if exit_status == str(_NO_LOGIN):
        return "failed", "other", _line_of(text, 0)
    return None


def untold(text: str, exit_status: str) -> str:
    """Return the lines of `text` that say more than the `ssh` fact does: why a key was not taken, a bad setting."""
    state, reason, proof = ending_of(text, exit_status) or ("", "", "")
    if state == "failed" and reason not in _MORE:
        return ""
    return "\n".join(line for line in text.splitlines() if line.strip() != proof)


def _line_of(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    return text[start:].partition("\n")[0].strip()
