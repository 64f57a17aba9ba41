"""Collectors and rules meet through typed reasons: each reason for which a look fails is explained by a rule."""

from collections.abc import Iterator

import pytest

from engine.language.condition import Pattern, branches
from facts.cluster.ssh_outcome import ending_of
from facts.model.reason import Reason
from kb.catalogue.catalogue import load_catalogue
from kb.live.unobserved import ADVICE

UNEXPLAINED = {
    Reason.EXPIRED: "a list whose page expired twice is shorter, which its coverage tells",
    Reason.NO_ADDRESS: "a machine whose address nobody knows is a gap, not a fault",
    Reason.INTERRUPTED: "the user did it",
    Reason.OTHER: "nobody knows what it is",
}
"""Reasons that need no rule, and why."""
OF_A_SERVER = [
    reason
    for reason in Reason
    if reason
    not in {
        *UNEXPLAINED, Reason.NOT_FOUND, Reason.AUTH, Reason.HOSTKEY_CHANGED, Reason.HOSTKEY_UNKNOWN, Reason.NO_KEY,
        Reason.TOO_MANY_FAILURES, Reason.SUDO_DENIED, Reason.CLOSED,
    }
]  # fmt: skip


def _patterns() -> Iterator[tuple[str, Pattern]]:
    for rule in load_catalogue().rules:
        for way in branches(rule.when):
            yield from (
                (rule.id, pattern) for pattern in way.positive if pattern.kind in ("collector", "denied", "ssh")
            )


@pytest.fixture(scope="module")
def explained() -> dict[str, set[str]]:
    """Give the reasons that rules ask for, each with the ids of the rules."""
    found: dict[str, set[str]] = {}
    for identity, pattern in _patterns():
        if pattern.kind == "denied":
            found.setdefault(Reason.FORBIDDEN, set()).add(identity)
        for test in pattern.tests:
            if test.attribute == "reason" and test.operator in ("eq", "in"):
                for value in test.value if isinstance(test.value, tuple) else (test.value,):
                    found.setdefault(str(value), set()).add(identity)
    return found


@pytest.mark.parametrize("reason", [each for each in Reason if each not in UNEXPLAINED])
def test_each_reason_has_a_rule(explained: dict[str, set[str]], reason: Reason) -> None:
    """A word that a collector says and no rule knows would be a failure without a cause."""
    assert explained.get(reason.value)


@pytest.mark.parametrize("reason", UNEXPLAINED)
def test_what_needs_no_rule_has_none(explained: dict[str, set[str]], reason: Reason) -> None:
    """A reason that a rule explains is no exception any more."""
    assert explained.get(reason.value) is None


@pytest.mark.parametrize("reason", OF_A_SERVER)
def test_each_reason_of_a_server_has_an_advice(reason: Reason) -> None:
    """Standard error says what to do for each reason for which an API server gives nothing."""
    assert ADVICE[reason]


@pytest.mark.parametrize(
    "words",
    [
        "connect to host w1 port 22: Connection refused", "connect to host w1 port 22: Connection timed out",
        "connect to host w1 port 22: No route to host", "Could not resolve hostname w1", "Host key verification failed.",
        "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!", "Received disconnect: Too many authentication failures",
        "me@w1: Permission denied (publickey).", "kex_exchange_identification: Connection closed by remote host",
        "Connection reset by peer",
    ],
)  # fmt: skip
def test_what_ssh_says_becomes_a_typed_reason(explained: dict[str, set[str]], words: str) -> None:
    """The words of the SSH client end in one of the reasons, which a rule explains."""
    state, reason, _ = ending_of(words, "255") or ("", "", "")
    assert state == "failed"
    assert reason in set(Reason)
    assert explained.get(reason)


def test_no_rule_reads_the_words_of_a_collector() -> None:
    """What kbdiag itself words may be worded anew; `why` is matched nowhere, and bound only to be shown."""
    wrong = [
        identity
        for identity, pattern in _patterns()
        if pattern.kind == "collector" and any(test.attribute == "why" for test in pattern.tests)
    ]
    assert sorted(set(wrong)) == []
