"""One pass over text finds what RE2 finds line by line."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.expression import compiled, literals
from engine.match import scanner
from engine.match.scanner import MAXIMUM_FACTS, SMALL, Scanner, cut_short
from facts.model.values import Fact, Text

WORDS = st.sampled_from([b"error", b"timeout", b"Disk", b"full", b"node-1", b"\xff\xfe", b"", b"E1124 09:00", b"  "])
LINES = st.lists(st.lists(WORDS, max_size=5).map(b" ".join), max_size=30)
EXPRESSIONS = ("(?i)disk +full", "error|timeout", r"(?P<who>node-\d)", "timeout$")


def scan(texts: list[Text], expressions: Iterable[str]) -> dict[str, list[Fact]]:
    """Scan for expressions with the literals that the reader of rules finds in them."""
    scanner = Scanner({(expression, ""): literals(expression) for expression in expressions})
    return {expression: facts for (expression, _), facts in scanner.scan(texts).items()}


def _text(body: bytes, **options: object) -> Text:
    return Text(body, "t.log", attributes={"node": "n"}, **options)  # type: ignore[arg-type]


@given(LINES)
def test_no_line_that_matches_is_missed(lines: list[bytes]) -> None:
    """An expression gives facts if, and only if, it matches some line or some message of several lines."""
    found = scan([_text(b"\n".join(lines))], EXPRESSIONS)
    for expression in EXPRESSIONS:
        matching = [line for line in lines if compiled(expression).search(line.decode("utf-8", "replace"))]
        if matching:
            assert expression in found
        for fact in found.get(expression, []):
            assert compiled(expression).search(fact.text)


def test_a_hit_tells_its_line() -> None:
    """The source of a fact is file and line, counted from where the text starts in the file."""
    facts = scan([_text(b"a\nb\ndisk full\n", line=10)], ["disk full"])["disk full"]
    assert [fact.source for fact in facts] == ["t.log:12"]


def test_a_message_over_several_lines_is_one() -> None:
    """Continuation lines are joined by a blank; the line that holds the literal tells where."""
    body = b'level=error msg="no answer"\n  ip=10.0.0.1\n  error="i/o timeout"\nlevel=info msg=x\n'
    facts = scan([_text(body)], ["no answer.*i/o timeout"])["no answer.*i/o timeout"]
    assert [fact.text for fact in facts] == ['level=error msg="no answer" ip=10.0.0.1 error="i/o timeout"']


def test_two_messages_are_not_joined() -> None:
    """A line with a time stamp or level of its own does not continue the one before."""
    body = b"2026-11-24 09:00:00 no answer\n2026-11-24 09:00:01 i/o timeout\n"
    assert scan([_text(body)], ["no answer.*i/o timeout"]) == {}


def test_named_groups_become_attributes() -> None:
    """What an expression names can be joined and printed."""
    facts = scan([_text(b"peer node-7 lost\n")], [r"peer (?P<who>\S+) lost"])[r"peer (?P<who>\S+) lost"]
    assert facts[0].attributes["who"] == "node-7"
    assert facts[0].attributes["node"] == "n"


def test_repeated_lines_give_one_fact() -> None:
    """A thousand equal messages are one observation, the first."""
    facts = scan([_text(b"x\n" + b"disk full\n" * 1000)], ["disk full"])["disk full"]
    assert [fact.source for fact in facts] == ["t.log:2"]


def test_a_flood_of_different_lines_is_bounded() -> None:
    """A log in which every line differs cannot fill working memory."""
    body = b"".join(b"disk %d full\n" % number for number in range(1000))
    expression = r"disk (?P<number>\d+) full"
    assert len(scan([_text(body)], [expression])[expression]) == MAXIMUM_FACTS


def test_what_was_not_tried_any_more_is_told() -> None:
    """The coverage names the log; one that was searched to its end is not in it."""
    body = b"".join(b"disk %d full\n" % number for number in range(1000))
    few = Text(b"disk 1 full\n", "few.log")
    wanted = {(expression, ""): literals(expression) for expression in (r"disk (?P<number>\d+) full", "no such disk")}
    texts = [_text(body), few]
    (cut,) = cut_short(Scanner(wanted).scan(texts), texts)
    assert (cut.target, cut.state) == ("t.log", "partial")
    assert cut.why == "1 pattern matched 200 different lines; further lines were not tried for it"


def test_a_log_that_others_interrupt_is_one_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a number of its parts a line that was found before gives no fact; one of another source does."""
    monkeypatch.setattr(scanner, "PARTS", 2)
    parts = [_text(b"disk full\n", line=number) for number in range(1, 6)]
    other = Text(b"disk full\n", "other.log")
    sources = [fact.source for fact in scan([*parts, other], ["disk full"])["disk full"]]
    assert sources == ["t.log:1", "t.log:2", "other.log:1"]


