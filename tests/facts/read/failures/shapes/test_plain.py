"""Lines without a level are failures only when their form shows it."""

import pytest

from facts.read.failures import read_failures


@pytest.mark.parametrize(
    "line",
    [
        "If you see 'connection refused', check that the server runs.",
        "The error `permission denied` means that the user may not read the file.",
        "# open /x: permission denied",
        "- dial tcp 10.0.0.1:80: connect: connection refused",
        "| `no such host` | the name is wrong |",
        "fix: handle connection refused in the client",
        "    failed to open /x: permission denied",
        "--stop-writes-on-bgsave-error yes",
        "errors=0 failures=0",
        '10.0.0.1 - - [01/Mar/2026:09:10:11 +0000] "GET /error/not-found HTTP/1.1" 404 12',
        "title: What to do when the disk is full",
        "def failed(): raise PermissionError('permission denied')",
        "tests/test_a.py::test_connection_refused PASSED",
    ],
)
def test_prose_and_settings_are_no_failures(line: str) -> None:
    """What mentions an error does not state one."""
    assert read_failures(f"{line}\n".encode()) == ()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Error: no such file or directory: /x", "not-found"),
        ("cat: /x: No such file or directory", "not-found"),
        ("sh: 1: serve: not found", "missing-command"),
        ("curl: (7) Failed to connect to cart port 80: Connection refused", "refused"),
        ("dial tcp 10.0.0.1:80: connect: connection refused", "refused"),
        ("Failed to open /x: permission denied", "permission-denied"),
        ("The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?", "refused"),
        ("The number of VMs exceeds the system limit", "limit-reached"),
        ("Error response from daemon: Conflict. The container name is already in use by x", "address-in-use"),
        ("redis.exceptions.ConnectionError: Error 111 connecting to cart:6379. Connection refused.", "refused"),
    ],
)
def test_last_words_are_failures(line: str, error: str) -> None:
    """What programs and tools print when they give up is read without a level."""
    assert [failure.error.value for failure in read_failures(f"{line}\n".encode())] == [error]
