"""A table of RE2 patterns that are looked for together: one pass tells which rows fit, only those are matched again."""

import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import re2


class Patterns:
    """The patterns of a table; time is linear in the text, whatever the text is."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Take `patterns`, in the order in which matches are given; they are compiled when they are needed."""
        self._patterns = tuple(patterns)

    def rows(self, text: str) -> list[int]:
        """Return the numbers of the patterns that match somewhere in `text`, in ascending order.

        >>> Patterns(["dial tcp", "open (/[^ ]+)", "mkdir"]).rows("open /x: no such file")
        [1]
        """
        return sorted(self._all.Match(text) or ())

    def matches(self, text: str) -> Iterator[tuple[int, Any]]:
        """Yield every match of every pattern with the number of its row, row by row."""
        for row in self.rows(text):
            for match in compiled(self._patterns[row]).finditer(text):
                yield row, match

    @cached_property
    def _all(self) -> Any:
        every = re2.Set.SearchSet()
        for pattern in self._patterns:
            every.Add(pattern)
        every.Compile()
        return every


class Lazy:
    """A pattern of `re` that is compiled when it is used for the first time: most runs need few of them."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Take what `re.compile` takes."""
        self._pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the match at `start`, None when there is none."""
        return self._compiled.match(text, start)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match between `start` and `end`, None when there is none."""
        return self._compiled.search(text, start, end)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield all matches."""
        return self._compiled.finditer(text)

    def findall(self, text: str) -> list[Any]:
        """Return the groups of all matches."""
        return self._compiled.findall(text)

    def sub(self, replacement: str, text: str) -> str:
        """Return `text` with every match replaced."""
        return self._compiled.sub(replacement, text)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Return `pattern` compiled by RE2."""
    return re2.compile(pattern)
