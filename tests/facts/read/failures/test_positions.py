"""Where failures stand tells how much they weigh."""

import pytest

from facts.model.failure import Failure, Hints, Level
from facts.read.failures import read_failures, read_text, settled

LOST = b"cart: failed to read /etc/cart.conf: permission denied\n"


def test_last_error_before_an_exit_is_the_last_word() -> None:
    """The line of systemd about the exit makes the error above it the last word."""
    text = LOST + b"Mar 01 09:10:11 n systemd[1]: cart.service: Main process exited, code=exited, status=1/FAILURE\n"
    assert [failure.last for failure in read_failures(text)] == [True, True]


def test_end_of_text_is_an_end_only_when_known() -> None:
    """A log that was cut says nothing of the process."""
    assert [failure.last for failure in read_failures(LOST)] == [False]
    assert [failure.last for failure in read_failures(LOST, Hints(ends=True))] == [True]


def test_weak_reason_is_not_the_last_word_beside_a_strong_one() -> None:
    """The reason is the last word, not the exit status that follows from it."""
    failures = read_failures(LOST + b"error: exited with code 1 unexpectedly\n", Hints(ends=True))
    assert [failure.last for failure in failures] == [True, False]


def test_start_that_succeeds_ends_a_failure() -> None:
    """What was said before a program was ready is over."""
    text = b'2026-03-01 09:10:11 UTC [9] ERROR:  could not open file "x": No such file or directory\n'
    ready = b"2026-03-01 09:10:12 UTC [1] LOG:  database system is ready to accept connections\n"
    assert [failure.state for failure in read_failures(text + ready)] == ["recovered"]
    assert [failure.state for failure in read_failures(ready + text)] == [""]


def test_connection_ends_only_failures_to_the_same_peer() -> None:
    """A connection to one server says nothing of another."""
    text = b"ERROR connect to db-1:5432: connection refused\nERROR connect to db-2:5432: connection refused\nINFO connected to db-1\n"
    assert [failure.state for failure in read_failures(text)] == ["recovered", ""]


def test_hints_fill_what_a_line_does_not_tell() -> None:
    """Component and node of the text hold for lines that name none."""
    (failure,) = read_failures(LOST.replace(b"cart: ", b""), Hints(component="cart", node="n1"))
    assert (failure.component, failure.node) == ("cart", "n1")


def test_message_has_the_level_of_its_text() -> None:
    """A message of a Warning event is a failure though it states no level."""
    message = b"Container image tag cart:9 is missing in the registry"
    assert read_failures(message) == ()
    assert [failure.level.value for failure in read_failures(message, Hints(level=Level.ERROR))] == ["error"]


def test_count_of_an_event_is_kept() -> None:
    """The text's own count is the count."""
    text = b'Warning  FailedMount  1s (x12 over 9m)  kubelet  MountVolume.SetUp failed for volume "v" : secret "cart" not found\n'
    assert [failure.count for failure in read_failures(text)] == [12]


def test_an_nfs_server_that_answers_again_ends_its_own_failure() -> None:
    """The kernel says OK of each server."""
    text = (
        "[ 812.1] nfs: server 10.0.0.20 not responding, still trying\n"
        "[ 812.2] nfs: server 10.0.0.21 not responding, still trying\n"
        "[ 815.4] nfs: server 10.0.0.20 OK\n"
    )
    found = read_failures(text.encode())
    assert [(failure.peer, failure.state) for failure in found] == [("10.0.0.20", "recovered"), ("10.0.0.21", "")]


def test_a_plugin_that_was_aborted_gives_way_to_the_error_above_it() -> None:
    """InnoDB says why it cannot start, and then that it was aborted: no crash, and no reason."""
    text = (
        b"2026-03-01T09:10:11.163387Z 0 [ERROR] InnoDB: Unable to create temporary file; errno: 13\n"
        b"2026-03-01T09:10:11.163396Z 0 [ERROR] InnoDB: Plugin initialization aborted with error Generic error\n"
        b"2026-03-01T09:10:11.163411Z 0 [ERROR] Aborting\n"
    )
    (failure,) = read_failures(text)
    assert (failure.error.value, failure.level, failure.last) == ("permission-denied", Level.FATAL, True)


LATER = b"I0302 09:10:00.000000 1 sync.go:4] synced\nI0302 09:20:00.000000 1 sync.go:4] synced\nI0302 09:30:00.000000 1 sync.go:4] synced\n"
FAILED = b'E0302 08:00:00.000000 1 a.go:1] "Failed to watch" err="dial tcp 10.0.0.1:80: connect: connection refused"\n'


