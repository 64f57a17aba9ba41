"""What mentions failures and reports none is no evidence; what reports one stays evidence, whatever surrounds it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.read.prose.documents import is_documentation, is_mostly_records
from facts.read.prose.prose import without_prose
from tests.facts.reading import coverage, logs, read

PROSE = Path(__file__).parents[3] / "healthy" / "prose"

GUIDE = """# When the API server does not answer

Look at its container first. If the log says `connection refused`, etcd is down; if it says `certificate has expired`, renew it.

```console
$ kubectl get pods -n kube-system
Unable to connect to the server: x509: certificate has expired or is not yet valid
```

You can renew all certificates with kubeadm. See the installation guide of your distribution.
"""
REPORT = """## Checkout is down

Since the release of this morning the checkout does not start, and its Pods end with an error at once.

```
2026-06-12T08:00:01.101Z ERROR cannot reach the database: dial tcp 10.0.0.5:5432: connect: connection refused
2026-06-12T08:00:06.104Z ERROR cannot reach the database: dial tcp 10.0.0.5:5432: connect: connection refused
2026-06-12T08:00:11.107Z FATAL giving up after three tries
```

The database itself runs, and other applications of the same namespace reach it without any trouble.
Nobody changed its password or its address, as far as the team knows.
"""
GO_TESTS = """=== RUN   TestDial
    dial_test.go:41: dial tcp 127.0.0.1:1: connect: connection refused (expected)
--- PASS: TestDial (0.00s)
PASS
ok  \texample.test/dial\t0.210s
"""
COMMIT = """commit 3f2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b
Author: A Developer <dev@example.test>
Date:   Mon Nov 3 10:00:00 2025 +0100

    Retry when the registry answers "manifest unknown"

 internal/pull.go | 12 ++++++------
"""
DIFF = """diff --git a/dial.go b/dial.go
index 3f2a9c1..9b1c2d3 100644
--- a/dial.go
+++ b/dial.go
@@ -40,3 +40,3 @@ func Dial() {
-\tlog.Fatalf("connection refused")
+\treturn err
"""
RULES = """groups:
- name: pods
  rules:
  - alert: ContainerOOMKilled
    expr: kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1
"""
HELP = """Flags:
      --kubeconfig string   path to the file; without it "connection refused" is all you see
      --timeout duration    how long to wait until "context deadline exceeded"
  -h, --help                help for the command
"""
E2E = """Running Suite: Kubernetes e2e suite - /src/test/e2e
[sig-scheduling] validates that NodeSelector is respected
  Jan 30 07:47:31.002: INFO: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.
Ran 6 of 7207 Specs in 131.410 seconds
SUCCESS! -- 6 Passed | 0 Failed | 0 Pending | 7201 Skipped
"""
MAVEN = """[INFO] Running com.acme.error.HeapTest
10:01:02.118 [main] ERROR com.acme.error.Reporter - java.lang.OutOfMemoryError: Java heap space (simulated)
[INFO] Tests run: 6, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.41 s -- in com.acme.error.HeapTest
"""
PLAYBOOK = """fatal: [w2]: FAILED! => {"changed": false, "cmd": "systemctl is-active kubelet", "rc": 3, "stdout": "inactive"}
...ignoring
"""
OVER = """# Post-mortem: checkout away for 18 minutes

**Status:** resolved

At 16:13 the nodes went NotReady ("PLEG is not healthy").
"""


STEPS = """\
Runbook: certificates

1. Symptom: x509: certificate has expired or is not yet valid. Look at the clock, then renew.
2. Symptom: no space left on device. Look for images that nobody uses.
"""

CHAT = """\
[Tue 09:01] ana: cart is in CrashLoopBackOff on dev
[Tue 09:02] ben: since when?
[Tue 09:04] ana: since I removed DB_URL from the values, it says "DB_URL is not set"
[Tue 09:09] ana: put it back
[Tue 09:11] ben: resolved then, I close the ticket
"""
TALK = """10:02 ida: checkout is down, "Failed to pull image: 401 Unauthorized" everywhere
10:05 tom: the robot account of the registry was renewed, take the new pull secret
10:11 ida: applied, restarted, works now
10:12 tom: fine, closing this
"""
CLOSED = """# Ingress answers 503 (#17)

**Closed as resolved**

> `upstream connect error: connection refused`

> The Service had the wrong port. That fixed it, thank you.
"""
ADVICE = "If the Pods stay in ImagePullBackOff, check the pull secret first.\n"
TEMPLATE = 'env:\n{{- if .Values.tls }}\n  - name: {{ required "no CA: x509: certificate signed by unknown authority" .Values.ca }}\n{{- end }}\n'
RUNBOOK = """# Runbook for the night

| message | do |
|---|---|
| `no space left on device` | clean /var/log |

    $ kubectl get pods
    NAME   READY   STATUS             RESTARTS   AGE
    cart   0/1     CrashLoopBackOff   7          14m
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (STEPS, "documentation"),
        (CHAT, "conversation about trouble that is over"),
        (
            CHAT.replace("resolved then, I close the ticket", "✅ solved, thanks"),
            "conversation about trouble that is over",
        ),
        (TALK, "conversation about trouble that is over"),
        (CLOSED, "conversation about trouble that is over"),
        (ADVICE, "documentation"),
        (RUNBOOK, "documentation"),
        (TEMPLATE, "template of a chart"),
        (E2E, "end-to-end tests"),
        (MAVEN, "unit tests"),
        (PLAYBOOK, "run of a playbook"),
        (OVER, "report of an incident that is over"),
        (GUIDE, "documentation"),
        (GO_TESTS, "unit tests"),
        (COMMIT, "commit log"),
        (DIFF, "changes of code"),
        (RULES, "alert rules"),
        (HELP.partition("\n")[2], "options of a program"),
    ],
)
def test_prose_is_no_evidence(text: str, kind: str) -> None:
    """Nothing of it is a log, and the coverage says what it is."""
    snapshot = read(text)
    assert logs(snapshot) == []
    assert [one.why for one in snapshot.coverage] == [f"not evidence: prose ({kind})"]
    assert coverage(snapshot) == [("evidence", "stdin", "skipped")]


