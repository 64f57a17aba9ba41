"""Blocks of a text that are no evidence and that their own lines bound: tests, commits, changes, rules, options."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import re2


class Block(msgspec.Struct, frozen=True):
    """A kind of block: `opens` matches its first line, `goes_on` every further one, `closes` its last one.

    Without `closes` a block ends before the first line that does not go on; with it, at the last line that closes. `least`
    is how many lines a block has at least. In a block with `distinct` no two lines begin with the same word: the commits of
    a log differ, the hexadecimal times that a server stamps its lines with do not.
    """

    name: str
    opens: str
    goes_on: str = ""
    closes: str = ""
    least: int = 1
    distinct: bool = False


_FLAG = r"[ \t]{1,8}(?:-\w, +|-\w +, +)?--[a-z][\w.-]*(?:[= ]\S+)?(?: {2,}|\t)\S"

BLOCKS = (
    Block("unit tests", r"=== RUN +\S|--- (?:PASS|FAIL|SKIP): ", closes=r"[ \t]*(?:=== |--- )|PASS$|FAIL\b|ok +\t?\S|\?\s+\S+"),
    Block("unit tests", r"=+ test session starts =+$", closes=r"=+ .*(?:passed|failed|errors?|skipped|no tests ran).* in [\d.]+s.*=+$"),
    Block("unit tests", r"\S+\.py::\S.* (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b", r"\S+\.py::\S.* [A-Z]+\b"),
    Block("unit tests", r"(?:PASS|FAIL)[ \t]+\S+\.(?:test|spec)\.\w+", closes=r"Ran all test suites|Time: +[\d.]+ ?s|Tests: +\d"),
    Block("end-to-end tests", r"Running Suite: \S", closes=r"(?:Ran \d+ of \d+ Specs|(?:SUCCESS|FAIL)! -- \d+ Passed|PASS$|FAIL$|Test Suite (?:Passed|Failed)$|Ginkgo ran )"),
    Block("unit tests", r"(?:\[INFO\] )?Running (?:[a-z]\w*\.)+[A-Z]\w*$", closes=r"(?:\[\w+\] )?Tests run: \d+, Failures: \d+"),
    Block("run of a playbook", r"fatal: \[[^\]\n]+\]: FAILED! => [^\n]*\n\.\.\.ignoring$", r"\.\.\.ignoring"),
    Block("unit tests", r"running \d+ tests?$", closes=r"test result: "),
    Block("unit tests", r"[ \t]*(?:\[INFO\] +)?T E S T S$", closes=r".*Tests run: \d+"),
    Block("unit tests", r"(?:TAP version \d+|1\.\.\d+)$", r"[ \t]*(?:(?:not )?ok \d+\b|#|1\.\.\d+$|---|\.\.\.$|[ \t]+\S)", least=3),
    Block("commit log", r"commit [0-9a-f]{7,40}(?: \(.*\))?$", r"(?:Author|AuthorDate|Commit|CommitDate|Merge|Date):|[ \t]|$|commit [0-9a-f]{7,40}"),
    Block("commit log", r"[0-9a-f]{7,12} (?:\([^)]*\) )?[A-Za-z\"]", r"[0-9a-f]{7,12} (?:\([^)]*\) )?\S", least=3, distinct=True),
    Block("list of changes", r"[a-z0-9][a-z0-9.+-]+ \([^()\s]+\) [\w -]+; urgency=\w+", r"[ \t]|$|[a-z0-9][a-z0-9.+-]+ \([^()\s]+\) [\w -]+; "),
    Block("list of changes", r"\d{4}-\d\d-\d\d {1,3}\w[^<\n]*<[^<>\s]+@[^<>\s]+>$", r"[ \t]|$|\d{4}-\d\d-\d\d {1,3}\w[^<\n]*<"),
    Block("list of changes", r"(?:Changes (?:with|in|from) |Noteworthy changes in )\S.*\d", r"[ \t*-]|$|(?:Changes (?:with|in|from) |Noteworthy changes in )"),
    Block("changes of code", r"diff --git |diff -[a-zA-Z]+ |--- a/|Index: \S+$", r"[ +\-@\\]|diff |index |(?:new|old|deleted) |similarity |rename |Binary files|=+$|$"),
    Block("alert rules", r"groups:[ \t]*$(?:\n[ \t#-].*){0,12}\n[ \t-]+(?:alert|record): ", r"[ \t#-]|$"),
    Block("alert rules", r" {0,2}- (?:alert|record): \S.*\n[ \t]+(?:expr|for): ", r"[ \t#-]|$"),
    Block("configuration of a component", r".*\bconfig=<$|.*Using component config:?\s*$", r"[ \t]|[a-z]\w*:|- "),
    Block("configuration of a component", r"apiVersion: kubescheduler\.config\.k8s\.io/", r"[ \t]|[a-z]\w*:|- "),
    Block("explanation of a kind", r"(?:KIND|GROUP): +\S+$", closes=r"(?:DESCRIPTION|FIELDS?):.*$|[ \t]+\S+\t<.+>.*$"),
    Block("options of a program", _FLAG, rf"{_FLAG}|[ \t]{{9,}}\S", least=3),
)  # fmt: skip


def find_blocks(text: bytes) -> Iterator[tuple[int, int, str]]:
    r"""Yield start, end and kind of each block of `text`, in the order in which they start, without overlaps.

    >>> [(start, end, kind) for start, end, kind in find_blocks(b"=== RUN a\n no such host\n--- PASS: a (0.1s)\nred\n")]
    [(0, 43, 'unit tests')]
    """
    if _ANY.search(text) is None:
        return
    position = 0
    while found := _ANY.search(text, position):
        start = found.start()
        position = _line_end(text, start)
        for block, (opens, goes_on, closes) in zip(BLOCKS, _COMPILED, strict=True):
            opened = opens.match(text, start) if opens else None
            if opened is None:
                continue
            end = _closed(text, opened.end(), closes) if closes else _gone_on(text, opened.end(), goes_on)
            if block.distinct and _repeats(text[start:end]):
                continue
            if text.count(b"\n", start, end) + (not text[:end].endswith(b"\n")) >= block.least:
                yield start, end, block.name
                position = end
                break


def _closed(text: bytes, position: int, closes: Any) -> int:
    """Return the end of the last line that closes a block, of its first line when none does."""
    end = _line_end(text, position)
    for found in closes.finditer(text, end):
        end = _line_end(text, found.start())
    return end


def _gone_on(text: bytes, position: int, goes_on: Any) -> int:
    end = _line_end(text, position)
    while goes_on and end < len(text) and goes_on.match(text, end):
        end = _line_end(text, end)
    return end


def _repeats(block: bytes) -> bool:
    words = [line.split(b" ", 1)[0] for line in block.splitlines()]
    return len(set(words)) < len(words)


def _line_end(text: bytes, position: int) -> int:
    end = text.find(b"\n", position)
    return len(text) if end < 0 else end + 1


_ANY = re2.compile("(?m)^(?:{})".format("|".join(f"(?:{block.opens})" for block in BLOCKS)).encode())
_COMPILED = [
    tuple(
        re.compile(f"(?m:^(?:{part}))".encode()) if part else None for part in (each.opens, each.goes_on, each.closes)
    )
    for each in BLOCKS
]
