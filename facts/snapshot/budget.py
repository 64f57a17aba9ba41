"""One budget for a whole input, over all archives within archives: what it may unpack to, and how many members it may have."""

from facts.model.errors import EvidenceError

TOTAL_LIMIT = 2 * 1024 * 1024 * 1024
"""Bytes that all archives of an input may unpack to."""
COUNT_LIMIT = 100_000
"""Members that all archives of an input may have."""
RATIO_LIMIT = 100
"""How many times its size on disk an input may unpack to, beyond `RATIO_FREE` bytes. Logs compress about 20 times."""
RATIO_FREE = 32 * 1024 * 1024
"""Bytes that any input may unpack to, however well it is compressed."""


class Budget:
    """Counts bytes and members, and stops at the limits of this module; what was unpacked up to there is kept.

    `packed` is what the input takes on disk, in bytes: more packed bytes may unpack to more. An archive within an
    archive adds nothing to it.
    """

    def __init__(self, packed: int = 0) -> None:
        self._packed, self._total, self._count = packed, 0, 0

    def admit(self, packed: int) -> None:
        """Take another input of `packed` bytes on disk into account."""
        self._packed += packed

    @property
    def limit(self) -> int:
        """Bytes that the input may unpack to."""
        return min(TOTAL_LIMIT, max(RATIO_FREE, self._packed * RATIO_LIMIT))

    def spend_member(self, where: str) -> None:
        """Count a member of the archive `where`; raise EvidenceError when there are too many."""
        self._count += 1
        if self._count > COUNT_LIMIT:
            raise EvidenceError(f"{where}: more than {COUNT_LIMIT} members; unpack it and give a folder of it")

    def spend(self, size: int, where: str) -> None:
        """Count `size` unpacked bytes of the archive `where`; raise EvidenceError when there are too many."""
        self._total += size
        if self._total > self.limit:
            raise EvidenceError(
                f"{where}: unpacks to more than {self.limit >> 20} MiB with what was unpacked before; give a folder of it"
            )

    def give_back(self, size: int) -> None:
        """Take `size` unpacked bytes off the count: they were an archive, whose own members count instead."""
        self._total -= size