@pytest.mark.parametrize(
    "name",
    ["changelog.md", "client.go", "commits.txt", "explain_exit_codes.py", "faq-images.md", "grafana-dashboard.json",
     "guide-crashloop.md", "jest-output.txt", "logging-guide.txt", "postmortem.md", "runbook-etcd.md", "review.diff"],
)  # fmt: skip
def test_documents_of_the_healthy_corpus_are_prose(name: str) -> None:
    """Guides, runbooks, questions and answers, change logs, source code, dashboards and the output of tests."""
    text, kinds = without_prose((PROSE / name).read_bytes())
    assert (text.strip(), len(kinds)) == (b"", 1)


def test_a_report_keeps_its_log_and_loses_its_sentences() -> None:
    """What stands between fences is the log; the sentences around it are not its lines."""
    (log,) = logs(read(REPORT))
    assert b"connection refused" in log.body
    assert b"other applications" not in log.body
    assert b"Since the release" not in log.body


@pytest.mark.parametrize("around", [GO_TESTS, COMMIT, DIFF])
def test_lines_around_a_block_keep_their_numbers(around: str) -> None:
    """A log below a block is read, and its lines are counted as they stand in the file."""
    line = "2026-06-12T08:00:01Z ERROR dial tcp 10.0.0.5:5432: connect: connection refused\n"
    (log,) = logs(read(f"{around}{line}"))
    blank = len(log.body) - len(log.body.lstrip())
    assert (log.line + blank, log.body.decode().lstrip()) == (around.count("\n") + 1, line)


@pytest.mark.parametrize(
    "text",
    [
        CHAT.replace("resolved then, I close the ticket", "not resolved yet"),
        CHAT.rpartition("[Tue 09:11]")[0],
        TALK.replace("works now", "no change").replace("fine, closing this", "still the same"),
        TALK + "10:15 ida: wait, web-1 is in ImagePullBackOff again\n",
        ADVICE + "E0612 10:00:00.000000 1 a.go:1] no space left on device\n",
        "com.example.LockedException: The schema is locked by another run\nIf you are sure that it has ended, run unlock first.\n",
        "Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n",
        "Describe the bug\n\n## What happened?\n\nMy node is not ready since the reboot, and the kubelet says this:\n\n```\ncni plugin not initialized\n```\n",
        "Unfortunately, an error has occurred:\n\ttimed out waiting for the condition\n\nThis error is likely caused by:\n\t- The kubelet is not running\n",
        "*** Starting uWSGI 2.0.21 ***\n*** WARNING: you are running uWSGI as root !!! ***\nbind(): Permission denied [core/socket.c line 230]\n",
        "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n",
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\n    import yaml\nModuleNotFoundError: No module named 'yaml'\n",
        "# kubectl get pods\nNo resources found\n# kubectl get nodes\nThe connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n",
    ],
)
def test_what_tools_and_people_report_is_evidence(text: str) -> None:
    """Messages of several sentences, reports in the first person, error pages, tracebacks, sessions of root."""
    assert without_prose(text.encode()) == (text.encode(), ())


def test_hexadecimal_times_are_no_commits() -> None:
    """The commits of a log differ; a server that prints the time in hexadecimal repeats it."""
    lines = "6923a1b2 daemon: starting\n6923a1b2 daemon: cannot listen: address in use\n6923a1b2 daemon stopped\n"
    assert len(logs(read(lines))) == 1
    commits = "6923a1b2 Fix the listener\n6923a1c7 Refuse an address in use\n71cc0d15 Stop the daemon\n"
    assert logs(read(commits)) == []


LINES = (
    "2026-06-12T08:00:01Z INFO checkout started",
    "2026-06-12 08:00:01 WARN **slow** answer, see [the guide](https://shop.example/slow)",
    "E0612 08:00:01.000000       1 main.go:7] connection refused",
    "  2026-06-12T08:00:02Z indented",
    "# When the server does not answer",
    "Look at its container first and then at the log of it.",
    "- **Restart** it, or see [the page](./restart).",
    "```",
    "====",
    "plain",
    "",
)


@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(1, 12)), max_size=8))
def test_a_text_of_records_is_never_documentation(parts: list[tuple[str, int]]) -> None:
    """The quick look agrees with the thorough one wherever it decides."""
    text = "\n".join(line for line, times in parts for _ in range(times)).encode()
    assert not (is_mostly_records(text) and is_documentation(text))


def test_tests_in_the_log_of_a_job_are_no_evidence() -> None:
    """The log of a Pod may be what a run of tests prints; its start says so, not its path."""
    text, kinds = without_prose(b"2026-06-12T08:00:01Z starting\n" * 5 + GO_TESTS.encode())
    assert kinds == ("unit tests",)
    assert b"refused" not in text