def _settled(text: bytes) -> tuple[tuple[Failure, ...], frozenset[int]]:
    told = read_text(text)
    return settled(told, told.recoveries)


def test_what_is_never_said_again_in_a_log_that_goes_on_is_over() -> None:
    """An hour of work without a failure shows that the trouble at the start is history."""
    (failure,), over = _settled(FAILED + LATER)
    assert (failure.state, over) == ("recovered", frozenset({1}))


@pytest.mark.parametrize(
    "text",
    [
        FAILED + LATER.splitlines(keepends=True)[0],  # too few lines to tell
        FAILED + LATER.replace(b"09:", b"08:").replace(b"08:30", b"08:25"),  # too short a time
        FAILED + LATER + FAILED.replace(b"08:00", b"09:31"),  # it comes back
        FAILED.replace(b"E0302 08:00:00.000000", b"2026-03-02T08:00:00Z ERROR") + LATER,  # clocks that do not compare
    ],
)
def test_what_may_go_on_is_not_over(text: bytes) -> None:
    """Without a long quiet end nothing is over."""
    assert {failure.state for failure in read_failures(text)} <= {"", "retried"}


def test_the_log_of_an_instance_that_ended_is_not_over() -> None:
    """What the instance before said last, it said before it ended, however long it had worked."""
    (failure,) = read_failures(FAILED + LATER, Hints(ends=True))
    assert failure.state == ""


def test_lines_that_only_mention_trouble_are_over_with_it() -> None:
    """No rule finds the warning or the information of the old trouble either."""
    mention = b'I0302 07:59:59.000000 1 prober.go:121] "Probe failed" output="HTTP probe failed with statuscode: 500"\n'
    _, over = _settled(mention + FAILED + LATER)
    assert over == {1, 2}


def test_trouble_before_a_quiet_time_is_over_when_another_trouble_comes() -> None:
    """Half an hour of work parts them; how often each is said is counted anew."""
    work = b"".join(
        LATER.splitlines(keepends=True)[0].replace(b"09:10", each) for each in (b"08:01", b"08:20", b"08:40", b"08:50")
    )
    other = FAILED.replace(b"08:00", b"09:31").replace(b"10.0.0.1", b"10.0.0.2")
    assert [failure.state for failure in read_failures(FAILED + work + other)] == ["recovered", ""]
    again = FAILED.replace(b"08:00", b"09:31")
    assert [failure.count for failure in read_failures(FAILED * 7 + work + again)] == [1]


def test_a_warning_that_is_not_repeated_is_over_whatever_else_fails() -> None:
    """All lines of its record are; what is said again at the end is not."""
    warning = b'W0302 08:00:00.000000 1 a.go:1] "slow: it timed out"\n'
    failing = b"".join(FAILED.replace(b"08:00", b"08:%02d" % minute) for minute in range(10, 60, 10))
    assert _settled(warning + failing)[1] == {1}
    assert _settled(warning + failing + warning.replace(b"08:00", b"08:51"))[1] == set()


# What healthy programs print gives no failure; a rule that knows the wording reads the line all the same.
LEASE = b"""
W0302 08:00:00.000000 1 leaderelection.go:332] error retrieving resource lock kube-system/x: connection refused
I0302 08:00:09.000000 1 leaderelection.go:260] successfully acquired lease kube-system/x
""".lstrip()
XDS = b"""
2026-03-02T08:00:00.000000Z\twarning\tenvoy config\tStreamAggregatedResources gRPC config stream closed: 14, no healthy upstream
2026-03-02T08:00:01.000000Z\twarn\tenvoy main\tsome other trouble: it failed
2026-03-02T08:00:02.000000Z\tinfo\txdsproxy\tconnected to upstream XDS server: istiod.istio-system.svc:15012
""".lstrip()


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (LEASE, {1}),
        (XDS, {1}),
        (  # another program of the same journal
            b"Mar  2 08:00:00 w1 dhclient[1]: warning: timed out\nMar  2 08:00:01 w1 mysqld[2]: ready for connections\n",
            set(),
        ),
    ],
)
def test_a_program_that_works_again_ends_what_it_mentioned(text: bytes, over: set[int]) -> None:
    """Success ends the lines of its own program, and where it names a matter, of this matter only."""
    assert _settled(text)[1] == over