def test_a_line_of_megabytes_is_searched_around_the_literal() -> None:
    """One endless line costs no more than the text around each hit."""
    body = b"x" * 3_000_000 + b" disk full " + b"y" * 3_000_000
    fact = scan([_text(body)], ["disk full"])["disk full"][0]
    assert "disk full" in fact.text
    assert len(fact.text) < 20_000


def test_literals_of_an_alternation_come_from_each_side() -> None:
    """A side without fixed text leaves the whole expression without."""
    assert literals("(?i)(Disk full|no space) left") == {"disk full", "no space"}
    assert literals("(disk|[a-z]+)") == frozenset()
    assert literals(r"(?:timeout)+ \d") == {"timeout"}
    assert literals("(?:timeout)? x") == {" x"}


def test_what_a_text_is_about_may_stand_anywhere_around() -> None:
    """A message that many programs print counts only in the text of the program that is meant."""
    scanner = Scanner({("deadline exceeded", "(?i)argo"): literals("deadline exceeded")})
    found = [scanner.scan([Text(body, source, attributes={"pod": pod})]) for body, source, pod in (
        (b"deadline exceeded", "t.log", ""),
        (b"starting Argo\ndeadline exceeded", "t.log", ""),
        (b"deadline exceeded", "argo.log", ""),
        (b"deadline exceeded", "t.log", "argo-server-1"),
    )]  # fmt: skip
    assert [len(each) for each in found] == [0, 1, 1, 1]


@given(LINES)
def test_short_and_long_texts_are_searched_alike(lines: list[bytes]) -> None:
    """What is found does not depend on whether literals are looked for one by one or all at once."""
    body = b"\n".join(lines)
    filler = Text(b"\n" * SMALL, "filler")
    assert scan([_text(body)], EXPRESSIONS) == scan([_text(body), filler], EXPRESSIONS)


def test_what_comes_after_ten_thousand_harmless_lines_is_found() -> None:
    """However often a literal stood in lines that match nothing, the deciding line is tried."""
    harmless = b"".join(b"time=%d disk is fine\n" % number for number in range(10_000))
    found = scan([_text(harmless + b"time=0 disk full\n")], [r"disk +(?:full|lost)"])
    assert [fact.source for fact in found[r"disk +(?:full|lost)"]] == ["t.log:10001"]


def test_a_line_without_the_other_literals_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern is run only on lines that have all of its fixed text."""
    monkeypatch.setattr(scanner, "compiled", None)
    assert scan([_text(b"failed to start\n" * 3)], ["failed to .* image: denied", "(?:failed|unable) to pull"]) == {}


def test_a_line_of_a_failure_that_is_over_gives_no_hit() -> None:
    """The same words on a line that is not over still do."""
    body = b"disk full on node-1\nall is well\ndisk full on node-2\n"
    facts = scan([_text(body, line=10, over=frozenset({1}))], [r"disk full on (?P<who>node-\d)"])
    assert [fact.source for fact in facts[r"disk full on (?P<who>node-\d)"]] == ["t.log:12"]
