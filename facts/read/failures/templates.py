"""Judges lines that differ only in numbers, times and identifiers once: in comes a record, out goes what is known of its kind."""

import re

import msgspec

from facts.model.failure import Failure

READ = 40
"""Records of one kind that differ in short numbers at most and are read in full; later ones count for the first of their kind."""

VARIANTS = 200
"""Records that differ in names and numbers only and are read in full; later ones count for the first of them."""

KINDS = 20_000
"""Kinds of records that are kept of one text."""

BUDGET = 5_000
"""Records of one text that are read in full, besides those of its tail; `unread` counts what is left out."""

TAIL = 262_144
"""Bytes at the end of a text in which every record of a new kind is read: last words are told there."""

KEY_BYTES = 2_048

# A short number may decide (a status, an exit code, an errno), a long one, a time, an address or an identifier does not.
# The pattern starts with one class and has no alternative: that makes it five times as fast as a more careful one.
_VARIES = re.compile(rb"\d[\d.,:/a-f-]{2,}\d")

# A word that has a digit, but for a number of three digits at most, and the end of the name of a Pod.
_NAMES = re.compile(
    rb"(?<![\w.:,@-])(?!\d{1,3}(?![\w.:,@-]))[A-Za-z_.:,@-]*+\d[\w.:,@-]*+|-[bcdfghjklmnpqrstvwxz]{5}(?![\w-])"
)


class Known(msgspec.Struct, frozen=True):
    """What a record of some kind gave: a failure, or None when it states none."""

    failure: Failure | None
    quiet: bool = False
    """It is an information in one line: whatever stands around it, it states none."""


_NOTHING = Known(None)


class _Kind:
    """What is known of one kind of record."""

    __slots__ = ("alike", "exact", "first", "reads")

    def __init__(self, first: Known) -> None:
        self.first = first
        self.exact: dict[bytes, Known] = {}
        self.reads = 0
        self.alike = True


class Templates:
    """What is known of the kinds of records of one text, or of the texts into which one log was cut."""

    def __init__(self, length: int) -> None:
        """Take the `length` of the text, or of all the texts together."""
        self._kinds: dict[bytes, _Kind] = {}
        self._families: dict[bytes, _Kind] = {}
        self.unread = 0
        """Records that were not read, and whose kind is not known."""
        self._quiet: set[bytes] = set()
        self._left = BUDGET
        self._length = length

    @staticmethod
    def key(raw: bytes) -> bytes:
        """Return the kind of the record `raw`: its text without what varies."""
        return _VARIES.sub(b"#", raw[:KEY_BYTES])

    def is_quiet(self, key: bytes) -> bool:
        """Whether lines of the kind `key` state nothing, whatever stands around them."""
        return key in self._quiet

    def known(self, key: bytes, raw: bytes, start: int) -> Known | None:
        """Return what is known of `raw`, which starts at byte `start` of the text; None when it has to be read."""
        kind = self._kinds.get(key)
        if kind is not None:
            if kind.first.failure is None or kind.reads > READ:
                return kind.first
            exact = kind.exact.get(_identity(raw))
            if exact is not None:
                return exact
        family = self._families.get(_family(raw))
        if family is not None and family.alike and family.reads >= VARIANTS:
            return (kind or family).first
        if self._left > 0 or (kind is None and self._length - start < TAIL):
            return None
        if kind is not None:
            return kind.first
        if family is not None and family.alike:
            return family.first
        self.unread += 1
        return _NOTHING

    def end(self, length: int) -> None:
        """Take note of the end of a text of `length` bytes; what follows is the next text."""
        self._length -= length

    def learn(self, key: bytes, raw: bytes, known: Known) -> Known:
        """Take note of what `raw` gave, and return it."""
        self._left -= 1
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
            self._families.clear()
        if known.quiet:
            self._quiet.add(key)
        kind = self._kinds.setdefault(key, _Kind(known))
        kind.reads += 1
        kind.exact[_identity(raw)] = known
        family = self._families.setdefault(_family(raw), _Kind(known))
        family.reads += 1
        family.alike = family.alike and _says(known) == _says(family.first)
        return known


def _family(raw: bytes) -> bytes:
    """Return `raw` without the names and numbers in it, as far as they do not decide."""
    return _NAMES.sub(b"#", raw[:KEY_BYTES])


def _says(known: Known) -> tuple[str, ...]:
    failure = known.failure
    return (failure.error, failure.level, failure.state) if failure else ()


def _identity(raw: bytes) -> bytes:
    """Return `raw` without its times: what is the same is not read again."""
    return _CLOCK.sub(b"", raw[:KEY_BYTES])


_CLOCK = re.compile(rb"\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d:\d\d:\d\d(?:[.,]\d+)?Z?|(?<=[IWEF])\d{4} ")
