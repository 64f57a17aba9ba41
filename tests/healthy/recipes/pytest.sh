cat > test_failures.py <<'PY'
"""Tests that are named after failures, and pass."""

import socket

import pytest


def test_connection_refused_is_reported():
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.parametrize("error", ["OOMKilled", "CrashLoopBackOff", "ImagePullBackOff", "x509: certificate has expired", "i/o timeout"])
def test_error_is_shown_as_it_is(error):
    assert error in f"last error: {error}"


def test_out_of_memory_is_retried(capsys):
    print("MemoryError: retrying with half the batch")
    assert "retrying" in capsys.readouterr().out


@pytest.mark.skip(reason="no route to host in this sandbox")
def test_no_route_to_host():
    raise AssertionError


@pytest.mark.xfail(reason="DNS lookups time out: no such host", strict=True)
def test_lookup_of_missing_host():
    socket.getaddrinfo("missing.example.test", 80)
PY
/opt/tools/venv/bin/python -m pytest -v -ra -p no:cacheprovider test_failures.py
