"""Chains of reasons have the class of what decides them."""

import pytest

from facts.read.failures.reasons.chains import reason_of

CLASSES = {
    "refused": ("dial tcp 10.0.0.9:80: connect: connection refused", "dial unix /run/x.sock: connect: no such file or directory"),
    "name-not-found": ("dial tcp: lookup cart.shop on 10.0.0.10:53: no such host", 'psql: could not translate host name "cart" to address: Name or service not known'),
    "name-failed": ("lookup cart.shop on 10.0.0.10:53: server misbehaving", "lookup cart.shop on 10.0.0.10:53: read udp 10.0.0.2:4->10.0.0.10:53: i/o timeout",
                    "cart could not be resolved (110: Operation timed out)"),
    "address-in-use": ("listen tcp :80: bind: address already in use", "listen EADDRINUSE: address already in use :::80"),
    "address-not-available": ("listen tcp 10.0.0.9:80: bind: cannot assign requested address",),
    "missing-command": ('exec: "serve": executable file not found in $PATH: unknown', "spawn serve ENOENT", "fork/exec /opt/serve: no such file or directory"),
    "wrong-architecture": ("fork/exec /opt/serve: exec format error",),
    "untrusted": ('x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure")', "PKIX path building failed: y"),
    "name-mismatch": ("x509: certificate is valid for cart, not carts",),
    "expired": ("x509: certificate has expired or is not yet valid: current time 2026-03-02T00:00:00Z is after 2026-03-01T00:00:00Z",),
    "not-yet-valid": ("x509: certificate has expired or is not yet valid: current time 2026-03-01T00:00:00Z is before 2026-03-02T00:00:00Z",),
    "protocol-mismatch": ("http: server gave HTTP response to HTTPS client",),
    "permission-denied": ("open /x: permission denied: unknown", "[Errno 13] Permission denied: '/x'"),
    "forbidden": ('pods is forbidden: User "cart" cannot list resource "pods" in API group ""',),
    "quota-exceeded": ('pods "cart" is forbidden: exceeded quota: shop, requested: cpu=1',),
    "policy-denied": ('admission webhook "check.shop" denied the request: no label',),
    "unauthenticated": ("Permission denied (publickey).", 'FATAL: password authentication failed for user "cart"'),
    "limit-reached": ("failed to create fsnotify watcher: too many open files", "inotify_add_watch /x: no space left on device"),
    "no-space": ("write /x: no space left on device",),
    "no-capacity": ("0/3 nodes are available: 3 Insufficient cpu.",),
    "no-leader": ("etcdserver: no leader",),
    "timeout": ("context deadline exceeded", "rpc error: code = DeadlineExceeded desc = x"),
    "closed": ("error reading from server: EOF", "write tcp: broken pipe"),
    "locked": ("database is locked", 'lock file "postmaster.pid" already exists'),
    "parse-error": ("yaml: line 4: mapping values are not allowed in this context",),
    "unknown-flag": ("unknown flag: --colour",),
    "missing-library": ("error while loading shared libraries: libcart.so: cannot open shared object file: No such file or directory",),
    "missing-module": ("ModuleNotFoundError: No module named 'cart'",),
    "rate-limited": ("unexpected status code https://x/v2/: 429 Too Many Requests",),
    "not-found": ("no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config", "open /x: no such file or directory"),
    "unsupported": ("rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService",),
    "killed": ("signal: killed",),
    "cancelled": ("context canceled",),
}  # fmt: skip


@pytest.mark.parametrize(("error", "chain"), [(error, chain) for error, chains in CLASSES.items() for chain in chains])
def test_chain_has_a_class(error: str, chain: str) -> None:
    """The rightmost text that proves a class decides, but for sentences that mean another as a whole."""
    reason = reason_of(chain)
    assert reason is not None
    assert reason.error.value == error


@pytest.mark.parametrize(
    "chain",
    ["hello", "skilled workers", "--on-timeout=1", "timeouts.go", "the locker", "https://x/not-found?error=timeout"],
)
def test_parts_of_words_prove_nothing(chain: str) -> None:
    """A text counts between word boundaries only, and not in options, files and addresses."""
    assert reason_of(chain) is None


def test_errno_is_the_code() -> None:
    """The number that proves the class is kept."""
    reason = reason_of("connect() failed (111: Connection refused)")
    assert reason is not None
    assert (reason.error.value, reason.code) == ("refused", "111")
