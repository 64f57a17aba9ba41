"""Traces tell the chain of causes, whatever the language."""

import pytest

from facts.read.failures import read_failures

TRACES = {
    "Python, chained": (
        ('Traceback (most recent call last):\n  File "a.py", line 1, in connect\n    s.connect()\nConnectionRefusedError: [Errno 111] Connection refused\n\n'
        'During handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "a.py", line 4, in <module>\n    main()\nRuntimeError: no database'),
        "refused",
    ),
    "Python, a missing setting": ("Traceback (most recent call last):\n  File \"a.py\", line 1\n    x\nKeyError: 'CART_URL'", "missing-config"),
    "Java, the deepest cause": (
        'Exception in thread "main" java.lang.RuntimeException: boom\n\tat a.B.c(B.java:1)\nCaused by: java.net.ConnectException: Connection refused\n\tat d.E(F.java:2)\n\t... 4 more', "refused",
    ),
    "Java below a log line": ("2026-03-01 09:10:11 ERROR [main] c.Cart - start failed\njava.net.UnknownHostException: cart-db\n\tat a.B(C.java:1)", "name-not-found"),
    "Rust": ("thread 'main' panicked at src/main.rs:4:9:\ncalled `Result::unwrap()` on an `Err` value: Os { code: 13, kind: PermissionDenied, message: \"Permission denied\" }", "permission-denied"),
    "Rust, anyhow": ("Error: cannot start\n\nCaused by:\n    0: cannot read settings\n    1: No such file or directory (os error 2)", "not-found"),
    "Go": ("panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/main.go:5 +0x1d", "crashed"),
    "Node.js": ("Error: Cannot find module 'cart'\nRequire stack:\n- /app/a.js\n    at Module._load (node:internal:1)\n  code: 'MODULE_NOT_FOUND'", "missing-module"),
    "Ruby": ("/app/a.rb:8:in `connect': Connection refused - connect(2) for 127.0.0.1:6379 (Errno::ECONNREFUSED)\n\tfrom /app/a.rb:2:in `<main>'", "refused"),
    "PHP": ("PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/a.php:3\nStack trace:\n#0 /app/a.php(3): PDO->__construct()", "refused"),
    "Spring": (
        "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nFailed to configure a DataSource: 'url' attribute is not specified\n\nReason: none\n\n\nAction:\n\nConsider this",
        "missing-config",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACES)
def test_trace_has_the_class_of_its_cause(name: str) -> None:
    """One trace is one failure."""
    text, error = TRACES[name]
    assert [failure.error.value for failure in read_failures(f"{text}\n".encode())] == [error]
